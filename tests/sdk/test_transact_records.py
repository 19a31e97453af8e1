# SPDX-License-Identifier: Apache-2.0
"""Change records of transactions: one for each write that changes something, as of single writes.
"""

import pytest
from stream_reader import of_key, read_stream, summary
from transactions import NONE, canceled, check, delete, failed, put, update, write
from values import SS, N, S


def key(name):
    return {"pk": S(name)}


@pytest.fixture
def streamed(make_table):
    return make_table(view="NEW_AND_OLD_IMAGES")


def records_of(streams, table, count):
    records = read_stream(streams, table.stream_arn, count)
    assert len(records) == count
    return records


def test_one_a_write(streams, streamed):
    for name in ("replaced", "updated", "deleted"):
        streamed.put({**key(name), "n": N(1)})
    write(streamed.client,
          put(streamed, {**key("new"), "n": N(1)}),
          put(streamed, {**key("replaced"), "m": N(2)}),
          update(streamed, key("updated"), "SET n = :n", {":n": N(2)}),
          update(streamed, key("made"), "SET n = :n", {":n": N(3)}),
          delete(streamed, key("deleted")))
    records = records_of(streams, streamed, 3 + 5)
    before = {name: {**key(name), "n": N(1)} for name in ("replaced", "updated", "deleted")}
    assert summary(of_key(records, key("new"))) == [("INSERT", None, {**key("new"), "n": N(1)})]
    assert summary(of_key(records, key("made"))) == [("INSERT", None, {**key("made"), "n": N(3)})]
    assert summary(of_key(records, key("replaced")))[1:] == [
        ("MODIFY", before["replaced"], {**key("replaced"), "m": N(2)})]
    assert summary(of_key(records, key("updated")))[1:] == [
        ("MODIFY", before["updated"], {**key("updated"), "n": N(2)})]
    assert summary(of_key(records, key("deleted")))[1:] == [("REMOVE", before["deleted"], None)]


def test_each_has_its_place_and_its_sizes(streams, streamed):
    write(streamed.client, *(put(streamed, {**key(f"{number:02}"), "n": N(number)})
                             for number in range(20)))
    records = records_of(streams, streamed, 20)
    assert len({record["eventID"] for record in records}) == 20
    numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
    assert len(set(numbers)) == 20
    for record in records:
        # Counts the key and the image: names and text, and one byte for the number 0, two for
        # others.
        number = record["dynamodb"]["NewImage"]["n"]
        assert record["dynamodb"]["SizeBytes"] == len("pk" "00" "pk" "00" "n") + (
            1 if number == N(0) else 2)
        assert record["eventName"] == "INSERT"


def test_none_for_what_changes_nothing(streams, streamed):
    same = {**key("same"), "n": N(1), "tags": SS("a", "b")}
    streamed.put(same)
    write(streamed.client,
          put(streamed, {**key("same"), "n": N("1.0"), "tags": SS("b", "a")}),
          delete(streamed, key("not there")),
          update(streamed, key("neither"), "REMOVE x"),
          put(streamed, key("new")))
    write(streamed.client, update(streamed, key("same"), "SET n = :n", {":n": N(1)}),
          check(streamed, key("new")))
    records = records_of(streams, streamed, 2)
    assert summary(of_key(records, key("same"))) == [("INSERT", None, same)]
    assert summary(of_key(records, key("new"))) == [("INSERT", None, key("new"))]


def test_none_for_condition_checks(streams, streamed):
    streamed.put(key("checked"))
    write(streamed.client, check(streamed, key("checked")),
          check(streamed, key("not there"), "attribute_not_exists(pk)"),
          put(streamed, key("new")))
    records = records_of(streams, streamed, 2)
    assert summary(of_key(records, key("checked"))) == [("INSERT", None, key("checked"))]
    assert summary(of_key(records, key("new"))) == [("INSERT", None, key("new"))]


def test_none_for_canceled_transactions(streams, streamed):
    streamed.put(key("a"))
    with canceled(NONE, NONE, failed()):
        write(streamed.client, put(streamed, key("b")), delete(streamed, key("a")),
              check(streamed, key("c")))
    streamed.put(key("d"))
    records = records_of(streams, streamed, 2)
    assert {record["dynamodb"]["Keys"]["pk"]["S"] for record in records} == {"a", "d"}


def test_of_one_item_keep_their_order(streams, streamed):
    for number in range(6):
        write(streamed.client, put(streamed, {**key("a"), "n": N(2 * number)}),
              put(streamed, key(f"b{number}")))
        streamed.put({**key("a"), "n": N(2 * number + 1)})
    write(streamed.client, delete(streamed, key("a")))
    records = of_key(records_of(streams, streamed, 12 + 6 + 1), key("a"))
    assert [record["eventName"] for record in records] == ["INSERT", *["MODIFY"] * 11, "REMOVE"]
    assert [record["dynamodb"]["OldImage"]["n"] for record in records[1:]] == [
        N(number) for number in range(12)]
    assert [record["dynamodb"]["NewImage"]["n"] for record in records[:-1]] == [
        N(number) for number in range(12)]


@pytest.mark.parametrize("view, images", [
    ("KEYS_ONLY", set()), ("NEW_IMAGE", {"NewImage"}), ("OLD_IMAGE", {"OldImage"}),
    ("NEW_AND_OLD_IMAGES", {"NewImage", "OldImage"})])
def test_of_each_view(streams, make_table, view, images):
    table = make_table(view=view)
    before, after = {**key("a"), "n": N(1)}, {**key("a"), "n": N(2)}
    write(table.client, put(table, before))
    write(table.client, update(table, key("a"), "SET n = :n", {":n": N(2)}),
          check(table, key("b"), "attribute_not_exists(pk)"))
    record = records_of(streams, table, 2)[1]["dynamodb"]
    assert record.keys() & {"NewImage", "OldImage"} == images
    assert record.get("OldImage", before) == before
    assert record.get("NewImage", after) == after
    assert record["StreamViewType"] == view


def test_of_each_table(streams, make_table):
    tables = [make_table(view="NEW_IMAGE"), make_table(), make_table(view="KEYS_ONLY")]
    write(tables[0].client, *(put(table, key(f"{number}"))
                              for table in tables for number in range(10)))
    for table in (tables[0], tables[2]):
        names = sorted(record["dynamodb"]["Keys"]["pk"]["S"]
                       for record in records_of(streams, table, 10))
        assert names == [str(number) for number in range(10)]
    assert "LatestStreamArn" not in tables[1].describe()
