# SPDX-License-Identifier: Apache-2.0
"""BatchExecuteStatement."""

import pytest
from errors import VALIDATION, constraint, refused
from partiql import batch
from stream_reader import read_stream, summary
from values import N, S

NEEDS_KEY = ("Select statements within BatchExecuteStatement must specify the primary key in the "
             "where clause.")
MALFORMED = "Statement wasn't well formed, can't be processed: "


def responses(table, *statements, **members):
    return batch(table, *statements, **members)["Responses"]


def error(table, statement, **members):
    (response,) = responses(table, statement, **members)
    assert "TableName" not in response and "Item" not in response
    return response["Error"]["Code"], response["Error"]["Message"]


def test_reads(table):
    table.put({"pk": S("a"), "n": N(1)})
    table.put({"pk": S("b"), "n": N(2)})
    assert responses(
        table, "SELECT * FROM $t WHERE pk = 'a'", ("SELECT n FROM $t WHERE pk = ?", S("b")),
        "SELECT * FROM $t WHERE pk = 'absent'", "SELECT * FROM none WHERE pk = 'a'",
        "SLECT * FROM $t",
    ) == [
        {"TableName": table.name, "Item": {"pk": S("a"), "n": N(1)}},
        {"TableName": table.name, "Item": {"n": N(2)}},
        {"TableName": table.name},
        {"Error": {"Code": "ResourceNotFound", "Message": "Requested resource not found"}},
        {"Error": {"Code": "ValidationError",
                   "Message": MALFORMED + "Expected data manipulation"}},
    ]


@pytest.mark.parametrize("where", [
    "", " WHERE n = 1", " WHERE pk = 'a' AND n = 1", " WHERE pk = 'a' AND attribute_exists(n)",
    " WHERE pk IN ['a', 'b']", " WHERE pk > 'a'", " WHERE pk = 'a' OR pk = 'b'",
    " WHERE pk = 'a' AND pk = 'b'",
])
def test_reads_are_by_key_only(table, where):
    assert error(table, "SELECT * FROM $t" + where) == ("ValidationError", NEEDS_KEY)


def test_order_by_of_one_item(table):
    read = "SELECT * FROM $t WHERE pk = 'a' ORDER BY "
    assert error(table, read + "n") == (
        "ValidationError", "Attribute n in ORDER BY clause must be part of the primary key")
    table.put({"pk": S("a")})
    assert responses(table, read + "pk DESC") == [
        {"TableName": table.name, "Item": {"pk": S("a")}}]


def test_writes_succeed_one_by_one(make_table, streams):
    table = make_table(view="NEW_IMAGE")
    table.put({"pk": S("a"), "n": N(1)})
    failed = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
    assert responses(
        table, "INSERT INTO $t VALUE {'pk': 'b'}",
        "UPDATE $t SET n = 2 WHERE pk = 'a' RETURNING ALL OLD *",
        "UPDATE $t SET n = 2 WHERE pk = 'absent'",
        "DELETE FROM $t WHERE pk = 'none' RETURNING ALL OLD *",
        "UPDATE $t SET n = 2 WHERE n = 1",
    ) == [
        {"TableName": table.name},
        {"TableName": table.name, "Item": {"pk": S("a"), "n": N(1)}},
        {"TableName": table.name, "Error": failed},
        {"TableName": table.name},
        {"Error": {"Code": "ValidationError", "Message":
                   "Where clause does not contain a mandatory equality on all key attributes"}},
    ]
    (response,) = responses(table, "INSERT INTO $t VALUE {'pk': 'a'}")
    assert response == {"TableName": table.name, "Error": {
        "Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}}
    records = summary(read_stream(streams, table.stream_arn, count=3))
    assert sorted(name for name, _, _ in records) == ["INSERT", "INSERT", "MODIFY"]


def test_a_failed_condition_shows_its_item_on_request(table):
    table.put({"pk": S("a"), "n": N(1)})
    (response,) = responses(table, {
        "Statement": "DELETE FROM $t WHERE pk = 'a' AND n = 2",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
    assert response["Error"] == {
        "Code": "ConditionalCheckFailed", "Message": "The conditional request failed",
        "Item": {"pk": S("a"), "n": N(1)}}


def test_what_a_batch_may_not_hold(table, unchecked):
    mixed = "Read and write requests together in the same batch is not supported."
    with refused(VALIDATION, mixed):
        batch(table, "SELECT * FROM $t WHERE pk = 'a'", "DELETE FROM $t WHERE pk = 'b'")
    duplicates = "Provided list of item keys contains duplicates"
    with refused(VALIDATION, duplicates):
        batch(table, "SELECT * FROM $t WHERE pk = 'a'", "SELECT n FROM $t WHERE 'a' = pk")
    with refused(VALIDATION, duplicates):
        batch(table, "INSERT INTO $t VALUE {'pk': 'a'}", "DELETE FROM $t WHERE pk = 'a'")
    with refused(VALIDATION, "1 validation error detected: " + constraint(
            "'[]'", "statements", "have length greater than or equal to 1")):
        unchecked.batch_execute_statement(Statements=[])
    with refused(VALIDATION) as refusal:
        batch(table, *["SELECT * FROM $t"] * 26)
    assert "length less than or equal to 25" in refusal.message


def test_faults_of_members(table):
    assert error(table, "EXISTS(SELECT * FROM $t WHERE pk = 'a')") == (
        "ValidationError", "EXISTS can only be used in ExecuteTransaction write requests.")
    assert error(table, ("SELECT * FROM $t WHERE pk = ?", N("1e99999999999"))) == (
        "ValidationError", "The parameter cannot be converted to a numeric value: 1e99999999999")
    assert error(table, "SELECT * FROM $t WHERE pk = ?") == (
        "ValidationError", "Number of parameters in request and statement don't match.")
    assert error(table, "SELECT * FROM $t WHERE") == (
        "ValidationError", MALFORMED + "Unexpected term")


def units(table, *statements):
    reply = batch(table, *statements, ReturnConsumedCapacity="TOTAL")
    return [(figure["TableName"], figure["CapacityUnits"])
            for figure in reply.get("ConsumedCapacity", [])]


def test_capacity(table):
    table.put({"pk": S("a"), "n": N(1)})
    read = "SELECT * FROM $t WHERE pk = 'a'"
    assert units(table, read, "SELECT * FROM $t WHERE pk = 'b'") == [(table.name, 1.0)]
    consistent = {"Statement": read, "ConsistentRead": True}
    assert units(table, consistent, "SELECT * FROM $t WHERE pk = 'b'") == [(table.name, 1.5)]
    assert units(table, read, "SELECT * FROM $t") == [(table.name, 0.5)]
    insert = "INSERT INTO $t VALUE {'pk': 'a'}"
    assert units(table, insert) == []
    assert units(table, insert, "DELETE FROM $t WHERE pk = 'c'") == [(table.name, 2.0)]
