# SPDX-License-Identifier: Apache-2.0
"""A simple, correct consumer: it looks for new shards with DescribeStream, and reads each shard to
its end before its children.
"""

import time

from sdk.clients import client
from sdk.stream_reader import describe_shards, shard_iterator

from .history import Seen

LOOK_PERIOD = 0.2  # seconds between two calls of DescribeStream


class Walker:
    """Not thread-safe."""

    def __init__(self, endpoint, stream_arn):
        self._streams = client("dynamodbstreams", endpoint)
        self._arn = stream_arn
        self._iterators = {}  # by shard that is being read
        self._ended = set()
        self._look_due = 0.0
        self.seen = []

    def _look(self):
        """Starts to read shards whose parents have been read or are no longer listed."""
        known = describe_shards(self._streams, self._arn)
        listed = {shard["ShardId"] for shard in known}
        for shard in known:
            shard_id = shard["ShardId"]
            parent = shard.get("ParentShardId")
            if shard_id in self._ended or shard_id in self._iterators:
                continue
            if parent is None or parent in self._ended or parent not in listed:
                self._iterators[shard_id] = shard_iterator(self._streams, self._arn, shard_id)

    def step(self):
        """Reads a page of every shard that may be read. Returns the number of records."""
        if time.monotonic() >= self._look_due:
            self._look()
            self._look_due = time.monotonic() + LOOK_PERIOD
        before = len(self.seen)
        for shard_id, iterator in list(self._iterators.items()):
            page = self._streams.get_records(ShardIterator=iterator)
            for record in page["Records"]:
                data = record["dynamodb"]
                self.seen.append(
                    Seen(shard_id, data["Keys"]["pk"]["S"], int(data["NewImage"]["n"]["N"]),
                         int(data["SequenceNumber"])))
            if "NextShardIterator" in page:
                self._iterators[shard_id] = page["NextShardIterator"]
            else:
                del self._iterators[shard_id]
                self._ended.add(shard_id)
                self._look_due = 0.0
        return len(self.seen) - before

    @property
    def shards_ended(self):
        return len(self._ended)

    def drain(self, total, deadline):
        """Reads until it has `total` records, and then until no more come. Gives up after
        `deadline` seconds.
        """
        end = time.monotonic() + deadline
        while len(self.seen) < total and time.monotonic() < end:
            self.step()
        self._look_due = 0.0
        while self.step() and time.monotonic() < end:
            pass
