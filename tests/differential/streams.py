# SPDX-License-Identifier: Apache-2.0
"""Reads all change records of a table and compares them key by key."""

import json

from .comparison import Difference, canonical, differences_of, plain_number
from .http_client import STREAMS_API

MAX_PAGES = 200


def read_records(connection, table_name):
    """The records of the table's stream in the order of reading; None if it has no stream."""
    table = connection.call("DescribeTable", {"TableName": table_name})
    arn = table.body.get("Table", {}).get("LatestStreamArn") if table.ok else None
    if arn is None:
        return None
    records = []
    for shard in _shards(connection, arn):
        records += _read_shard(connection, arn, shard["ShardId"])
    return records


def _shards(connection, arn):
    shards, body = [], {"StreamArn": arn}
    for _ in range(MAX_PAGES):
        page = connection.call("DescribeStream", body, STREAMS_API).body["StreamDescription"]
        shards += page["Shards"]
        if "LastEvaluatedShardId" not in page:
            break
        body["ExclusiveStartShardId"] = page["LastEvaluatedShardId"]
    return sorted(shards, key=lambda shard: shard["ShardId"])


def _read_shard(connection, arn, shard_id):
    body = {"StreamArn": arn, "ShardId": shard_id, "ShardIteratorType": "TRIM_HORIZON"}
    iterator = connection.call("GetShardIterator", body, STREAMS_API).body["ShardIterator"]
    records = []
    for _ in range(MAX_PAGES):
        page = connection.call("GetRecords", {"ShardIterator": iterator}, STREAMS_API).body
        records += page["Records"]
        iterator = page.get("NextShardIterator")
        if not page["Records"] or iterator is None:
            break
    return records


def by_key(records):
    """{key as text: its records, without the members whose values each server makes up}."""
    found = {}
    for record in records:
        change = record["dynamodb"]
        change = {k: canonical(v) for k, v in change.items()}
        for name in ("SequenceNumber", "ApproximateCreationDateTime"):
            change.pop(name, None)
        own = {"eventID", "awsRegion", "dynamodb"}
        rest = {k: v for k, v in record.items() if k not in own}
        key = json.dumps(_plain_numbers(change.get("Keys")), sort_keys=True)
        found.setdefault(key, []).append({**rest, "change": change})
    return found


def _plain_numbers(keys):
    """The keys with their numbers spelled in one way, so that the records of an item have equal
    keys.
    """
    return {
        name: {"N": plain_number(value["N"])} if "N" in value else value
        for name, value in (keys or {}).items()
    }


def compare_records(weir, oracle):
    """The differences between two tables' records. If the events of a key differ, one for the key.
    """
    ours, theirs = by_key(weir), by_key(oracle)
    for key in ours | theirs:
        lists = ours.get(key, []), theirs.get(key, [])
        events = [[record["eventName"] for record in records] for records in lists]
        if events[0] != events[1]:
            yield Difference("events", f"{key} {events[0]}", f"{key} {events[1]}")
            continue
        for pair in zip(*lists, strict=False):
            yield from differences_of(*pair, f"record.{pair[0]['eventName']}")
