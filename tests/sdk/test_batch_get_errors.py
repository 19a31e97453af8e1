# SPDX-License-Identifier: Apache-2.0
"""Refused BatchGetItem requests. If one key of a request is wrong, nothing is read."""

import pytest
from errors import NOT_VALID, ONE, VALIDATION, constraint, refused
from raw_call import raw_call
from reading import filled
from values import BOOL, NULL, B, N, S

NO_MATCH = "The provided key element does not match the schema"
DUPLICATES = "Provided list of item keys contains duplicates"
TABLE = "weir-no-such-table"


def key(number=1):
    return {"pk": S("p"), "sk": N(number)}


@pytest.fixture(scope="module")
def table(dynamodb):
    with filled(dynamodb, [key()], "pk:S", "sk:N") as filled_one:
        yield filled_one


def get(table, *keys, **parameters):
    return table.client.batch_get_item(
        RequestItems={table.name: {"Keys": list(keys), **parameters}})


class TestMembers:
    """The first checks, which look up no table."""

    def test_no_request_items(self, endpoint):
        status, answer = raw_call(endpoint, "BatchGetItem", {})
        assert (status, answer["message"]) == (
            400, ONE + constraint("null", "requestItems", "not be null"))

    def test_no_tables(self, unchecked):
        with refused(VALIDATION, ONE + "Value at 'RequestItems' failed to satisfy constraint: "
                     "Member must have length greater than or equal to 1"):
            unchecked.batch_get_item(RequestItems={})

    def test_table_without_keys(self, unchecked):
        with refused(VALIDATION, ONE + constraint(
                "null", f"requestItems.{TABLE}.member.keys", "not be null")):
            unchecked.batch_get_item(RequestItems={TABLE: {}})

    def test_no_keys(self, unchecked):
        with refused(VALIDATION, f"{ONE}Value at 'RequestItems.{TABLE}.member.Keys' failed to "
                     "satisfy constraint: Member must have length greater than or equal to 1"):
            unchecked.batch_get_item(RequestItems={TABLE: {"Keys": []}})

    def test_more_than_a_hundred_keys_of_a_table(self, unchecked):
        keys = [key(number) for number in range(101)]
        with refused(VALIDATION, f"{ONE}Value at 'RequestItems.{TABLE}.member.Keys' failed to "
                     "satisfy constraint: Member must have length less than or equal to 100"):
            unchecked.batch_get_item(RequestItems={TABLE: {"Keys": keys}})

    def test_more_than_a_hundred_keys_of_two_tables(self, dynamodb):
        keys = [key(number) for number in range(51)]
        with refused(VALIDATION, "Too many items requested for the BatchGetItem call"):
            dynamodb.batch_get_item(RequestItems={
                TABLE: {"Keys": keys}, TABLE + "-2": {"Keys": keys[:50]}})

    def test_unknown_return_consumed_capacity(self, unchecked):
        with refused(VALIDATION, ONE + constraint(
                "'X'", "returnConsumedCapacity", "satisfy enum value set: [INDEXES, TOTAL, NONE]")):
            unchecked.batch_get_item(
                RequestItems={TABLE: {"Keys": [key()]}}, ReturnConsumedCapacity="X")

    @pytest.mark.parametrize("name, rule", [
        ("ab", "have length greater than or equal to 3"),
        ("a;b", "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
        ("x" * 256, "have length less than or equal to 255")], ids=["short", "pattern", "long"])
    def test_form_of_a_name(self, unchecked, name, rule):
        # AWS's two layers echo the whole map differently, but the rule is the same.
        with refused(VALIDATION) as refusal:
            unchecked.batch_get_item(RequestItems={name: {"Keys": [key()]}})
        assert f"Member must {rule}" in refusal.message


class TestKeys:
    @pytest.mark.parametrize("wrong", [
        {},
        {"pk": S("p")},
        {"sk": N(1)},
        {"pk": S("p"), "x": N(1)},
        {"pk": S("p"), "sk": N(1), "x": N(1)},
        {"pk": N(1), "sk": N(1)},
        {"pk": S("p"), "sk": S("1")},
        {"pk": B(b"p"), "sk": N(1)},
        {"pk": S("p"), "sk": NULL},
        {"pk": S("p"), "sk": BOOL(True)},
    ], ids=str)
    def test_that_does_not_fit_the_schema(self, table, wrong):
        with refused(VALIDATION, NO_MATCH):
            get(table, key(), wrong)

    def test_empty(self, table):
        with refused(VALIDATION, NOT_VALID + "The AttributeValue for a key attribute cannot "
                     "contain an empty string value. Key: pk"):
            get(table, {"pk": S(""), "sk": N(1)})

    @pytest.mark.parametrize("again", [N(1), N("1.0"), N("+1"), N("10e-1")], ids=str)
    def test_duplicates(self, table, again):
        with refused(VALIDATION, DUPLICATES):
            get(table, key(1), key(2), {"pk": S("p"), "sk": again})

    @pytest.mark.parametrize("other", [
        {"ProjectionExpression": "a b"},
        {"Keys": [key(1), {"pk": N(1)}, key(1)]},
    ], ids=["syntax", "schema"])
    def test_duplicates_come_before_other_faults(self, table, other):
        with refused(VALIDATION, DUPLICATES):
            table.client.batch_get_item(
                RequestItems={table.name: {"Keys": [key(1), key(1)], **other}})

    def test_duplicates_come_before_a_missing_table(self, dynamodb):
        with refused(VALIDATION, DUPLICATES):
            dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": [key(1), key(1)]}})

    def test_same_key_in_two_tables_is_no_duplicate(self, table, make_table):
        other = make_table("pk:S", "sk:N")
        reply = table.client.batch_get_item(RequestItems={
            table.name: {"Keys": [key()]}, other.name: {"Keys": [key()]}})
        assert reply["Responses"] == {table.name: [key()], other.name: []}

    @pytest.mark.parametrize("value, message", [
        ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported "
         "datatypes"),
        ({"N": "1", "S": "1"}, "Supplied AttributeValue has more than one datatypes set, must "
         "contain exactly one of the supported datatypes"),
        ({"N": "x"}, "The parameter cannot be converted to a numeric value: x"),
    ], ids=["none", "two", "number"])
    def test_value_that_is_none(self, table, unchecked, value, message):
        with refused(VALIDATION, message):
            unchecked.batch_get_item(
                RequestItems={table.name: {"Keys": [{"pk": S("p"), "sk": value}]}})


