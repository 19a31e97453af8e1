# SPDX-License-Identifier: Apache-2.0
"""UpdateItem: the effect of SET, REMOVE, ADD and DELETE on an item."""

import pytest
from errors import INVALID, ONE, VALIDATION, refused
from values import BOOL, BS, NS, NULL, SS, B, L, M, N, S, nested

KEY = {"pk": S("a")}
PATH_INVALID = "The document path provided in the update expression is invalid for update"
NO_ATTRIBUTE = (
    "The provided expression refers to an attribute that does not exist in the item")
WRONG_OPERAND = "An operand in the update expression has an incorrect data type"


def changed(table, before, expression, values=None, **parameters):
    """The non-key attributes after `expression` has updated an item with the attributes `before`.

    If `before` is None, there is no item.
    """
    if before is not None:
        table.put({**KEY, **before})
    reply = table.update(KEY, expression, values, **parameters)
    assert parameters or reply.keys() == {"ResponseMetadata"}
    after = table.get(KEY)
    assert after is None or after.pop("pk") == KEY["pk"]
    return after


def sorted_sets(item):
    """The item with sorted sets: sets have no order, so tests compare them sorted."""
    return {
        name: {kind: sorted(value) for kind, value in typed.items()}
        if typed.keys() & {"SS", "NS", "BS"} else typed
        for name, typed in item.items()
    }


VALUES = {":s": S("new"), ":n": N(5), ":m": M(k=N(1)), ":l": L(N(8), N(9))}


def run(table, before, expression, expected):
    used = {name: value for name, value in VALUES.items() if name in expression}
    assert changed(table, before, expression, used or None) == expected


@pytest.mark.parametrize("before, expression, expected", [
    ({}, "SET a = :s", {"a": S("new")}),
    ({"a": N(1)}, "SET a = :s", {"a": S("new")}),
    (None, "SET a = :s", {"a": S("new")}),
    ({}, "SET a = :s, b = :n", {"a": S("new"), "b": N(5)}),
    ({"b": S("x")}, "SET a = b", {"a": S("x"), "b": S("x")}),
    ({"a": N(1), "b": N(2)}, "SET a = b, b = a", {"a": N(2), "b": N(1)}),
    ({"m": M(x=N(1))}, "SET m.x = :n", {"m": M(x=N(5))}),
    ({"m": M(x=N(1))}, "SET m.y = :n", {"m": M(x=N(1), y=N(5))}),
    ({"m": M(x=M(y=L(N(1))))}, "SET m.x.y[0] = :n", {"m": M(x=M(y=L(N(5))))}),
    ({"l": L(N(1), N(2))}, "SET l[1] = :n", {"l": L(N(1), N(5))}),
    ({"l": L(N(1))}, "SET l[7] = :n", {"l": L(N(1), N(5))}),
    ({"l": L(N(1))}, "SET l[9] = :s, l[7] = :n", {"l": L(N(1), N(5), S("new"))}),
    ({"l": L(M(x=N(1)))}, "SET l[0].x = :n", {"l": L(M(x=N(5)))}),
    ({"m": M(x=N(1))}, "set a = m.x", {"m": M(x=N(1)), "a": N(1)}),
    ({"l": L(N(1), N(2))}, "SET a = l[1]", {"l": L(N(1), N(2)), "a": N(2)}),
])
def test_set(table, before, expression, expected):
    run(table, before, expression, expected)


@pytest.mark.parametrize("before, expression, expected", [
    ({"a": N(1)}, "SET a = a + :n", {"a": N(6)}),
    ({"a": N(1)}, "SET a = a - :n", {"a": N(-4)}),
    ({"a": N(1)}, "SET a = :n - a", {"a": N(4)}),
    ({"a": N("0.1")}, "SET a = a + a", {"a": N("0.2")}),
    ({"a": N(1), "b": N(2)}, "SET a = (b + :n)", {"a": N(7), "b": N(2)}),
    ({"m": M(x=N(1)), "l": L(N(2))}, "SET m.x = m.x + l[0]", {"m": M(x=N(3)), "l": L(N(2))}),
    ({"a": N("99999999999999999999999999999999999999")}, "SET a = a - :n",
     {"a": N("99999999999999999999999999999999999994")}),
    ({"a": N("-5")}, "SET a = a + :n", {"a": N(0)}),
])
def test_set_arithmetic(table, before, expression, expected):
    run(table, before, expression, expected)


