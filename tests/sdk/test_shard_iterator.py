# SPDX-License-Identifier: Apache-2.0
"""GetShardIterator: where an iterator of each type starts, and refused requests."""

import pytest
from errors import VALIDATION, refused
from stream_reader import (
    await_status,
    describe_shards,
    read_from,
    read_shard,
    read_stream,
    shard_iterator,
)
from values import N, S

UNKNOWN_SHARD = "shardId-00000000000000000001-00000000"


class Written:
    """A table whose five items share a partition key, so that one shard has all its records."""

    def __init__(self, streams, table):
        self.table, self.arn = table, table.stream_arn
        for number in range(5):
            self.put(number)
        read_stream(streams, self.arn, 5)
        shards = [shard["ShardId"] for shard in describe_shards(streams, self.arn)]
        found = {shard: read_shard(streams, self.arn, shard) for shard in shards}
        (self.shard, self.records), = [pair for pair in found.items() if pair[1]]
        self.numbers = [record["dynamodb"]["SequenceNumber"] for record in self.records]

    def put(self, number):
        self.table.put({"pk": S("a"), "sk": N(number)})


@pytest.fixture
def written(streams, make_table):
    return Written(streams, make_table("pk:S", "sk:N", view="KEYS_ONLY"))


def read(streams, written, kind, **parameters):
    """The sort keys of the records that an iterator of that type reads."""
    iterator = shard_iterator(streams, written.arn, written.shard, kind, **parameters)
    records = read_from(streams, iterator)
    return [int(record["dynamodb"]["Keys"]["sk"]["N"]) for record in records]


def test_form(streams, written):
    iterator = shard_iterator(streams, written.arn, written.shard)
    assert iterator.startswith(written.arn + "|")
    assert len(iterator) <= 2048


def test_trim_horizon_starts_at_the_oldest(streams, written):
    assert read(streams, written, "TRIM_HORIZON") == [0, 1, 2, 3, 4]


def test_latest_starts_behind_the_newest(streams, written):
    iterator = shard_iterator(streams, written.arn, written.shard, "LATEST")
    written.put(5)
    written.put(6)
    records = read_from(streams, iterator)
    assert [record["dynamodb"]["Keys"]["sk"] for record in records] == [N(5), N(6)]


def test_latest_has_nothing_yet(streams, written):
    iterator = shard_iterator(streams, written.arn, written.shard, "LATEST")
    page = streams.get_records(ShardIterator=iterator)
    assert page["Records"] == []
    assert page["NextShardIterator"]


@pytest.mark.parametrize("index", range(5))
def test_at_includes_the_record(streams, written, index):
    number = written.numbers[index]
    assert read(streams, written, "AT_SEQUENCE_NUMBER", SequenceNumber=number) == [
        0, 1, 2, 3, 4][index:]


@pytest.mark.parametrize("index", range(5))
def test_after_excludes_the_record(streams, written, index):
    number = written.numbers[index]
    assert read(streams, written, "AFTER_SEQUENCE_NUMBER", SequenceNumber=number) == [
        0, 1, 2, 3, 4][index + 1:]


def test_iterator_can_be_used_again(streams, written):
    iterator = shard_iterator(streams, written.arn, written.shard)
    first = streams.get_records(ShardIterator=iterator, Limit=2)
    second = streams.get_records(ShardIterator=iterator, Limit=2)
    assert first["Records"] == second["Records"] == written.records[:2]


def test_closed_shard(streams, written):
    written.table.set_stream(None)
    await_status(streams, written.arn, "DISABLED")
    assert read(streams, written, "TRIM_HORIZON") == [0, 1, 2, 3, 4]
    assert read(streams, written, "AT_SEQUENCE_NUMBER", SequenceNumber=written.numbers[3]) == [3, 4]
    for kind, parameters in (
            ("LATEST", {}), ("AFTER_SEQUENCE_NUMBER", {"SequenceNumber": written.numbers[4]})):
        iterator = shard_iterator(streams, written.arn, written.shard, kind, **parameters)
        page = streams.get_records(ShardIterator=iterator)
        assert page["Records"] == []
        assert "NextShardIterator" not in page


class TestRefusals:
    def get(self, client, written, **changes):
        parameters = {"StreamArn": written.arn, "ShardId": written.shard,
                      "ShardIteratorType": "TRIM_HORIZON", **changes}
        client.get_shard_iterator(
            **{name: value for name, value in parameters.items() if value is not None})

    @pytest.mark.parametrize("kind", ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"])
    def test_missing_sequence_number(self, streams, written, kind):
        with refused(VALIDATION):
            self.get(streams, written, ShardIteratorType=kind)

    @pytest.mark.parametrize("kind", ["TRIM_HORIZON", "LATEST"])
    def test_sequence_number_that_is_not_wanted(self, streams, written, kind):
        with refused(VALIDATION):
            self.get(streams, written, ShardIteratorType=kind, SequenceNumber=written.numbers[0])

    @pytest.mark.parametrize("changes", [
        {"ShardIteratorType": "AT_TIMESTAMP"},
        {"ShardIteratorType": "trim_horizon"},
        {"ShardIteratorType": None},
        {"ShardId": None},
        {"ShardId": "shard-1"},
        {"StreamArn": None},
        {"StreamArn": "nonsense" * 6},
        {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": "x" * 21},
        {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": "1"},
    ], ids=str)
    def test_refused_member(self, unchecked_streams, written, changes):
        with refused(VALIDATION):
            self.get(unchecked_streams, written, **changes)

    def test_unknown_shard(self, streams, written):
        with refused("ResourceNotFoundException",
                     "Requested resource not found: Shard does not exist"):
            self.get(streams, written, ShardId=UNKNOWN_SHARD)

    def test_shard_of_another_stream(self, streams, written, make_table):
        other = make_table(view="KEYS_ONLY").stream_arn
        shard = describe_shards(streams, other)[0]["ShardId"]
        with refused("ResourceNotFoundException",
                     "Requested resource not found: Shard does not exist"):
            self.get(streams, written, ShardId=shard)

    def test_unknown_stream(self, streams, written):
        unknown = written.arn[:written.arn.rindex("/")] + "/2001-02-03T04:05:06.789"
        with refused("ResourceNotFoundException",
                     f"Requested resource not found: Stream: {unknown} not found"):
            self.get(streams, written, StreamArn=unknown)