class TestTables:
    def test_missing(self, dynamodb):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": [key()]}})

    def test_one_of_two_missing(self, table):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            table.client.batch_get_item(RequestItems={
                table.name: {"Keys": [key()]}, TABLE: {"Keys": [key()]}})


class TestProjection:
    @pytest.mark.parametrize("expression, fault", [
        ("", "The expression can not be empty;"),
        ("a,", 'Syntax error; token: "<EOF>", near: ","'),
        ("size", "Attribute name is a reserved keyword; reserved keyword: size"),
        ("#x", "An expression attribute name used in the document path is not defined; "
         "attribute name: #x"),
        ("a, a.b", "Two document paths overlap with each other; must remove or rewrite one of "
         "these paths; path one: [a], path two: [a, b]"),
    ])
    def test_faults(self, table, expression, fault):
        with refused(VALIDATION, f"Invalid ProjectionExpression: {fault}"):
            get(table, key(), ProjectionExpression=expression)

    def test_unused_name(self, table):
        with refused(VALIDATION, "Value provided in ExpressionAttributeNames unused in "
                     "expressions: keys: {#x}"):
            get(table, key(), ProjectionExpression="a", ExpressionAttributeNames={"#x": "x"})

    def test_names_without_expression(self, table):
        with refused(VALIDATION, "ExpressionAttributeNames can only be specified when using "
                     "expressions"):
            get(table, key(), ExpressionAttributeNames={"#x": "x"})

    def test_expression_comes_before_the_table(self, dynamodb):
        with refused(VALIDATION, "Invalid ProjectionExpression: The expression can not be empty;"):
            dynamodb.batch_get_item(RequestItems={
                TABLE: {"Keys": [key()], "ProjectionExpression": ""}})


def test_keys_are_checked_before_paths_into_them(unchecked, make_table):
    table = make_table()
    request = {"ProjectionExpression": "pk.a", "Keys": [{"pk": S("k" * 2049)}]}
    with refused(VALIDATION, "One or more parameter values were invalid: Size of hashkey has exceeded "
                             "the maximum size limit of2048 bytes"):
        unchecked.batch_get_item(RequestItems={table.name: request})
    request["Keys"] = [{"pk": S("k")}]
    with refused(VALIDATION, "Key attributes must be scalars; list random access '[]' and map lookup "
                             "'.' are not allowed: Key: pk"):
        unchecked.batch_get_item(RequestItems={table.name: request})