@pytest.mark.parametrize("before, expression, expected", [
    ({}, "SET a = if_not_exists(a, :n)", {"a": N(5)}),
    ({"a": N(1)}, "SET a = if_not_exists(a, :n)", {"a": N(1)}),
    ({"a": NULL}, "SET a = if_not_exists(a, :n)", {"a": NULL}),
    ({"b": N(1)}, "SET a = if_not_exists(b, :n)", {"a": N(1), "b": N(1)}),
    ({}, "SET a = if_not_exists(a, :n) + :n", {"a": N(10)}),
    ({"m": M(x=N(1))}, "SET m.y = if_not_exists(m.y, m.x)", {"m": M(x=N(1), y=N(1))}),
    ({"c": N(3)}, "SET a = if_not_exists(a, if_not_exists(b, c))", {"a": N(3), "c": N(3)}),
    ({"a": L(N(1))}, "SET a = list_append(a, :l)", {"a": L(N(1), N(8), N(9))}),
    ({"a": L(N(1))}, "SET a = list_append(:l, a)", {"a": L(N(8), N(9), N(1))}),
    ({"a": L(N(1))}, "SET a = list_append(a, a)", {"a": L(N(1), N(1))}),
    ({}, "SET a = list_append(if_not_exists(a, :l), :l)", {"a": L(N(8), N(9), N(8), N(9))}),
])
def test_set_functions(table, before, expression, expected):
    run(table, before, expression, expected)


@pytest.mark.parametrize("before, expression, expected", [
    ({"a": N(1), "b": N(2)}, "REMOVE a", {"b": N(2)}),
    ({"a": N(1)}, "REMOVE absent", {"a": N(1)}),
    ({"a": N(1), "b": N(2)}, "REMOVE a, b", {}),
    ({"m": M(x=N(1), y=N(2))}, "REMOVE m.x", {"m": M(y=N(2))}),
    ({"m": M(x=N(1))}, "REMOVE m.x", {"m": M()}),
    ({"m": M(x=N(1))}, "REMOVE m.absent", {"m": M(x=N(1))}),
    ({"l": L(N(0), N(1), N(2))}, "REMOVE l[1]", {"l": L(N(0), N(2))}),
    ({"l": L(N(0), N(1), N(2))}, "REMOVE l[0], l[1]", {"l": L(N(2))}),
    ({"l": L(N(0))}, "REMOVE l[0]", {"l": L()}),
    ({"l": L(N(0))}, "REMOVE l[4]", {"l": L(N(0))}),
    (None, "REMOVE a", None),
    (None, "REMOVE m.x.y", None),
    # Each clause reads the item from before the update: l[3] is the old fourth element.
    ({"l": L(N(0), N(1), N(2), N(3), N(4))}, "REMOVE l[1] SET l[3] = :n",
     {"l": L(N(0), N(2), N(5), N(4))}),
    ({"a": N(1)}, "REMOVE a SET b = a", {"b": N(1)}),
])
def test_remove(table, before, expression, expected):
    run(table, before, expression, expected)


@pytest.mark.parametrize("before, expression, value, expected", [
    ({}, "ADD a :v", N(5), {"a": N(5)}),
    (None, "ADD a :v", N(5), {"a": N(5)}),
    ({"a": N(1)}, "ADD a :v", N("-1.5"), {"a": N("-0.5")}),
    ({"m": M(x=N(1))}, "ADD m.x :v", N(5), {"m": M(x=N(6))}),
    ({"m": M()}, "ADD m.x :v", N(5), {"m": M(x=N(5))}),
    ({}, "ADD a :v", SS("x"), {"a": SS("x")}),
    ({"a": SS("x")}, "ADD a :v", SS("y", "x"), {"a": SS("x", "y")}),
    ({"a": NS(1)}, "ADD a :v", NS("1.0", 2), {"a": NS(1, 2)}),
    ({"a": BS(b"x")}, "ADD a :v", BS(b"y"), {"a": BS(b"x", b"y")}),
    ({"a": BS(b"x")}, "ADD a :v", BS(b"y", b"x"), {"a": BS(b"x", b"y")}),
    ({"a": SS("x", "y", "z")}, "DELETE a :v", SS("y", "other"), {"a": SS("x", "z")}),
    ({"a": NS(1, 2)}, "DELETE a :v", NS("2.0"), {"a": NS(1)}),
    ({"a": SS("x", "y")}, "DELETE a :v", SS("x", "y"), {}),
    ({"m": M(s=SS("x"))}, "DELETE m.s :v", SS("x"), {"m": M()}),
    ({"b": N(1)}, "DELETE a :v", SS("x"), {"b": N(1)}),
])
def test_add_and_delete(table, before, expression, value, expected):
    assert sorted_sets(changed(table, before, expression, {":v": value})) == expected


