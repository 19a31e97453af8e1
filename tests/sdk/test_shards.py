# SPDX-License-Identifier: Apache-2.0
"""Shards that are split, rotated and closed by request, as consumers see them."""

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest
from clients import client
from stream_reader import lineage_order, read_shard
from support.weir_clock import Clock
from tables import definition


class Shards:
    """The control endpoint /_weir/shards of a server."""

    def __init__(self, endpoint):
        self._url = endpoint + "/_weir/shards"

    def _call(self, request):
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def list(self, table):
        status, answer = self._call(self._url + "?table=" + urllib.parse.quote(table))
        assert status == 200, answer
        return answer["Shards"]

    def try_change(self, **members):
        body = json.dumps(members).encode()
        return self._call(urllib.request.Request(self._url, data=body, method="POST"))

    def change(self, table, action, **members):
        status, answer = self.try_change(TableName=table.name, Action=action, **members)
        assert status == 200, answer
        return answer["Shards"]

    def open(self, table):
        return [shard["ShardId"] for shard in self.list(table.name) if shard["State"] == "OPEN"]


@pytest.fixture
def shards(request, endpoint):
    if request.config.getoption("--endpoint"):
        pytest.skip("a control endpoint of Weir's own")
    return Shards(endpoint)


@pytest.fixture
def table(make_table):
    return make_table(view="NEW_IMAGE")


def _put(table, *numbers):
    for number in numbers:
        table.client.put_item(TableName=table.name, Item={"pk": {"S": f"key {number}"}})


def _describe(streams, table):
    arn = table.describe()["LatestStreamArn"]
    return arn, streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]


def _keys(records):
    return [record["dynamodb"]["Keys"]["pk"]["S"] for record in records]


def _children(described, parent):
    return [shard for shard in described if shard.get("ParentShardId") == parent]


def test_a_split_shard_ends_and_has_two_children(streams, shards, table):
    _put(table, *range(20))
    arn, before = _describe(streams, table)
    assert all("EndingSequenceNumber" not in s["SequenceNumberRange"] for s in before)
    parent = before[0]["ShardId"]
    shards.change(table, "SPLIT", ShardId=parent)
    _put(table, *range(20, 60))
    _, after = _describe(streams, table)
    assert len(after) == len(before) + 2
    closed = next(shard for shard in after if shard["ShardId"] == parent)
    assert int(closed["SequenceNumberRange"]["EndingSequenceNumber"]) > 0
    children = _children(after, parent)
    assert len(children) == 2
    for child in children:
        assert child["ShardId"] > parent
        assert (int(child["SequenceNumberRange"]["StartingSequenceNumber"])
                > int(closed["SequenceNumberRange"]["EndingSequenceNumber"]))
    filtered = streams.describe_stream(
        StreamArn=arn, ShardFilter={"Type": "CHILD_SHARDS", "ShardId": parent})
    assert filtered["StreamDescription"]["Shards"] == children
    # Each record is there once, in whichever shard it is.
    seen = [key for shard in after for key in _keys(read_shard(streams, arn, shard["ShardId"]))]
    assert sorted(seen) == sorted(f"key {number}" for number in range(60))


