# SPDX-License-Identifier: Apache-2.0
"""Refused TransactWriteItems requests: faults that end the request before any item is read.

TransactWriteItems answers with the older of AWS's two layers. test_transact_write_reasons has the
faults that become reasons of a canceled transaction.
"""

import pytest
from errors import INVALID, NOT_VALID, ONE, VALIDATION, constraint, refused
from indexes import index, indexed_table
from raw_call import raw_call
from reading import scan
from transactions import check, delete, put, update, write
from values import SS, B, N, S, nested

TABLE = "weir-no-such-table"
NESTING = ("Nesting Levels have exceeded supported limits: Attributes in the item have nested "
           "levels beyond supported limit")
KEY = {"pk": S("a")}
EXISTS = "attribute_exists(pk)"
EMPTY_KEY = (NOT_VALID + "The AttributeValue for a key attribute cannot contain an empty string "
             "value. Key: pk")
NO_EXPRESSION = "ExpressionAttributeNames can only be specified when using expressions"


@pytest.fixture
def refuses(table, unchecked):
    """refuses(message, action…) checks that the whole request is refused, with a good action before
    or after, and with an action on a missing table; and that nothing is written.
    """

    def fails(message, *actions):
        good = put(table, {"pk": S("good")})
        for all_actions in ([good, *actions], [*actions, good], [put(TABLE, KEY), *actions]):
            with refused(VALIDATION, message):
                write(unchecked, *all_actions)
        assert scan(table)["Items"] == []

    return fails


class TestKinds:
    def test_none(self, refuses):
        refuses("Invalid Request: TransactWriteRequest should contain Delete or Put or Update "
                "request", {})

    @pytest.mark.parametrize("other", [
        delete(TABLE, KEY), update(TABLE, KEY, "REMOVE x"), check(TABLE, KEY)],
        ids=["delete", "update", "check"])
    def test_two(self, refuses, other):
        refuses("TransactItems can only contain one of Check, Put, Update or Delete",
                {**put(TABLE, {"pk": S("b")}), **other})


class TestExpressions:
    @pytest.mark.parametrize("condition, message", [
        ("", "The expression can not be empty;"),
        ("a =", 'Syntax error; token: "<EOF>", near: "="'),
        ("a = :a", "An expression attribute value used in expression is not defined; attribute "
         "value: :a"),
        ("#a = pk", "An expression attribute name used in the document path is not defined; "
         "attribute name: #a"),
        ("size(a)", "The function is not allowed to be used this way in an expression; function: "
         "size"),
        ("attribute_exists(" + "a" * 4090 + ")", "Expression size has exceeded the maximum allowed "
         "size; expression size: 4108"),
    ], ids=["empty", "syntax", "value", "name", "function", "size"])
    @pytest.mark.parametrize("action", [
        put, check, delete, lambda table, key, text: update(table, key, "REMOVE x", None, text),
    ], ids=["put", "check", "delete", "update"])
    def test_conditions(self, refuses, action, condition, message):
        refuses("Invalid ConditionExpression: " + message, action(TABLE, KEY, condition))

    @pytest.mark.parametrize("text, values, message", [
        ("", None, "The expression can not be empty;"),
        ("SET", None, 'Syntax error; token: "<EOF>", near: "SET"'),
        ("SET a = :a, a = :a", {":a": N(1)}, "Two document paths overlap with each other; must "
         "remove or rewrite one of these paths; path one: [a], path two: [a]"),
        ("SET a = :a SET b = :a", {":a": N(1)},
         'The "SET" section can only be used once in an update expression;'),
        ("ADD a :a", {":a": S("x")}, "Incorrect operand type for operator or function; operator: "
         "ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"),
        ("DELETE a :a", {":a": S("x")}, "Incorrect operand type for operator or function; "
         "operator: DELETE, operand type: STRING, typeSet: ALLOWED_FOR_DELETE_OPERAND"),
    ], ids=["empty", "syntax", "overlap", "twice", "add", "delete"])
    def test_updates(self, refuses, text, values, message):
        refuses("Invalid UpdateExpression: " + message, update(TABLE, KEY, text, values))

    @pytest.mark.parametrize("action", [put, check, delete], ids=["put", "check", "delete"])
    def test_unused(self, refuses, action):
        refuses("Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}",
                action(TABLE, KEY, EXISTS, {":a": N(1)}))
        refuses("Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}",
                action(TABLE, KEY, EXISTS, ExpressionAttributeNames={"#a": "a"}))

    def test_without_a_condition(self, refuses):
        refuses("ExpressionAttributeValues can only be specified when using expressions: "
                "ConditionExpression is null", delete(TABLE, KEY, values={":a": N(1)}))
        for action in (put, delete):
            refuses(NO_EXPRESSION, action(TABLE, KEY, ExpressionAttributeNames={"#a": "a"}))

    def test_empty_maps(self, refuses):
        refuses("ExpressionAttributeValues must not be empty", put(TABLE, KEY, EXISTS, {}))
        refuses("ExpressionAttributeNames must not be empty",
                put(TABLE, KEY, EXISTS, ExpressionAttributeNames={}))

    def test_placeholders(self, refuses):
        refuses('ExpressionAttributeValues contains invalid key: Syntax error; key: "a"',
                put(TABLE, KEY, EXISTS, {"a": N(1)}))
        refuses('ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
                put(TABLE, KEY, EXISTS, ExpressionAttributeNames={"a": "a"}))


