# SPDX-License-Identifier: Apache-2.0
"""ReturnConsumedCapacity of writes to a table with secondary indexes.

An index is charged only if its entry for the item changes. An entry that is put or deleted costs
its size, one that changes the larger of its sizes, and one that moves both sizes. Sizes are rounded
up to 1 KB for each index by itself.
"""

import pytest
from errors import refused
from indexes import index, indexed_table
from values import N, S

KEYS = ("pk:S", "sk:N")
KEY = {"pk": S("p"), "sk": N(1)}
FULL = {**KEY, "g": S("g"), "h": N(1), "l": S("l"), "x": S("x"), "z": S("z")}


@pytest.fixture(scope="module")
def shared(dynamodb):
    with indexed_table(
            dynamodb, *KEYS, more=["g:S", "h:N", "l:S"],
            gsi=[index("all", "g", "h"), index("keys", "g", wanted="KEYS_ONLY"),
                 index("include", "h", wanted=["x"])],
            lsi=[index("local-all", "pk", "l"), index("local-keys", "pk", "h", "KEYS_ONLY")],
    ) as made:
        yield made


@pytest.fixture
def table(shared):
    shared.delete(KEY)
    return shared


def capacity(table, units, **indexes):
    """The expected ConsumedCapacity with INDEXES. `indexes` are given as all=1, local_all=2."""
    figures = {name.replace("_", "-"): {"CapacityUnits": one} for name, one in indexes.items()}
    local = {name: one for name, one in figures.items() if name.startswith("local")}
    others = {name: one for name, one in figures.items() if name not in local}
    expected = {"TableName": table.name, "Table": {"CapacityUnits": units},
                "CapacityUnits": units + sum(indexes.values())}
    if local:
        expected["LocalSecondaryIndexes"] = local
    if others:
        expected["GlobalSecondaryIndexes"] = others
    return expected


INDEXES = {"ReturnConsumedCapacity": "INDEXES"}
EACH = {"all": 1, "keys": 1, "include": 1, "local_all": 1, "local_keys": 1}


def put(table, item):
    return table.put(item, **INDEXES)["ConsumedCapacity"]


def update(table, expression, values=None):
    return table.update(KEY, expression, values, **INDEXES)["ConsumedCapacity"]


