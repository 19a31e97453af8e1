# SPDX-License-Identifier: Apache-2.0
"""Writes with values that no secondary index could take as a key are refused, with AWS's texts."""

import pytest
from errors import INVALID, NOT_VALID, VALIDATION, refused
from indexes import contents, index, indexed_table, query_index
from values import BOOL, BS, NS, NULL, SS, B, L, M, N, S

KEYS = ("pk:S", "sk:N")
KEY = {"pk": S("p"), "sk": N(1)}
GOOD = {**KEY, "g": S("good"), "h": N(1), "b": B(b"good"), "l": S("good"), "m": M(a=S("x"))}
UNSUPPORTED = (
    "The update expression attempted to update the secondary index key to unsupported type")
PATH = ("Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
        "allowed: ")
# A value of every type but S.
NO_STRINGS = [(N(1), "N"), (B(b"a"), "B"), (BOOL(True), "BOOL"), (NULL, "NULL"), (L(S("a")), "L"),
              (M(a=S("a")), "M"), (SS("a"), "SS"), (NS(1), "NS"), (BS(b"a"), "BS")]


@pytest.fixture(scope="module")
def shared(dynamodb):
    """A table with the global indexes by-g over (g, h) and by-b over b, and the local index by-l
    over (pk, l).
    """
    with indexed_table(
            dynamodb, *KEYS, more=["g:S", "h:N", "b:B", "l:S"],
            gsi=[index("by-g", "g", "h"), index("by-b", "b", wanted="KEYS_ONLY")],
            lsi=[index("by-l", "pk", "l", "KEYS_ONLY")]) as made:
        yield made


@pytest.fixture
def table(shared):
    """The table with the item GOOD, which is written before each test."""
    shared.put(GOOD)
    return shared


def mismatch(key, expected, actual, name):
    return (f"{INVALID}Type mismatch for Index Key {key} Expected: {expected} Actual: {actual} "
            f"IndexName: {name}")


def empty(kind, key, name):
    return (f"{NOT_VALID}A value specified for a secondary index key is not supported. The "
            f"AttributeValue for a key attribute cannot contain an empty {kind} value. "
            f"IndexName: {name}, IndexKey: {key}")


def empty_update(kind):
    return (f"{NOT_VALID}The update expression attempted to update a secondary index key to a "
            "value that is not supported. The AttributeValue for a key attribute cannot contain an "
            f"empty {kind} value.")


def too_long(key, size, limit, name):
    return (f"{INVALID}Size limit exceeded for Index Key {key} Actual Size: {size} bytes Max Size: "
            f"{limit} bytes IndexName: {name}")


# Attributes that a put must not have, and the text with which it is refused.
REFUSED = {
    "number for a binary": ({"b": N(1)}, mismatch("b", "B", "N", "by-b")),
    "string for a number": ({"h": S("1")}, mismatch("h", "N", "S", "by-g")),
    "number for a local string": ({"l": N(1)}, mismatch("l", "S", "N", "by-l")),
    "null in a local index": ({"l": NULL}, mismatch("l", "S", "NULL", "by-l")),
    "empty string": ({"g": S("")}, empty("string", "g", "by-g")),
    "empty binary": ({"b": B(b"")}, empty("binary", "b", "by-b")),
    "empty local string": ({"l": S("")}, empty("string", "l", "by-l")),
    "long partition key": ({"g": S("x" * 2049)}, too_long("g", 2049, 2048, "by-g")),
    "long partition key in bytes": (
        {"g": S("\u00e4" * 1025)}, too_long("g", 2050, 2048, "by-g")),
    "long binary partition key": ({"b": B(b"x" * 3000)}, too_long("b", 3000, 2048, "by-b")),
    "long local sort key": ({"l": S("x" * 1025)}, too_long("l", 1025, 1024, "by-l")),
}


