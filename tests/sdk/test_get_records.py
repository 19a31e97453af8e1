# SPDX-License-Identifier: Apache-2.0
"""GetRecords: pages, their limits, and the end of a closed shard."""

import pytest
from errors import VALIDATION, refused
from raw_call import STREAMS_API, raw_call
from stream_reader import await_status, describe_shards, read_shard, read_stream, shard_iterator
from values import B, N, S

MEGABYTE = 1024 * 1024


def fill(streams, table, count):
    """Writes `count` items of one partition. Returns the stream and the shard with all records."""
    arn = table.stream_arn
    for number in range(count):
        table.put({"pk": S("a"), "sk": N(number)})
    return arn, busy_shard(streams, arn, count)


def busy_shard(streams, arn, count):
    """The one shard that has the stream's `count` records."""
    assert len(read_stream(streams, arn, count)) == count
    shards = [shard["ShardId"] for shard in describe_shards(streams, arn)]
    busy = [shard for shard in shards if read_shard(streams, arn, shard)]
    assert len(busy) == 1
    return busy[0]


def sort_keys(records):
    return [int(record["dynamodb"]["Keys"]["sk"]["N"]) for record in records]


@pytest.fixture
def table(make_table):
    return make_table("pk:S", "sk:N", view="KEYS_ONLY")


def test_open_shard_without_records(streams, table):
    arn = table.stream_arn
    for shard in describe_shards(streams, arn):
        page = streams.get_records(ShardIterator=shard_iterator(streams, arn, shard["ShardId"]))
        assert page["Records"] == []
        assert page["NextShardIterator"]


def test_limit_and_next_iterator(streams, table):
    arn, shard = fill(streams, table, 5)
    iterator = shard_iterator(streams, arn, shard)
    sizes, seen = [], []
    for _ in range(4):
        page = streams.get_records(ShardIterator=iterator, Limit=2)
        sizes.append(len(page["Records"]))
        seen += sort_keys(page["Records"])
        iterator = page["NextShardIterator"]
    assert sizes == [2, 2, 1, 0]
    assert seen == [0, 1, 2, 3, 4]


def test_next_iterator_of_the_end_reads_what_comes_later(streams, table):
    arn, shard = fill(streams, table, 1)
    page = streams.get_records(ShardIterator=shard_iterator(streams, arn, shard))
    assert sort_keys(page["Records"]) == [0]
    end = page["NextShardIterator"]
    table.put({"pk": S("a"), "sk": N(1)})
    assert sort_keys(streams.get_records(ShardIterator=end)["Records"]) == [1]


def test_page_of_at_most_1000_records(streams, table):
    arn, shard = fill(streams, table, 1001)
    iterator = shard_iterator(streams, arn, shard)
    first = streams.get_records(ShardIterator=iterator)
    assert sort_keys(first["Records"]) == list(range(1000))
    explicit = streams.get_records(ShardIterator=iterator, Limit=1000)
    assert sort_keys(explicit["Records"]) == list(range(1000))
    second = streams.get_records(ShardIterator=first["NextShardIterator"])
    assert sort_keys(second["Records"]) == [1000]


def test_page_of_at_most_a_megabyte(streams, make_table):
    table = make_table("pk:S", "sk:N", view="NEW_IMAGE")
    arn = table.stream_arn
    for number in range(6):
        table.put({"pk": S("a"), "sk": N(number), "v": B(b"x" * 300_000)})
    iterator = shard_iterator(streams, arn, busy_shard(streams, arn, 6))
    pages = []
    while sum(map(len, pages)) < 6:
        page = streams.get_records(ShardIterator=iterator)
        pages.append(page["Records"])
        iterator = page["NextShardIterator"]
    assert sort_keys([record for records in pages for record in records]) == list(range(6))
    for records in pages:
        assert len(records) >= 1
        assert sum(record["dynamodb"]["SizeBytes"] for record in records) <= MEGABYTE


class TestClosedShard:
    @pytest.fixture
    def closed(self, streams, table):
        """A disabled stream with four records in one shard."""
        arn, shard = fill(streams, table, 4)
        table.set_stream(None)
        await_status(streams, arn, "DISABLED")
        return arn, shard

    def test_last_records_come_without_a_next_iterator(self, streams, closed):
        page = streams.get_records(ShardIterator=shard_iterator(streams, *closed))
        assert sort_keys(page["Records"]) == [0, 1, 2, 3]
        assert "NextShardIterator" not in page

    def test_pages_end_without_a_next_iterator(self, streams, closed):
        first = streams.get_records(ShardIterator=shard_iterator(streams, *closed), Limit=2)
        assert sort_keys(first["Records"]) == [0, 1]
        last = streams.get_records(ShardIterator=first["NextShardIterator"], Limit=2)
        assert sort_keys(last["Records"]) == [2, 3]
        assert "NextShardIterator" not in last

    def test_iterator_from_before_the_end_reads_to_the_end(self, streams, table):
        arn, shard = fill(streams, table, 2)
        page = streams.get_records(ShardIterator=shard_iterator(streams, arn, shard), Limit=1)
        table.set_stream(None)
        await_status(streams, arn, "DISABLED")
        last = streams.get_records(ShardIterator=page["NextShardIterator"])
        assert sort_keys(last["Records"]) == [1]
        assert "NextShardIterator" not in last

    def test_shard_without_records(self, streams, closed):
        arn, busy = closed
        for shard in describe_shards(streams, arn):
            if shard["ShardId"] != busy:
                iterator = shard_iterator(streams, arn, shard["ShardId"])
                page = streams.get_records(ShardIterator=iterator)
                assert page["Records"] == []
                assert "NextShardIterator" not in page

    def test_next_iterator_is_absent_rather_than_null(self, streams, endpoint, closed):
        status, answer = raw_call(
            endpoint, "GetRecords", {"ShardIterator": shard_iterator(streams, *closed)},
            api=STREAMS_API)
        assert status == 200
        assert answer.keys() == {"Records"}


class TestRefusals:
    @pytest.mark.parametrize("limit", [0, 1001, -1])
    def test_limit_out_of_range(self, streams, unchecked_streams, table, limit):
        arn, shard = fill(streams, table, 1)
        with refused(VALIDATION) as refusal:
            unchecked_streams.get_records(
                ShardIterator=shard_iterator(streams, arn, shard), Limit=limit)
        assert "limit" in refusal.message

    def test_mangled_iterators(self, streams, unchecked_streams, table):
        arn, shard = fill(streams, table, 1)
        iterator = shard_iterator(streams, arn, shard)
        for mangled in ("nonsense", iterator[:-8], iterator.split("|")[-1], arn, iterator + "!"):
            with refused(VALIDATION):
                unchecked_streams.get_records(ShardIterator=mangled)

    def test_no_iterator(self, unchecked_streams):
        with refused(VALIDATION):
            unchecked_streams.get_records()
