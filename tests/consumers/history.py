# SPDX-License-Identifier: Apache-2.0
"""Compares what was written to each key with the records that a consumer got."""

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Seen:
    """One record as a consumer got it. `n` is the number of the write to its key, from 1 on."""

    shard: str
    key: str
    n: int
    number: int  # its sequence number


@dataclass
class Report:
    """The faults in what a consumer got. All lists are empty if there are none."""

    lost: list = field(default_factory=list)
    twice: list = field(default_factory=list)
    unordered: list = field(default_factory=list)
    foreign: list = field(default_factory=list)

    def faults(self):
        return {name: found for name, found in vars(self).items() if found}


class History:
    """Numbers the writes of every key. Thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self._written = Counter()

    def next(self, key):
        """The number for the next write to the key. The write must then succeed."""
        with self._lock:
            self._written[key] += 1
            return self._written[key]

    def total(self):
        with self._lock:
            return sum(self._written.values())

    def check(self, seen):
        """Compares with a consumer's records, in the order in which it got them."""
        report = Report()
        latest = {}
        count = Counter()
        for record in seen:
            count[record.key, record.n] += 1
            if count[record.key, record.n] > 1:
                report.twice.append(record)
            if not 1 <= record.n <= self._written[record.key]:
                report.foreign.append(record)
            before = latest.get(record.key)
            if before and not (before.n < record.n and before.number < record.number):
                report.unordered.append((before, record))
            latest[record.key] = record
        for key, written in self._written.items():
            report.lost += [(key, n) for n in range(1, written + 1) if not count[key, n]]
        return report
