# SPDX-License-Identifier: Apache-2.0
"""The machine and the programs with which the figures were measured."""

import os
import pathlib
import platform
import re
import subprocess
import time


def _first_line(*command):
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return (run.stdout + run.stderr).strip().partition("\n")[0]


def _cpu():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    return model[1] if model else platform.machine()


def _memory():
    text = pathlib.Path("/proc/meminfo").read_text(encoding="ascii")
    return f"{int(re.search(r'MemTotal: +([0-9]+)', text)[1]) / 1e6:.0f} GB"


def describe(weir, repository):
    """Names and values for the page, in order. `weir` is the binary."""
    commit = _first_line("git", "-C", str(repository), "log", "-1", "--format=%h of %cs")
    return {
        "machine": f"{_cpu()}, {os.cpu_count()} cores, {_memory()}",
        "kernel": platform.release(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "Weir": f"{_first_line(str(weir), '--version')}, commit {commit}",
        "wrk": _first_line("wrk", "-v").partition(" Copyright")[0],
    }
