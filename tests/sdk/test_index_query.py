# SPDX-License-Identifier: Apache-2.0
"""Queries of secondary indexes: order, conditions on the sort key, and their faults.

test_index_multi_attribute.py has keys of several attributes.
"""

import pytest
from errors import INVALID, NOT_VALID, VALIDATION, refused
from indexes import index, indexed_table, query_index
from reading import column
from values import BOOL, NULL, B, N, S

STRINGS = ["", "\0", "\0\0", "\0a", " ", "A", "B", "Z", "_", "a", "a\0", "a\0\0", "a\0b", "a ",
           "ab", "b", "b\x01", "\x7f", "\u00e4", "\u00ff", "\u20ac", "\uffff", "\U0001f600"]
NUMBERS = ["-9.9e125", "-1e20", "-1000", "-100.5", "-100", "-99.99", "-10", "-2.5", "-1", "-0.99",
           "-1e-5", "-1e-130", "0", "1e-130", "1e-5", "0.5", "0.99", "1", "1.01", "2", "9.9", "10",
           "11", "99", "100", "100.5", "1e20", "123456789012345678901234567890", "9.9e125"]
BINARIES = [b"\0", b"\0\0", b"\0\xff", b"\x01", b"\x01\0", b"\x01\0\0", b"\x01\0\x01", b"\x01\xff",
            b"\x7f", b"\x80", b"\xfe", b"\xff", b"\xff\0", b"\xff\xfe", b"\xff\xff",
            b"\xff\xff\0", b"\xff\xff\xff"]
# The sort keys of each type in ascending order. STRINGS begins with the empty string, which is no
# key.
VALUES = {
    "S": [S(text) for text in STRINGS[1:]],
    "N": [N(text) for text in NUMBERS],
    "B": [B(data) for data in BINARIES],
}
PARTITION = {":p": S("p")}
MISSED = "Query condition missed key schema element: "
TYPE = INVALID + "Condition parameter type does not match schema type"


@pytest.fixture(scope="module")
def sorted_tables(dynamodb):
    """For each type of sort key, a table with the global index "global" over (g, s) and the local
    index "local" over (pk, s). The item with the n-th sort key has the table's sort key n. The
    items were written in another order.
    """
    with (keyed(dynamodb, "S") as strings, keyed(dynamodb, "N") as numbers,
          keyed(dynamodb, "B") as binaries):
        yield {"S": strings, "N": numbers, "B": binaries}


def keyed(dynamodb, kind):
    values = VALUES[kind]
    order = sorted(range(len(values)), key=lambda place: place * 7 % len(values))
    assert sorted(order) == list(range(len(values))), "7 divides the number of values"
    items = [{"pk": S("p"), "sk": N(place), "g": S("p"), "s": values[place]} for place in order]
    items += [{"pk": S("q"), "sk": N(place), "g": S("q"), "s": values[place]}
              for place in range(0, len(values), 3)]
    return indexed_table(
        dynamodb, "pk:S", "sk:N", more=["g:S", f"s:{kind}"], items=items,
        gsi=[index("global", "g", "s")], lsi=[index("local", "pk", "s", "KEYS_ONLY")])


@pytest.fixture(params=["global", "local"])
def find(request):
    """find(table, condition, values, ...) -> the places of the items that a query of "p" finds."""
    partition = {"global": "g", "local": "pk"}[request.param]

    def find(table, condition="", values=None, **parameters):
        condition = f"{partition} = :p" + (f" AND {condition}" if condition else "")
        page = query_index(table, request.param, condition, {**PARTITION, **(values or {})},
                           **parameters)
        assert "LastEvaluatedKey" not in page
        assert page["Count"] == page["ScannedCount"] == len(page["Items"])
        return [int(place) for place in column(page)]

    return find


@pytest.mark.parametrize("kind", VALUES)
class TestOrder:
    def test_ascending(self, sorted_tables, find, kind):
        table = sorted_tables[kind]
        expected = list(range(len(VALUES[kind])))
        assert find(table) == expected
        assert find(table, ScanIndexForward=True) == expected

    def test_descending(self, sorted_tables, find, kind):
        found = find(sorted_tables[kind], ScanIndexForward=False)
        assert found == list(range(len(VALUES[kind])))[::-1]


