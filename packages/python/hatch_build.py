# SPDX-License-Identifier: Apache-2.0
"""Puts the binary into the wheel, and names the systems that the wheel is for.

build.py says by variables which binary and which architecture: hatchling hands no settings of a
build through to its hooks.
"""

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelWithBinary(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it writes the wheel, with version "standard"; "editable" is
        refused, as there is nothing to edit in a binary.
        """
        if version != "standard":
            raise ValueError("use packages/python/src as it is: set PYTHONPATH and WEIR_BINARY")
        architecture = os.environ["WEIR_WHEEL_ARCH"]
        # A static binary needs no C library of the system, so it runs with glibc and with musl. The
        # oldest tags that installers know are the widest.
        systems = f"manylinux2014_{architecture}.musllinux_1_1_{architecture}"
        build_data["tag"] = f"py3-none-{systems}"
        build_data["pure_python"] = False
        build_data["force_include"][os.environ["WEIR_WHEEL_BINARY"]] = "weir/bin/weir"
