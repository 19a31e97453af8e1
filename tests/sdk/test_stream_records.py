# SPDX-License-Identifier: Apache-2.0
"""Change records: which writes make one, its members in each view, sizes and order."""

import datetime
import re

import pytest
from errors import refused
from raw_call import STREAMS_API, raw_call
from stream_reader import describe_shards, of_key, read_shard, read_stream, shard_iterator, summary
from values import BOOL, BS, NS, NULL, SS, B, L, M, N, S

KEY = {"pk": S("a")}
VIEWS = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]
BOTH = "NEW_AND_OLD_IMAGES"
ALL_TYPES = {
    "s": S("text"), "empty": S(""), "n": N("1.5"), "b": B(b"\x00\xff"), "eb": B(b""),
    "t": BOOL(True), "f": BOOL(False), "nul": NULL, "ss": SS("x"), "ns": NS(1), "bs": BS(b"y"),
    "l": L(N(1), M(x=L())), "el": L(), "m": M(y=M()), "em": M(),
}


def write_each_kind(table):
    """Makes an INSERT, a MODIFY and a REMOVE of one item. Returns the two images."""
    first, second = {**KEY, "v": N(1)}, {**KEY, "v": N(2), "w": S("x")}
    table.put(first)
    table.put(second)
    table.delete(KEY)
    return first, second


@pytest.mark.parametrize("view", VIEWS)
def test_images_of_each_view(streams, make_table, view):
    table = make_table(view=view)
    first, second = write_each_kind(table)
    records = read_stream(streams, table.stream_arn, 3)
    has_new = view in ("NEW_IMAGE", BOTH)
    has_old = view in ("OLD_IMAGE", BOTH)
    assert summary(records) == [
        ("INSERT", None, first if has_new else None),
        ("MODIFY", first if has_old else None, second if has_new else None),
        ("REMOVE", second if has_old else None, None),
    ]
    for record in records:
        assert record["dynamodb"]["Keys"] == KEY
        assert record["dynamodb"]["StreamViewType"] == view


def test_members(streams, make_table, region):
    table = make_table(view=BOTH)
    before = datetime.datetime.now(datetime.UTC)
    write_each_kind(table)
    after = datetime.datetime.now(datetime.UTC)
    records = read_stream(streams, table.stream_arn, 3)
    assert len(records) == 3
    images = [{"NewImage"}, {"NewImage", "OldImage"}, {"OldImage"}]
    for record, image in zip(records, images, strict=False):
        assert record.keys() == {
            "eventID", "eventName", "eventVersion", "eventSource", "awsRegion", "dynamodb"}
        assert record["eventVersion"] == "1.1"
        assert record["eventSource"] == "aws:dynamodb"
        assert record["awsRegion"] == region
        assert re.fullmatch(r"[0-9a-f]{32}", record["eventID"])
        change = record["dynamodb"]
        assert change.keys() == image | {
            "ApproximateCreationDateTime", "Keys", "SequenceNumber", "SizeBytes",
            "StreamViewType"}
        assert re.fullmatch(r"[0-9]{21,40}", change["SequenceNumber"])
        written = change["ApproximateCreationDateTime"]
        assert written.microsecond == 0
        assert before - datetime.timedelta(seconds=1) <= written <= after
    assert len({record["eventID"] for record in records}) == 3


def test_time_is_a_whole_json_number(streams, endpoint, make_table):
    table = make_table(view="KEYS_ONLY", units=(5, 5))
    table.put(KEY)
    arn = table.stream_arn
    read_stream(streams, arn, 1)
    shard, = describe_shards(streams, arn)
    status, answer = raw_call(
        endpoint, "GetRecords",
        {"ShardIterator": shard_iterator(streams, arn, shard["ShardId"])}, api=STREAMS_API)
    assert status == 200
    change = answer["Records"][0]["dynamodb"]
    # Numbers stay text in raw_call: a quoted number would fail to be one of these, too.
    assert float(change["ApproximateCreationDateTime"]).is_integer()
    assert re.fullmatch(r"[0-9]+", change["SizeBytes"])


def test_all_types_in_images(streams, make_table):
    table = make_table(view=BOTH)
    table.put({**KEY, **ALL_TYPES})
    table.delete(KEY)
    inserted, removed = read_stream(streams, table.stream_arn, 2)
    assert inserted["dynamodb"]["NewImage"] == {**KEY, **ALL_TYPES}
    assert removed["dynamodb"]["OldImage"] == {**KEY, **ALL_TYPES}