VALUES = [
    ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    ({"N": "1", "S": "1"}, "Supplied AttributeValue has more than one datatypes set, must contain "
     "exactly one of the supported datatypes"),
    (N("x"), "The parameter cannot be converted to a numeric value: x"),
    (SS(), INVALID + "An string set  may not be empty"),
    (SS("a", "a"), INVALID + "Input collection [a, a] contains duplicates."),
]


class TestValues:
    @pytest.mark.parametrize("value, message", VALUES)
    def test_in_items(self, refuses, value, message):
        refuses(message, put(TABLE, {**KEY, "v": value}))

    @pytest.mark.parametrize("value, message", VALUES)
    def test_in_expressions(self, refuses, value, message):
        wrapped = f"ExpressionAttributeValues contains invalid value: {message} for key :v"
        refuses(wrapped, check(TABLE, KEY, "a = :v", {":v": value}))
        refuses(wrapped, update(TABLE, KEY, "SET a = :v", {":v": value}))

    def test_nesting(self, refuses):
        refuses(NESTING, put(TABLE, {**KEY, "v": nested(32, S("x"))}))


class TestOrder:
    """If two actions have a fault, that of the first is reported (captured on AWS)."""

    FAULTS = [
        (check(TABLE, KEY, "attribute_exists("),
         'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "("'),
        (put(TABLE, {**KEY, "v": nested(32, S("x"))}), NESTING),
        (check(TABLE, KEY, EXISTS, {":v": N(1)}),
         "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"),
    ]

    @pytest.mark.parametrize("first, message", FAULTS, ids=["syntax", "nesting", "unused"])
    @pytest.mark.parametrize("second, other", FAULTS, ids=["syntax", "nesting", "unused"])
    def test_of_actions(self, unchecked, first, message, second, other):
        with refused(VALIDATION, message):
            write(unchecked, first, second)
        with refused(VALIDATION, other):
            write(unchecked, second, first)

    @pytest.mark.parametrize("fault, message", FAULTS, ids=["syntax", "nesting", "unused"])
    def test_before_a_second_action_on_one_item(self, table, unchecked, fault, message):
        with refused(VALIDATION, message):
            write(unchecked, put(table, KEY), delete(table, KEY), fault)


class TestKeys:
    """Faults in keys show only if the table exists."""

    @pytest.mark.parametrize("action", [put, delete, check], ids=["put", "delete", "check"])
    def test_empty(self, table, unchecked, action):
        for all_actions in ([action(table, {"pk": S("")}), put(TABLE, KEY)],
                            [put(table, KEY), action(table, {"pk": S("")})]):
            with refused(VALIDATION, EMPTY_KEY):
                write(unchecked, *all_actions)
        assert scan(table)["Items"] == []

    @pytest.mark.parametrize("action", [put, delete, check], ids=["put", "delete", "check"])
    def test_empty_binary(self, make_table, action):
        table = make_table("pk:B")
        with refused(VALIDATION, EMPTY_KEY.replace("string", "binary")):
            write(table.client, action(table, {"pk": B(b"")}))

    def test_empty_index_keys(self, dynamodb):
        with indexed_table(dynamodb, "pk:S", more=["g:S"], gsi=[index("gsi", "g")]) as indexed:
            with refused(VALIDATION, NOT_VALID + (
                    "A value specified for a secondary index key is not supported. The "
                    "AttributeValue for a key attribute cannot contain an empty string value. "
                    "IndexName: gsi, IndexKey: g")):
                write(dynamodb, put(indexed, {**KEY, "g": S("")}))
            with refused(VALIDATION, NOT_VALID + (
                    "The update expression attempted to update a secondary index key to a value "
                    "that is not supported. The AttributeValue for a key attribute cannot contain "
                    "an empty string value.")):
                write(dynamodb, update(indexed, KEY, "SET g = :g", {":g": S("")}))