@pytest.mark.parametrize("change, message", REFUSED.values(), ids=REFUSED.keys())
class TestWholeItem:
    def test_put(self, table, change, message):
        with refused(VALIDATION, message):
            table.put({**KEY, **change})
        assert table.get(KEY) == GOOD

    def test_put_beside_good_keys(self, table, change, message):
        with refused(VALIDATION, message):
            table.put({**GOOD, **change})

    def test_put_that_changes_nothing_else(self, table, change, message):
        """Even an item that the index would not have, since another key attribute is missing, is
        refused.
        """
        item = {**GOOD, **change}
        del item["h" if "h" not in change else "g"]
        with refused(VALIDATION, message):
            table.put(item)

    def test_batch(self, table, change, message):
        """Nothing of the batch is written."""
        other = {"pk": S("p"), "sk": N(2)}
        with refused(VALIDATION, message):
            table.client.batch_write_item(RequestItems={table.name: [
                {"PutRequest": {"Item": other}}, {"PutRequest": {"Item": {**GOOD, **change}}}]})
        assert table.get(other) is None
        assert table.get(KEY) == GOOD

    def test_failing_condition(self, table, change, message):
        """The item is checked before the condition."""
        with refused(VALIDATION, message):
            table.put({**KEY, **change}, ConditionExpression="attribute_not_exists(pk)")


@pytest.mark.parametrize("value, kind", NO_STRINGS, ids=[kind for _, kind in NO_STRINGS])
class TestTypes:
    def test_put(self, table, value, kind):
        with refused(VALIDATION, mismatch("g", "S", kind, "by-g")):
            table.put({**KEY, "g": value})

    def test_update(self, table, value, kind):
        with refused(VALIDATION, mismatch("g", "S", kind, "by-g")):
            table.update(KEY, "SET g = :v", {":v": value})
        assert table.get(KEY) == GOOD

    def test_update_that_makes_the_item(self, table, value, kind):
        fresh = {"pk": S("p"), "sk": N(77)}
        with refused(VALIDATION, mismatch("g", "S", kind, "by-g")):
            table.update(fresh, "SET g = :v, x = :v", {":v": value})
        assert table.get(fresh) is None


class TestLimits:
    @pytest.mark.parametrize("change", [
        {"g": S("x" * 2048)}, {"b": B(b"\xff" * 2048)}, {"l": S("x" * 1024)},
        {"l": S("\u20ac" * 341)}, {"h": N("-0." + "0" * 129 + "1")}, {"g": S("\0")},
        {"b": B(b"\0")}])
    def test_values_just_good_enough(self, table, change):
        item = {**GOOD, **change}
        table.put(item)
        assert table.get(KEY) == item
        assert contents(table, "by-g") == [item]
        assert contents(table, "by-b") == [{**KEY, "b": item["b"]}]
        assert contents(table, "by-l") == [{**KEY, "l": item["l"]}]

    @pytest.mark.parametrize("names", ["g", "b", "l", "gbl", "ghbl"])
    def test_absent_keys_are_fine(self, table, names):
        item = {name: value for name, value in GOOD.items() if name not in names}
        table.put(item)
        assert table.get(KEY) == item


class TestUpdate:
    @pytest.mark.parametrize("expression, values, message", [
        ("SET g = :v", {":v": S("")}, empty_update("string")),
        ("SET b = :v", {":v": B(b"")}, empty_update("binary")),
        ("SET l = :v", {":v": S("")}, empty_update("string")),
        ("SET g = if_not_exists(nobody, :v)", {":v": S("")}, empty_update("string")),
        ("SET g = :v", {":v": S("x" * 2049)}, too_long("g", 2049, 2048, "by-g")),
        ("SET l = :v", {":v": S("x" * 1025)}, too_long("l", 1025, 1024, "by-l")),
        ("SET x = :x, h = :v", {":x": S("x"), ":v": S("1")}, mismatch("h", "N", "S", "by-g")),
        ("SET l = :v", {":v": L()}, mismatch("l", "S", "L", "by-l")),
        ("ADD b :v", {":v": BS(b"x")}, "An operand in the update expression has an incorrect data "
         "type"),
    ])
    def test_value_of_the_request(self, table, expression, values, message):
        with refused(VALIDATION, message):
            table.update(KEY, expression, values)
        assert table.get(KEY) == GOOD

    @pytest.mark.parametrize("expression, values", [
        ("SET g = h", None),
        ("SET g = m", None),
        ("SET h = l", None),
        ("SET g = h + :n", {":n": N(1)}),
        ("SET g = list_append(:l, :l)", {":l": L(S("a"))}),
        ("SET l = if_not_exists(h, :s)", {":s": S("a")}),
    ])
    def test_value_that_is_computed(self, table, expression, values):
        """The type of a computed value shows only with the item."""
        with refused(VALIDATION, UNSUPPORTED):
            table.update(KEY, expression, values)
        assert table.get(KEY) == GOOD

    def test_sets_where_there_was_nothing(self, table):
        table.update(KEY, "REMOVE g, h, b")
        for name, value in (("g", SS("a")), ("b", BS(b"a"))):
            with refused(VALIDATION):
                table.update(KEY, f"ADD {name} :v", {":v": value})
        table.update(KEY, "ADD h :v", {":v": N(5)})
        assert table.get(KEY)["h"] == N(5)

    @pytest.mark.parametrize("expression, values", [
        ("SET x = :v", {":v": S("")}),
        ("SET m.g = :v", {":v": S("")}),
        ("SET m.g = :v", {":v": N(1)}),
        ("SET g = l", None),
        ("SET g = if_not_exists(g, :v)", {":v": S("")}),
        ("REMOVE g", None),
        ("SET h = h + :v", {":v": N(1)}),
    ])
    def test_that_is_fine(self, table, expression, values):
        """Only key attributes of indexes are checked, and only as they are after the update."""
        table.update(KEY, expression, values)

    @pytest.mark.parametrize("expression", [
        "SET g.x = :v", "SET g[0] = :v", "SET l.a.b = :v", "REMOVE h[1]", "REMOVE b.x",
        "SET x = g.y", "SET x = if_not_exists(l[0], :v)"])
    def test_path_into_a_key(self, table, expression):
        key = next(name for name in "glhb" if f"{name}." in expression or f"{name}[" in expression)
        values = {":v": S("v")} if ":v" in expression else None
        with refused(VALIDATION, f"{PATH}IndexKey: {key}"):
            table.update(KEY, expression, values)


