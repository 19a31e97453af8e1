# SPDX-License-Identifier: Apache-2.0
"""ClientRequestToken: a transaction that is sent again is carried out only once.

tests/dynamodb/transaction_test.cc tests with a manual clock that a token counts for ten minutes.
"""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from errors import INVALID, ONE, VALIDATION, constraint, refused
from raw_call import raw_call
from reading import scan
from stream_reader import read_stream
from transactions import NONE, canceled, check, delete, failed, invalid, put, update, write
from values import N, S

MISMATCH = ("IdempotentParameterMismatchException", "Specified idempotent token was used with "
            "different request parameters within the idempotency window")
KEY = {"pk": S("a")}
OTHER = {"pk": S("b")}
WORKERS = 8


@pytest.fixture
def token():
    return {"ClientRequestToken": uuid.uuid4().hex}


def add(table, key=KEY, number=1):
    return update(table, key, "ADD n :n", {":n": N(number)})


class TestReplay:
    def test_writes_nothing(self, table, token):
        for _ in range(3):
            assert write(table.client, add(table), add(table, OTHER), **token) == {}
        assert sorted(item["n"]["N"] for item in scan(table)["Items"]) == ["1", "1"]

    def test_does_not_look_at_the_items(self, table, token):
        """The answer is the first one's, although the condition would fail by now."""
        actions = [put(table, KEY, "attribute_not_exists(pk)"),
                   check(table, OTHER, "attribute_not_exists(pk)")]
        write(table.client, *actions, **token)
        table.put(OTHER)
        write(table.client, *actions, **token)
        table.delete(KEY)
        write(table.client, *actions, **token)
        assert scan(table)["Items"] == [OTHER]

    def test_of_the_same_request_in_another_order_of_members(self, table, token):
        item = {**KEY, "x": N(1), "y": N(2)}
        condition = "n <> :a AND n <> :b"
        write(table.client, put(table, item, condition, {":a": N(1), ":b": N(2)}), **token)
        again = put(table, dict(reversed(item.items())), condition, {":b": N(2), ":a": N(1)})
        write(table.client, {"Put": dict(reversed(again["Put"].items()))}, **token)

    @pytest.mark.parametrize("wish", ["INDEXES", "TOTAL", "NONE"])
    def test_with_another_wish_for_capacity(self, table, token, wish):
        write(table.client, add(table), **token)
        write(table.client, add(table), ReturnConsumedCapacity=wish, **token)
        assert table.get(KEY)["n"] == N(1)

    def test_makes_no_change_records(self, streams, make_table, token):
        table = make_table(view="KEYS_ONLY")
        for _ in range(3):
            write(table.client, put(table, KEY), delete(table, OTHER), **token)
            table.delete(KEY)
        table.put(OTHER)
        records = read_stream(streams, table.stream_arn, 3)
        assert [record["eventName"] for record in records if record["dynamodb"]["Keys"] == KEY] == [
            "INSERT", "REMOVE"]

    def test_while_the_first_is_under_way(self, table, token):
        def send(_):
            return write(table.client, add(table), add(table, OTHER, 2), **token)

        with ThreadPoolExecutor(WORKERS) as pool:
            assert list(pool.map(send, range(5 * WORKERS))) == [{}] * (5 * WORKERS)
        assert (table.get(KEY)["n"], table.get(OTHER)["n"]) == (N(1), N(2))


