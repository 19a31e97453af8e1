# SPDX-License-Identifier: Apache-2.0
"""ExecuteStatement's INSERT, UPDATE and DELETE, and their change records."""

import pytest
from errors import INVALID, NOT_VALID
from indexes import index, indexed_table
from partiql import execute, items, refuses
from stream_reader import read_stream, summary
from values import BOOL, BS, NS, NULL, SS, L, M, N, S

KEY = {"pk": S("k")}
NO_KEY = "Where clause does not contain a mandatory equality on all key attributes"
FAILED = "The conditional request failed"
MISMATCH = "Key attribute's data type should match its data type in table's schema: Key pk"


def fails(table, statement, *parameters, **members):
    return refuses(table, statement, FAILED, *parameters,
                   code="ConditionalCheckFailedException", **members)


def test_insert_writes_what_its_literal_says(table):
    reply = execute(
        table, "INSERT INTO $t VALUE {'pk': 'k', 'n': -1.50, 'b': true, 'z': null, "
               "'l': [1, 'a', [2]], 'm': {'x': {'y': 1e2}}, 'ns': <<2, 1>>, 'ss': <<'a'>>, "
               "'it''s': '', 'p': ?, 'q': ?}", BS(b"x"), M(d=L(N(1))))
    assert reply["Items"] == [] and "NextToken" not in reply
    assert table.get(KEY) == {
        "pk": S("k"), "n": N("-1.5"), "b": BOOL(True), "z": NULL, "l": L(N(1), S("a"), L(N(2))),
        "m": M(x=M(y=N(100))), "ns": NS(1, 2), "ss": SS("a"), "it's": S(""), "p": BS(b"x"),
        "q": M(d=L(N(1)))}


def test_insert_is_no_put(table):
    execute(table, "INSERT INTO $t VALUE {'pk': 'k', 'a': 1}")
    refuses(table, "INSERT INTO $t VALUE {'pk': 'k', 'a': 2}",
            "Duplicate primary key exists in table", code="DuplicateItemException")
    assert table.get(KEY)["a"] == N(1)


INSERT_FAULTS = [
    ("{'a': 1}", "Key attribute should be present in the item: Key pk"),
    ("{'pk': 1}", MISMATCH),
    ("{'pk': ''}", NOT_VALID + "The AttributeValue for a key attribute cannot contain an empty "
                               "string value. Key: pk"),
    ("{'pk': 'k', 'a': <<>>}", "Empty bags are not supported"),
    ("{'pk': 'k', 'a': <<'x', 'x'>>}", INVALID + "Input collection [x, x] contains duplicates."),
    ("{'pk': 'k', 'a': {'x': 1e126}}", "Number overflow. Attempting to store a number with "
                                       "magnitude larger than supported range under root.x"),
    ("{'pk': 'k', 'a': [missing]}", None),
    ("{'pk': 'k'} foo", "Statement wasn't well formed, can't be processed: Unexpected token after "
                        "expression"),
    ("{'pk': 'k', 'pk': 'l'}", None),
]


@pytest.mark.parametrize("literal, message", INSERT_FAULTS, ids=[text for text, _ in INSERT_FAULTS])
def test_insert_refuses(table, literal, message):
    refuses(table, "INSERT INTO $t VALUE " + literal, message)
    assert table.get(KEY) is None


def test_an_item_has_the_size_of_any(table):
    size = 409_600 - len("pk") - len("k") - len("a")
    execute(table, "INSERT INTO $t VALUE {'pk': 'k', 'a': ?}", S("x" * size))
    refuses(table, "INSERT INTO $t VALUE {'pk': 'l', 'a': ?}",
            "Item size has exceeded the maximum allowed size", S("x" * (size + 1)))
    refuses(table, "UPDATE $t SET a = ? WHERE pk = 'k'",
            "Item size to update has exceeded the maximum allowed size", S("x" * (size + 1)))


