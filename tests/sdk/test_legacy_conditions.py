# SPDX-License-Identifier: Apache-2.0
"""Expected, QueryFilter and ScanFilter: each condition is tested with all three on one item."""

import contextlib

import pytest
from errors import INVALID, ONE, VALIDATION, refused
from reading import filled
from values import BOOL, BS, NS, NULL, SS, B, L, M, N, S

KEY = {"pk": S("a")}
FAILED = ("ConditionalCheckFailedException", "The conditional request failed")

ITEM = {
    **KEY,
    "n": N(5),
    "s": S("hello"),
    "empty": S(""),
    "b": B(b"\x01\x02\x03"),
    "t": BOOL(True),
    "nul": NULL,
    "ss": SS("x", "y"),
    "ns": NS(1, "2.5"),
    "bs": BS(b"x"),
    "l": L(N(1), S("two"), SS("in")),
    "m": M(x=N(1)),
    "dotted.name": N(1),
}


def condition(operator, *values):
    return {"ComparisonOperator": operator, "AttributeValueList": list(values)}


HOLDS = [
    ("n", condition("EQ", N("5.0"))),
    ("l", condition("EQ", L(N("1.0"), S("two"), SS("in")))),
    ("m", condition("EQ", M(x=N(1)))),
    ("ss", condition("EQ", SS("y", "x"))),
    ("nul", condition("EQ", NULL)),
    ("t", condition("EQ", BOOL(True))),
    ("dotted.name", condition("EQ", N(1))),
    ("n", condition("NE", N(4))),
    ("n", condition("NE", S("5"))),
    ("absent", condition("NE", N(5))),
    ("n", condition("LE", N(5))),
    ("n", condition("LT", N(10))),
    ("n", condition("GT", N(4))),
    ("n", condition("GE", N(5))),
    ("s", condition("GT", S("h"))),
    ("b", condition("LT", B(b"\x02"))),
    ("s", condition("GE", S("hello"))),
    ("b", condition("GT", B(b"\x01\x02"))),
    ("nul", {"ComparisonOperator": "NOT_NULL"}),
    ("absent", {"ComparisonOperator": "NULL"}),
    ("absent", condition("NULL")),
    ("s", condition("CONTAINS", S("ell"))),
    ("b", condition("CONTAINS", B(b"\x02"))),
    ("ss", condition("CONTAINS", S("y"))),
    ("ns", condition("CONTAINS", N("2.50"))),
    ("l", condition("CONTAINS", S("two"))),
    ("s", condition("NOT_CONTAINS", S("z"))),
    ("s", condition("NOT_CONTAINS", N(1))),
    ("ss", condition("NOT_CONTAINS", S("z"))),
    ("n", condition("NOT_CONTAINS", N(5))),
    ("s", condition("BEGINS_WITH", S("hell"))),
    ("s", condition("BEGINS_WITH", S(""))),
    ("b", condition("BEGINS_WITH", B(b"\x01"))),
    ("n", condition("IN", N(7), N(5), N(6))),
    ("s", condition("IN", S("hello"))),
    ("n", condition("BETWEEN", N(5), N(5))),
    ("s", condition("BETWEEN", S("h"), S("i"))),
]

FAILS = [
    ("n", condition("EQ", S("5"))),
    ("n", condition("EQ", N(4))),
    ("n", condition("IN", N(4), N(6))),
    ("s", condition("BEGINS_WITH", S("ello"))),
    ("s", condition("CONTAINS", S("z"))),
    ("ss", condition("NOT_CONTAINS", S("x"))),
    ("ns", condition("CONTAINS", N(3))),
    ("absent", condition("EQ", N(5))),
    ("m.x", condition("EQ", N(1))),
    ("n", condition("NE", N("5.00"))),
    ("n", condition("LT", N(5))),
    ("n", condition("GT", S("4"))),
    ("absent", condition("LT", N(5))),
    ("absent", {"ComparisonOperator": "NOT_NULL"}),
    ("nul", {"ComparisonOperator": "NULL"}),
    ("n", condition("CONTAINS", N(5))),
    ("ss", condition("CONTAINS", S("xy"))),
    ("l", condition("CONTAINS", S("in"))),
    ("absent", condition("CONTAINS", S("x"))),
    ("s", condition("NOT_CONTAINS", S("ell"))),
    ("absent", condition("NOT_CONTAINS", S("x"))),
    ("n", condition("BEGINS_WITH", S("5"))),
    ("ns", condition("IN", N(1), N("2.5"))),
    ("absent", condition("IN", N(1))),
    ("n", condition("BETWEEN", N(6), N(9))),
    ("n", condition("BETWEEN", S("1"), S("9"))),
]


