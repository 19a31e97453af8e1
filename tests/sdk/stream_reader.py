# SPDX-License-Identifier: Apache-2.0
"""Reads a whole stream as a correct consumer does: every shard, parents before children."""

import time

# How long to wait for records that are expected, in seconds. Weir has them at once.
PATIENCE = 10.0
PAUSE = 0.05


def describe_shards(streams, arn, **parameters):
    """All shards of the stream, over all pages."""
    shards = []
    while True:
        page = streams.describe_stream(StreamArn=arn, **parameters)["StreamDescription"]
        shards += page["Shards"]
        if "LastEvaluatedShardId" not in page:
            return shards
        parameters["ExclusiveStartShardId"] = page["LastEvaluatedShardId"]


def lineage_order(shards):
    """The shards in an order in which each comes after its parent, if that is listed."""
    waiting = {shard["ShardId"]: shard for shard in shards}
    ordered = []
    while waiting:
        ready = [s for s in waiting.values() if s.get("ParentShardId") not in waiting]
        assert ready, f"the lineage has a circle: {sorted(waiting)}"
        for shard in ready:
            ordered.append(waiting.pop(shard["ShardId"]))
    return ordered


def shard_iterator(streams, arn, shard_id, kind="TRIM_HORIZON", **parameters):
    reply = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard_id, ShardIteratorType=kind, **parameters
    )
    return reply["ShardIterator"]


def read_from(streams, iterator, **parameters):
    """The records from `iterator` to the end of a closed shard or the first empty page."""
    records = []
    while iterator is not None:
        page = streams.get_records(ShardIterator=iterator, **parameters)
        records += page["Records"]
        iterator = page.get("NextShardIterator") if page["Records"] else None
    return records


def read_shard(streams, arn, shard_id, **parameters):
    return read_from(streams, shard_iterator(streams, arn, shard_id), **parameters)


def read_stream(streams, arn, count=0):
    """All records of the stream in lineage order, once there are at least `count`.

    The order of records of different keys is undefined unless their shards are parent and child. If
    there are more than `count` records, all are returned, for the caller to compare.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        shards = lineage_order(describe_shards(streams, arn))
        records = [r for s in shards for r in read_shard(streams, arn, s["ShardId"])]
        if len(records) >= count or time.monotonic() > deadline:
            return records
        time.sleep(PAUSE)


def of_key(records, key):
    """The records of the item with the primary key `key`, in their order."""
    return [record for record in records if record["dynamodb"]["Keys"] == key]


def summary(records):
    """(event name, image before, image after) of each record."""
    return [
        (
            record["eventName"],
            record["dynamodb"].get("OldImage"),
            record["dynamodb"].get("NewImage"),
        )
        for record in records
    ]


def await_status(streams, arn, status):
    """Waits until the stream has `status`; returns its description (first page)."""
    deadline = time.monotonic() + PATIENCE
    while True:
        description = streams.describe_stream(StreamArn=arn)["StreamDescription"]
        if description["StreamStatus"] == status or time.monotonic() > deadline:
            assert description["StreamStatus"] == status
            return description
        time.sleep(PAUSE)
