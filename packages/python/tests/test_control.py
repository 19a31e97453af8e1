# SPDX-License-Identifier: Apache-2.0
"""The clock and the shards of weir.Server, as boto3 sees what they change."""

import datetime

import boto3
import pytest

import weir

UTC = datetime.timezone.utc
NOON = datetime.datetime(2030, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def dynamodb(server):
    return boto3.client("dynamodb", **server.client_args())


@pytest.fixture
def streams(server):
    return boto3.client("dynamodbstreams", **server.client_args())


@pytest.fixture
def arn(dynamodb):
    """The stream of the new table Music, with four open shards."""
    table = dynamodb.create_table(
        TableName="Music",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    return table["TableDescription"]["LatestStreamArn"]


def test_the_clock_is_the_machines_at_first(server):
    before = datetime.datetime.now(UTC)
    assert before <= server.clock.now <= datetime.datetime.now(UTC)
    assert not server.clock.is_frozen


def test_a_frozen_clock_stands_and_a_resumed_one_runs(server):
    assert server.clock.freeze(NOON) == NOON
    assert server.clock.is_frozen
    assert server.clock.now == NOON
    resumed = server.clock.resume()
    assert NOON <= resumed < NOON + datetime.timedelta(minutes=1)
    assert not server.clock.is_frozen
    later = server.clock.now
    assert later > resumed
    assert server.clock.freeze() >= later
    assert server.clock.is_frozen


@pytest.mark.parametrize("span", ["36h", 36 * 3600, 36 * 3600.0, datetime.timedelta(hours=36)])
def test_spans(server, span):
    server.clock.freeze(NOON)
    assert server.clock.advance(span) == datetime.datetime(2030, 2, 2, tzinfo=UTC)


def test_a_span_is_exact_to_the_microsecond(server):
    server.clock.freeze(NOON)
    span = datetime.timedelta(days=36500, microseconds=1)
    assert server.clock.advance(span) == NOON + span


@pytest.mark.parametrize(
    "time",
    [
        "2030-02-01",
        "2030-02-01T00:00:00Z",
        1896134400,
        datetime.date(2030, 2, 1),
        datetime.datetime(2030, 2, 1, tzinfo=UTC),
        datetime.datetime(2030, 2, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
    ],
)
def test_times(server, time):
    server.clock.freeze()
    assert server.clock.set(time) == datetime.datetime(2030, 2, 1, tzinfo=UTC)


def test_a_time_without_a_time_zone_is_refused(server):
    with pytest.raises(ValueError, match="has no time zone"):
        server.clock.set(datetime.datetime(2030, 2, 1))


def test_the_clock_does_not_go_back(server):
    server.clock.freeze(NOON)
    with pytest.raises(weir.WeirError, match="The clock cannot go back") as caught:
        server.clock.set("2030-01-01")
    assert caught.value.status == 400


def test_records_have_the_time_of_the_clock_and_are_trimmed_by_it(server, dynamodb, streams, arn):
    server.clock.freeze(NOON)
    dynamodb.put_item(TableName="Music", Item={"pk": {"S": "key"}})

    def records():
        for shard in server.shards("Music"):
            iterator = streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard.id, ShardIteratorType="TRIM_HORIZON"
            )
            yield from streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]

    assert [record["dynamodb"]["ApproximateCreationDateTime"] for record in records()] == [NOON]
    server.clock.advance("25h")
    assert list(records()) == []


def test_shards_are_those_of_the_stream(server, streams, arn):
    shards = server.shards("Music")
    described = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    assert shards.stream_arn == arn
    assert [shard.id for shard in shards] == [shard["ShardId"] for shard in described]
    assert {shard.state for shard in shards} == {"OPEN"}
    assert sorted(shard.first_hash[0] for shard in shards) == ["0", "4", "8", "c"]
    assert {shard.closed_at for shard in shards} == {None}
    assert abs(shards[0].created_at - server.clock.now) < datetime.timedelta(minutes=1)


def test_a_shard_is_split(server, streams, arn):
    before = server.shards("Music")
    after = before.split(before[0].id)
    assert len(before) == 4
    parent = next(shard for shard in after if shard.id == before[0].id)
    assert parent.state == "CLOSED"
    assert parent.closed_at is not None
    children = [shard for shard in after if shard.parent_id == parent.id]
    assert len(children) == 2
    assert int(children[0].starting_sequence_number) > int(parent.ending_sequence_number)
    assert after == server.shards("Music")
    described = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    assert [shard["ShardId"] for shard in described] == [shard.id for shard in after]


def test_all_shards_are_split_rotated_and_closed(server, arn):
    def states(shards):
        return sorted(shard.state for shard in shards)

    shards = server.shards("Music").split()
    assert states(shards) == ["CLOSED"] * 4 + ["OPEN"] * 8
    shards = shards.rotate()
    assert states(shards) == ["CLOSED"] * 8 + ["OPEN"] * 8
    shards = shards.close()
    assert states(shards) == ["VACANT"] * 8


def test_the_number_of_open_shards_is_set(server, arn):
    shards = server.shards("Music").set(9)
    assert [shard.state for shard in shards].count("OPEN") == 9


def test_shards_beyond_a_page_are_listed(server, arn):
    shards = server.shards("Music").set(256)
    for _ in range(3):
        shards = shards.rotate()
    listed = server.shards("Music")
    assert len(listed) > 1000
    assert len({shard.id for shard in listed}) == len(listed)
    assert [shard.state for shard in listed].count("OPEN") == 256


def test_a_change_that_is_refused(server, arn):
    with pytest.raises(weir.WeirError) as caught:
        server.shards("Music").set(257)
    assert caught.value.status == 400
