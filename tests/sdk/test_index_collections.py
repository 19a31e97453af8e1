# SPDX-License-Identifier: Apache-2.0
"""Item collections: all that a partition of a table with local indexes has in table and indexes.

Tests ReturnItemCollectionMetrics of writes, and the limit of 400 KB for an item together with its
entries in local indexes.
"""

import pytest
from errors import VALIDATION, refused
from indexes import contents, index, indexed_table
from values import B, N, S

KEYS = ("pk:S", "sk:N")
KEY = {"pk": S("p"), "sk": N(1)}
SIZE = {"ReturnItemCollectionMetrics": "SIZE"}
MAX_ITEM = 400 * 1024
ITEM_SIZE = "Item size has exceeded the maximum allowed size"
UPDATE_SIZE = "Item size to update has exceeded the maximum allowed size"


@pytest.fixture(scope="module")
def table(dynamodb):
    with indexed_table(
            dynamodb, *KEYS, more=["l:S", "g:S"], gsi=[index("by-g", "g")],
            lsi=[index("all", "pk", "l"), index("keys", "pk", "g", "KEYS_ONLY")]) as made:
        yield made


def metrics(value):
    return {"ItemCollectionKey": {"pk": value}, "SizeEstimateRangeGB": [0.0, 1.0]}


WRITES = {
    "put": lambda table, **more: table.put({**KEY, "l": S("l")}, **more),
    "same put": lambda table, **more: table.put({**KEY, "l": S("l")}, **more),
    "update": lambda table, **more: table.update(KEY, "SET l = :v", {":v": S("x")}, **more),
    "update of nothing": lambda table, **more: table.update(KEY, **more),
    "delete": lambda table, **more: table.delete(KEY, **more),
    "put without index key": lambda table, **more: table.put(KEY, **more),
}


@pytest.mark.parametrize("write", WRITES)
class TestMetrics:
    def test_size(self, table, write):
        assert WRITES[write](table, **SIZE)["ItemCollectionMetrics"] == metrics(S("p"))

    def test_none(self, table, write):
        assert "ItemCollectionMetrics" not in WRITES[write](table)
        reply = WRITES[write](table, ReturnItemCollectionMetrics="NONE")
        assert "ItemCollectionMetrics" not in reply

    def test_table_without_local_indexes(self, dynamodb, write):
        with indexed_table(dynamodb, *KEYS, more=["g:S"], gsi=[index("by-g", "g")]) as other:
            assert "ItemCollectionMetrics" not in WRITES[write](other, **SIZE)

    def test_beside_other_answers(self, table, write):
        reply = WRITES[write](table, ReturnConsumedCapacity="TOTAL", ReturnValues="ALL_OLD", **SIZE)
        assert reply["ItemCollectionMetrics"] == metrics(S("p"))
        assert reply["ConsumedCapacity"]["TableName"] == table.name


@pytest.mark.parametrize("kind, value", [("S", S("\u00e4 \0")), ("N", N("-1.5")),
                                         ("B", B(b"\x00\xff"))])
def test_key_of_a_collection(dynamodb, kind, value):
    with indexed_table(dynamodb, f"pk:{kind}", "sk:N", more=["l:S"],
                       lsi=[index("all", "pk", "l")]) as made:
        reply = made.put({"pk": value, "sk": N(1)}, **SIZE)
        assert reply["ItemCollectionMetrics"] == metrics(value)


def test_failed_condition_shows_none(table):
    table.put(KEY)
    with refused("ConditionalCheckFailedException") as refusal:
        table.put(KEY, ConditionExpression="attribute_not_exists(pk)", **SIZE)
    assert "ItemCollectionMetrics" not in refusal.response


