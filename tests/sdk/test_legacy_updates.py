# SPDX-License-Identifier: Apache-2.0
"""AttributeUpdates: the effect of each action on an item, and what is refused."""

import pytest
from errors import INVALID, ONE, VALIDATION, refused
from values import BOOL, BS, NS, NULL, SS, B, L, M, N, S

KEY = {"pk": S("a")}
MISMATCH = "Type mismatch for attribute to update"


def put(value):
    return {"Action": "PUT", "Value": value}


def add(value):
    return {"Action": "ADD", "Value": value}


def delete(value=None):
    return {"Action": "DELETE"} if value is None else {"Action": "DELETE", "Value": value}


# The attribute before, its update, and the attribute afterwards. None for no attribute.
UPDATES = [
    (None, {"Value": S("x")}, S("x")),
    (S("old"), {"Value": N(1)}, N(1)),
    (S("old"), put(M(a=L())), M(a=L())),
    (None, put(S("")), S("")),
    (None, add(N("-1.5")), N("-1.5")),
    (N("0.1"), add(N("0.2")), N("0.3")),
    (N(5), add(N(-5)), N(0)),
    (None, add(SS("b", "a")), SS("a", "b")),
    (SS("a"), add(SS("b", "a")), SS("a", "b")),
    (NS(2), add(NS("10", "2.0")), NS(2, 10)),
    (BS(b"x"), add(BS(b"y")), BS(b"x", b"y")),
    (None, add(L(N(1))), L(N(1))),
    (L(N(1)), add(L(N(1), S("x"))), L(N(1), N(1), S("x"))),
    (None, delete(), None),
    (M(a=N(1)), delete(), None),
    (None, delete(SS("a")), None),
    (SS("a", "b"), delete(SS("b", "z")), SS("a")),
    (NS(1, 2), delete(NS("1.0", "2")), None),
    (BS(b"x", b"y"), delete(BS(b"x")), BS(b"y")),
]


def holding(value):
    return {**KEY, "other": S("kept"), **({} if value is None else {"v": value})}


@pytest.mark.parametrize("before, update, after", UPDATES)
def test_one_update_of_an_item(table, before, update, after):
    for wanted, attributes in (
        ("NONE", None),
        ("ALL_OLD", holding(before)),
        ("ALL_NEW", holding(after)),
        ("UPDATED_OLD", None if before is None else {"v": before}),
        ("UPDATED_NEW", None if after is None else {"v": after}),
    ):
        table.put(holding(before))
        reply = table.update(KEY, AttributeUpdates={"v": update}, ReturnValues=wanted)
        assert reply.get("Attributes") == attributes, wanted
        assert table.get(KEY) == holding(after)


@pytest.mark.parametrize("before, update, after", [row for row in UPDATES if row[0] is None])
def test_one_update_of_no_item(table, before, update, after):
    table.update(KEY, AttributeUpdates={"v": update})
    assert table.get(KEY) == (None if after is None else {**KEY, "v": after})


def test_no_updates_make_an_item_of_its_key(table):
    assert "Attributes" not in table.update(KEY, AttributeUpdates={}, ReturnValues="UPDATED_NEW")
    assert table.get(KEY) == KEY
    table.put(holding(N(1)))
    table.update(KEY, AttributeUpdates={})
    assert table.get(KEY) == holding(N(1))


def test_many_updates_at_once(table):
    table.put(holding(N(1)))
    reply = table.update(
        KEY, ReturnValues="UPDATED_OLD",
        AttributeUpdates={"z": put(N(1)), "v": add(N(1)), "other": delete(), "a.b": put(NULL)})
    assert reply["Attributes"] == {"v": N(1), "other": S("kept")}
    assert table.get(KEY) == {**KEY, "z": N(1), "v": N(2), "a.b": NULL}


@pytest.mark.parametrize("stored, update", [
    (S("1"), add(N(1))),
    (NS(1), add(N(1))),
    (SS("1"), add(NS(1))),
    (L(), add(SS("a"))),
    (SS("a"), add(L(S("b")))),
    (N(1), delete(NS(1))),
    (SS("1"), delete(NS(1))),
])
def test_values_of_another_type(table, stored, update):
    table.put(holding(stored))
    with refused(VALIDATION, MISMATCH):
        table.update(KEY, AttributeUpdates={"v": update, "other": put(N(1))})
    assert table.get(KEY) == holding(stored)


@pytest.mark.parametrize("update, text", [
    ({}, "Only DELETE action is allowed when no attribute value is specified"),
    ({"Action": "PUT"}, "Only DELETE action is allowed when no attribute value is specified"),
    ({"Action": "ADD"}, "Only DELETE action is allowed when no attribute value is specified"),
    *[(delete(value), f"DELETE action with value is not supported for the type {kind}")
      for kind, value in (("S", S("x")), ("N", N(1)), ("B", B(b"x")), ("L", L()), ("M", M()),
                          ("BOOL", BOOL(True)), ("NULL", NULL))],
    *[(add(value), f"ADD action is not supported for the type {kind}")
      for kind, value in (("S", S("x")), ("B", B(b"x")), ("M", M()), ("BOOL", BOOL(True)),
                          ("NULL", NULL))],
])
def test_actions_that_do_not_take_their_value(table, update, text):
    with refused(VALIDATION, INVALID + text):
        table.update(KEY, AttributeUpdates={"v": update})
    assert table.get(KEY) is None


@pytest.mark.parametrize("update, text", [
    ({"Action": "SET", "Value": N(1)},
     ONE + "Member must satisfy enum value set: [ADD, DELETE, PUT]' for Action"),
    (put(N("one")), ONE + "The parameter cannot be converted to a numeric value: one"),
    (put(SS()), ONE + INVALID + "An string set  may not be empty"),
    (put({}), "Supplied AttributeValue is empty, must contain exactly one of the supported "
     "datatypes"),
])
def test_bad_members(table, unchecked, update, text):
    with refused(VALIDATION, text):
        unchecked.update_item(TableName=table.name, Key=KEY, AttributeUpdates={"v": update})


def test_keys_stay(make_table):
    table = make_table("pk:S", "sk:N")
    key = {**KEY, "sk": N(1)}
    for update in (put(N(1)), delete()):
        with refused(VALIDATION,
                     INVALID + "Cannot update attribute sk. This attribute is part of the key"):
            table.update(key, AttributeUpdates={"sk": update, "v": put(N(1))})
    assert table.get(key) is None


def test_the_size_that_counts_is_the_items(table):
    # Only the item counts, unlike for an UpdateExpression, whose clauses add to the size.
    room = 409_600 - len("pk") - len("a") - len("v")
    table.update(KEY, AttributeUpdates={"v": put(S("x" * room))})
    with refused(VALIDATION, "Item size to update has exceeded the maximum allowed size"):
        table.update(KEY, AttributeUpdates={"v": put(S("x" * (room + 1)))})
    assert len(table.get(KEY)["v"]["S"]) == room