@pytest.mark.parametrize("item, indexes", [
    (FULL, EACH),
    (KEY, {}),
    ({**KEY, "x": S("x"), "z": S("z")}, {}),
    ({**KEY, "g": S("g")}, {"keys": 1}),
    ({**KEY, "h": N(1)}, {"include": 1, "local_keys": 1}),
    ({**KEY, "g": S("g"), "h": N(1)}, {"all": 1, "keys": 1, "include": 1, "local_keys": 1}),
    ({**KEY, "l": S("l")}, {"local_all": 1}),
], ids=["full", "none", "no keys", "g", "h", "g h", "l"])
class TestNewAndRemoved:
    def test_put(self, table, item, indexes):
        assert put(table, item) == capacity(table, 1, **indexes)

    def test_delete(self, table, item, indexes):
        table.put(item)
        consumed = table.delete(KEY, **INDEXES)["ConsumedCapacity"]
        assert consumed == capacity(table, 1, **indexes)

    def test_same_put_again(self, table, item, indexes):
        """Nothing that an index has changes."""
        table.put(item)
        assert put(table, item) == capacity(table, 1)

    def test_update_that_makes_the_item(self, table, item, indexes):
        attributes = {name: value for name, value in item.items() if name not in KEY}
        expression = "SET " + ", ".join(f"{name} = :{name}" for name in attributes)
        consumed = update(table, expression if attributes else None,
                          {f":{name}": value for name, value in attributes.items()} or None)
        assert consumed == capacity(table, 1, **indexes)

    def test_total(self, table, item, indexes):
        consumed = table.put(item, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
        assert consumed == {"TableName": table.name, "CapacityUnits": 1 + sum(indexes.values())}

    def test_none(self, table, item, indexes):
        assert "ConsumedCapacity" not in table.put(item)
        assert "ConsumedCapacity" not in table.put(item, ReturnConsumedCapacity="NONE")


class TestUpdate:
    @pytest.mark.parametrize("expression, values, indexes", [
        ("SET z = :v", {":v": S("other")}, {"all": 1, "local_all": 1}),
        ("REMOVE z", None, {"all": 1, "local_all": 1}),
        ("SET x = :v", {":v": S("other")}, {"all": 1, "include": 1, "local_all": 1}),
        ("SET fresh = :v", {":v": S("v")}, {"all": 1, "local_all": 1}),
        ("SET g = :v", {":v": S("other")}, {"all": 2, "keys": 2, "local_all": 1}),
        ("SET h = :v", {":v": N(2)}, {"all": 2, "include": 2, "local_all": 1, "local_keys": 2}),
        ("SET l = :v", {":v": S("other")}, {"all": 1, "local_all": 2}),
        ("REMOVE g", None, {"all": 1, "keys": 1, "local_all": 1}),
        ("REMOVE h", None, {"all": 1, "include": 1, "local_all": 1, "local_keys": 1}),
        ("REMOVE l", None, {"all": 1, "local_all": 1}),
        ("SET z = :v", {":v": S("z")}, {}),
        ("SET h = :v", {":v": N("1.0")}, {}),
        ("SET h = h + :v", {":v": N(0)}, {}),
        ("SET g = :g, h = :h, l = :l", {":g": S("1"), ":h": N(5), ":l": S("2")},
         {"all": 2, "keys": 2, "include": 2, "local_all": 2, "local_keys": 2}),
    ])
    def test_each(self, table, expression, values, indexes):
        table.put(FULL)
        assert update(table, expression, values) == capacity(table, 1, **indexes)

    def test_attributes_that_come_into_an_index(self, table):
        table.put({**KEY, "g": S("g")})
        assert update(table, "SET h = :h", {":h": N(1)}) == capacity(
            table, 1, all=1, include=1, local_keys=1)

    def test_there_and_back(self, table):
        table.put(FULL)
        for value in ("other", "g", "other"):
            assert update(table, "SET g = :v", {":v": S(value)}) == capacity(
                table, 1, all=2, keys=2, local_all=1)


class TestPutOver:
    @pytest.mark.parametrize("after, indexes", [
        ({**FULL, "z": S("other")}, {"all": 1, "local_all": 1}),
        ({**FULL, "g": S("other")}, {"all": 2, "keys": 2, "local_all": 1}),
        ({**FULL, "h": N(2)}, {"all": 2, "include": 2, "local_all": 1, "local_keys": 2}),
        (KEY, EACH),
        ({**KEY, "l": S("l")}, EACH),
    ], ids=["changed", "moved", "moved in two", "emptied", "one left"])
    def test_each(self, table, after, indexes):
        table.put(FULL)
        assert put(table, after) == capacity(table, 1, **indexes)


class TestSizes:
    """Each figure is that of the data stored in the table or index."""

    BIG = {**FULL, "z": S("z" * 3000)}

    def test_put(self, table):
        assert put(table, self.BIG) == capacity(
            table, 3, all=3, keys=1, include=1, local_all=3, local_keys=1)

    def test_delete(self, table):
        table.put(self.BIG)
        consumed = table.delete(KEY, **INDEXES)["ConsumedCapacity"]
        assert consumed == capacity(
            table, 3, all=3, keys=1, include=1, local_all=3, local_keys=1)

    @pytest.mark.parametrize("first, second", [("z" * 3000, "z"), ("z", "z" * 3000)])
    def test_change_costs_the_larger(self, table, first, second):
        table.put({**FULL, "z": S(first)})
        assert put(table, {**FULL, "z": S(second)}) == capacity(table, 3, all=3, local_all=3)

    def test_move_costs_both(self, table):
        table.put(self.BIG)
        assert update(table, "SET g = :g, z = :z", {":g": S("other"), ":z": S("z" * 1500)}) == (
            capacity(table, 3, all=5, keys=2, local_all=3))

    def test_included_attributes(self, table):
        table.put({**FULL, "x": S("x" * 2000)})
        assert update(table, "SET z = :z", {":z": S("new")}) == capacity(
            table, 2, all=2, local_all=2)
        assert update(table, "SET x = :x", {":x": S("x" * 1500)}) == capacity(
            table, 2, all=2, include=2, local_all=2)

    def test_size_of_an_entry_is_that_of_its_attributes(self, table):
        """1,024 bytes in the index are one unit, 1,025 are two. Names count as bytes."""
        room = 1024 - len("pk" "p" "sk" "h" "x") - 2 - 2
        for more, units in ((0, 1), (1, 2)):
            table.delete(KEY)
            item = {**KEY, "h": N(1), "x": S("x" * (room + more)), "z": S("z" * 500)}
            assert put(table, item) == capacity(table, 2, include=units, local_keys=1)


class TestOtherWrites:
    def test_delete_of_nothing(self, table):
        consumed = table.delete(KEY, **INDEXES)["ConsumedCapacity"]
        assert consumed == capacity(table, 1)

    def test_failed_condition(self, table):
        table.put(FULL)
        with refused("ConditionalCheckFailedException") as refusal:
            table.put(KEY, ConditionExpression="attribute_not_exists(pk)", **INDEXES)
        assert "ConsumedCapacity" not in refusal.response

    def test_batch_is_the_sum(self, table):
        items = [{**FULL, "pk": S("batch"), "sk": N(number)} for number in range(3)]
        reply = table.client.batch_write_item(
            RequestItems={table.name: [{"PutRequest": {"Item": item}} for item in items]},
            **INDEXES)
        assert reply["ConsumedCapacity"] == [
            capacity(table, 3, **dict.fromkeys(EACH, 3))]
        moved = {**items[0], "g": S("other")}
        reply = table.client.batch_write_item(RequestItems={table.name: [
            {"PutRequest": {"Item": moved}},
            {"DeleteRequest": {"Key": {"pk": S("batch"), "sk": N(1)}}},
            {"PutRequest": {"Item": items[2]}}]}, **INDEXES)
        assert reply["ConsumedCapacity"] == [
            capacity(table, 3, all=3, keys=3, include=1, local_all=2, local_keys=1)]
        reply = table.client.batch_write_item(RequestItems={table.name: [
            {"DeleteRequest": {"Key": {"pk": S("batch"), "sk": N(number)}}}
            for number in range(3)]}, ReturnConsumedCapacity="TOTAL")
        assert reply["ConsumedCapacity"] == [
            {"TableName": table.name, "CapacityUnits": 3 + 2 * len(EACH)}]

    def test_reads_of_the_table_cost_no_index(self, table):
        table.put(FULL)
        reply = table.client.get_item(TableName=table.name, Key=KEY, **INDEXES)
        assert reply["ConsumedCapacity"] == capacity(table, 0.5)
        reply = table.client.query(
            TableName=table.name, KeyConditionExpression="pk = :p",
            ExpressionAttributeValues={":p": S("p")}, **INDEXES)
        assert reply["ConsumedCapacity"] == capacity(table, 0.5)
