# SPDX-License-Identifier: Apache-2.0
"""The Debian package: its fields, its files, and that it is the same each time."""

import os
import subprocess

import pytest
from conftest import PACKAGES


def build(binary, version, out, arch="amd64"):
    made = subprocess.run(
        [PACKAGES / "debian/build.sh", "--version", version, "--binary", f"{arch}={binary}"]
        + ["--out", out],
        env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def small_binary(tmp_path_factory):
    """A small file in place of a binary, as compressing a real one takes seconds."""
    path = tmp_path_factory.mktemp("binary") / "weir"
    path.write_text("#!/bin/sh\necho weir 1.2.3\n")
    return path


def test_its_fields_and_files(small_binary, tmp_path):
    package = build(small_binary, "1.2.3", tmp_path, "arm64")
    assert package == f"{tmp_path}/weir_1.2.3_arm64.deb"
    shown = output_of("dpkg-deb", "--field", package, "Package", "Version", "Architecture", "Depends")
    assert shown == "Package: weir\nVersion: 1.2.3\nArchitecture: arm64\n"
    lines = output_of("dpkg-deb", "--contents", package).splitlines()
    files = {line.split()[-1]: line.split()[:2] for line in lines}
    assert files["./usr/bin/weir"] == ["-rwxr-xr-x", "root/root"]
    assert files["./usr/share/doc/weir/copyright"] == ["-rw-r--r--", "root/root"]


def test_it_is_the_same_each_time(small_binary, tmp_path):
    first, second = (build(small_binary, "1.2.3", tmp_path / name) for name in ("a", "b"))
    with open(first, "rb") as one, open(second, "rb") as other:
        assert one.read() == other.read()


def test_what_it_unpacks_runs(small_binary, tmp_path):
    package = build(small_binary, "1.2.3", tmp_path)
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path / "root"], check=True)
    assert output_of(tmp_path / "root/usr/bin/weir") == "weir 1.2.3\n"


@pytest.mark.parametrize("arguments", [[], ["--version", "1"], ["--binary", "mips=weir"]])
def test_wrong_arguments_are_refused(arguments, tmp_path):
    command = [PACKAGES / "debian/build.sh", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("usage:")