def test_all_four_clauses_in_one_expression(table):
    before = {"a": N(1), "b": N(2), "c": SS("x", "y"), "d": N(4)}
    after = changed(table, before, "ADD a :n SET e = :n REMOVE b DELETE c :c",
                    {":n": N(10), ":c": SS("x")})
    assert after == {"a": N(11), "c": SS("y"), "d": N(4), "e": N(10)}


@pytest.mark.parametrize("value", [
    S("x"), N(1), B(b"x"), BOOL(False), NULL, SS("x"), NS(1), BS(b"x"), L(N(1)), M(x=N(1))])
def test_set_takes_every_type(table, value):
    assert changed(table, {}, "SET a = :v", {":v": value}) == {"a": value}


def test_without_an_expression_makes_a_key_only_item(table):
    assert changed(table, None, None) == {}


def test_without_an_expression_leaves_an_item_alone(table):
    assert changed(table, {"a": N(1)}, None) == {"a": N(1)}


def test_name_placeholders(table):
    after = changed(table, {"name": M({"a.b": N(1)})}, "SET #n.#d = :v", {":v": N(2)},
                    ExpressionAttributeNames={"#n": "name", "#d": "a.b"})
    assert after == {"name": M({"a.b": N(2)})}


@pytest.mark.parametrize("before, expression, message", [
    ({}, "SET a = absent", NO_ATTRIBUTE),
    ({}, "SET a = a + :n", NO_ATTRIBUTE),
    ({}, "SET a = list_append(a, :l)", NO_ATTRIBUTE),
    (None, "SET a = absent", NO_ATTRIBUTE),
    ({}, "SET m.x = :n", PATH_INVALID),
    (None, "SET m.x = :n", PATH_INVALID),
    ({"a": N(1)}, "SET a.x = :n", PATH_INVALID),
    ({"a": N(1)}, "SET a[0] = :n", PATH_INVALID),
    ({"m": M()}, "SET m[0] = :n", PATH_INVALID),
    ({"l": L()}, "SET l.x = :n", PATH_INVALID),
    ({"m": M()}, "SET m.x.y = :n", PATH_INVALID),
    ({}, "REMOVE m.x", PATH_INVALID),
    ({"a": N(1)}, "REMOVE a.x", PATH_INVALID),
    ({}, "ADD m.x :n", PATH_INVALID),
    ({"a": S("x")}, "SET a = a + :n", WRONG_OPERAND),
    ({"a": N(1)}, "SET a = list_append(a, :l)", WRONG_OPERAND),
    ({"a": S("x")}, "ADD a :n", WRONG_OPERAND),
    ({"a": L()}, "ADD a :n", WRONG_OPERAND),
])
def test_refused_for_what_the_item_holds(table, before, expression, message):
    if before is not None:
        table.put({**KEY, **before})
    unchanged = table.get(KEY)
    used = {name: value for name, value in VALUES.items() if name in expression}
    with refused(VALIDATION, message):
        table.update(KEY, expression, used or None)
    assert table.get(KEY) == unchanged


@pytest.mark.parametrize("stored, clause, value", [
    (NS(1), "ADD a :v", SS("x")),
    (SS("x"), "ADD a :v", N(1)),
    (SS("1"), "DELETE a :v", NS(1)),
    (L(S("x")), "DELETE a :v", SS("x")),
])
def test_set_operand_must_fit_the_stored_type(table, stored, clause, value):
    table.put({**KEY, "a": stored})
    with refused(VALIDATION, WRONG_OPERAND):
        table.update(KEY, clause, {":v": value})
    assert table.get(KEY) == {**KEY, "a": stored}


@pytest.mark.parametrize("expression", [
    "SET pk = :v", "SET sk = :v", "REMOVE pk", "ADD sk :n", "SET pk.x = :v"])
def test_key_cannot_be_updated(make_table, expression):
    table = make_table("pk:S", "sk:N")
    key = {**KEY, "sk": N(1)}
    table.put(key)
    attribute = "sk" if "sk" in expression else "pk"
    values = {":v": S("b")} if ":v" in expression else {":n": N(1)} if ":n" in expression else None
    with refused(VALIDATION, f"{INVALID}Cannot update attribute {attribute}. "
                 "This attribute is part of the key"):
        table.update(key, expression, values)


@pytest.mark.parametrize("expression, value", [
    ("SET a = a + :v", N(1)),
    ("SET a = a - :v", N("0.1")),
    ("ADD a :v", N(1)),
])
def test_result_of_more_than_38_digits(table, expression, value):
    before = {**KEY, "a": N("12345678901234567890123456789012345678e1")}
    table.put(before)
    stored = table.get(KEY)
    with refused(VALIDATION):
        table.update(KEY, expression, {":v": value})
    assert table.get(KEY) == stored