class TestBatch:
    def write(self, client, requests, **parameters):
        return client.batch_write_item(RequestItems=requests, **parameters)

    def puts(self, *keys):
        return [{"PutRequest": {"Item": {"pk": S(pk), "sk": N(sk)}}} for pk, sk in keys]

    def test_one_for_each_collection(self, table):
        reply = self.write(table.client, {
            table.name: self.puts(("a", 1), ("b", 1), ("a", 2), ("c", 1), ("b", 2))}, **SIZE)
        found = reply["ItemCollectionMetrics"][table.name]
        assert sorted(found, key=str) == [metrics(S(name)) for name in "abc"]

    def test_deletes(self, table):
        deletes = [{"DeleteRequest": {"Key": {"pk": S("gone"), "sk": N(place)}}}
                   for place in range(2)]
        reply = self.write(table.client, {table.name: deletes}, **SIZE)
        assert reply["ItemCollectionMetrics"] == {table.name: [metrics(S("gone"))]}

    def test_only_tables_with_local_indexes(self, table, dynamodb):
        with indexed_table(dynamodb, *KEYS) as other:
            requests = {table.name: self.puts(("a", 1)), other.name: self.puts(("a", 1))}
            reply = self.write(dynamodb, requests, **SIZE)
            assert reply["ItemCollectionMetrics"] == {table.name: [metrics(S("a"))]}

    def test_none(self, table):
        requests = {table.name: self.puts(("a", 1))}
        assert not self.write(table.client, requests).get("ItemCollectionMetrics")
        reply = self.write(table.client, requests, ReturnItemCollectionMetrics="NONE")
        assert not reply.get("ItemCollectionMetrics")


def item_of(size, **keys):
    """An item of `size` bytes."""
    item = {**KEY, **keys, "v": S("")}
    room = size - sum(len(name) for name in item) - sum(
        len(value["S"]) for value in item.values() if "S" in value) - 2
    return {**item, "v": S("v" * room)}


class TestItemSize:
    """The limit counts the item and its entries in local indexes, but not those in global indexes.
    """

    # The bytes of an entry of "keys": the keys of the table and of the index.
    KEYS_ENTRY = len("pk" "p" "sk" "g" "g") + 2

    @pytest.fixture(autouse=True)
    def empty(self, table):
        table.delete(KEY)

    @pytest.mark.parametrize("keys, limit", [
        ({}, MAX_ITEM),
        ({"l": S("l")}, MAX_ITEM // 2),
        ({"g": S("g")}, MAX_ITEM - KEYS_ENTRY),
    ], ids=["none", "all", "keys"])
    def test_put(self, table, keys, limit):
        largest = item_of(limit, **keys)
        table.put(largest)
        assert table.get(KEY) == largest
        assert contents(table, "all") == ([largest] if "l" in keys else [])
        with refused(VALIDATION, ITEM_SIZE):
            table.put(item_of(limit + 1, **keys))
        assert table.get(KEY) == largest

    def test_batch(self, table):
        def put(size):
            table.client.batch_write_item(RequestItems={
                table.name: [{"PutRequest": {"Item": item_of(size, l=S("l"))}}]})

        put(MAX_ITEM // 2)
        with refused(VALIDATION, ITEM_SIZE):
            put(MAX_ITEM // 2 + 1)

    def test_update_that_brings_an_entry(self, table):
        large = item_of(MAX_ITEM // 2)
        table.put(large)
        with refused(VALIDATION, UPDATE_SIZE):
            table.update(KEY, "SET l = :l", {":l": S("l")})
        assert table.get(KEY) == large
        assert contents(table, "all") == []
        table.update(KEY, "SET g = :g", {":g": S("g")})
        assert len(contents(table, "keys")) == 1

    def test_update_that_takes_an_entry_away(self, table):
        table.put(item_of(MAX_ITEM // 2, l=S("l")))
        with refused(VALIDATION, UPDATE_SIZE):
            table.update(KEY, "SET w = :w", {":w": S("w")})
        table.update(KEY, "SET w = :w REMOVE l", {":w": S("w")})
        assert contents(table, "all") == []

    def test_global_indexes_do_not_count(self, dynamodb):
        with indexed_table(dynamodb, *KEYS, more=["g:S"],
                           gsi=[index("by-g", "g"), index("by-sk", "sk")]) as made:
            largest = item_of(MAX_ITEM, g=S("g"))
            made.put(largest)
            assert contents(made, "by-g") == contents(made, "by-sk") == [largest]