CONDITIONS = {
    "s = :a": lambda place, a, b: place == a,
    "s < :a": lambda place, a, b: place < a,
    "s <= :a": lambda place, a, b: place <= a,
    "s > :a": lambda place, a, b: place > a,
    "s >= :a": lambda place, a, b: place >= a,
    ":a < s": lambda place, a, b: place > a,
    "s BETWEEN :a AND :b": lambda place, a, b: a <= place <= b,
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_condition(sorted_tables, find, kind, condition):
    """Tests the condition with every sort key, and with a wider range each time."""
    count = len(VALUES[kind])
    for place, value in enumerate(VALUES[kind]):
        upper = min(place * 2, count - 1)
        values = {":a": value}
        if ":b" in condition:
            values[":b"] = VALUES[kind][upper]
        expected = [n for n in range(count) if CONDITIONS[condition](n, place, upper)]
        assert find(sorted_tables[kind], condition, values) == expected, value
        backward = find(sorted_tables[kind], condition, values, ScanIndexForward=False)
        assert backward == expected[::-1], value


@pytest.mark.parametrize("kind, prefixes", [
    ("S", ["\0", "a", "a\0", "a\0b", "b", "\u00e4", "abc", "\U0001f600"]),
    ("B", [b"\0", b"\x01", b"\x01\0", b"\xff", b"\xff\xff", b"\xff\xff\xff", b"\x02"]),
])
def test_begins_with(sorted_tables, find, kind, prefixes):
    texts = {"S": STRINGS[1:], "B": BINARIES}[kind]
    for prefix in prefixes:
        found = find(sorted_tables[kind], "begins_with(s, :a)", {":a": {kind: prefix}})
        assert found == [n for n, text in enumerate(texts) if text.startswith(prefix)], prefix


@pytest.mark.parametrize("value, expected", [
    ("1.00", ["1"]), ("-1e2", ["-100"]), ("-0", ["0"]), ("1.5", [])])
def test_numbers_are_compared_by_value(sorted_tables, find, value, expected):
    found = find(sorted_tables["N"], "s = :a", {":a": N(value)})
    assert [NUMBERS[place] for place in found] == expected


def test_partition_of_an_index_that_has_none(sorted_tables):
    page = query_index(sorted_tables["S"], "global", "g = :p", {":p": S("nobody")})
    assert (page["Items"], page["Count"], page["ScannedCount"]) == ([], 0, 0)
    assert "LastEvaluatedKey" not in page


@pytest.mark.parametrize("kind, one, other", [
    ("S", S("a"), S("a\0")), ("N", N("1.10"), N("1.1001")), ("B", B(b"\0"), B(b"\0\0"))])
def test_partition_keys_of_each_type(dynamodb, kind, one, other):
    items = [{"pk": S(str(i)), "g": key} for i, key in enumerate((one, other, one))]
    with indexed_table(dynamodb, "pk:S", more=[f"g:{kind}"], items=items,
                       gsi=[index("global", "g")]) as table:
        page = query_index(table, "global", "g = :g", {":g": one})
        assert sorted(column(page, "pk")) == ["0", "2"]
        assert column(query_index(table, "global", "g = :g", {":g": other}), "pk") == ["1"]


def test_keys_of_the_table_as_keys_of_an_index(dynamodb):
    items = [{"pk": S(p), "sk": N(n)} for p in "cab" for n in (2, 10, 1)]
    with indexed_table(dynamodb, "pk:S", "sk:N", items=items,
                       gsi=[index("back", "sk", "pk"), index("same", "pk", "sk")]) as table:
        page = query_index(table, "back", "sk = :n AND pk > :p", {":n": N(10), ":p": S("a")})
        assert page["Items"] == [{"pk": S("b"), "sk": N(10)}, {"pk": S("c"), "sk": N(10)}]
        page = query_index(table, "same", "pk = :p", {":p": S("a")}, ScanIndexForward=False)
        assert column(page) == ["10", "2", "1"]


@pytest.fixture
def table(sorted_tables):
    return sorted_tables["S"]


class TestFaults:
    @pytest.mark.parametrize("name, condition, values, message", [
        ("global", "s = :a", {":a": S("a")}, MISSED + "g"),
        ("global", "pk = :a", {":a": S("p")}, MISSED + "g"),
        ("global", "g = :a AND pk = :b", {":a": S("p"), ":b": S("p")}, MISSED + "s"),
        ("global", "g = :a AND sk = :b", {":a": S("p"), ":b": N(1)}, MISSED + "s"),
        ("local", "s = :a", {":a": S("a")}, MISSED + "pk"),
        ("local", "pk = :a AND sk = :b", {":a": S("p"), ":b": N(1)}, MISSED + "s"),
        ("global", "g > :a", {":a": S("p")}, "Query key condition not supported"),
        ("global", "begins_with(g, :a)", {":a": S("p")}, "Query key condition not supported"),
        ("local", "pk <= :a AND s = :a", {":a": S("p")}, "Query key condition not supported"),
        ("global", "g = :a", {":a": N(1)}, TYPE),
        ("global", "g = :a AND s < :b", {":a": S("p"), ":b": B(b"p")}, TYPE),
        ("local", "pk = :a AND s = :b", {":a": S("p"), ":b": BOOL(True)}, TYPE),
        ("local", "pk = :a AND s = :b", {":a": S("p"), ":b": NULL}, TYPE),
        ("none", "g = :a", {":a": S("p")}, "The table does not have the specified index: none"),
        ("Global", "g = :a", {":a": S("p")},
         "The table does not have the specified index: Global"),
    ])
    def test_condition_that_does_not_fit(self, table, name, condition, values, message):
        with refused(VALIDATION, message):
            query_index(table, name, condition, values)

    def test_index_comes_before_the_keys(self, table):
        with refused(VALIDATION, "The table does not have the specified index: none"):
            query_index(table, "none", "x = :a", {":a": N(1)}, ConsistentRead=True,
                        ExclusiveStartKey={"x": S("x")})

    def test_table_comes_before_the_index(self, dynamodb):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            dynamodb.query(TableName="no-such-table", IndexName="none",
                           KeyConditionExpression="g = :a",
                           ExpressionAttributeValues={":a": S("x")})

    def test_three_conditions(self, table):
        with refused(VALIDATION, "The number of query conditions (3) exceeds the number of key "
                     "attributes defined in the schema (2)"):
            query_index(table, "global", "g = :a AND s = :b AND pk = :c",
                        {":a": S("p"), ":b": S("p"), ":c": S("p")})

    @pytest.mark.parametrize("condition", [
        "g = :e", "g = :p AND s = :e", "g = :p AND s < :e", "g = :p AND s BETWEEN :e AND :p"])
    def test_empty_value(self, table, condition):
        key = "g" if condition.startswith("g = :e") else "s"
        values = {":e": S("")}
        if ":p" in condition:
            values[":p"] = S("p")
        with refused(VALIDATION) as refusal:
            query_index(table, "global", condition, values)
        assert refusal.message.startswith(NOT_VALID)
        assert ("The AttributeValue for a key attribute cannot contain an empty string value."
                in refusal.message)
        assert refusal.message.endswith(f"Key: {key}")

    @pytest.mark.parametrize("name", ["ab", "n" * 256, "a b"], ids=["short", "long", "blank"])
    def test_name_that_no_index_can_have(self, unchecked, table, name):
        with refused(VALIDATION) as refusal:
            unchecked.query(TableName=table.name, IndexName=name, KeyConditionExpression="g = :a",
                            ExpressionAttributeValues={":a": S("p")})
        assert "ndexName" in refusal.message

    @pytest.mark.parametrize("expression, kind", [("g.x", "IndexKey: g"), ("s[0]", "IndexKey: s"),
                                                  ("pk.x", "Key: pk"), ("sk[1]", "Key: sk")])
    @pytest.mark.parametrize("parameter", ["ProjectionExpression", "FilterExpression"])
    def test_path_into_a_key(self, table, expression, kind, parameter):
        text = f"attribute_exists({expression})" if "Filter" in parameter else expression
        with refused(VALIDATION, "Key attributes must be scalars; list random access '[]' and map "
                     f"lookup '.' are not allowed: {kind}"):
            query_index(table, "global", "g = :p", PARTITION, **{parameter: text})
