# SPDX-License-Identifier: Apache-2.0
"""ConditionExpression: which conditions hold, the answer if one fails, and that nothing then
changes.
"""

import pytest
from errors import refused
from raw_call import raw_call
from values import BOOL, BS, NS, NULL, SS, B, L, M, N, S

KEY = {"pk": S("a")}
FAILED = ("ConditionalCheckFailedException", "The conditional request failed")

ITEM = {
    **KEY,
    "n": N(5),
    "big": N("12345678901234567890123456789012345678"),
    "s": S("hello"),
    "smile": S("\U0001f600"),
    "b": B(b"\x01\x02\x03"),
    "t": BOOL(True),
    "nul": NULL,
    "ss": SS("x", "y"),
    "ns": NS(1, 2, 3),
    "bs": BS(b"x"),
    "l": L(N(1), S("two"), M(x=N(3))),
    "m": M(x=N(1), y=M(z=S("deep"))),
    "twin": N(5),
}

VALUES = {
    ":4": N(4), ":5": N(5), ":50": N("5.0"), ":6": N(6), ":10": N(10), ":s": S("hello"),
    ":hell": S("hell"), ":ell": S("ell"), ":x": S("x"), ":z": S("z"), ":deep": S("deep"),
    ":big": N("12345678901234567890123456789012345679"),
    ":b": B(b"\x01\x02\x03"), ":b1": B(b"\x01"), ":b2": B(b"\x02"), ":T": BOOL(True),
    ":F": BOOL(False), ":null": NULL, ":yx": SS("y", "x"), ":321": NS(3, "2.0", 1),
    ":l": L(N(1), S("two"), M(x=N(3))), ":m": M(y=M(z=S("deep")), x=N("1.0")), ":1": N(1),
    ":2": N(2), ":3": N(3), ":two": S("two"), ":tN": S("N"), ":tS": S("S"), ":tM": S("M"),
    ":tL": S("L"), ":tSS": S("SS"), ":tNULL": S("NULL"), ":tBOOL": S("BOOL"), ":mx": M(x=N("3.0")),
}

HOLDS = [
    "attribute_exists(n)",
    "attribute_exists(nul)",
    "attribute_exists(m.y.z)",
    "attribute_exists(l[2].x)",
    "attribute_not_exists(absent)",
    "attribute_not_exists(m.absent)",
    "attribute_not_exists(l[9])",
    "attribute_not_exists(n.x)",
    "n = :5",
    "n = :50",
    ":5 = n",
    "n = twin",
    "n <> :4",
    "n <> :s",
    "absent <> :5",
    "absent <> gone",
    "s = :s",
    "b = :b",
    "t = :T",
    "t <> :F",
    "nul = :null",
    "ss = :yx",
    "ns = :321",
    "l = :l",
    "m = :m",
    "m.y.z = :deep",
    "l[1] = :two",
    "l[2].x = :3",
    "n < :6",
    "n < :10",
    "n <= :5",
    "n > :4",
    "n >= :5",
    "big < :big",
    "s > :hell",
    "s < :z",
    "b > :b1",
    "b < :b2",
    "n BETWEEN :4 AND :6",
    "n BETWEEN :5 AND :5",
    ":5 BETWEEN m.x AND n",
    "s BETWEEN :hell AND :z",
    "n IN (:5)",
    "n IN (:4, :s, :5)",
    "s IN (:x, :s)",
    "l[2] = :mx",
    "l[2] IN (:mx)",
    "begins_with(s, :hell)",
    "begins_with(s, :s)",
    "begins_with(b, :b1)",
    "contains(s, :ell)",
    "contains(ss, :x)",
    "contains(ns, :2)",
    "contains(l, :two)",
    "contains(l, :mx)",
    "contains(b, :b2)",
    "attribute_type(n, :tN)",
    "attribute_type(s, :tS)",
    "attribute_type(m, :tM)",
    "attribute_type(l, :tL)",
    "attribute_type(ss, :tSS)",
    "attribute_type(nul, :tNULL)",
    "attribute_type(t, :tBOOL)",
    "size(s) = :5",
    "size(b) = :3",
    "size(ss) = :2",
    "size(ns) = :3",
    "size(l) = :3",
    "size(m) = :2",
    "size(m.y) = :1",
    # Strings count UTF-16 units, as Java's do.
    "size(smile) = :2",
    "size(s) BETWEEN :4 AND :6",
    "size(s) IN (:4, :5)",
    "n = :5 AND s = :s",
    "n = :4 OR s = :s",
    "NOT n = :4",
    "NOT (n = :4 OR s = :x)",
    "NOT n = :4 AND s = :s",
    "n = :4 AND s = :x OR t = :T",
    "t = :T OR n = :4 AND s = :x",
    "n = :5 and not s = :x",
    "attribute_exists(n) AND (s = :x OR contains(ss, :x))",
    "NOT attribute_exists(absent)",
    "NOT NOT n = :5",
]

