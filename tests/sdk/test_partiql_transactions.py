# SPDX-License-Identifier: Apache-2.0
"""ExecuteTransaction."""

import uuid

import pytest
from botocore.exceptions import ClientError
from errors import INVALID, VALIDATION, refused
from partiql import text_of
from stream_reader import read_stream, summary
from values import N, S

FIRST = "Validation failed in TransactStatements[0]: "
NEEDS_KEY = FIRST + ("Select statements within ExecuteTransaction must specify the primary key in "
                     "the where clause.")
EXISTS = FIRST + "EXISTS() must contain a single item read with additional condition"


def transact(table, *statements, **members):
    """One ExecuteTransaction of texts, or of dicts with more members."""
    made = [{"Statement": statement} if isinstance(statement, str) else statement
            for statement in statements]
    for member in made:
        member["Statement"] = text_of(table, member["Statement"])
    return table.client.execute_transaction(TransactStatements=made, **members)


def reasons(table, *statements):
    """The codes and texts of the reasons why a transaction is canceled."""
    with pytest.raises(ClientError) as caught:
        transact(table, *statements)
    response = caught.value.response
    assert response["Error"]["Code"] == "TransactionCanceledException", response
    codes = [reason["Code"] for reason in response["CancellationReasons"]]
    assert response["Error"]["Message"] == (
        "Transaction cancelled, please refer cancellation reasons for specific reasons ["
        + ", ".join(codes) + "]")
    return [(reason["Code"], reason.get("Message")) for reason in response["CancellationReasons"]]


@pytest.fixture
def pair(table):
    for pk in "ab":
        table.put({"pk": S(pk), "n": N(1)})
    return table


def test_reads(pair):
    reply = transact(pair, "SELECT * FROM $t WHERE pk = 'a'", "SELECT n FROM $t WHERE pk = 'b'",
                     "SELECT * FROM $t WHERE pk = 'absent'", ReturnConsumedCapacity="TOTAL")
    assert reply["Responses"] == [
        {"Item": {"pk": S("a"), "n": N(1)}}, {"Item": {"n": N(1)}}, {}]
    assert reply["ConsumedCapacity"] == [
        {"TableName": pair.name, "CapacityUnits": 6.0, "ReadCapacityUnits": 6.0}]


def test_writes_happen_together(make_table, streams):
    table = make_table(view="NEW_AND_OLD_IMAGES")
    table.put({"pk": S("a"), "n": N(1)})
    reply = transact(
        table, "UPDATE $t SET n = n + 1 WHERE pk = 'a'", "INSERT INTO $t VALUE {'pk': 'b'}",
        "DELETE FROM $t WHERE pk = 'absent' AND n = 1", ReturnConsumedCapacity="TOTAL")
    assert reply["Responses"] == []
    assert reply["ConsumedCapacity"] == [
        {"TableName": table.name, "CapacityUnits": 6.0, "WriteCapacityUnits": 6.0}]
    records = summary(read_stream(streams, table.stream_arn, count=3))
    old = {"pk": S("a"), "n": N(1)}
    assert sorted(records, key=repr) == sorted([
        ("INSERT", None, old),
        ("INSERT", None, {"pk": S("b")}),
        ("MODIFY", old, {"pk": S("a"), "n": N(2)}),
    ], key=repr)


