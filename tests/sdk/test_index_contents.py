# SPDX-License-Identifier: Apache-2.0
"""The contents of a secondary index: which items and attributes it has, and how writes change it.
"""

import pytest
from errors import refused
from indexes import contents, index, indexed, indexed_table, query_index, repr_of
from stream_reader import of_key, read_stream, summary
from tables import Table, unique_name
from values import BOOL, NS, NULL, B, L, M, N, S

KEYS = ("pk:S", "sk:N")
MORE = ("g:S", "h:N", "l:B")
INDEXES = {
    "gsi": [
        index("all", "g", "h"),
        index("keys", "g", wanted="KEYS_ONLY"),
        index("include", "h", wanted=["x", "y"]),
        index("back", "sk", "pk"),
    ],
    "lsi": [
        index("local-all", "pk", "l"),
        index("local-keys", "pk", "h", "KEYS_ONLY"),
        index("local-include", "pk", "g", ["x", "y"]),
    ],
}
NAMES = [one["IndexName"] for kind in INDEXES.values() for one in kind]
KEY = {"pk": S("p"), "sk": N(1)}
FULL = {**KEY, "g": S("g"), "h": N("2.5"), "l": B(b"\x00l"),
        "x": M(a=L(N(1), NULL)), "y": NS(1, 2), "z": BOOL(True)}


@pytest.fixture
def table(dynamodb):
    with indexed_table(dynamodb, *KEYS, more=MORE, **INDEXES) as made:
        yield made


def only(item, *names):
    """The part of an item that an index with these names would have, with the table's keys."""
    return {name: value for name, value in item.items() if name in ("pk", "sk", *names)}


def held(table):
    """The contents of each index."""
    return {name: contents(table, name) for name in NAMES}


def views(item):
    """The contents that each index should have for one item; [] if a key attribute is missing."""
    def view(keys, *names):
        if not all(key in item for key in keys):
            return []
        return [only(item, *names) if names else item]
    return {
        "all": view("gh"),
        "keys": view("g", "g"),
        "include": view("h", "h", "x", "y"),
        "back": [item],
        "local-all": view("l"),
        "local-keys": view("h", "h"),
        "local-include": view("g", "g", "x", "y"),
    }


@pytest.mark.parametrize("missing", [
    "", "g", "h", "l", "gh", "ghl", "x", "xyz", "ghlxyz"])
def test_items_and_attributes(table, missing):
    """An item is in an index only if it has all of the index's key attributes. The index then has
    those projected attributes that the item has.
    """
    item = {name: value for name, value in FULL.items() if name not in missing}
    table.put(item)
    assert held(table) == views(item)


def test_index_of_an_empty_table(table):
    assert held(table) == {name: [] for name in NAMES}


class TestWrites:
    """After each write, the indexes have exactly the entries of the table's item."""

    def check(self, table):
        item = table.get(KEY)
        assert held(table) == (views(item) if item else {name: [] for name in NAMES})

    @pytest.mark.parametrize("expression, values", [
        ("SET g = :v", {":v": S("other")}),
        ("SET h = :v", {":v": N(-7)}),
        ("SET g = :g, h = :h, l = :l", {":g": S("1"), ":h": N(1), ":l": B(b"1")}),
        ("SET x = :v", {":v": S("changed")}),
        ("SET x.a[0] = :v", {":v": S("deep")}),
        ("SET z = :v", {":v": NULL}),
        ("SET fresh = :v", {":v": NULL}),
        ("SET h = :v", {":v": N("2.50")}),
        ("SET h = h + :v", {":v": N(1)}),
        ("ADD h :v", {":v": N("-0.5")}),
        ("ADD y :v", {":v": NS(3)}),
        ("REMOVE g", None),
        ("REMOVE h, x", None),
        ("REMOVE g, h, l", None),
        ("REMOVE x, y, z", None),
        ("SET g = :v REMOVE h", {":v": S("other")}),
    ])
    def test_update(self, table, expression, values):
        table.put(FULL)
        table.update(KEY, expression, values)
        self.check(table)

    @pytest.mark.parametrize("start", [KEY, {**KEY, "g": S("g")}], ids=["none", "one"])
    def test_update_that_brings_keys(self, table, start):
        table.put(start)
        table.update(KEY, "SET g = :g, h = :h, l = :l",
                     {":g": S("g"), ":h": N(1), ":l": B(b"l")})
        self.check(table)

    def test_update_that_makes_the_item(self, table):
        table.update(KEY, "SET h = :h, x = :x", {":h": N(1), ":x": S("x")})
        self.check(table)

    @pytest.mark.parametrize("after", [
        {**FULL, "g": S("other")},
        {**FULL, "h": N("2.50")},
        {**FULL, "z": S("z")},
        {**KEY, "h": N(9)},
        KEY,
    ], ids=["moved", "same", "changed", "fewer", "none"])
    def test_put_over_an_item(self, table, after):
        table.put(FULL)
        table.put(after)
        self.check(table)

    def test_delete(self, table):
        table.put(FULL)
        table.delete(KEY)
        self.check(table)
        table.put({**FULL, "g": S("again")})
        self.check(table)

    def test_batch(self, table):
        table.put(FULL)
        others = [{**FULL, "sk": N(number), "g": S(f"g{number}")} for number in (2, 3)]
        table.client.batch_write_item(RequestItems={table.name: [
            {"DeleteRequest": {"Key": KEY}},
            *({"PutRequest": {"Item": item}} for item in others)]})
        assert contents(table, "all") == sorted(others, key=repr_of)
        assert contents(table, "local-keys") == [only(item, "h") for item in others]

    def test_failed_condition(self, table):
        table.put(FULL)
        with refused("ConditionalCheckFailedException"):
            table.update(KEY, "SET g = :v", {":v": S("other")},
                         ConditionExpression="attribute_not_exists(pk)")
        with refused("ConditionalCheckFailedException"):
            table.delete(KEY, ConditionExpression="attribute_not_exists(pk)")
        with refused("ConditionalCheckFailedException"):
            table.put({**FULL, "g": S("other")}, ConditionExpression="attribute_not_exists(pk)")
        self.check(table)
        assert contents(table, "all") == [FULL]

    def test_failed_update(self, table):
        table.put(FULL)
        with refused("ValidationException"):
            table.update(KEY, "SET g = :v, h = z + :n", {":v": S("other"), ":n": N(1)})
        assert contents(table, "all") == [FULL]


