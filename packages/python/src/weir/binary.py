# SPDX-License-Identifier: Apache-2.0
"""Finds the binary that a test starts."""

import os
import pathlib
import shutil

from weir.errors import WeirError

# Where a wheel has it. The sources have none.
PACKAGED = pathlib.Path(__file__).resolve().parent / "bin" / "weir"

HOW_TO_GET = (
    "Install the wheel weir-dynamodb for Linux on x86_64 or aarch64, put weir on the PATH, "
    "or let the variable WEIR_BINARY name it."
)


def find_binary() -> pathlib.Path:
    """The file that WEIR_BINARY names; else the one of this installation; else weir on the PATH.

    Raises WeirError if there is none. WEIR_BINARY must name a file if it is set and not empty:
    who sets it wants that binary, not another.
    """
    named = os.environ.get("WEIR_BINARY")
    if named:
        path = pathlib.Path(named).absolute()
        if not path.is_file():
            raise WeirError(f"WEIR_BINARY names {path}, and there is no such file")
        return path
    if PACKAGED.is_file():
        return PACKAGED
    on_path = shutil.which("weir")
    if on_path is None:
        raise WeirError(f"There is no binary of weir. {HOW_TO_GET}")
    return pathlib.Path(on_path).absolute()
