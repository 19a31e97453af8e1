# SPDX-License-Identifier: Apache-2.0
"""Refused queries: key conditions, their values, and the order of the checks."""

import pytest
from errors import INVALID, NOT_VALID, VALIDATION, refused
from reading import filled, query
from values import BOOL, NULL, SS, B, L, M, N, S

PARTITION = {":p": S("p")}
VALUES = {":p": S("p"), ":s": S("s"), ":n": N(1), ":m": N(2), ":o": S("o")}
PREFIX = "Invalid KeyConditionExpression: "
OPERATOR = "Invalid operator used in KeyConditionExpression: "
CONDITION = "Invalid condition in KeyConditionExpression: "
FIRST_OPERAND = " operator must have the key attribute as its first operand"
SEVERAL_NAMES = "Invalid KeyConditionExpression: " + CONDITION + (
    "Multiple attribute names used in one condition"
)
NO_KEY = CONDITION + "No key attribute specified"
NESTED_OPERATION = "KeyConditionExpressions cannot contain nested operations"
NESTED_ATTRIBUTE = PREFIX + "KeyConditionExpressions cannot have conditions on nested attributes"
ONE_PER_KEY = PREFIX + "KeyConditionExpressions must only contain one condition per key"
UNSUPPORTED = "Query key condition not supported"
SCHEMA_TYPE = INVALID + "Condition parameter type does not match schema type"
HASH_SIZE = INVALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes"
RANGE_SIZE = (
    INVALID + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes")


def missed(key):
    return f"Query condition missed key schema element: {key}"


def empty_key(kind, key):
    return (f"{NOT_VALID}The AttributeValue for a key attribute cannot contain an empty {kind} "
            f"value. Key: {key}")


def values_in(expression):
    """The values that `expression` names. Others would be refused as unused."""
    used = {name: value for name, value in VALUES.items() if name in expression}
    return used or None


@pytest.fixture(scope="module")
def composite(dynamodb):
    with filled(dynamodb, [{"pk": S("p"), "sk": N(1)}], "pk:S", "sk:N") as table:
        yield table


# Faults of the expression alone.
EXPRESSIONS = [
    ("", PREFIX + "The expression can not be empty;"),
    ("  ", PREFIX + 'Syntax error; token: "<EOF>", near: "  "'),
    ("pk =", PREFIX + 'Syntax error; token: "<EOF>", near: "="'),
    ("pk == :p", PREFIX + 'Syntax error; token: "=", near: "== :p"'),
    ("pk = :p sk = :n", PREFIX + 'Syntax error; token: "sk", near: ":p sk ="'),
    ("((pk = :p))", PREFIX + "The expression has redundant parentheses;"),
    ("frob(pk, :p)", PREFIX + "Invalid function name; function: frob"),
    ("name = :p", PREFIX + "Attribute name is a reserved keyword; reserved keyword: name"),
    ("#x = :p", PREFIX + "An expression attribute name used in the document path is not defined; "
     "attribute name: #x"),
    ("pk = :zz", PREFIX + "An expression attribute value used in expression is not defined; "
     "attribute value: :zz"),
    ("pk = :p AND begins_with(sk)", PREFIX + "Incorrect number of operands for operator or "
     "function; operator or function: begins_with, number of operands: 1"),
    ("pk = :p AND begins_with(sk, :n)", PREFIX + "Incorrect operand type for operator or "
     "function; operator or function: begins_with, operand type: N"),
    ("pk = :p AND sk BETWEEN :m AND :n", PREFIX + "The BETWEEN operator requires upper bound to "
     "be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, "
     "upper bound operand: AttributeValue: {N:1}"),
    ("pk = :p AND sk BETWEEN :n AND :s", PREFIX + "The BETWEEN operator requires same data type "
     "for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, "
     "upper bound operand: AttributeValue: {S:s}"),
    ("pk = :p OR sk = :n", OPERATOR + "OR"),
    ("NOT pk = :p", OPERATOR + "NOT"),
    ("pk = :p AND NOT sk = :n", OPERATOR + "NOT"),
    ("pk IN (:p)", OPERATOR + "IN"),
    ("pk = :p AND sk IN (:n, :m)", OPERATOR + "IN"),
    ("pk <> :p", OPERATOR + "<>"),
    ("pk = :p AND sk <> :n", OPERATOR + "<>"),
    ("contains(pk, :p)", OPERATOR + "contains"),
    ("pk = :p AND attribute_exists(sk)", OPERATOR + "attribute_exists"),
    ("attribute_not_exists(pk)", OPERATOR + "attribute_not_exists"),
    ("pk = :p AND begins_with(:s, sk)", CONDITION + "begins_with" + FIRST_OPERAND),
    ("pk = :p AND :n BETWEEN sk AND :m", CONDITION + "BETWEEN" + FIRST_OPERAND),
    ("pk = sk", SEVERAL_NAMES),
    ("pk = :p AND sk BETWEEN :n AND x", SEVERAL_NAMES),
    ("pk = :p AND begins_with(sk, x)", SEVERAL_NAMES),
    (":p = :s", NO_KEY),
    ("pk = :p AND :n < :m", NO_KEY),
    ("pk = :p AND size(sk) = :n", NESTED_OPERATION),
    ("pk = :p AND sk = size(x)", NESTED_OPERATION),
    ("pk.a = :p", NESTED_ATTRIBUTE),
    ("pk = :p AND sk[0] = :n", NESTED_ATTRIBUTE),
    ("pk = :p AND pk = :s", ONE_PER_KEY),
    ("pk = :p AND sk > :n AND sk < :m", ONE_PER_KEY),
]


@pytest.mark.parametrize("expression, message", EXPRESSIONS, ids=[e for e, _ in EXPRESSIONS])
def test_expression_fault(composite, expression, message):
    with refused(VALIDATION, message):
        query(composite, expression, values_in(expression))


def test_expressions_are_checked_before_the_table_is_looked_up(dynamodb):
    with refused(VALIDATION, OPERATOR + "OR"):
        dynamodb.query(
            TableName="weir-no-such-table", KeyConditionExpression="pk = :p OR sk = :n",
            ExpressionAttributeValues=values_in(":p :n"))


# Faults that show only with the table's schema.
SCHEMA = [
    ("sk = :n", missed("pk")),
    ("x = :p", missed("pk")),
    ("x = :p AND sk = :n", missed("pk")),
    ("pk = :p AND x = :n", missed("sk")),
    ("pk > :p", UNSUPPORTED),
    ("pk < :p AND sk = :n", UNSUPPORTED),
    (":p >= pk", UNSUPPORTED),
    ("begins_with(pk, :p)", UNSUPPORTED),
    ("pk BETWEEN :o AND :p", UNSUPPORTED),
    ("pk = :n", SCHEMA_TYPE),
    ("pk = :p AND sk = :s", SCHEMA_TYPE),
    ("pk = :p AND sk >= :s", SCHEMA_TYPE),
    ("pk = :p AND begins_with(sk, :s)", SCHEMA_TYPE),
    ("pk = :p AND sk BETWEEN :o AND :s", SCHEMA_TYPE),
    ("pk = :p AND sk = :n AND x = :s",
     "The number of query conditions (3) exceeds the number of key attributes defined in the "
     "schema (2)"),
]


@pytest.mark.parametrize("expression, message", SCHEMA, ids=[e for e, _ in SCHEMA])
def test_condition_that_does_not_fit_the_schema(composite, expression, message):
    with refused(VALIDATION, message):
        query(composite, expression, values_in(expression))


@pytest.mark.parametrize("value", [BOOL(True), NULL, L(S("p")), M(a=S("p")), SS("p"), B(b"p")],
                         ids=str)
def test_partition_key_of_another_type(composite, value):
    with refused(VALIDATION, SCHEMA_TYPE):
        query(composite, "pk = :p", {":p": value})


@pytest.mark.parametrize("value", [BOOL(True), NULL, L(N(1)), M(a=N(1)), SS("p")], ids=str)
def test_order_of_a_type_that_has_none(composite, value):
    kind = next(iter(value))
    with refused(VALIDATION, PREFIX + "Incorrect operand type for operator or function; "
                 f"operator or function: <, operand type: {kind}"):
        query(composite, "pk = :p AND sk < :n", {**PARTITION, ":n": value})


def test_neither_form_of_condition(dynamodb):
    with refused(VALIDATION, "Either the KeyConditions or KeyConditionExpression parameter must "
                 "be specified in the request."):
        dynamodb.query(TableName="weir-no-such-table")


class TestKeyValues:
    def test_empty_partition_key(self, composite):
        with refused(VALIDATION, empty_key("string", "pk")):
            query(composite, "pk = :p", {":p": S("")})

    @pytest.mark.parametrize("kind, value, word", [("S", S(""), "string"), ("B", B(b""), "binary")])
    @pytest.mark.parametrize("condition", ["sk = :v", "sk > :v", "begins_with(sk, :v)"])
    def test_empty_sort_key(self, make_table, kind, value, word, condition):
        table = make_table("pk:S", f"sk:{kind}")
        with refused(VALIDATION, empty_key(word, "sk")):
            query(table, f"pk = :p AND {condition}", {**PARTITION, ":v": value})

    def test_partition_key_size(self, composite):
        assert query(composite, "pk = :p", {":p": S("x" * 2048)})["Items"] == []
        with refused(VALIDATION, HASH_SIZE):
            query(composite, "pk = :p", {":p": S("x" * 2049)})

    def test_sort_key_size(self, make_table):
        table = make_table("pk:S", "sk:S")
        values = {**PARTITION, ":v": S("x" * 1024)}
        assert query(table, "pk = :p AND sk = :v", values)["Items"] == []
        with refused(VALIDATION, RANGE_SIZE):
            query(table, "pk = :p AND sk = :v", {**PARTITION, ":v": S("x" * 1025)})

    @pytest.mark.parametrize("number, message", [
        ("x", "The parameter cannot be converted to a numeric value: x"),
        ("1e126", "Number overflow. Attempting to store a number with magnitude larger than "
         "supported range"),
        ("1e-131", "Number underflow. Attempting to store a number with magnitude smaller than "
         "supported range"),
        ("1" * 39, "Attempting to store more than 38 significant digits in a Number"),
    ], ids=["word", "overflow", "underflow", "digits"])
    def test_bad_number(self, composite, number, message):
        with refused(VALIDATION, message):
            query(composite, "pk = :p AND sk = :n", {**PARTITION, ":n": N(number)})


class TestNamesAndValues:
    def test_unused_value(self, composite):
        with refused(VALIDATION, "Value provided in ExpressionAttributeValues unused in "
                     "expressions: keys: {:x}"):
            query(composite, "pk = :p", {**PARTITION, ":x": N(1)})

    def test_unused_name(self, composite):
        with refused(VALIDATION, "Value provided in ExpressionAttributeNames unused in "
                     "expressions: keys: {#x}"):
            query(composite, "pk = :p", PARTITION, ExpressionAttributeNames={"#x": "x"})

    def test_empty_names(self, composite):
        with refused(VALIDATION, "ExpressionAttributeNames must not be empty"):
            query(composite, "pk = :p", PARTITION, ExpressionAttributeNames={})

    def test_empty_values(self, composite):
        with refused(VALIDATION, "ExpressionAttributeValues must not be empty"):
            query(composite, "pk = :p", {})

    def test_values_without_expression(self, composite):
        with refused(VALIDATION, "ExpressionAttributeValues can only be specified when using "
                     "expressions: FilterExpression is null and KeyConditionExpression is null"):
            composite.client.query(TableName=composite.name, ExpressionAttributeValues=PARTITION)

    def test_names_without_expression(self, composite):
        with refused(VALIDATION, "ExpressionAttributeNames can only be specified when using "
                     "expressions"):
            composite.client.query(
                TableName=composite.name, ExpressionAttributeNames={"#p": "pk"})

    def test_expression_of_more_than_4096_bytes(self, composite):
        condition = "pk = :p"
        fits = condition + " " * (4096 - len(condition))
        assert query(composite, fits, PARTITION)["Count"] == 1
        with refused(VALIDATION, PREFIX + "Expression size has exceeded the maximum allowed size;"):
            query(composite, fits + " ", PARTITION)


class TestTableAndIndex:
    MISSING_INDEX = "The table does not have the specified index: no-such-index"

    def test_missing_table(self, dynamodb):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            dynamodb.query(TableName="weir-no-such-table", KeyConditionExpression="x = :p",
                           ExpressionAttributeValues=PARTITION)

    def test_missing_index(self, composite):
        with refused(VALIDATION, self.MISSING_INDEX):
            query(composite, "pk = :p", PARTITION, IndexName="no-such-index")

    @pytest.mark.parametrize("condition", ["pk > :p", "x = :p"])
    def test_index_comes_before_start_key_and_condition(self, composite, condition):
        with refused(VALIDATION, self.MISSING_INDEX):
            query(composite, condition, PARTITION, IndexName="no-such-index",
                  ExclusiveStartKey={"pk": N(1)})

    def test_start_key_comes_before_the_condition(self, composite):
        with refused(VALIDATION, "The provided starting key is invalid"):
            query(composite, "x = :p", PARTITION, ExclusiveStartKey={"pk": S("p")})

    def test_condition_comes_before_keys_in_the_filter(self, composite):
        with refused(VALIDATION, missed("pk")):
            query(composite, "x = :p", PARTITION, FilterExpression="sk > :p")