class TestPaths:
    @pytest.mark.parametrize("path, kind", [
        ("g.x", "IndexKey: g"), ("h[0]", "IndexKey: h"), ("l.x[1]", "IndexKey: l"),
        ("pk.x", "Key: pk"), ("sk[0]", "Key: sk")])
    def test_in_conditions_and_projections(self, table, path, kind):
        condition = {"ConditionExpression": f"attribute_not_exists({path})"}
        for call in (
                lambda: table.put(GOOD, **condition),
                lambda: table.delete(KEY, **condition),
                lambda: table.update(KEY, "SET x = :v", {":v": S("x")}, **condition),
                lambda: table.get(KEY, ProjectionExpression=path),
                lambda: table.client.scan(TableName=table.name, ProjectionExpression=path),
                lambda: table.client.scan(
                    TableName=table.name, FilterExpression=f"attribute_exists({path})")):
            with refused(VALIDATION, PATH + kind):
                call()
        assert table.get(KEY) == GOOD

    def test_in_a_batch_get(self, table):
        with refused(VALIDATION, PATH + "IndexKey: g"):
            table.client.batch_get_item(RequestItems={
                table.name: {"Keys": [KEY], "ProjectionExpression": "g.x"}})


class TestOrder:
    def test_keys_of_the_table_come_first(self, table):
        with refused(VALIDATION, f"{INVALID}Missing the key sk in the item"):
            table.put({"pk": S("p"), "g": N(1)})
        with refused(VALIDATION, f"{INVALID}Type mismatch for key sk expected: N actual: S"):
            table.put({"pk": S("p"), "sk": S("1"), "g": N(1)})

    def test_size_of_the_item_comes_first(self, table):
        with refused(VALIDATION) as refusal:
            table.put({**KEY, "g": N(1), "x": S("x" * 410_000)})
        assert refusal.message == "Item size has exceeded the maximum allowed size"

    def test_failed_condition_of_an_update_comes_first(self, table):
        """The values of an update are checked when it is carried out."""
        with refused("ConditionalCheckFailedException"):
            table.update(KEY, "SET g = h", ConditionExpression="attribute_not_exists(pk)")


def test_key_of_an_index_that_is_a_key_of_the_table(dynamodb):
    """The fault is reported as one of the table's key."""
    with indexed_table(dynamodb, *KEYS, gsi=[index("back", "sk", "pk")]) as made:
        with refused(VALIDATION, f"{INVALID}Type mismatch for key pk expected: S actual: N"):
            made.put({"pk": N(1), "sk": N(1)})
        # As a partition key of the table it may be longer than a sort key of the index.
        with refused(VALIDATION, too_long("pk", 1025, 1024, "back")):
            made.put({"pk": S("x" * 1025), "sk": N(1)})


