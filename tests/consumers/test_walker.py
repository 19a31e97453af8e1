# SPDX-License-Identifier: Apache-2.0
"""A consumer loses no record, and gets none twice or out of order, while shards change.

`--consumer-seconds` and `--consumer-rate` make the test longer and heavier than in CI.
"""

import time

import pytest

from .history import History, Seen
from .load import Load, create_table
from .walker import Walker

PERIOD = 0.5  # seconds between two changes of a shard
DRAIN_DEADLINE = 60.0


@pytest.mark.timeout(0)  # the test takes as long as --consumer-seconds says
def test_a_lineage_walker_gets_every_record_once_in_order(request, start_weir):
    seconds = request.config.getoption("--consumer-seconds")
    rate = request.config.getoption("--consumer-rate")
    server = start_weir("--stream-shards", "2")
    arn = create_table(server.endpoint)
    history = History()
    load = Load(server.endpoint, history, rate, PERIOD, actions=("SPLIT", "ROTATE", "CLOSE"))
    walker = Walker(server.endpoint, arn)
    load.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        walker.step()
    load.stop()
    walker.drain(history.total(), DRAIN_DEADLINE)
    print(f"{len(walker.seen)} of {history.total()} records, {walker.shards_ended} shards ended, "
          f"{load.changer.done}")
    assert history.check(walker.seen).faults() == {}
    assert len(walker.seen) == history.total() > seconds * rate / 10
    assert walker.shards_ended >= sum(load.changer.done.values()) - 1
    assert sum(load.changer.done.values()) >= seconds


@pytest.fixture
def history():
    """A history of two writes to `a` and one to `b`."""
    history = History()
    for key in "aab":
        history.next(key)
    return history


A1 = Seen("s1", "a", 1, 10)
A2 = Seen("s2", "a", 2, 20)
B1 = Seen("s1", "b", 1, 15)


@pytest.mark.parametrize(
    "seen, faults",
    [
        ([A1, A2, B1], {}),
        ([B1, A1, A2], {}),
        ([A1, B1], {"lost": [("a", 2)]}),
        ([A2, A1, B1], {"unordered": [(A2, A1)]}),
        ([A1, A2, B1, B1], {"twice": [B1], "unordered": [(B1, B1)]}),
        ([A1, A2, B1, Seen("s1", "b", 2, 30)], {"foreign": [Seen("s1", "b", 2, 30)]}),
    ],
)
def test_the_check_finds_what_is_wrong(history, seen, faults):
    assert history.check(seen).faults() == faults