START = {"n": N(5), "s": S("x"), "l": L(S("a"), S("b")), "m": M(x=N(1)), "ss": SS("a", "b")}
UPDATES = [
    ("SET n = n + 1 - m.x", {"n": N(5)}),
    ("SET n = 6, s = 'y' SET m.z = n REMOVE l[0]",
     {"n": N(6), "s": S("y"), "m": M(x=N(1), z=N(5)), "l": L(S("b"))}),
    ("SET l = list_append(l, ['c'])", {"l": L(S("a"), S("b"), S("c"))}),
    ("SET n = if_not_exists(n, 1), q = if_not_exists(q, [])", {"q": L()}),
    ("SET ss = set_add(ss, <<'c'>>)", {"ss": SS("a", "b", "c")}),
    ("SET ss = SET_DELETE(ss, <<'a', 'b'>>)", {"ss": None}),
    ("SET ns = set_add(ns, <<1>>)", {"ns": NS(1)}),
    ("SET gone = set_delete(gone, <<1>>)", {}),
    ("REMOVE n REMOVE gone", {"n": None}),
]


@pytest.mark.parametrize("clauses, changes", UPDATES, ids=[clauses for clauses, _ in UPDATES])
@pytest.mark.parametrize("form", ["UPDATE $t {} WHERE pk = 'k'", "FROM $t WHERE pk = 'k' {}"])
def test_update_changes_an_item(table, clauses, changes, form):
    table.put({**KEY, **START})
    assert execute(table, form.format(clauses))["Items"] == []
    expected = {**KEY, **START, **changes}
    assert table.get(KEY) == {name: value for name, value in expected.items() if value is not None}


def test_update_makes_no_item(table):
    fails(table, "UPDATE $t SET a = 1 WHERE pk = 'k'")
    fails(table, "UPDATE $t SET a = 1 WHERE pk = 'k' AND attribute_not_exists(pk)")
    fails(table, "FROM $t WHERE pk = 'k' REMOVE a")
    assert table.get(KEY) is None