def test_several_attributes(dynamodb):
    """Each attribute of a key is checked by itself."""
    with indexed_table(dynamodb, "pk:S", more=["a:S", "b:S", "c:S", "d:S"],
                       gsi=[index("wide", "a b", "c d")]) as made:
        made.put({"pk": S("p"), "a": S("a" * 1024), "b": S("b" * 1024), "c": S("c" * 512),
                  "d": S("d" * 512)})
        assert len(contents(made, "wide")) == 1
        for name, value, message in (
                ("b", S("x" * 2049), too_long("b", 2049, 2048, "wide")),
                ("d", S("x" * 1025), too_long("d", 1025, 1024, "wide")),
                ("c", N(1), mismatch("c", "S", "N", "wide")),
                ("a", S(""), empty("string", "a", "wide"))):
            with refused(VALIDATION, message):
                made.put({"pk": S("p"), name: value})


class TestAggregateSize:
    """All attributes of the HASH or RANGE part of a key together are limited like a single one.
    This is DynamoDB Local's rule; AWS documents no other one.
    """

    @pytest.fixture(scope="class")
    @staticmethod
    def wide(dynamodb):
        with indexed_table(dynamodb, "pk:S", more=["a:S", "b:S", "c:S", "d:B", "e:N"],
                           gsi=[index("wide", "a b", "c d e"), index("one", "a", "c")]) as made:
            yield made

    ITEM = {"pk": S("p"), "a": S("a" * 2000), "b": S("b" * 48), "c": S("c" * 1000),
            "d": B(b"d" * 20), "e": N("-12.5")}

    def too_large(self, role, names, limit, size):
        return (f"Aggregate size for {role} key attributes {names} of index wide has exceeded "
                f"limit {limit} bytes, with actual size {size} bytes")

    def test_just_small_enough(self, wide):
        """-12.5 takes four bytes, so the total is 1,024."""
        wide.put(self.ITEM)
        assert contents(wide, "wide") == [self.ITEM]

    # Changes of the item, and the parts of the text.
    CASES = [
        ({"b": S("b" * 49)}, ("HASH", "a, b", 2048, 2049)),
        ({"d": B(b"d" * 21)}, ("RANGE", "c, d, e", 1024, 1025)),
        ({"e": N("-112.5")}, ("RANGE", "c, d, e", 1024, 1025)),
        ({"b": S("b" * 49), "c": S("c" * 1024)}, ("HASH", "a, b", 2048, 2049)),
    ]

    @pytest.mark.parametrize("change, fault", CASES, ids=["hash", "binary", "number", "both"])
    def test_too_large(self, wide, change, fault):
        wide.put(self.ITEM)
        item = {**self.ITEM, **change}
        with refused(VALIDATION, self.too_large(*fault)):
            wide.put(item)
        with refused(VALIDATION, self.too_large(*fault)):
            wide.client.batch_write_item(
                RequestItems={wide.name: [{"PutRequest": {"Item": item}}]})
        with refused(VALIDATION, self.too_large(*fault)):
            wide.update({"pk": S("p")}, "SET " + ", ".join(f"{key} = :{key}" for key in change),
                        {f":{key}": value for key, value in change.items()})
        assert contents(wide, "wide") == [self.ITEM]

    def test_item_that_the_index_leaves_out(self, wide):
        """The key attributes that the item has are checked all the same."""
        item = {"pk": S("q"), "c": S("c" * 1000), "d": B(b"d" * 25)}
        with refused(VALIDATION, self.too_large("RANGE", "c, d", 1024, 1025)):
            wide.put(item)
        wide.put({**item, "d": B(b"d" * 24)})
        wide.put({"pk": S("q"), "a": S("a" * 2048), "c": S("c" * 1024)})

    def test_types_and_single_sizes_come_first(self, wide):
        with refused(VALIDATION, mismatch("e", "N", "S", "wide")):
            wide.put({**self.ITEM, "b": S("b" * 49), "e": S("1")})
        with refused(VALIDATION, too_long("b", 2049, 2048, "wide")):
            wide.put({**self.ITEM, "b": S("b" * 2049)})

    def test_conditions_of_queries(self, wide):
        """Such conditions are accepted; they just find nothing."""
        page = query_index(wide, "wide", "a = :a AND b = :b AND c = :c AND d > :d", {
            ":a": S("a" * 2048), ":b": S("b"), ":c": S("c" * 1024), ":d": B(b"d")})
        assert page["Items"] == []