class TestDuplicateKeys:
    """Unlike the table's keys, index keys need not be unique."""

    def test_in_one_partition(self, table):
        items = [{**FULL, "sk": N(number)} for number in range(5)]
        for item in items:
            table.put(item)
        assert contents(table, "all") == items
        assert contents(table, "local-all") == items
        table.delete({"pk": S("p"), "sk": N(2)})
        assert contents(table, "all") == [*items[:2], *items[3:]]

    def test_of_items_in_several_partitions(self, table):
        items = [{**FULL, "pk": S(name)} for name in "abc"]
        for item in items:
            table.put(item)
        assert contents(table, "all") == items
        page = query_index(table, "all", "g = :g AND h = :h", {":g": S("g"), ":h": N("2.5")})
        assert sorted(page["Items"], key=repr_of) == items
        page = query_index(table, "local-all", "pk = :p", {":p": S("b")})
        assert page["Items"] == [items[1]]

    def test_equal_numbers_are_one_key(self, table):
        for number, text in enumerate(("1", "1.0", "0.1e1", "100e-2")):
            table.put({**FULL, "sk": N(number), "h": N(text)})
        page = query_index(table, "all", "g = :g AND h = :h", {":g": S("g"), ":h": N("1.00")})
        assert page["Count"] == 4

    def test_neighbours_whose_bytes_would_run_together(self, dynamodb):
        """("a", "bc") and ("ab", "c") are different keys, and so are keys with zero bytes."""
        pairs = [("a", "bc"), ("ab", "c"), ("a", "\0bc"), ("a\0", "bc"), ("a", "b\0c"),
                 ("a\0b", "c"), ("a", "bc\0")]
        items = [{"pk": S(str(i)), "g": S(g), "h": S(h)} for i, (g, h) in enumerate(pairs)]
        with indexed_table(dynamodb, "pk:S", more=["g:S", "h:S"], items=items,
                           gsi=[index("by-g", "g", "h"), index("by-gh", "g h")]) as made:
            for item in items:
                for name in ("by-g", "by-gh"):
                    page = query_index(made, name, "g = :g AND h = :h",
                                       {":g": item["g"], ":h": item["h"]})
                    assert page["Items"] == [item]


def test_reader_changes_nothing(table):
    """Reading an index that has few attributes removes none from the table's items or other
    indexes.
    """
    table.put(FULL)
    contents(table, "keys")
    assert table.get(KEY) == FULL
    assert contents(table, "all") == [FULL]


def test_stream_records_know_nothing_of_indexes(dynamodb, streams):
    with indexed_table(dynamodb, *KEYS, more=MORE, view="NEW_AND_OLD_IMAGES", **INDEXES) as table:
        moved = {**FULL, "g": S("other"), "h": N(0)}
        table.put(FULL)
        table.put(moved)
        table.put(moved)
        table.update(KEY, "SET z = :v", {":v": S("z")})
        table.update(KEY, "REMOVE g")
        table.delete(KEY)
        changed = {**moved, "z": S("z")}
        sparse = {name: value for name, value in changed.items() if name != "g"}
        records = read_stream(streams, table.stream_arn, 5)
        assert summary(records) == [
            ("INSERT", None, FULL), ("MODIFY", FULL, moved), ("MODIFY", moved, changed),
            ("MODIFY", changed, sparse), ("REMOVE", sparse, None)]
        assert of_key(records, KEY) == records


def test_table_made_again_has_empty_indexes(dynamodb):
    name = unique_name()
    for _ in range(2):
        dynamodb.create_table(**indexed(name, *KEYS, more=MORE, **INDEXES))
        table = Table(dynamodb, name)
        table.await_active()
        assert held(table) == {one: [] for one in NAMES}
        table.put(FULL)
        assert held(table) == views(FULL)
        table.drop()
    # A table that is created again without indexes has none of the old ones.
    dynamodb.create_table(**indexed(name, *KEYS))
    table.await_active()
    with refused("ValidationException", "The table does not have the specified index: all"):
        contents(table, "all")
    table.put({**KEY, "g": N(1), "h": S("no index key any more")})
    table.drop()
