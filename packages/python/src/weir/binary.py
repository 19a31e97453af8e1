# SPDX-License-Identifier: Apache-2.0
"""Finds the binary that a test starts."""

from __future__ import annotations

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


def _file(named: str | os.PathLike[str], origin: str) -> pathlib.Path:
    path = pathlib.Path(named).absolute()
    if not path.is_file():
        raise WeirError(f"{origin} names {path}, and there is no such file")
    return path


def find_binary(named: str | os.PathLike[str] | None = None) -> pathlib.Path:
    """The file `named`; else the one that WEIR_BINARY names; else that of this installation; else
    weir on the PATH. Names are relative to the working directory.

    Raises WeirError if there is none. `named`, and WEIR_BINARY if it is set and not empty, must be
    there: who gives one wants that binary, not another.
    """
    if named is not None:
        return _file(named, "The argument binary")
    from_variable = os.environ.get("WEIR_BINARY")
    if from_variable:
        return _file(from_variable, "WEIR_BINARY")
    if PACKAGED.is_file():
        return PACKAGED
    on_path = shutil.which("weir")
    if on_path is None:
        raise WeirError(f"There is no binary of weir. {HOW_TO_GET}")
    return pathlib.Path(on_path).absolute()
