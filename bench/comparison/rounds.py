# SPDX-License-Identifier: Apache-2.0
"""Measures a load on several servers in turns, so that a disturbance of the machine affects all."""

import dataclasses
import os
import statistics
import time

from .client import CannotServe
from .wrk import drive


@dataclasses.dataclass(frozen=True)
class Effort:
    """How thoroughly to measure: rounds, whole seconds of a run and of the warm-up, connections."""

    rounds: int
    seconds: int
    warm_up: int = 1
    connections: int = 16


@dataclasses.dataclass
class Tally:
    """The runs of one server. Lists have one entry per round; latencies are microseconds."""

    server: object
    cpu: list = dataclasses.field(default_factory=list)  # microseconds per request
    rate: list = dataclasses.field(default_factory=list)  # requests per second
    p50: list = dataclasses.field(default_factory=list)
    p99: list = dataclasses.field(default_factory=list)
    busy: list = dataclasses.field(default_factory=list)  # cores that the server used
    driver: list = dataclasses.field(default_factory=list)  # cores that wrk used
    answered: int = 0  # requests, including the warm-up
    made: int = 0

    def run(self, script, connections, seconds):
        before = self.server.cpu_seconds()
        run = drive(self.server, script, connections, seconds)
        cpu = (self.server.cpu_seconds() - before) * 1e6 / run.requests
        self.answered += run.requests
        self.made += run.made
        return run, cpu

    def measure(self, script, effort):
        run, cpu = self.run(script, effort.connections, effort.seconds)
        self.cpu.append(cpu)
        self.rate.append(run.requests / run.seconds)
        self.p50.append(run.p50)
        self.p99.append(run.p99)
        self.busy.append(cpu * run.requests / 1e6 / run.seconds)
        self.driver.append(run.cpu / run.seconds)

    def summary(self):
        names = ("cpu", "rate", "p50", "p99")
        return {name: statistics.median(getattr(self, name)) for name in names} | {
            "spread": max(self.cpu) / min(self.cpu) - 1
        }


def in_turns(entries, effort):
    """Measures `entries`: [(server, function that makes the next run's script)].

    Returns the tallies of the servers that could be measured, and {subject: reason} of the others.
    """
    tallies, reasons = [(Tally(server), script) for server, script in entries], {}

    def each(step):
        for entry in list(tallies):
            tally, script = entry
            try:
                step(tally, script())
            except CannotServe as reason:
                reasons[tally.server.subject.name] = str(reason)
                tallies.remove(entry)

    each(lambda tally, script: tally.run(script, effort.connections, effort.warm_up))
    for _ in range(effort.rounds):
        each(lambda tally, script: tally.measure(script, effort))
    return [tally for tally, _ in tallies], reasons


def ratio(tally, reference):
    """The median over the rounds of the ratio of the two CPU times."""
    return statistics.median(a / b for a, b in zip(tally.cpu, reference.cpu, strict=False))


def circumstances():
    """The time, and how busy the machine was in the last minute with this load and all others."""
    stamp = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    return {"time": stamp, "load_average": round(os.getloadavg()[0], 1)}
