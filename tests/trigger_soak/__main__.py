# SPDX-License-Identifier: Apache-2.0
"""Days of triggers whose functions fail, by a clock that is moved on.

    python -m trigger_soak --weir BINARY [--hours N] [--seed N] [--kills N] [--data-dir] [--quick]

Three functions get the records of one table, each by a mapping of its own: `steady`, in a Python
runtime, whose mapping never gives up; `strict`, a custom runtime, whose mapping gives up after some
retries; and `brief`, which `weir lambda run` runs, and whose mapping has a filter and a maximum
age. Items are written, each with a number that grows with each write, and the clock, which is
stopped, is moved on. Meanwhile, by a seeded schedule, a function throws, exits, hangs, is deployed
again or throttled; a mapping is disabled, enabled and changed; a process that is attached goes and
comes back; and shards are split and rotated. With --kills, the server is also killed at random
moments while it works, and half as often ended by SIGTERM, and started again with its data folder.

Every few hours of the clock all faults end, and then

  - each write has been done by each function, or is in a dead letter of the mapping, and not both;
  - a dead letter is one that its mapping's settings ask for, at its time;
  - the writes of an item came in order, each after those before it were over;
  - none was given when it was older than the mapping allows;
  - dead letters can be sent again.

At the end the functions get what is written then, and the server's end leaves no process behind.
Prints what was done, and as its last line `N passed, N failed`, each of these looks being one.
"""

import argparse
import pathlib
import random
import signal
import sys
import tempfile
import time

from trigger_soak.run import HOUR, Run

LOOK_EVERY = 6 * HOUR
MEAN_STEP = 140  # seconds, of the two kinds
FAULTS_AN_HOUR = 3
LEAST_FAULTS = 40  # each kind at least once


def looks(run, arguments):
    """Yields the name of each look and what it has found."""
    end = run.begun + arguments.hours * HOUR
    faults = max(LEAST_FAULTS, FAULTS_AN_HOUR * arguments.hours)
    rate = faults / (arguments.hours * HOUR / MEAN_STEP)
    signals = [signal.SIGKILL] * arguments.kills + [signal.SIGTERM] * (arguments.kills // 2)
    ends = sorted((run.random.uniform(run.begun, end), number) for number in signals)
    look_at = run.begun + LOOK_EVERY
    while run.now < end:
        run.step(min(end, look_at), rate)
        while ends and ends[0][0] <= run.now:
            run.end_at_work(ends.pop(0)[1])
        if run.now >= look_at:
            look_at = run.now + LOOK_EVERY
            yield "look", run.look()
    yield "last look", run.look()
    if arguments.data_dir or arguments.kills:
        yield "restart", run.restart()
    yield "last writes", run.last_writes()
    yield "memory", run.memory_faults()
    counts = sorted(run.deck.counts.items())
    print("what went wrong: " + ", ".join(f"{count} x {name}" for name, count in counts))
    yield "end", run.end()


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--weir", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--hours", type=float, default=48, help="of the clock")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--data-dir", action="store_true", help="also without kills")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--quick", action="store_true", help="without faults that take long")
    arguments = parser.parse_args(words)
    if arguments.seed is None:
        arguments.seed = random.randrange(2**32)
    print(f"seed {arguments.seed}", flush=True)
    passed = failed = 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="weir-trigger-soak-") as folder:
        run = Run(arguments, folder)
        try:
            run.set_up()
            for name, faults in looks(run, arguments):
                for fault in faults:
                    print(f"{name}: {fault}", flush=True)
                passed, failed = passed + (not faults), failed + bool(faults)
        except BaseException:
            run.abandon()
            raise
    print(f"{time.monotonic() - begun:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
