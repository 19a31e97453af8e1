#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds one wheel from a binary, and prints its path.

    build.py --version 0.1.0 --binary build/release/weir --arch x86_64 --out build/dist

The same sources, binary and SOURCE_DATE_EPOCH give the same bytes. Without SOURCE_DATE_EPOCH the
files in the wheel have a fixed date.

The wheel is made by hatchling: it writes the metadata, the list of hashes and the archive as the
standards of packaging ask, and reproducibly, and it takes a hook of ten lines. It is called in this
process rather than through pip or build, which would make a new environment and download it again
for each architecture. So the Python that runs this script needs packages/python/requirements.txt,
and the network is not used.
"""

import argparse
import os
import pathlib
import shutil
import sys
import tempfile

import hatchling.build

FOLDER = pathlib.Path(__file__).resolve().parent

# The field e_machine of an ELF header, at byte 18 (System V ABI).
ELF_MACHINE = {"x86_64": 62, "aarch64": 183}


def require_architecture(binary: pathlib.Path, architecture: str) -> None:
    """Ends the script unless `binary` is an ELF file for `architecture`."""
    with binary.open("rb") as file:
        header = file.read(20)
    machine = int.from_bytes(header[18:20], "little")
    if header[:4] != b"\x7fELF" or machine != ELF_MACHINE[architecture]:
        sys.exit(f"{binary} is not a Linux binary for {architecture}")


def build(version: str, binary: pathlib.Path, architecture: str, out: pathlib.Path) -> pathlib.Path:
    """Returns the path of the new wheel in the folder `out`, which is made if it is missing."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        # The mode of a file goes into the wheel, and CI may have lost it on the way here.
        executable = shutil.copyfile(binary, pathlib.Path(folder, "weir"))
        executable.chmod(0o755)
        os.environ["WEIR_WHEEL_VERSION"] = version
        os.environ["WEIR_WHEEL_ARCH"] = architecture
        os.environ["WEIR_WHEEL_BINARY"] = str(executable)
        os.chdir(FOLDER)  # Build backends work on the current folder.
        return out / hatchling.build.build_wheel(str(out))


def main() -> None:
    parser = argparse.ArgumentParser(description="Builds one wheel, and prints its path.")
    parser.add_argument("--version", required=True, help="version of the wheel and of the binary")
    parser.add_argument("--binary", required=True, type=pathlib.Path, help="the static binary")
    parser.add_argument("--arch", required=True, choices=sorted(ELF_MACHINE))
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder for the wheel")
    given = parser.parse_args()
    if not given.binary.is_file():
        parser.error(f"there is no file {given.binary}")
    require_architecture(given.binary, given.arch)
    print(build(given.version, given.binary, given.arch, given.out.resolve()))


if __name__ == "__main__":
    main()