def test_keys_hold_the_whole_primary_key(streams, make_table):
    table = make_table("pk:B", "sk:N", view="KEYS_ONLY")
    table.put({"pk": B(b"\x00\xff"), "sk": N("1.50"), "v": S("x")})
    record, = read_stream(streams, table.stream_arn, 1)
    assert record["dynamodb"]["Keys"] == {"pk": B(b"\x00\xff"), "sk": N("1.5")}


class TestSizeBytes:
    def sizes(self, streams, table, count):
        records = read_stream(streams, table.stream_arn, count)
        return [record["dynamodb"]["SizeBytes"] for record in records]

    def test_keys_only(self, streams, make_table):
        table = make_table("Username:S", view="KEYS_ONLY")
        table.put({"Username": S("Fred"), "ignored": S("x" * 100)})
        assert self.sizes(streams, table, 1) == [12]

    def test_new_image(self, streams, make_table):
        table = make_table("my_partition_key:S", view="NEW_IMAGE")
        table.put({"my_partition_key": S("hello world"), "binary_key": B(b"123456")})
        assert self.sizes(streams, table, 1) == [70]

    def test_both_images(self, streams, make_table):
        table = make_table("Id:N", view=BOTH)
        table.put({"Id": N(101), "Message": S("New item!")})
        table.put({"Id": N(101), "Message": S("This item has changed")})
        table.delete({"Id": N(101)})
        assert self.sizes(streams, table, 3) == [26, 59, 38]


UNCHANGED = {**KEY, "n": N(1), "s": SS("x", "y"), "m": M(a=N(1), b=N(2)), "l": L(N(1))}


@pytest.mark.parametrize("attempt", [
    lambda table: table.put(UNCHANGED),
    lambda table: table.put({**UNCHANGED, "n": N("1.0")}),
    lambda table: table.put({**UNCHANGED, "s": SS("y", "x")}),
    lambda table: table.put({**UNCHANGED, "m": M(b=N(2), a=N(1))}),
    lambda table: table.update(KEY),
    lambda table: table.update(KEY, "SET n = :v", {":v": N(1)}),
    lambda table: table.update(KEY, "SET n = n + :v", {":v": N(0)}),
    lambda table: table.update(KEY, AttributeUpdates={"n": {"Value": N("1.0")}}),
    lambda table: table.update(KEY, "SET n = if_not_exists(n, :v)", {":v": N(9)}),
    lambda table: table.update(KEY, "SET m = :v", {":v": M(b=N(2), a=N(1))}),
    lambda table: table.update(KEY, "SET m.a = :v", {":v": N(1)}),
    lambda table: table.update(KEY, "ADD n :v", {":v": N(0)}),
    lambda table: table.update(KEY, "ADD s :v", {":v": SS("x")}),
    lambda table: table.update(KEY, "DELETE s :v", {":v": SS("z")}),
    lambda table: table.update(KEY, "DELETE absent :v", {":v": SS("z")}),
    lambda table: table.update(KEY, "REMOVE absent"),
    lambda table: table.update(KEY, "REMOVE m.absent, l[7]"),
    lambda table: table.get(KEY),
], ids=["put the same", "put an equal number", "put a set in another order",
        "put a map in another order", "no expression", "set the same", "add zero by set",
        "attribute update", "if_not_exists", "set an equal map", "set the same below", "add zero",
        "add an element that is there", "delete an element that is not", "delete from nothing",
        "remove nothing", "remove nothing below", "get"])
def test_no_record_without_a_change(streams, make_table, attempt):
    table = make_table(view=BOTH)
    table.put(UNCHANGED)
    attempt(table)
    changed = {**KEY, "marker": N(1)}
    table.put(changed)
    records = read_stream(streams, table.stream_arn, 2)
    events = [record["eventName"] for record in records]
    assert events == ["INSERT", "MODIFY"]
    assert records[1]["dynamodb"]["NewImage"] == changed


@pytest.mark.parametrize("attempt", [
    lambda table: table.delete(KEY),
    lambda table: table.update(KEY, "REMOVE a"),
    lambda table: table.update(KEY, "REMOVE a.b, c[0]"),
], ids=["delete", "remove", "remove below"])
def test_no_record_for_an_absent_item(streams, make_table, attempt):
    table = make_table(view=BOTH)
    attempt(table)
    table.put(KEY)
    assert summary(read_stream(streams, table.stream_arn, 1)) == [("INSERT", None, KEY)]