def bad_count(operator):
    return f"Invalid number of argument(s) for the {operator} ComparisonOperator"


def bad_type(operator, kind):
    return f"ComparisonOperator {operator} is not valid for {kind} AttributeValue type"


# A condition, and the text of its fault.
BAD = [
    (condition("EQ"), bad_count("EQ")),
    (condition("LE", N(1), N(2)), bad_count("LE")),
    (condition("NOT_NULL", N(1)), bad_count("NOT_NULL")),
    (condition("IN"), bad_count("IN")),
    (condition("BETWEEN", N(1)), bad_count("BETWEEN")),
    (condition("GT", BOOL(True)), bad_type("GT", "BOOL")),
    (condition("IN", L()), bad_type("IN", "L")),
    (condition("CONTAINS", NS(1)), bad_type("CONTAINS", "NS")),
    (condition("BEGINS_WITH", N(1)), bad_type("BEGINS_WITH", "N")),
    (condition("IN", N(1), S("1")),
     "AttributeValues inside AttributeValueList must be of same type"),
    (condition("eq", N(1)), "Invalid comparison operator"),
    (condition("", N(1)), "Invalid comparison operator"),
]


@pytest.fixture(scope="module")
def shared(dynamodb):
    """A table with only ITEM, which no test changes."""
    with filled(dynamodb, [ITEM], "pk:S") as table:
        yield table


def query(table, **parameters):
    return table.client.query(
        TableName=table.name, KeyConditions={"pk": condition("EQ", S("a"))}, **parameters)


def scan(table, **parameters):
    return table.client.scan(TableName=table.name, **parameters)


def counts(table, **filters):
    """How many items a query and a scan with that filter find."""
    found = query(table, QueryFilter=filters["conditions"], **filters["joined"])
    scanned = scan(table, ScanFilter=filters["conditions"], **filters["joined"])
    assert found["ScannedCount"] == scanned["ScannedCount"] == 1
    return found["Count"], scanned["Count"]


@pytest.mark.parametrize("name, test", HOLDS)
def test_what_holds(shared, name, test):
    assert counts(shared, conditions={name: test}, joined={}) == (1, 1)
    shared.put(ITEM, Expected={name: test})


@pytest.mark.parametrize("name, test", FAILS)
def test_what_fails(shared, name, test):
    assert counts(shared, conditions={name: test}, joined={}) == (0, 0)
    with refused(*FAILED):
        shared.put(KEY, Expected={name: test})
    with refused(*FAILED):
        shared.delete(KEY, Expected={name: test})
    with refused(*FAILED):
        shared.update(KEY, AttributeUpdates={"n": {"Action": "DELETE"}}, Expected={name: test})
    assert shared.get(KEY)["n"] == N(5)


@pytest.mark.parametrize("test, text", BAD)
def test_conditions_that_are_none(shared, unchecked, test, text):
    with refused(VALIDATION, INVALID + text):
        unchecked.scan(TableName=shared.name, ScanFilter={"n": test})
    with refused(VALIDATION, INVALID + text):
        unchecked.query(TableName=shared.name, QueryFilter={"n": test},
                        KeyConditions={"pk": condition("EQ", S("a"))})
    with refused(VALIDATION, ONE + INVALID + text):
        unchecked.delete_item(TableName=shared.name, Key=KEY, Expected={"n": test})


def test_a_range_that_runs_backwards(shared):
    text = ("The BETWEEN condition was provided a range where the lower bound is greater than the "
            "upper bound")
    with refused(VALIDATION, text):
        scan(shared, ScanFilter={"n": condition("BETWEEN", N(10), N(9))})
    with refused(VALIDATION, ONE + text):
        shared.put(ITEM, Expected={"n": condition("BETWEEN", S("b"), S("a"))})


@pytest.mark.parametrize("joined, found", [({}, 0), ({"ConditionalOperator": "AND"}, 0),
                                           ({"ConditionalOperator": "OR"}, 1)])
