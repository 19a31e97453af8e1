# SPDX-License-Identifier: Apache-2.0
"""Reads page by page: Scan, Query and the stream's records."""

import json
import time

from .client import CannotServe, Client
from .tables import WIDE_PARTITION

LAST_KEY = b'"LastEvaluatedKey":'
PATIENCE = 120.0  # seconds for one pass
MOST_SHARDS = 100_000
# After so many consecutive pages without a record, an open shard counts as read.
EMPTY_PAGES = 2


def _key_after(page):
    at = page.find(LAST_KEY)
    if at < 0:
        return None
    text = page[at + len(LAST_KEY) : at + len(LAST_KEY) + 4000].decode()
    return json.JSONDecoder().raw_decode(text)[0]


def _follow(server, operation, **request):
    """Reads all pages. Returns (number of pages, bytes of JSON)."""
    deadline = time.monotonic() + PATIENCE
    pages = size = 0
    with Client(server.port) as client:
        while True:
            page = client.call_raw(operation, json.dumps(request).encode())
            pages, size = pages + 1, size + len(page)
            key = _key_after(page)
            if key is None:
                return pages, size
            request["ExclusiveStartKey"] = key
            if time.monotonic() > deadline:
                raise CannotServe(f"{operation} took more than {PATIENCE:.0f} s")


def scan(server, table="Wide"):
    return _follow(server, "Scan", TableName=table)


def query(server):
    return _follow(
        server,
        "Query",
        TableName="Wide",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": WIDE_PARTITION}},
    )


def _shards(client, stream):
    shards, start = [], {}
    while len(shards) < MOST_SHARDS:
        answer = client.call("DescribeStream", StreamArn=stream, **start)["StreamDescription"]
        shards += [shard["ShardId"] for shard in answer["Shards"]]
        if not answer.get("LastEvaluatedShardId"):
            return shards
        start = {"ExclusiveStartShardId": answer["LastEvaluatedShardId"]}
    raise CannotServe(f"the stream has more than {MOST_SHARDS} shards")


def _drain_shard(client, iterator, deadline):
    records = size = empty = 0
    while iterator and empty < EMPTY_PAGES:
        page = client.call_raw("GetRecords", b'{"ShardIterator":"%s"}' % iterator.encode())
        found = page.count(b'"eventID"')
        records, size = records + found, size + len(page)
        empty = 0 if found else empty + 1
        at = page.rfind(b'"NextShardIterator":"')
        iterator = page[at:].split(b'"', 4)[3].decode() if at >= 0 else None
        if time.monotonic() > deadline:
            raise CannotServe(f"draining took more than {PATIENCE:.0f} s")
    return records, size


def drain(server, table="Streamed"):
    """Reads the whole stream, shard by shard. Returns (number of records, bytes of JSON)."""
    deadline = time.monotonic() + PATIENCE
    records = size = 0
    with Client(server.port) as client:
        stream = client.call("DescribeTable", TableName=table)["Table"].get("LatestStreamArn")
        if not stream:
            raise CannotServe("the table has no stream, though it was asked for")
        for shard in _shards(client, stream):
            iterator = client.call(
                "GetShardIterator",
                StreamArn=stream,
                ShardId=shard,
                ShardIteratorType="TRIM_HORIZON",
            )["ShardIterator"]
            shard_records, shard_size = _drain_shard(client, iterator, deadline)
            records, size = records + shard_records, size + shard_size
    return records, size
