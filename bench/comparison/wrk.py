# SPDX-License-Identifier: Apache-2.0
"""Runs wrk with one of the Lua scripts and reads its output."""

import dataclasses
import pathlib
import re
import resource
import subprocess

from .client import CannotServe

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds that wrk may need to end after its run
MICROSECONDS = {"us": 1.0, "ms": 1e3, "s": 1e6, "m": 60e6}


@dataclasses.dataclass(frozen=True)
class Run:
    """One run of wrk. The latencies are microseconds."""

    requests: int  # requests answered within the run, all with 200
    made: int  # requests that wrk made, including those cut off by the end of the run
    seconds: float
    cpu: float  # CPU seconds of wrk itself
    p50: float
    p99: float


@dataclasses.dataclass(frozen=True)
class Script:
    """A Lua script for a table with `keys` keys. `first` is where its counts begin (call.lua)."""

    name: str
    table: str
    keys: int
    first: int


def _wrk(server, script, connections, seconds, *extra):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency"]
    command += ["-s", f"{script.name}.lua", server.url, "--"]
    command += [script.table, str(script.keys), str(script.first), *extra]
    return subprocess.run(
        command,
        cwd=SCRIPTS,
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds + PATIENCE,
    ).stdout


def _children_seconds():
    """The CPU time of all child processes that have ended. The difference of two calls is wrk's."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _latency(output, percent):
    value, unit = re.search(rf"^ +{percent}% +([\d.]+)(us|ms|s|m)$", output, re.MULTILINE).groups()
    return float(value) * MICROSECONDS[unit]


def drive(server, script, connections, seconds):
    """Runs a load for `seconds`, a whole number. CannotServe if the status of any answer was not
    200.
    """
    before = _children_seconds()
    try:
        output = _wrk(server, script, connections, seconds)
    except subprocess.TimeoutExpired as error:
        raise CannotServe(f"{script.name}: wrk did not end") from error
    answered = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m)", output)
    if "Non-2xx" in output or "Socket errors" in output or int(answered[1]) == 0:
        raise CannotServe(f"{script.name}: {_explain(server, script, output)}")
    return Run(
        requests=int(answered[1]),
        made=int(re.search(r"^made (\d+) calls$", output, re.MULTILINE)[1]),
        seconds=float(answered[2]) * MICROSECONDS[answered[3]] / 1e6,
        cpu=_children_seconds() - before,
        p50=_latency(output, 50),
        p99=_latency(output, 99),
    )


def _explain(server, script, output):
    answer = re.search(r"^answer .*", _wrk(server, script, 1, 2, "explain"), re.MULTILINE)
    return answer[0][:300] if answer else " ".join(output.split())[-300:]