class TestMismatch:
    @pytest.mark.parametrize("actions", [
        lambda table: [add(table, KEY, 2), add(table, OTHER)],
        lambda table: [add(table, OTHER), add(table)],
        lambda table: [add(table)],
        lambda table: [add(table), add(table, OTHER), put(table, {"pk": S("c")})],
        lambda table: [add(table), put(table, OTHER)],
        lambda table: [add(table), update(
            table, OTHER, "ADD n :n", {":n": N(1)}, "attribute_not_exists(x)")],
        lambda table: [add(table), update(
            table, OTHER, "ADD #n :n", {":n": N(1)}, ExpressionAttributeNames={"#n": "n"})],
        lambda table: [add(table), update(
            table, OTHER, "ADD n :n", {":n": N(1)}, ReturnValuesOnConditionCheckFailure="ALL_OLD")],
    ], ids=["value", "order", "fewer", "more", "kind", "condition", "names", "wish for the item"])
    def test_of(self, table, token, actions):
        first = [add(table), add(table, OTHER)]
        write(table.client, *first, **token)
        with refused(*MISMATCH):
            write(table.client, *actions(table), **token)
        write(table.client, *first, **token)
        assert sorted((item["pk"]["S"], item["n"]["N"]) for item in scan(table)["Items"]) == [
            ("a", "1"), ("b", "1")]

    def test_of_the_table(self, make_table, token):
        first, second = make_table(), make_table()
        write(first.client, put(first, KEY), **token)
        with refused(*MISMATCH):
            write(first.client, put(second, KEY), **token)
        assert scan(second)["Items"] == []

    def test_body(self, endpoint, table, token):
        for item in (KEY, OTHER):
            status, answer = raw_call(endpoint, "TransactWriteItems", {
                "TransactItems": [put(table, item)], **token})
        assert (status, answer) == (400, {
            "__type": f"com.amazonaws.dynamodb.v20120810#{MISMATCH[0]}", "message": MISMATCH[1]})

    def test_comes_before_conditions(self, table, token):
        write(table.client, put(table, KEY), **token)
        with refused(*MISMATCH):
            write(table.client, check(table, OTHER), **token)

    def test_comes_after_what_is_wrong_with_the_request(self, table, token):
        write(table.client, put(table, KEY), **token)
        with refused(VALIDATION, 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: '
                     '"="'):
            write(table.client, put(table, KEY, "a ="), **token)


class TestFailedTransactions:
    """A failed transaction leaves its token unused."""

    def test_canceled(self, table, token):
        actions = [check(table, OTHER), add(table)]
        for _ in range(2):
            with canceled(failed(), NONE):
                write(table.client, *actions, **token)
        table.put(OTHER)
        for _ in range(2):
            write(table.client, *actions, **token)
        assert table.get(KEY)["n"] == N(1)

    def test_canceled_then_another_request(self, table, token):
        with canceled(failed()):
            write(table.client, check(table, OTHER), **token)
        write(table.client, add(table), **token)
        assert table.get(KEY)["n"] == N(1)

    def test_invalid(self, table, token):
        with canceled(invalid(
                INVALID + "Cannot update attribute pk. This attribute is part of the key")):
            write(table.client, update(table, KEY, "SET pk = :n", {":n": N(1)}), **token)
        with refused(VALIDATION,
                     "Transaction request cannot include multiple operations on one item"):
            write(table.client, put(table, KEY), put(table, KEY), **token)
        write(table.client, put(table, KEY), **token)
        assert table.get(KEY) == KEY


class TestTokens:
    def test_of_36_characters(self, table):
        token = str(uuid.uuid4())
        assert len(token) == 36
        for _ in range(2):
            write(table.client, add(table), ClientRequestToken=token)
        assert table.get(KEY)["n"] == N(1)

    def test_that_are_longer(self, table):
        token = "x" * 37
        with refused(VALIDATION, ONE + constraint(
                f"'{token}'", "clientRequestToken", "have length less than or equal to 36")):
            write(table.client, put(table, KEY), ClientRequestToken=token)

    def test_that_are_empty(self, unchecked):
        with refused(VALIDATION, ONE + constraint(
                "''", "clientRequestToken", "have length greater than or equal to 1")):
            write(unchecked, put("weir-no-such-table", KEY), ClientRequestToken="")

    def test_two_write_twice(self, table, token):
        write(table.client, add(table), **token)
        write(table.client, add(table), ClientRequestToken=uuid.uuid4().hex)
        assert table.get(KEY)["n"] == N(2)

    def test_case_counts(self, table, token):
        write(table.client, add(table), ClientRequestToken=token["ClientRequestToken"] + "a")
        write(table.client, add(table), ClientRequestToken=token["ClientRequestToken"] + "A")
        assert table.get(KEY)["n"] == N(2)