def test_an_iterator_of_a_shard_that_closes_ends_with_it(streams, shards, table):
    arn, described = _describe(streams, table)
    shard = described[0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    reply = streams.get_records(ShardIterator=iterator)
    assert reply["Records"] == []
    iterator = reply["NextShardIterator"]
    shards.change(table, "ROTATE", ShardId=shard)
    reply = streams.get_records(ShardIterator=iterator)
    assert "NextShardIterator" not in reply
    _, after = _describe(streams, table)
    assert len(_children(after, shard)) == 1


def test_order_of_a_key_holds_over_all_changes(streams, shards, table):
    for number in range(30):
        table.client.put_item(TableName=table.name,
                              Item={"pk": {"S": "one"}, "n": {"N": str(number)}})
        action = ("SPLIT", "ROTATE", "CLOSE")[number % 3]
        # Changes an open shard; at times that is the key's shard.
        shards.change(table, action, ShardId=shards.open(table)[0])
    arn, described = _describe(streams, table)
    seen = [record for shard in lineage_order(described)
            for record in read_shard(streams, arn, shard["ShardId"])]
    numbers = [int(r["dynamodb"]["NewImage"]["n"]["N"]) for r in seen]
    assert numbers == list(range(30))
    sequence = [int(r["dynamodb"]["SequenceNumber"]) for r in seen]
    assert sequence == sorted(set(sequence))


def test_a_closed_shard_has_a_child_once_something_is_written(streams, shards, table):
    for shard in shards.open(table):
        shards.change(table, "CLOSE", ShardId=shard)
    assert shards.open(table) == []
    assert {shard["State"] for shard in shards.list(table.name)} == {"VACANT"}
    _, described = _describe(streams, table)
    assert all("EndingSequenceNumber" in s["SequenceNumberRange"] for s in described)
    _put(table, 1)
    arn, after = _describe(streams, table)
    opened = [s for s in after if "EndingSequenceNumber" not in s["SequenceNumberRange"]]
    assert len(opened) == 1
    assert opened[0]["ParentShardId"] in {s["ShardId"] for s in described}
    assert _keys(read_shard(streams, arn, opened[0]["ShardId"])) == ["key 1"]


def test_the_number_of_open_shards_can_be_raised(streams, shards, table):
    count = len(shards.open(table))
    shards.change(table, "SET", OpenShards=count + 5)
    assert len(shards.open(table)) == count + 5
    status, answer = shards.try_change(TableName=table.name, Action="SET", OpenShards=1)
    assert status == 400
    assert "shards are never merged" in answer["message"]


@pytest.mark.parametrize(
    "members, message",
    [
        ({}, "Action is required, and TableName or StreamArn"),
        ({"Action": "MERGE"}, "Only the strings TableName"),
        ({"Action": "SET", "OpenShards": 0}, "OpenShards must be from 1 to 256"),
    ],
)
def test_requests_that_cannot_be(shards, table, members, message):
    status, answer = shards.try_change(TableName=table.name, **members)
    assert status == 400
    assert message in answer["message"]


def test_unknown_shards_tables_and_streams(shards, table, make_table):
    status, answer = shards.try_change(TableName=table.name, Action="ROTATE", ShardId="nonsense")
    assert (status, answer["message"]) == (
        400, "Requested resource not found: Shard does not exist")
    assert shards.try_change(TableName="absent", Action="ROTATE")[0] == 400
    without = make_table()
    status, answer = shards.try_change(TableName=without.name, Action="ROTATE")
    assert "has never had a stream" in answer["message"]


def test_a_closed_shard_cannot_change_again(shards, table):
    shard = shards.open(table)[0]
    shards.change(table, "ROTATE", ShardId=shard)
    status, answer = shards.try_change(TableName=table.name, Action="SPLIT", ShardId=shard)
    assert (status, answer["message"]) == (400, f"Shard {shard} is closed")


def test_command_line(weir_binary, endpoint, shards, table):
    def run(*arguments):
        command = [weir_binary, "shards", "--endpoint", endpoint, table.name, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)

    listed = run()
    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [
        shard["ShardId"] for shard in shards.list(table.name)]
    shard = shards.open(table)[0]
    split = run("split", "--shard", shard)
    assert split.returncode == 0
    assert split.stdout.count(f"child of {shard}") == 2
    assert run("set", "9").stdout.count(" OPEN ") == 9
    refused = run("set", "1")
    assert refused.returncode == 1
    assert "shards are never merged" in refused.stderr


def test_shards_rotate_by_the_clock(start_weir):
    server = start_weir("--stream-shards", "2")
    dynamodb = client("dynamodb", server.endpoint)
    streams = client("dynamodbstreams", server.endpoint)
    dynamodb.create_table(
        TableName="turning",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    arn = dynamodb.describe_table(TableName="turning")["Table"]["LatestStreamArn"]

    clock = Clock(server.endpoint)

    def advance(hours):
        clock.change(advance=f"{hours}h")
        return streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]

    assert len(advance(3)) == 2
    rotated = advance(2)
    assert len(rotated) == 4
    assert sum("EndingSequenceNumber" in s["SequenceNumberRange"] for s in rotated) == 2
    # Shards that closed 24 hours ago are no longer listed, but their children still name them.
    later = advance(24)
    ids = {shard["ShardId"] for shard in later}
    assert not ids & {shard["ShardId"] for shard in rotated[:2]}
    assert sum("EndingSequenceNumber" not in s["SequenceNumberRange"] for s in later) == 2
    orphans = [s for s in later if s.get("ParentShardId") not in ids]
    assert orphans and all("ParentShardId" in s for s in orphans)


def test_reading_limits_are_enforced_on_request(start_weir):
    server = start_weir("--enforce-stream-limits", "--stream-shards", "1")
    dynamodb = client("dynamodb", server.endpoint)
    streams = client("dynamodbstreams", server.endpoint)
    clock = Clock(server.endpoint)
    clock.change(freeze=True)
    dynamodb.create_table(**definition("limited", "pk:S", view="KEYS_ONLY"))
    arn = dynamodb.describe_table(TableName="limited")["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]

    def iterator():
        return streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]

    mine, other, third = iterator(), iterator(), iterator()
    for reader in (mine, other, mine, other):
        streams.get_records(ShardIterator=reader)
    with pytest.raises(streams.exceptions.LimitExceededException):
        streams.get_records(ShardIterator=third)
    streams.get_records(ShardIterator=mine)
    with pytest.raises(streams.exceptions.LimitExceededException):
        streams.get_records(ShardIterator=mine)
    for _ in range(9):
        streams.describe_stream(StreamArn=arn)
    with pytest.raises(streams.exceptions.ClientError) as caught:
        streams.describe_stream(StreamArn=arn)
    assert caught.value.response["Error"] == {
        "Code": "ThrottlingException", "Message": "Rate exceeded"}
    clock.change(advance="1s")
    streams.get_records(ShardIterator=third)
    streams.describe_stream(StreamArn=arn)