FAILS = [
    "attribute_exists(absent)",
    "attribute_exists(s.x)",
    "attribute_not_exists(n)",
    "n = :4",
    "n = :s",
    "absent = :5",
    "absent = gone",
    "absent < :5",
    "absent > :5",
    "n <> :50",
    "n < :5",
    "n < :s",
    "s < :10",
    "t = :F",
    "absent BETWEEN :4 AND :6",
    "n BETWEEN :6 AND :10",
    "s BETWEEN :4 AND :6",
    "absent IN (:5, :4)",
    "n IN (:4, :6)",
    "begins_with(s, :ell)",
    "begins_with(n, :hell)",
    "begins_with(absent, :hell)",
    "contains(s, :z)",
    "contains(ss, :z)",
    "contains(ns, :10)",
    "contains(n, :5)",
    "contains(absent, :5)",
    "attribute_type(n, :tS)",
    "attribute_type(absent, :tS)",
    "size(s) = :4",
    "size(absent) = :5",
    "size(n) = :1",
    "n = :5 AND s = :x",
    "n = :4 OR s = :x",
    "NOT n = :5",
    "NOT (n = :5 OR s = :x)",
    "NOT n = :5 OR s = :x",
    "n = :4 AND (s = :x OR t = :T)",
]


def parameters(expression, **more):
    words = expression.replace("(", " ").replace(")", " ").replace(",", " ").split()
    used = {name: VALUES[name] for name in words if name.startswith(":")}
    if used:
        more["ExpressionAttributeValues"] = used
    return {"ConditionExpression": expression, **more}


@pytest.fixture
def filled(table):
    table.put(ITEM)
    return table


@pytest.mark.parametrize("expression", HOLDS)
def test_condition_holds(filled, expression):
    filled.delete(KEY, **parameters(expression))
    assert filled.get(KEY) is None


@pytest.mark.parametrize("expression", FAILS)
def test_condition_fails(filled, expression):
    with refused(*FAILED):
        filled.delete(KEY, **parameters(expression))
    assert filled.get(KEY) is not None


class TestOnAnAbsentItem:
    @pytest.mark.parametrize("expression", [
        "attribute_not_exists(pk)", "n <> :5", "NOT n = :5", "NOT attribute_exists(pk)"])
    def test_holds(self, table, expression):
        table.put({**KEY, "new": N(1)}, **parameters(expression))
        assert table.get(KEY) == {**KEY, "new": N(1)}

    @pytest.mark.parametrize("expression", ["attribute_exists(pk)", "n = :5", "size(n) < :5"])
    def test_fails(self, table, expression):
        with refused(*FAILED):
            table.put(KEY, **parameters(expression))
        assert table.get(KEY) is None