def test_exists_is_a_condition_check(pair):
    update = "UPDATE $t SET n = 2 WHERE pk = 'b'"
    assert transact(pair, "EXISTS(SELECT * FROM $t WHERE pk = 'a' AND n = 1)", update)[
        "Responses"] == []
    assert pair.get({"pk": S("b")})["n"] == N(2)
    failed = ("ConditionalCheckFailed", "The conditional request failed")
    assert reasons(pair, "EXISTS(SELECT * FROM $t WHERE pk = 'a' AND n = 9)",
                   "UPDATE $t SET n = 3 WHERE pk = 'b'") == [failed, ("None", None)]
    assert pair.get({"pk": S("b")})["n"] == N(2)
    with pytest.raises(ClientError) as caught:
        transact(pair, {"Statement": "EXISTS(SELECT * FROM $t WHERE pk = 'a' AND n = 9)",
                        "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
    (reason,) = caught.value.response["CancellationReasons"]
    assert reason["Item"] == {"pk": S("a"), "n": N(1)}


CANCELED = [
    ("INSERT INTO $t VALUE {'pk': 'b'}", "DuplicateItem", "Duplicate primary key exists in table"),
    ("UPDATE $t SET n = 1 WHERE pk = 'absent'", "ConditionalCheckFailed",
     "The conditional request failed"),
    ("UPDATE none SET n = 1 WHERE pk = 'b'", "ResourceNotFound", "Requested resource not found"),
    ("DELETE FROM $t WHERE n = 1", "ValidationError",
     "Where clause does not contain a mandatory equality on all key attributes"),
    ("DELETE FROM $t WHERE pk = 1", "ValidationError",
     "The provided key element does not match the schema"),
    ("INSERT INTO $t VALUE {'pk': 2}", "ValidationError",
     INVALID + "Type mismatch for key pk expected: S actual: N"),
    ("UPDATE $t SET n = absent WHERE pk = 'b'", "ValidationError",
     "The provided expression refers to an attribute that does not exist in the item"),
]


@pytest.mark.parametrize("statement, code, message", CANCELED,
                         ids=[text for text, _, _ in CANCELED])
def test_canceled(pair, statement, code, message):
    assert reasons(pair, "UPDATE $t SET n = 9 WHERE pk = 'a'", statement) == [
        ("None", None), (code, message)]
    assert pair.get({"pk": S("a")})["n"] == N(1)


def test_each_statement_that_is_invalid_by_itself_is_named(pair):
    assert reasons(pair, "DELETE FROM $t WHERE pk = 1", "UPDATE $t SET n = 9 WHERE pk = 'a'",
                   "INSERT INTO $t VALUE {'pk': 2}") == [
        ("ValidationError", "The provided key element does not match the schema"),
        ("None", None),
        ("ValidationError", INVALID + "Type mismatch for key pk expected: S actual: N")]
    assert pair.get({"pk": S("a")})["n"] == N(1)


REFUSED = [
    ("SELECT * FROM $t WHERE", FIRST + "Statement wasn't well formed, can't be processed: "
                                       "Unexpected term"),
    ("SELECT * FROM $t", NEEDS_KEY),
    ("SELECT * FROM $t WHERE pk = 'a' AND pk = 'b'", NEEDS_KEY),
    ("SELECT * FROM $t WHERE pk = 1 AND n = 1", NEEDS_KEY),
    ("SELECT * FROM $t WHERE pk = 'a' AND attribute_exists(n)", NEEDS_KEY),
    ('SELECT * FROM $t."index" WHERE pk = \'a\'',
     FIRST + "Reads on indices are not supported within transactions."),
    ("UPDATE $t SET n = 1 WHERE pk = 'a' RETURNING ALL NEW *",
     FIRST + "RETURNING clause is not supported in ExecuteTransaction."),
    ("EXISTS(SELECT * FROM $t WHERE pk = 'a')", EXISTS),
    ("EXISTS(SELECT * FROM $t WHERE n = 1)", EXISTS),
]


@pytest.mark.parametrize("statement, message", REFUSED, ids=[text for text, _ in REFUSED])
def test_refused(pair, statement, message):
    with refused(VALIDATION, message):
        transact(pair, statement)


def test_what_does_not_go_together(pair):
    with refused(VALIDATION, "ExecuteTransaction API does not support both read and write "
                             "operations in the same request."):
        transact(pair, "SELECT * FROM $t WHERE pk = 'a'", "DELETE FROM $t WHERE pk = 'b'")
    with refused(VALIDATION, "Transaction request cannot include multiple operations on one item"):
        transact(pair, "UPDATE $t SET n = 2 WHERE pk = 'a'", "DELETE FROM $t WHERE pk = 'a'")


def test_a_token_makes_it_happen_once(pair):
    token = uuid.uuid4().hex
    update = "UPDATE $t SET n = n + 1 WHERE pk = 'a'"
    first = transact(pair, update, ClientRequestToken=token, ReturnConsumedCapacity="TOTAL")
    again = transact(pair, update, ClientRequestToken=token, ReturnConsumedCapacity="TOTAL")
    assert first["ConsumedCapacity"][0]["WriteCapacityUnits"] == 2.0
    assert again["ConsumedCapacity"][0]["ReadCapacityUnits"] == 2.0
    assert pair.get({"pk": S("a")})["n"] == N(2)
    with refused("IdempotentParameterMismatchException"):
        transact(pair, "UPDATE $t SET n = 7 WHERE pk = 'a'", ClientRequestToken=token)
