# SPDX-License-Identifier: Apache-2.0
"""Why TransactWriteItems is canceled: one reason for each action, in their order.

All conditions that fail are reasons. If actions are invalid, the first of these is the only reason,
and all others say None, even if their conditions fail.
"""

import pytest
from errors import INVALID
from indexes import index, indexed_table
from raw_call import raw_call
from reading import scan
from transactions import NONE, canceled, check, delete, failed, invalid, put, update, write
from values import BOOL, B, M, N, S, nested

NO_MATCH = "The provided key element does not match the schema"
NO_ATTRIBUTE = "The provided expression refers to an attribute that does not exist in the item"
ALL_OLD = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
NO_ITEM = {"ReturnValuesOnConditionCheckFailure": "NONE"}
ABSENT = "attribute_not_exists(pk)"
DEEP = nested(32, S("x"))


def key(name):
    return {"pk": S(name)}


class TestConditions:
    def test_all_that_fail(self, table):
        table.put({**key("a"), "n": N(1)})
        with canceled(failed(), NONE, failed(), failed(), NONE, failed()):
            write(table.client,
                  put(table, key("a"), ABSENT),
                  put(table, key("new"), ABSENT),
                  delete(table, key("b"), "attribute_exists(pk)"),
                  update(table, key("c"), "SET n = :n", {":n": N(1)}, "n = :n"),
                  check(table, key("d"), ABSENT),
                  check(table, key("e")))
        assert scan(table)["Items"] == [{**key("a"), "n": N(1)}]

    @pytest.mark.parametrize("action", [
        lambda table, **more: put(table, key("a"), ABSENT, **more),
        lambda table, **more: update(
            table, key("a"), "SET x = :x", {":x": N(1)}, ABSENT, **more),
        lambda table, **more: delete(table, key("a"), ABSENT, **more),
        lambda table, **more: check(table, key("a"), ABSENT, **more),
    ], ids=["put", "update", "delete", "check"])
    def test_item_on_request(self, table, action):
        item = {**key("a"), "n": N("1.50"), "doc": M(b=B(b"\x00"), f=BOOL(False))}
        table.put(item)
        item["n"] = N("1.5")
        with canceled(failed(item), NONE):
            write(table.client, action(table, **ALL_OLD), put(table, key("b"), ABSENT, **ALL_OLD))
        for parameters in ({}, NO_ITEM):
            with canceled(failed(), NONE):
                write(table.client, action(table, **parameters), put(table, key("b")))

    def test_values_may_nest_too_deep(self, table):
        """Transactions do not check the nesting of values in expressions, only that of items
        (observed on AWS).
        """
        table.put(key("a"))
        with canceled(failed(), failed()):
            write(table.client, check(table, key("a"), "v = :v", {":v": DEEP}),
                  update(table, key("b"), "SET n = :n", {":n": N(1), ":v": DEEP}, "v = :v"))

    def test_no_item_where_there_is_none(self, table):
        with canceled(failed()):
            write(table.client, check(table, key("a"), **ALL_OLD))

    def test_each_action_has_its_own_wish(self, table):
        for name in "ab":
            table.put(key(name))
        with canceled(failed(key("a")), failed()):
            write(table.client, put(table, key("a"), ABSENT, **ALL_OLD),
                  put(table, key("b"), ABSENT))

    def test_hundred_reasons(self, table):
        with canceled(*[failed()] * 100):
            write(table.client, *(check(table, key(str(number))) for number in range(100)))


def test_body(endpoint, table):
    """This is one of the few errors of DynamoDB that spell Message with a capital."""
    table.put({**key("a"), "n": N(1)})
    status, answer = raw_call(endpoint, "TransactWriteItems", {"TransactItems": [
        put(table, key("a"), ABSENT, **ALL_OLD), put(table, key("b")), check(table, key("c"))]})
    assert (status, answer) == (400, {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons "
                   "[ConditionalCheckFailed, None, ConditionalCheckFailed]",
        "CancellationReasons": [failed({**key("a"), "n": N(1)}), NONE, failed()]})