@pytest.mark.parametrize("expression", ["SET a = a + a", "ADD a :v"])
def test_result_too_large(table, expression):
    table.put({**KEY, "a": N("9e125")})
    values = {":v": N("9e125")} if ":v" in expression else None
    with refused(VALIDATION, "Number overflow. Attempting to store a number with magnitude larger "
                 "than supported range"):
        table.update(KEY, expression, values)


def test_value_that_nests_too_deeply_only_when_stored(table):
    table.put({**KEY, "m": M(x=M())})
    # 31 levels are allowed at the top of an item, but too deep two levels down.
    with refused(VALIDATION, "Nesting Levels have exceeded supported limits"):
        table.update(KEY, "SET m.x.y = :v", {":v": nested(31, N(1))})


class TestReturnValues:
    BEFORE = {**KEY, "a": N(1), "b": N(2), "m": M(x=N(1), y=N(2)), "l": L(N(0), N(1), N(2))}

    def returned(self, table, wanted, expression, values=None, before=BEFORE):
        if before is not None:
            table.put(before)
        return table.update(KEY, expression, values, ReturnValues=wanted).get("Attributes")

    def test_all_old(self, table):
        assert self.returned(table, "ALL_OLD", "SET a = :v", {":v": N(9)}) == self.BEFORE

    def test_all_old_of_a_new_item(self, table):
        assert self.returned(table, "ALL_OLD", "SET a = :v", {":v": N(9)}, before=None) is None

    def test_all_new(self, table):
        assert self.returned(table, "ALL_NEW", "SET a = :v", {":v": N(9)}) == {
            **self.BEFORE, "a": N(9)}

    def test_all_new_of_a_new_item(self, table):
        assert self.returned(table, "ALL_NEW", "SET a = :v", {":v": N(9)}, before=None) == {
            **KEY, "a": N(9)}

    def test_none(self, table):
        assert self.returned(table, "NONE", "SET a = :v", {":v": N(9)}) is None

    @pytest.mark.parametrize("expression, old, new", [
        ("SET a = :v", {"a": N(1)}, {"a": N(9)}),
        ("SET a = :v, c = :v", {"a": N(1)}, {"a": N(9), "c": N(9)}),
        ("SET c = :v", None, {"c": N(9)}),
        ("SET m.x = :v", {"m": M(x=N(1))}, {"m": M(x=N(9))}),
        ("SET m.z = :v", None, {"m": M(z=N(9))}),
        ("SET m.x = :v, m.y = :v", {"m": M(x=N(1), y=N(2))}, {"m": M(x=N(9), y=N(9))}),
        ("SET l[1] = :v", {"l": L(N(1))}, {"l": L(N(9))}),
        ("SET l[2] = :v, l[0] = :v", {"l": L(N(0), N(2))}, {"l": L(N(9), N(9))}),
        # The path is looked up in the new item, which has nothing at index 100.
        ("SET l[100] = :v", None, None),
        ("REMOVE l[1]", {"l": L(N(1))}, {"l": L(N(2))}),
        ("REMOVE a", {"a": N(1)}, None),
        ("REMOVE a, m.x", {"a": N(1), "m": M(x=N(1))}, None),
        ("REMOVE absent", None, None),
        ("REMOVE a SET b = :v", {"a": N(1), "b": N(2)}, {"b": N(9)}),
        ("ADD a :v", {"a": N(1)}, {"a": N(10)}),
    ])
    def test_updated(self, table, expression, old, new):
        values = {":v": N(9)} if ":v" in expression else None
        assert self.returned(table, "UPDATED_OLD", expression, values) == old
        assert self.returned(table, "UPDATED_NEW", expression, values) == new

    def test_equal_value_counts_as_updated(self, table):
        assert self.returned(table, "UPDATED_NEW", "SET a = :v", {":v": N(1)}) == {"a": N(1)}

    def test_updated_new_has_no_key(self, table):
        assert self.returned(table, "UPDATED_NEW", None, before=None) is None

    def test_unknown(self, unchecked, table):
        with refused(VALIDATION, ONE + "Failed to satisfy constraint: Member must satisfy enum "
                     "value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"):
            unchecked.update_item(TableName=table.name, Key=KEY, ReturnValues="SOME")


def test_missing_table(dynamodb):
    with refused("ResourceNotFoundException", "Requested resource not found"):
        dynamodb.update_item(TableName="weir-no-such-table", Key=KEY)
