# SPDX-License-Identifier: Apache-2.0
"""Many clients at once: no update is lost, and the stream has each change once, in order."""

from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError
from stream_reader import describe_shards, of_key, read_stream, shard_iterator
from values import N, S

WORKERS = 8
PER_WORKER = 25
TOTAL = WORKERS * PER_WORKER
KEY = {"pk": S("counter")}


def in_parallel(work):
    """Runs work(number) on WORKERS threads. Returns all results, or raises the first failure."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def test_no_increment_is_lost(streams, make_table):
    table = make_table(view="NEW_AND_OLD_IMAGES")

    def count(_):
        for _ in range(PER_WORKER):
            table.update(KEY, "ADD n :one", {":one": N(1)})

    in_parallel(count)
    assert table.get(KEY)["n"] == N(TOTAL)
    records = read_stream(streams, table.stream_arn, TOTAL)
    after = [int(record["dynamodb"]["NewImage"]["n"]["N"]) for record in records]
    assert after == list(range(1, TOTAL + 1))
    before = [int(record["dynamodb"]["OldImage"]["n"]["N"]) for record in records[1:]]
    assert before == list(range(1, TOTAL))


def test_one_of_many_conditional_puts_wins(streams, make_table):
    table = make_table(view="NEW_IMAGE")

    def claim(number):
        try:
            table.put({**KEY, "owner": N(number)}, ConditionExpression="attribute_not_exists(pk)")
            return True
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ConditionalCheckFailedException"
            return False

    won = in_parallel(claim)
    assert won.count(True) == 1
    owner = N(won.index(True))
    assert table.get(KEY)["owner"] == owner
    records = read_stream(streams, table.stream_arn, 1)
    assert [record["dynamodb"]["NewImage"]["owner"] for record in records] == [owner]


def test_reader_beside_writers_sees_each_change_once_and_in_order(streams, make_table):
    table = make_table(view="NEW_IMAGE")
    arn = table.stream_arn
    keys = [{"pk": S(f"key-{number}")} for number in range(WORKERS)]

    def write(number):
        for turn in range(PER_WORKER):
            table.update(keys[number], "SET turn = :t", {":t": N(turn)})

    iterators = [shard_iterator(streams, arn, shard["ShardId"])
                 for shard in describe_shards(streams, arn)]

    def read_pages():
        """Reads one page of each shard and moves the iterators on."""
        records = []
        for index, iterator in enumerate(iterators):
            page = streams.get_records(ShardIterator=iterator, Limit=7)
            records += page["Records"]
            iterators[index] = page["NextShardIterator"]
        return records

    seen = []
    with ThreadPoolExecutor(WORKERS) as pool:
        writers = [pool.submit(write, number) for number in range(WORKERS)]
        while not all(writer.done() for writer in writers):
            seen += read_pages()
        for writer in writers:
            writer.result()
    while page := read_pages():
        seen += page

    assert len(seen) == TOTAL
    for key in keys:
        turns = [record["dynamodb"]["NewImage"]["turn"] for record in of_key(seen, key)]
        assert turns == [N(turn) for turn in range(PER_WORKER)]
