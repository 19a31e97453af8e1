# SPDX-License-Identifier: Apache-2.0
"""Which processes there are, by /proc."""

import os
import pathlib
import time

DEADLINE = 20.0  # seconds until those that must end have ended


def stat_of(pid):
    """The parent and the start time of a process; None if it is gone, or a zombie."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else (int(fields[1]), int(fields[19]))


def descendants(root):
    """(pid, start time) of all that a process has started, and what these have started."""
    stats = {int(name): stat_of(name) for name in os.listdir("/proc") if name.isdigit()}
    found, parents = [], {root}
    while parents:
        children = {pid for pid, stat in stats.items() if stat and stat[0] in parents}
        found += [(pid, stats[pid][1]) for pid in children]
        parents = children
    return found


def with_variable(text):
    """The processes whose environment has the text."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            environment = pathlib.Path(f"/proc/{name}/environ").read_bytes()
        except OSError:
            continue
        stat = stat_of(name)
        if text.encode() in environment and stat:
            found.append((int(name), stat[1]))
    return found


def describe(pid):
    try:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        return f"{pid} ({' '.join(words)})"
    except OSError:
        return str(pid)


def await_end(processes):
    """Waits until all of them have ended; returns descriptions of those that have not in time."""
    end = time.monotonic() + DEADLINE
    left = list(processes)
    while left and time.monotonic() < end:
        left = [(pid, start) for pid, start in left if (stat_of(pid) or (0, 0))[1] == start]
        if left:
            time.sleep(0.05)
    return [describe(pid) for pid, _ in left]