def test_conditions_of_writes(table):
    table.put({**KEY, "a": N(1)})
    execute(table, "UPDATE $t SET b = 1 WHERE pk = ? AND a = ?", S("k"), N(1))
    execute(table, "UPDATE $t SET b = 2 WHERE a IN [1, 2] AND 'k' = pk AND c IS MISSING")
    fails(table, "UPDATE $t SET b = 3 WHERE pk = 'k' AND a = 2")
    fails(table, "DELETE FROM $t WHERE pk = 'k' AND a = 2")
    refusal = fails(table, "DELETE FROM $t WHERE pk = 'k' AND a = 2",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert refusal.response["Item"] == {**KEY, "a": N(1), "b": N(2)}
    execute(table, "DELETE FROM $t WHERE pk = 'k' AND a = 1")
    assert table.get(KEY) is None
    assert items(table, "DELETE FROM $t WHERE pk = 'k' AND a = 1") == []


def test_returning(table):
    table.put({**KEY, "a": N(1), "m": M(x=N(1), y=N(2))})
    update = "UPDATE $t SET a = a + 1, m.x = 5 WHERE pk = 'k' RETURNING "
    assert items(table, update + "ALL OLD *") == [{**KEY, "a": N(1), "m": M(x=N(1), y=N(2))}]
    assert items(table, update + "ALL NEW *") == [{**KEY, "a": N(3), "m": M(x=N(5), y=N(2))}]
    assert items(table, update + "MODIFIED OLD *") == [{"a": N(3), "m": M(x=N(5))}]
    assert items(table, update + "MODIFIED NEW *") == [{"a": N(5), "m": M(x=N(5))}]
    assert items(table, "UPDATE $t REMOVE a WHERE pk = 'k' RETURNING MODIFIED NEW *") == []
    refuses(table, "DELETE FROM $t WHERE pk = 'k' RETURNING ALL NEW *",
            "Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in "
            "DELETE statements.")
    delete = "DELETE FROM $t WHERE pk = 'k' RETURNING ALL OLD *"
    assert items(table, delete) == [{**KEY, "m": M(x=N(5), y=N(2))}]
    assert items(table, delete) == []


WRITE_FAULTS = [
    ("UPDATE $t SET a = 1", NO_KEY),
    ("FROM $t SET a = 1", NO_KEY),
    ("DELETE FROM $t WHERE a = 1", NO_KEY),
    ("DELETE FROM $t WHERE pk IN ['k', 'l']", NO_KEY),
    ("DELETE FROM $t WHERE pk = 'k' OR a = 1", NO_KEY),
    ("DELETE FROM $t WHERE pk = 'k' AND pk = 'l'",
     "Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported"),
    ("DELETE FROM $t WHERE pk = 1", MISMATCH),
    ("DELETE FROM $t WHERE pk = [1]",
     "Key value must be of type S, N, or B. Key name: pk, Key type: L"),
    ("UPDATE $t SET pk = 'l' WHERE pk = 'k'",
     INVALID + "Cannot update attribute pk. This attribute is part of the key"),
    ("UPDATE $t SET a = b WHERE pk = 'k'",
     "The provided expression refers to an attribute that does not exist in the item"),
    ("UPDATE $t SET b.c = 1 WHERE pk = 'k'",
     "The document path provided in the update expression is invalid for update"),
    ("UPDATE $t SET a = set_add(a, <<1>>) WHERE pk = 'k'",
     "An operand in the update expression has an incorrect data type"),
    ("UPDATE $t REMOVE a, b WHERE pk = 'k'",
     "Statement wasn't well formed, can't be processed: Unexpected token after expression"),
    ("INSERT INTO $t VALUE {'pk': 'l'} RETURNING ALL OLD *",
     "RETURNING is not supported in INSERT"),
    ("EXISTS(SELECT * FROM $t WHERE pk = 'k')",
     "EXISTS can only be used in ExecuteTransaction write requests."),
]


@pytest.mark.parametrize("statement, message", WRITE_FAULTS, ids=[text for text, _ in WRITE_FAULTS])
def test_writes_refuse(table, statement, message):
    table.put({**KEY, "a": S("x")})
    refuses(table, statement, message)
    assert table.get(KEY) == {**KEY, "a": S("x")}


def test_index_keys_are_checked(dynamodb):
    with indexed_table(dynamodb, "pk:S", more=("g:S",), gsi=[index("byG", "g")]) as table:
        mismatch = INVALID + "Type mismatch for Index Key g Expected: S Actual: N IndexName: byG"
        refuses(table, "INSERT INTO $t VALUE {'pk': 'k', 'g': 1}", mismatch)
        execute(table, "INSERT INTO $t VALUE {'pk': 'k', 'g': 'a'}")
        refuses(table, "UPDATE $t SET g = 1 WHERE pk = 'k'", mismatch)
        reply = execute(table, "UPDATE $t SET g = 'b' WHERE pk = 'k'",
                        ReturnConsumedCapacity="INDEXES")
        assert reply["ConsumedCapacity"] == {
            "TableName": table.name, "CapacityUnits": 3.0, "Table": {"CapacityUnits": 1.0},
            "GlobalSecondaryIndexes": {"byG": {"CapacityUnits": 2.0}}}


def test_change_records_are_those_of_native_writes(make_table, streams):
    table = make_table(view="NEW_AND_OLD_IMAGES")
    execute(table, "INSERT INTO $t VALUE {'pk': 'k', 'a': 1}")
    execute(table, "UPDATE $t SET a = 1 WHERE pk = 'k'")
    execute(table, "UPDATE $t SET a = a + 1, ss = set_add(ss, <<'x'>>) WHERE pk = 'k'")
    execute(table, "UPDATE $t SET ss = set_add(ss, <<'x'>>) REMOVE none WHERE pk = 'k'")
    fails(table, "UPDATE $t SET a = 9 WHERE pk = 'k' AND a = 7")
    execute(table, "DELETE FROM $t WHERE pk = 'k'")
    execute(table, "DELETE FROM $t WHERE pk = 'k'")
    changed = {**KEY, "a": N(2), "ss": SS("x")}
    records = read_stream(streams, table.stream_arn, count=3)
    assert summary(records) == [
        ("INSERT", None, {**KEY, "a": N(1)}),
        ("MODIFY", {**KEY, "a": N(1)}, changed),
        ("REMOVE", changed, None),
    ]