@pytest.mark.parametrize("operation", ["put", "update", "delete"])
def test_no_record_for_a_failed_condition(streams, make_table, operation):
    table = make_table(view=BOTH)
    table.put(KEY)
    with refused("ConditionalCheckFailedException"):
        getattr(table, operation)(KEY, ConditionExpression="attribute_not_exists(pk)")
    table.delete(KEY)
    events = [record["eventName"] for record in read_stream(streams, table.stream_arn, 2)]
    assert events == ["INSERT", "REMOVE"]


def test_update_of_an_absent_item_inserts(streams, make_table):
    table = make_table(view=BOTH)
    table.update(KEY, "SET a = :v", {":v": N(1)})
    assert summary(read_stream(streams, table.stream_arn, 1)) == [
        ("INSERT", None, {**KEY, "a": N(1)})]


def test_update_without_expression_inserts_the_key(streams, make_table):
    table = make_table(view=BOTH)
    table.update(KEY)
    assert summary(read_stream(streams, table.stream_arn, 1)) == [("INSERT", None, KEY)]


def test_update_modifies(streams, make_table):
    table = make_table(view=BOTH)
    table.put({**KEY, "m": M(x=N(1)), "l": L(N(1))})
    table.update(KEY, "SET m.y = :v REMOVE l[0]", {":v": N(2)})
    old, new = {**KEY, "m": M(x=N(1)), "l": L(N(1))}, {**KEY, "m": M(x=N(1), y=N(2)), "l": L()}
    assert summary(read_stream(streams, table.stream_arn, 2)) == [
        ("INSERT", None, old), ("MODIFY", old, new)]


class TestOrder:
    KEYS = [{"pk": S(f"key-{number}")} for number in range(16)]
    ROUNDS = 12

    @pytest.fixture
    def arn(self, make_table):
        table = make_table(view="NEW_IMAGE")
        for turn in range(self.ROUNDS):
            for key in self.KEYS:
                table.update(key, "SET turn = :t", {":t": N(turn)})
        return table.stream_arn

    def test_changes_of_a_key_come_in_their_order(self, streams, arn):
        records = read_stream(streams, arn, self.ROUNDS * len(self.KEYS))
        assert len(records) == self.ROUNDS * len(self.KEYS)
        for key in self.KEYS:
            own = of_key(records, key)
            turns = [record["dynamodb"]["NewImage"]["turn"] for record in own]
            assert turns == [N(turn) for turn in range(self.ROUNDS)]
            assert [record["eventName"] for record in own] == (
                ["INSERT"] + ["MODIFY"] * (self.ROUNDS - 1))
            numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in own]
            assert numbers == sorted(set(numbers))

    def test_sequence_numbers_and_event_ids_are_unique(self, streams, arn):
        records = read_stream(streams, arn, self.ROUNDS * len(self.KEYS))
        numbers = {record["dynamodb"]["SequenceNumber"] for record in records}
        identities = {record["eventID"] for record in records}
        assert len(numbers) == len(identities) == len(records)

    def test_each_shard_is_in_the_order_of_its_numbers(self, streams, arn):
        read_stream(streams, arn, self.ROUNDS * len(self.KEYS))
        for shard in describe_shards(streams, arn):
            records = read_shard(streams, arn, shard["ShardId"])
            numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
            assert numbers == sorted(numbers)
            start = int(shard["SequenceNumberRange"]["StartingSequenceNumber"])
            assert all(start <= number for number in numbers)

    def test_a_key_stays_in_its_shard(self, streams, arn):
        read_stream(streams, arn, self.ROUNDS * len(self.KEYS))
        shards = {}
        for shard in describe_shards(streams, arn):
            for record in read_shard(streams, arn, shard["ShardId"]):
                key = record["dynamodb"]["Keys"]["pk"]["S"]
                shards.setdefault(key, set()).add(shard["ShardId"])
        assert len(shards) == len(self.KEYS)
        assert all(len(homes) == 1 for homes in shards.values())


def test_keys_spread_over_all_shards(streams, make_table):
    table = make_table(view="KEYS_ONLY")
    for number in range(100):
        table.put({"pk": S(f"key-{number}")})
    arn = table.stream_arn
    assert len(read_stream(streams, arn, 100)) == 100
    for shard in describe_shards(streams, arn):
        assert read_shard(streams, arn, shard["ShardId"])


def test_items_of_one_partition_share_a_shard(streams, make_table):
    table = make_table("pk:S", "sk:N", view="KEYS_ONLY")
    for number in range(20):
        table.put({**KEY, "sk": N(number)})
    arn = table.stream_arn
    read_stream(streams, arn, 20)
    counts = [len(read_shard(streams, arn, shard["ShardId"]))
              for shard in describe_shards(streams, arn)]
    assert sorted(counts)[-1] == 20
    assert sum(counts) == 20
