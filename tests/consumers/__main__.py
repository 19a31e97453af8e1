# SPDX-License-Identifier: Apache-2.0
"""Lets a consumer read a stream while items are written and shards change.

    PYTHONPATH=tests build/venv/bin/python -m consumers --name kcl --seconds 180 --rate 2000 \\
        --weir build/release/weir -- COMMAND

starts Weir and then `COMMAND endpoint stream-arn`, which must print a line `shard key n number` for
each record that it gets, and end when its input does. Once it has the first record, items are
written at that rate for so many seconds, and every `--period` seconds a shard is split or rotated.
Then the consumer gets time to read the rest, and some more time in which no record should come. No
record may be lost, come twice, or come before an earlier one of its key. `scripts/consumers` builds
the consumers and runs this.
"""

import argparse
import pathlib
import sys
import tempfile
import time

from support.weir_server import WeirServer

from .history import History
from .load import Load, Shards, create_table
from .printer import Printer

START_DEADLINE = 180.0  # seconds until the first record; a consumer takes its leases one by one
DRAIN_DEADLINE = 300.0  # seconds without a new record
STOP_DEADLINE = 90.0
QUIET = 10.0  # seconds in which no record may come
SHOWN = 5  # faults of each kind that are printed
PROGRESS = 10.0


def parse_options(arguments):
    parser = argparse.ArgumentParser(prog="consumers", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--name", required=True, help="what the consumer is called in the report")
    add("--seconds", type=float, default=180, help="of writes (%(default)s)")
    add("--rate", type=float, default=2000, help="writes a second (%(default)s)")
    add("--period", type=float, default=5, help="seconds between changes of shards (%(default)s)")
    add("--weir", default="build/release/weir", help="the binary (%(default)s)")
    add("--log", required=True, help="the file for what the consumer says")
    add("command", nargs="+", help="the consumer")
    return parser.parse_args(arguments)


def say(text):
    print(text, flush=True)


def await_count(consumer, count, deadline):
    """Waits until the consumer has `count` records. Gives up if none comes for `deadline` seconds.
    """
    latest = len(consumer.seen)
    due = time.monotonic() + deadline
    while latest < count and time.monotonic() < due and consumer.running():
        time.sleep(0.1)
        if len(consumer.seen) > latest:
            latest = len(consumer.seen)
            due = time.monotonic() + deadline
    return latest >= count


def write_for(seconds, load, history, consumer):
    load.start()
    started = time.monotonic()
    furthest = 0
    while (passed := time.monotonic() - started) < seconds and consumer.running():
        time.sleep(min(PROGRESS, seconds - passed))
        behind = history.total() - len(consumer.seen)
        furthest = max(furthest, behind)
        say(f"{time.monotonic() - started:6.0f} s {history.total():8} written {behind:8} behind")
    load.stop()
    return time.monotonic() - started, furthest


def measure(options, server, log):
    history = History()
    arn = create_table(server.endpoint)
    consumer = Printer([*options.command, server.endpoint, arn], log)
    try:
        first = Load(server.endpoint, history, 10, 3600)
        first.start()
        started = time.monotonic()
        ready = await_count(consumer, 1, START_DEADLINE)
        first.stop()
        if not ready:
            say(f"{options.name} got no record; see {options.log}")
            return False
        say(f"{options.name} has its first record after {time.monotonic() - started:.1f} s")
        load = Load(server.endpoint, history, options.rate, options.period)
        before = history.total()
        seconds, furthest = write_for(options.seconds, load, history, consumer)
        rate = (history.total() - before) / seconds
        started = time.monotonic()
        drained = await_count(consumer, history.total(), DRAIN_DEADLINE)
        drain = time.monotonic() - started
        time.sleep(QUIET)
        shards = Shards(server.endpoint).list()
    finally:
        code = consumer.stop(STOP_DEADLINE)
    faults = history.check(consumer.seen).faults()
    say(f"{options.name}: {history.total()} records written, {rate:.0f}/s for {seconds:.0f} s; "
        f"shards changed {load.changer.done}, {len(shards)} in all; at most {furthest} records "
        f"behind, drained after {drain:.1f} s")
    say(f"{options.name}: {len(consumer.seen)} records read of "
        f"{len({record.shard for record in consumer.seen})} shards; exit code {code}")
    for kind, found in faults.items():
        say(f"{len(found)} {kind}: {', '.join(map(str, found[:SHOWN]))}")
    return drained and not faults and code == 0


def main(arguments):
    options = parse_options(arguments)
    with (
        tempfile.TemporaryDirectory() as folder,
        open(options.log, "w", encoding="utf-8") as log,
    ):
        server = WeirServer(pathlib.Path(options.weir).resolve(), cwd=folder)
        try:
            good = measure(options, server, log)
        finally:
            code = server.stop()
        good = good and code == 0
    say("1 passed, 0 failed" if good else "0 passed, 1 failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
