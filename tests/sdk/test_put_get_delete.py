# SPDX-License-Identifier: Apache-2.0
"""PutItem, GetItem and DeleteItem: their items, ReturnValues, missing tables and items."""

import pytest
from errors import ONE, VALIDATION, refused
from tables import unique_name
from values import BOOL, L, M, N, S

KEY = {"pk": S("a")}
RETURN_VALUES = ONE + "ReturnValues can only be ALL_OLD or NONE"
UNKNOWN_RETURN_VALUES = (
    # The list is as AWS writes it, with "UPDATE_NEW".
    ONE + "Failed to satisfy constraint: Member must satisfy enum value set: "
    "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]")


def body(reply):
    """A reply without the metadata that boto3 adds."""
    return {name: value for name, value in reply.items() if name != "ResponseMetadata"}


class TestPutItem:
    def test_answers_with_nothing(self, table):
        assert body(table.put(KEY)) == {}

    def test_replaces_the_whole_item(self, table):
        table.put({**KEY, "a": N(1), "b": N(2)})
        table.put({**KEY, "b": N(3)})
        assert table.get(KEY) == {**KEY, "b": N(3)}

    def test_key_only_item(self, table):
        table.put(KEY)
        assert table.get(KEY) == KEY

    def test_all_old_returns_the_item_before(self, table):
        assert body(table.put({**KEY, "a": N(1)}, ReturnValues="ALL_OLD")) == {}
        reply = table.put({**KEY, "a": N(2)}, ReturnValues="ALL_OLD")
        assert body(reply) == {"Attributes": {**KEY, "a": N(1)}}

    def test_none_returns_nothing(self, table):
        table.put({**KEY, "a": N(1)})
        assert body(table.put({**KEY, "a": N(2)}, ReturnValues="NONE")) == {}

    @pytest.mark.parametrize("wanted", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
    def test_other_return_values(self, table, wanted):
        with refused(VALIDATION, RETURN_VALUES):
            table.put(KEY, ReturnValues=wanted)
        assert table.get(KEY) is None

    def test_unknown_return_values(self, unchecked, table):
        with refused(VALIDATION, UNKNOWN_RETURN_VALUES):
            unchecked.put_item(TableName=table.name, Item=KEY, ReturnValues="EVERYTHING")

    def test_missing_table(self, dynamodb):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            dynamodb.put_item(TableName=unique_name(), Item=KEY)

    def test_arn_serves_as_name(self, dynamodb, table):
        dynamodb.put_item(TableName=table.describe()["TableArn"], Item=KEY)
        assert table.get(KEY) == KEY


class TestGetItem:
    def test_omits_item_when_the_key_is_absent(self, dynamodb, table):
        assert body(dynamodb.get_item(TableName=table.name, Key=KEY)) == {}

    @pytest.mark.parametrize("consistent", [True, False])
    def test_reads_what_was_written(self, table, consistent):
        table.put({**KEY, "a": S("x")})
        assert table.get(KEY, ConsistentRead=consistent) == {**KEY, "a": S("x")}

    def test_sort_keys_tell_items_apart(self, make_table):
        table = make_table("pk:S", "sk:N")
        for number in (1, 2, 10):
            table.put({**KEY, "sk": N(number), "copy": N(number)})
        assert table.get({**KEY, "sk": N(2)})["copy"] == N(2)
        assert table.get({**KEY, "sk": N(3)}) is None

    def test_missing_table(self, dynamodb):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            dynamodb.get_item(TableName=unique_name(), Key=KEY)


class TestProjection:
    ITEM = {
        **KEY,
        "a": N(1),
        "m": M(x=N(1), y=M(z=N(2), w=N(3))),
        "l": L(N(0), N(1), M(p=N(2), q=N(3)), L(N(4), N(5))),
        "a.b": S("dotted"),
    }

    @pytest.fixture
    def filled(self, table):
        table.put(self.ITEM)
        return table

    @pytest.mark.parametrize("expression, expected", [
        ("a", {"a": N(1)}),
        ("a, pk", {"a": N(1), **KEY}),
        ("a, absent", {"a": N(1)}),
        ("m.x", {"m": M(x=N(1))}),
        ("m.y.z", {"m": M(y=M(z=N(2)))}),
        ("m.x, m.y.w", {"m": M(x=N(1), y=M(w=N(3)))}),
        ("l[1]", {"l": L(N(1))}),
        ("l[3], l[0]", {"l": L(N(0), L(N(4), N(5)))}),
        ("l[2].q, l[0]", {"l": L(N(0), M(q=N(3)))}),
        ("l[2].p, l[2].q", {"l": L(M(p=N(2), q=N(3)))}),
        ("l[3][1]", {"l": L(L(N(5)))}),
        ("l[9], a", {"a": N(1)}),
        ("absent", {}),
        ("m.absent", {}),
        ("m[0]", {}),
        ("a.x", {}),
    ])
    def test_paths(self, filled, expression, expected):
        assert filled.get(KEY, ProjectionExpression=expression) == expected

    def test_name_placeholder_is_one_attribute_name(self, filled):
        names = {"#dotted": "a.b", "#m": "m"}
        assert filled.get(KEY, ProjectionExpression="#dotted, #m.x",
                          ExpressionAttributeNames=names) == {
            "a.b": S("dotted"), "m": M(x=N(1))}

    def test_absent_item_has_no_projection(self, table):
        assert table.get(KEY, ProjectionExpression="a") is None


class TestDeleteItem:
    def test_item_is_gone(self, table):
        table.put(KEY)
        assert body(table.delete(KEY)) == {}
        assert table.get(KEY) is None

    def test_absent_item_is_no_error(self, table):
        assert body(table.delete(KEY, ReturnValues="ALL_OLD")) == {}

    def test_only_the_named_item_goes(self, make_table):
        table = make_table("pk:S", "sk:S")
        for sort in ("a", "b"):
            table.put({**KEY, "sk": S(sort)})
        table.delete({**KEY, "sk": S("a")})
        assert table.get({**KEY, "sk": S("b")}) == {**KEY, "sk": S("b")}

    def test_all_old_returns_the_item(self, table):
        table.put({**KEY, "a": BOOL(True)})
        reply = table.delete(KEY, ReturnValues="ALL_OLD")
        assert body(reply) == {"Attributes": {**KEY, "a": BOOL(True)}}

    @pytest.mark.parametrize("wanted", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
    def test_other_return_values(self, table, wanted):
        table.put(KEY)
        with refused(VALIDATION, RETURN_VALUES):
            table.delete(KEY, ReturnValues=wanted)
        assert table.get(KEY) == KEY

    def test_missing_table(self, dynamodb):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            dynamodb.delete_item(TableName=unique_name(), Key=KEY)