class TestKeys:
    @pytest.fixture
    def table(self, make_table):
        return make_table("pk:S", "sk:N")

    @pytest.mark.parametrize("wrong", [
        {"pk": S("p")}, {"sk": N(1)}, {"pk": S("p"), "sk": S("1")}, {"pk": N(1), "sk": N(1)},
        {"pk": S("p"), "sk": N(1), "x": N(1)}, {"pk": S("p"), "x": N(1)},
    ], ids=str)
    @pytest.mark.parametrize("action", [
        delete, check, lambda table, key: update(table, key, "REMOVE x"),
    ], ids=["delete", "check", "update"])
    def test_that_do_not_fit(self, table, action, wrong):
        with canceled(NONE, invalid(NO_MATCH)):
            write(table.client, put(table, {"pk": S("good"), "sk": N(1)}), action(table, wrong))
        assert scan(table)["Items"] == []

    @pytest.mark.parametrize("wrong, message", [
        ({"pk": S("p")}, INVALID + "Missing the key sk in the item"),
        ({"sk": N(1)}, INVALID + "Missing the key pk in the item"),
        ({"pk": S("p"), "sk": S("1")},
         INVALID + "Type mismatch for key sk expected: N actual: S"),
    ], ids=["no sort key", "no partition key", "type"])
    def test_put_that_does_not_fit(self, table, wrong, message):
        with canceled(invalid(message), NONE):
            write(table.client, put(table, wrong), put(table, {"pk": S("good"), "sk": N(1)}))

    def test_too_long(self, table):
        with canceled(invalid(
                INVALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes")):
            write(table.client, delete(table, {"pk": S("x" * 2049), "sk": N(1)}))

    def test_cannot_be_updated(self, table):
        with canceled(NONE, invalid(
                INVALID + "Cannot update attribute sk. This attribute is part of the key")):
            write(table.client, put(table, {"pk": S("good"), "sk": N(1)}),
                  update(table, {"pk": S("p"), "sk": N(1)}, "SET sk = :n", {":n": N(1)}))


class TestUpdates:
    OPERAND = "An operand in the update expression has an incorrect data type"
    PATH = "The document path provided in the update expression is invalid for update"

    @pytest.mark.parametrize("expression, message", [
        ("SET x = absent", NO_ATTRIBUTE),
        ("SET x = s + :n", OPERAND),
        ("ADD s :n", OPERAND),
        ("SET absent.x = :n", PATH),
        ("SET s.x = :n", PATH),
    ])
    def test_that_do_not_fit_the_item(self, table, expression, message):
        table.put({**key("a"), "s": S("text")})
        values = {":n": N(1)} if ":n" in expression else None
        with canceled(NONE, invalid(message)):
            write(table.client, put(table, key("b")),
                  update(table, key("a"), expression, values))
        assert scan(table)["Items"] == [{**key("a"), "s": S("text")}]

    def test_condition_comes_before_the_update(self, table):
        with canceled(failed()):
            write(table.client, update(table, key("a"), "SET x = y", None, "attribute_exists(pk)"))

    def test_that_nest_an_item_too_deep(self, table):
        with canceled(NONE, invalid("Nesting Levels have exceeded supported limits")):
            write(table.client, put(table, key("b")),
                  update(table, key("a"), "SET v = :v", {":v": DEEP}))

    def test_that_make_an_item_too_large(self, table):
        table.put({**key("a"), "v": S("x" * 409_000)})
        with canceled(invalid("Item size to update has exceeded the maximum allowed size")):
            write(table.client, update(table, key("a"), "SET w = :w", {":w": S("x" * 1000)}))
        assert "w" not in table.get(key("a"))


class TestOnlyTheFirst:
    @pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
    def test_of_the_invalid(self, table, order):
        actions = [update(table, key("a"), "SET x = y"), check(table, key("b")),
                   update(table, key("c"), "SET x.y = :n", {":n": N(1)})]
        messages = [NO_ATTRIBUTE, None, TestUpdates.PATH]
        first = next(place for place in order if messages[place])
        reasons = [invalid(messages[place]) if place == first else NONE for place in order]
        with canceled(*reasons):
            write(table.client, *(actions[place] for place in order))

    def test_with_an_item_asked_for(self, table):
        table.put(key("a"))
        with canceled(NONE, invalid(NO_MATCH)):
            write(table.client, put(table, key("a"), ABSENT, **ALL_OLD),
                  delete(table, {"x": S("a")}))


class TestIndexKeys:
    @pytest.fixture
    def indexed(self, dynamodb):
        with indexed_table(dynamodb, "pk:S", "sk:N", more=["g:S", "l:N"],
                           gsi=[index("gsi", "g")], lsi=[index("lsi", "pk", "l")]) as made:
            yield made

    KEY = {"pk": S("p"), "sk": N(1)}

    @pytest.mark.parametrize("name, wrong, message", [
        ("g", N(1), INVALID + "Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi"),
        ("l", S("1"), INVALID + "Type mismatch for Index Key l Expected: N Actual: S "
         "IndexName: lsi"),
    ])
    def test_types(self, indexed, name, wrong, message):
        with canceled(NONE, invalid(message)):
            write(indexed.client, check(indexed, self.KEY, ABSENT),
                  put(indexed, {"pk": S("p"), "sk": N(2), name: wrong}))
        with canceled(invalid(message)):
            write(indexed.client, update(indexed, self.KEY, f"SET {name} = :v", {":v": wrong}))
        assert scan(indexed)["Items"] == []