def test_conditions_are_joined(shared, joined, found):
    conditions = {"n": condition("EQ", N(5)), "s": condition("EQ", S("other"))}
    assert counts(shared, conditions=conditions, joined=joined) == (found, found)
    with contextlib.nullcontext() if found else refused(*FAILED):
        shared.put(ITEM, Expected=conditions, **joined)


def test_no_conditions_hold(shared):
    assert counts(shared, conditions={}, joined={}) == (1, 1)


class TestExpected:
    @pytest.mark.parametrize("expected, holds", [
        ({"n": {"Value": N("5.0")}}, True),
        ({"n": {"Exists": True, "Value": N(5)}}, True),
        ({"n": {"Value": N(4)}}, False),
        ({"absent": {"Value": N(4)}}, False),
        ({"absent": {"Exists": False}}, True),
        ({"n": {"Exists": False}}, False),
        ({"n": {"ComparisonOperator": "EQ", "Value": N(5)}}, True),
        ({"n": {"Value": N(5)}, "absent": {"Exists": False}}, True),
        ({"n": {"Value": N(5)}, "s": {"Exists": False}}, False),
    ])
    def test_of_each_write(self, table, expected, holds):
        for write, after in ((table.update, ITEM),
                             (lambda key, **more: table.put(ITEM, **more), ITEM),
                             (table.delete, None)):
            table.put(ITEM)
            with contextlib.nullcontext() if holds else refused(*FAILED):
                write(KEY, Expected=expected)
            assert table.get(KEY) == (after if holds else ITEM)

    def test_value_and_exists(self, table):
        table.put(KEY, Expected={"pk": {"Exists": False}})
        with refused(*FAILED):
            table.put(KEY, Expected={"pk": {"Exists": False}})
        table.update(
            KEY, AttributeUpdates={"v": {"Value": N(1)}}, Expected={"v": {"Exists": False}})
        table.update(KEY, AttributeUpdates={"v": {"Value": N(2)}}, Expected={"v": {"Value": N(1)}})
        with refused(*FAILED):
            table.update(KEY, AttributeUpdates={"v": {"Value": N(3)}},
                         Expected={"v": {"Exists": True, "Value": N(1)}})
        assert table.get(KEY)["v"] == N(2)
        table.delete(KEY, Expected={"v": {"ComparisonOperator": "EQ", "Value": N(2)}})
        assert table.get(KEY) is None

    def test_a_failure_shows_the_item(self, table):
        table.put(ITEM)
        with refused(*FAILED) as refusal:
            table.put(KEY, Expected={"n": {"Value": N(6)}},
                      ReturnValuesOnConditionCheckFailure="ALL_OLD")
        assert refusal.response["Item"]["n"] == N(5)

    def test_puts_race_for_a_lock(self, table):
        """Optimistic locking by a version attribute, as the SDKs' mappers write it."""
        table.put({**KEY, "version": N(1)})
        for _ in range(2):
            version = int(table.get(KEY)["version"]["N"])
            expected = {"version": {"Value": N(version)}}
            table.put({**KEY, "version": N(version + 1)}, Expected=expected)
            with refused(*FAILED):
                table.put({**KEY, "version": N(9)}, Expected=expected)

    @pytest.mark.parametrize("element, text", [
        ({}, "Value must be provided when Exists is null for Attribute: v"),
        ({"Exists": True}, "Value must be provided when Exists is true for Attribute: v"),
        ({"Exists": False, "Value": N(1)},
         "Value cannot be used when Exists is false for Attribute: v"),
        ({"ComparisonOperator": "GE"},
         "Value or AttributeValueList must be used with ComparisonOperator: GE for Attribute: v"),
        ({"ComparisonOperator": "NULL", "Exists": False},
         "Exists and ComparisonOperator cannot be used together for Attribute: v"),
        ({"Value": N(1), **condition("EQ", N(1))},
         "Value and AttributeValueList cannot be used together for Attribute: v"),
        ({"AttributeValueList": [N(1)]},
         "AttributeValueList can only be used with a ComparisonOperator for Attribute: v"),
    ])
    def test_combinations_that_are_none(self, table, element, text):
        for write in (table.put, table.delete, table.update):
            with refused(VALIDATION, ONE + INVALID + text):
                write(KEY, Expected={"v": element})
        assert table.get(KEY) is None