class TestTables:
    NOT_FOUND = ("ResourceNotFoundException", "Requested resource not found")

    def test_missing(self, dynamodb):
        with refused(*self.NOT_FOUND):
            write(dynamodb, put(TABLE, KEY))

    @pytest.mark.parametrize("action", [
        put, delete, check, lambda table, key: update(table, key, "REMOVE x")],
        ids=["put", "delete", "check", "update"])
    def test_one_of_two_missing(self, table, action):
        missing = action(TABLE, KEY)
        for actions in ([put(table, KEY), missing], [missing, put(table, KEY)]):
            with refused(*self.NOT_FOUND):
                write(table.client, *actions)
        assert scan(table)["Items"] == []

    def test_comes_before_what_cancels(self, table):
        with refused(*self.NOT_FOUND):
            write(table.client, check(table, KEY), put(TABLE, KEY))

    def test_missing_by_arn(self, endpoint, table):
        """An ARN is parsed, not looked up as a name."""
        arn = table.describe()["TableArn"].replace(table.name, TABLE)
        status, answer = raw_call(endpoint, "TransactWriteItems", {
            "TransactItems": [put(arn, KEY)]})
        assert (status, answer["message"]) == (400, self.NOT_FOUND[1])


class TestMembers:
    CAPACITY = constraint(
        "'X'", "returnConsumedCapacity", "satisfy enum value set: [INDEXES, TOTAL, NONE]")
    METRICS = constraint(
        "'X'", "returnItemCollectionMetrics", "satisfy enum value set: [SIZE, NONE]")
    TOKEN = constraint("''", "clientRequestToken", "have length greater than or equal to 1")

    def test_no_list(self, endpoint):
        status, answer = raw_call(endpoint, "TransactWriteItems", {})
        assert (status, answer["message"]) == (
            400, ONE + constraint("null", "transactItems", "not be null"))

    def test_no_actions(self, unchecked):
        with refused(VALIDATION, ONE + constraint(
                "'[]'", "transactItems", "have length greater than or equal to 1")):
            write(unchecked)

    def test_all_joined(self, unchecked):
        path = "transactItems.2.member.put."
        message = "; ".join([
            self.TOKEN, self.CAPACITY, self.METRICS,
            constraint("'a;'", path + "tableName", "have length greater than or equal to 3"),
            constraint("'a;'", path + "tableName",
                       "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
            constraint("'X'", path + "returnValuesOnConditionCheckFailure",
                       "satisfy enum value set: [ALL_OLD, NONE]")])
        with refused(VALIDATION) as refusal:
            write(unchecked, delete(TABLE, KEY),
                  put("a;", KEY, ReturnValuesOnConditionCheckFailure="X"), ClientRequestToken="",
                  ReturnConsumedCapacity="X", ReturnItemCollectionMetrics="X")
        assert refusal.message == "6 validation errors detected: " + message

    def test_come_before_everything_else(self, unchecked):
        with refused(VALIDATION, ONE + self.CAPACITY):
            write(unchecked, {}, put(TABLE, KEY, "a ="), ReturnConsumedCapacity="X")

    @pytest.mark.parametrize("kind, members", [
        ("Put", ["item", "tableName"]), ("Delete", ["key", "tableName"]),
        ("Update", ["key", "updateExpression", "tableName"]),
        ("ConditionCheck", ["key", "tableName", "conditionExpression"])])
    def test_missing(self, endpoint, kind, members):
        """The text names all members that the action must have. AWS's order of them is not known.
        """
        status, answer = raw_call(
            endpoint, "TransactWriteItems", {"TransactItems": [{kind: {}}]})
        head, clauses = answer["message"].split(": ", 1)
        path = f"transactItems.1.member.{kind[0].lower()}{kind[1:]}."
        assert (status, head) == (400, f"{len(members)} validation errors detected")
        assert sorted(clauses.split("; ")) == sorted(
            constraint("null", path + member, "not be null") for member in members)
