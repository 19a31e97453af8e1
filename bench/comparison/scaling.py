# SPDX-License-Identifier: Apache-2.0
"""What more threads gain, and which locks they wait for."""

import bisect
import contextlib
import dataclasses
import os
import re
import statistics
import subprocess
import tempfile

from .client import CannotServe
from .loads import BY_NAME, SMALL_TABLE, prepare
from .rounds import circumstances, in_turns
from .servers import Server, weir_with
from .wrk import drive

SCALED_LOADS = ("get_item", "put_stream", "query", "batch_write")
LOCKED_LOADS = ("get_item", "put_item", "put_stream", "transact_write")
CONNECTIONS = 64  # enough to keep every thread of a server busy
OFTEN = 0.01  # locks taken less often than this per request are not reported


def threads(plan):
    """Measures Weir on 1, 2, ... threads, up to the number of cores, in turns."""
    results = {}
    counts = range(1, os.cpu_count() + 1)
    effort = dataclasses.replace(plan.effort, connections=CONNECTIONS)
    for name in SCALED_LOADS:
        load = BY_NAME[name]
        print(f"{load.title}, threads …", flush=True)
        with contextlib.ExitStack() as stack:
            entries = []
            for count in counts:
                server = stack.enter_context(Server(weir_with(plan.binary, count)))
                prepare(server, load.table, SMALL_TABLE)
                entries.append((server, lambda load=load: load.run(SMALL_TABLE)))
            tallies, reasons = in_turns(entries, effort)
        if reasons:
            raise CannotServe(str(reasons))
        results[name] = {
            str(count): {
                figure: statistics.median(getattr(tally, figure))
                for figure in ("rate", "busy", "driver", "cpu")
            }
            for count, tally in zip(counts, tallies, strict=False)
        } | circumstances()
    return results


@dataclasses.dataclass(frozen=True)
class Lock:
    """A line of the output of bench/lock_profile.cc. Times are nanoseconds."""

    function: str
    kind: str
    taken: int
    waited: int
    wait: int
    held: int


class Symbols:
    """The functions of a binary by their addresses."""

    def __init__(self, binary):
        command = ["nm", "--demangle", "--numeric-sort", "--defined-only", str(binary)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rows = [line.split(" ", 2) for line in text.splitlines()]
        self._addresses = [int(address, 16) for address, _, _ in rows]
        self._names = [name for _, _, name in rows]

    def address(self, name):
        return self._addresses[self._names.index(name)]

    def function(self, address):
        return _short(self._names[bisect.bisect_right(self._addresses, address) - 1])


def _short(name):
    """A demangled function name without namespace, template arguments and parameters."""
    name = name.replace("(anonymous namespace)::", "").partition(" [clone")[0]
    while name != (shorter := re.sub(r"<[^<>]*>", "", name)):
        name = shorter
    name = name.partition("(")[0].rpartition(" ")[2]
    return re.sub(r"^(weir::|boost::)", "", name)


def read_profile(text, symbols):
    """The locks that a process printed on stderr. Functions with the same name are added up."""
    home = re.search(r"^lock_profile ([0-9a-f]+)$", text, re.MULTILINE)
    if not home:
        raise CannotServe(f"no profile of locks: {text[-300:]}")
    shift = symbols.address("lock_profile") - int(home[1], 16)
    found = {}
    for line in re.findall(r"^lock (.*)$", text, re.MULTILINE):
        address, kind, *numbers = line.split()
        function = symbols.function(int(address, 16) + shift)
        lock = Lock(function, kind, *map(int, numbers))
        before = found.get((function, kind))
        found[(function, kind)] = _sum(before, lock) if before else lock
    return list(found.values())


def _sum(one, other):
    total = {
        field: getattr(one, field) + getattr(other, field)
        for field in ("taken", "waited", "wait", "held")
    }
    return dataclasses.replace(one, **total)


def locks(plan):
    """The locks that a run takes on all cores, ordered by the time that threads waited for them.

    They are measured with a special binary, build/bench/weir_locks, whose speed is no figure of
    Weir's.
    """
    results = {}
    symbols = Symbols(plan.locks)
    count = os.cpu_count()
    for name in LOCKED_LOADS:
        load = BY_NAME[name]
        print(f"{load.title}, locks …", flush=True)
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            with Server(weir_with(plan.locks, count), errors) as server:
                prepare(server, load.table, SMALL_TABLE)
                seconds = plan.effort.rounds * plan.effort.seconds
                run = drive(server, load.run(SMALL_TABLE), CONNECTIONS, seconds)
            errors.seek(0)
            found = read_profile(errors.read(), symbols)
        results[name] = {
            "threads": count,
            "requests": run.requests,
            "waiting": sum(lock.wait for lock in found) / (count * run.seconds * 1e9),
            "locks": [
                dataclasses.asdict(lock)
                for lock in sorted(found, key=lambda lock: lock.wait, reverse=True)
                if lock.taken >= OFTEN * run.requests
            ],
            **circumstances(),
        }
    return results