class TestEachOperation:
    CONDITION = parameters("n = :4")

    def attempt(self, table, operation, **more):
        arguments = {**self.CONDITION, **more}
        if operation == "put":
            return table.put({**KEY, "n": N(0)}, **arguments)
        if operation == "delete":
            return table.delete(KEY, **arguments)
        values = {**arguments.pop("ExpressionAttributeValues"), ":new": N(0)}
        return table.update(KEY, "SET n = :new", values, **arguments)

    @pytest.mark.parametrize("operation", ["put", "update", "delete"])
    def test_failure_changes_nothing_and_returns_no_item(self, filled, operation):
        before = filled.get(KEY)
        with refused(*FAILED) as refusal:
            self.attempt(filled, operation)
        assert "Item" not in refusal.response
        assert filled.get(KEY) == before

    @pytest.mark.parametrize("operation", ["put", "update", "delete"])
    def test_all_old_returns_the_item(self, table, operation):
        table.put({**KEY, "n": N(5), "extra": L(NULL, B(b"\x07"))})
        with refused(*FAILED) as refusal:
            self.attempt(table, operation, ReturnValuesOnConditionCheckFailure="ALL_OLD")
        assert refusal.response["Item"] == {**KEY, "n": N(5), "extra": L(NULL, B(b"\x07"))}

    @pytest.mark.parametrize("operation", ["put", "update", "delete"])
    def test_none_returns_no_item(self, filled, operation):
        with refused(*FAILED) as refusal:
            self.attempt(filled, operation, ReturnValuesOnConditionCheckFailure="NONE")
        assert "Item" not in refusal.response

    @pytest.mark.parametrize("operation", ["put", "update", "delete"])
    def test_all_old_of_an_absent_item(self, table, operation):
        with refused(*FAILED) as refusal:
            self.attempt(table, operation, ReturnValuesOnConditionCheckFailure="ALL_OLD")
        assert "Item" not in refusal.response

    @pytest.mark.parametrize("operation", ["put", "update", "delete"])
    def test_item_that_passes_is_not_returned_unasked(self, filled, operation):
        reply = self.attempt(filled, operation, **parameters(
            "n = :5", ReturnValuesOnConditionCheckFailure="ALL_OLD"))
        del reply["ResponseMetadata"]
        assert reply == {}

    def test_update_condition_reads_the_item_before(self, filled):
        values = {":5": N(5), ":6": N(6)}
        filled.update(KEY, "SET n = :6", values, ConditionExpression="n = :5")
        with refused(*FAILED):
            filled.update(KEY, "SET n = :6", values, ConditionExpression="n = :5")

    def test_failed_update_makes_no_item(self, table):
        with refused(*FAILED):
            table.update(KEY, "SET n = :5", {":5": N(5)}, ConditionExpression="attribute_exists(n)")
        assert table.get(KEY) is None

    def test_raw_error_holds_the_typed_item(self, filled, endpoint):
        status, answer = raw_call(endpoint, "DeleteItem", {
            "TableName": filled.name, "Key": KEY,
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
        assert status == 400
        assert answer["__type"] == (
            "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException")
        assert answer["Message"] == FAILED[1] and "message" not in answer
        assert answer["Item"]["n"] == N(5)


def test_name_placeholders(table):
    table.put({**KEY, "size": N(1), "a.b": M({"c d": N(2)})})
    table.delete(KEY, ConditionExpression="#size = :1 AND #ab.#cd = :2",
                 ExpressionAttributeNames={"#size": "size", "#ab": "a.b", "#cd": "c d"},
                 ExpressionAttributeValues={":1": N(1), ":2": N(2)})
    assert table.get(KEY) is None


def test_condition_on_key_attributes(make_table):
    table = make_table("pk:S", "sk:N")
    key = {**KEY, "sk": N(1)}
    table.put(key)
    table.delete(key, ConditionExpression="pk = :p AND sk < :s",
                 ExpressionAttributeValues={":p": S("a"), ":s": N(2)})
    assert table.get(key) is None


def test_condition_sees_only_the_item_of_the_key(make_table):
    table = make_table("pk:S", "sk:N")
    table.put({**KEY, "sk": N(1)})
    table.put({**KEY, "sk": N(2)}, ConditionExpression="attribute_not_exists(pk)")
    assert table.get({**KEY, "sk": N(2)}) == {**KEY, "sk": N(2)}
