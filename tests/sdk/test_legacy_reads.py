# SPDX-License-Identifier: Apache-2.0
"""KeyConditions and AttributesToGet, and which legacy parameters may be combined with which
expressions.
"""

import pytest
from errors import INVALID, NOT_VALID, ONE, VALIDATION, refused
from reading import column, filled, pages
from values import B, L, M, N, S

WITHOUT = "ConditionalOperator cannot be used without Filter or Expected"
TWO = "ConditionalOperator can only be used when Filter or Expected has two or more elements"
ANY = {"ComparisonOperator": "NOT_NULL"}


def condition(operator, *values):
    return {"ComparisonOperator": operator, "AttributeValueList": list(values)}


PARTITION = {"pk": condition("EQ", S("p"))}


@pytest.fixture(scope="module")
def numbers(dynamodb):
    items = [{"pk": S(partition), "sk": N(i), "v": N(i % 3), "m": M(x=L(N(i))), "m.x": S("dots")}
             for partition in "op" for i in range(-3, 10)]
    with filled(dynamodb, items, "pk:S", "sk:N") as table:
        yield table


@pytest.fixture(scope="module")
def texts(dynamodb):
    items = [{"pk": S("p"), "sk": S(text)} for text in ("a", "ab", "abc", "b", "\uffff")]
    with filled(dynamodb, items, "pk:S", "sk:S") as table:
        yield table


def query(table, conditions=None, **parameters):
    return table.client.query(
        TableName=table.name, KeyConditions={**PARTITION, **(conditions or {})}, **parameters)


@pytest.mark.parametrize("operator, values, found", [
    ("EQ", [4], [4]),
    ("EQ", ["4.0"], [4]),
    ("EQ", ["4.5"], []),
    ("LT", [-1], [-3, -2]),
    ("LE", [-1], [-3, -2, -1]),
    ("GT", [8], [9]),
    ("GE", [8], [8, 9]),
    ("BETWEEN", [2, "3.9"], [2, 3]),
    ("BETWEEN", [5, 5], [5]),
])
def test_numeric_sort_keys(numbers, operator, values, found):
    conditions = {"sk": condition(operator, *map(N, values))}
    assert column(query(numbers, conditions)) == [str(number) for number in found]
    backwards = query(numbers, conditions, ScanIndexForward=False)
    assert column(backwards) == [str(number) for number in reversed(found)]


@pytest.mark.parametrize("operator, values, found", [
    ("BEGINS_WITH", ["ab"], ["ab", "abc"]),
    ("BEGINS_WITH", ["c"], []),
    ("EQ", ["ab"], ["ab"]),
    ("LT", ["abc"], ["a", "ab"]),
    ("LE", ["abc"], ["a", "ab", "abc"]),
    ("GE", ["abc"], ["abc", "b", "\uffff"]),
    ("GT", ["abc"], ["b", "\uffff"]),
    ("BETWEEN", ["a", "ab"], ["a", "ab"]),
])
def test_text_sort_keys(texts, operator, values, found):
    conditions = {"sk": condition(operator, *map(S, values))}
    assert column(query(texts, conditions)) == found
    assert column(query(texts, conditions, ScanIndexForward=False)) == found[::-1]


def test_pages_go_on(numbers):
    def read(**parameters):
        return query(numbers, QueryFilter={"v": condition("EQ", N(0))}, Limit=4, **parameters)
    found = list(pages(read))
    assert [key for page in found for key in column(page)] == ["-3", "0", "3", "6", "9"]
    assert [page["ScannedCount"] for page in found] == [4, 4, 4, 1]


def test_key_conditions_go_with_other_expressions(numbers):
    page = query(numbers, {"sk": condition("GE", N(5))}, FilterExpression="v = :zero",
                 ProjectionExpression="sk", ExpressionAttributeValues={":zero": N(0)})
    assert page["Items"] == [{"sk": N(6)}, {"sk": N(9)}]
    assert page["ScannedCount"] == 5


class TestAttributesToGet:
    KEY = {"pk": S("p"), "sk": N(1)}
    NAMES = ["m.x", "v", "gone"]
    PART = {"m.x": S("dots"), "v": N(1)}

    def test_get(self, numbers):
        assert numbers.get(self.KEY, AttributesToGet=self.NAMES) == self.PART
        assert numbers.get(self.KEY, AttributesToGet=["gone"]) == {}
        assert numbers.get({"pk": S("p"), "sk": N(99)}, AttributesToGet=["v"]) is None

    def test_batch_get(self, numbers):
        reply = numbers.client.batch_get_item(RequestItems={
            numbers.name: {"Keys": [self.KEY], "AttributesToGet": self.NAMES}})
        assert reply["Responses"][numbers.name] == [self.PART]

    def test_query_and_scan(self, numbers):
        page = query(numbers, {"sk": condition("EQ", N(1))}, AttributesToGet=self.NAMES,
                     Select="SPECIFIC_ATTRIBUTES")
        assert page["Items"] == [self.PART]
        page = numbers.client.scan(TableName=numbers.name, AttributesToGet=["sk"],
                                   ScanFilter={"m": condition("EQ", M(x=L(N(7))))})
        assert page["Items"] == [{"sk": N(7)}] * 2

    def test_refusals(self, numbers):
        duplicate = INVALID + "Duplicate value in attribute name: v"
        twice = {"AttributesToGet": ["v", "sk", "v"]}
        with refused(VALIDATION, duplicate):
            numbers.get(self.KEY, **twice)
        with refused(VALIDATION, duplicate):
            query(numbers, **twice)
        with refused(VALIDATION, duplicate):
            numbers.client.scan(TableName=numbers.name, **twice)
        with refused(VALIDATION, duplicate):
            numbers.client.batch_get_item(
                RequestItems={numbers.name: {"Keys": [self.KEY], **twice}})
        cannot = ONE + "Cannot specify the AttributesToGet when choosing to get "
        with refused(VALIDATION, cannot + "only the Count"):
            query(numbers, AttributesToGet=["v"], Select="COUNT")
        with refused(VALIDATION, cannot + "ALL_ATTRIBUTES"):
            numbers.client.scan(
                TableName=numbers.name, AttributesToGet=["v"], Select="ALL_ATTRIBUTES")


@pytest.mark.parametrize("conditions, text", [
    ({"pk": condition("GE", S("p"))}, "Query key condition not supported"),
    *[({"pk": condition(operator, *values)},
       "Attempted conditional constraint is not an indexable operation")
      for operator, values in (("NE", [S("p")]), ("IN", [S("p")]), ("CONTAINS", [S("p")]),
                               ("NOT_CONTAINS", [S("p")]), ("NULL", []), ("NOT_NULL", []))],
    ({"sk": condition("NE", N(1))},
     "Attempted conditional constraint is not an indexable operation"),
    ({"v": condition("EQ", N(1))}, "Query condition missed key schema element: sk"),
    ({"sk": condition("EQ", N(1)), "v": condition("EQ", N(1))},
     "The number of query conditions (3) exceeds the number of key attributes defined in the "
     "schema (2)"),
    ({"sk": condition("EQ", S("1"))},
     INVALID + "Condition parameter type does not match schema type"),
    ({"sk": condition("BEGINS_WITH", N(1))},
     INVALID + "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"),
    ({"sk": condition("BETWEEN", N(2), N(1))},
     "The BETWEEN condition was provided a range where the lower bound is greater than the upper "
     "bound"),
    ({"pk": condition("EQ", S(""))},
     NOT_VALID + "The AttributeValue for a key attribute cannot contain an empty string value. "
     "Key: pk"),
    ({"pk": condition("EQ", S("p" * 2049))},
     INVALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
])
def test_key_conditions_that_find_no_keys(numbers, conditions, text):
    with refused(VALIDATION, text):
        query(numbers, conditions)


def test_a_query_needs_its_partition(numbers):
    client = numbers.client
    with refused(VALIDATION, "Query condition missed key schema element: pk"):
        client.query(TableName=numbers.name, KeyConditions={"sk": condition("EQ", N(1))})
    with refused(VALIDATION, "Query condition missed key schema element: pk"):
        client.query(TableName=numbers.name, KeyConditions={})
    with refused(VALIDATION, "Either the KeyConditions or KeyConditionExpression parameter must be "
                 "specified in the request."):
        client.query(TableName=numbers.name, QueryFilter={"v": ANY})


def test_a_query_filters_on_no_key(numbers):
    text = "QueryFilter can only contain non-primary key attributes: Primary key attribute: sk"
    with refused(VALIDATION, text):
        query(numbers, QueryFilter={"v": ANY, "sk": condition("EQ", N(1))})
    page = numbers.client.scan(
        TableName=numbers.name, ScanFilter={"sk": condition("GT", N(7)), "pk": ANY})
    assert page["Count"] == 4


class TestConditionalOperator:
    @pytest.mark.parametrize("conditions, text", [
        (None, WITHOUT), ({}, WITHOUT), ({"v": ANY}, TWO)])
    def test_joins_two(self, numbers, conditions, text):
        def given(name):
            joined = {} if conditions is None else {name: conditions}
            return {"ConditionalOperator": "OR", **joined}
        key = {"pk": S("p"), "sk": N(1)}
        with refused(VALIDATION, text):
            query(numbers, **given("QueryFilter"))
        with refused(VALIDATION, text):
            numbers.client.scan(TableName=numbers.name, **given("ScanFilter"))
        for write in (numbers.put, numbers.update, numbers.delete):
            with refused(VALIDATION, ONE + text):
                write(key, **given("Expected"))

    def test_is_and_or_or(self, numbers, unchecked):
        text = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"
        two = {"v": ANY, "w": ANY}
        for operator in ("and", "XOR", ""):
            with refused(VALIDATION, text):
                unchecked.scan(
                    TableName=numbers.name, ScanFilter=two, ConditionalOperator=operator)
            with refused(VALIDATION, ONE + text):
                unchecked.put_item(TableName=numbers.name, Item={"pk": S("p"), "sk": N(1)},
                                   Expected=two, ConditionalOperator=operator)


class TestMixing:
    """Legacy parameters together with expressions: the text names both kinds, each in a fixed
    order.
    """

    @staticmethod
    def text(legacy, expressions):
        return ("Can not use both expression and non-expression parameters in the same request: "
                f"Non-expression parameters: {{{legacy}}} "
                f"Expression parameters: {{{expressions}}}")

    @pytest.mark.parametrize("parameters, legacy, expressions", [
        ({"KeyConditions": PARTITION, "KeyConditionExpression": "x"},
         "KeyConditions", "KeyConditionExpression"),
        ({"KeyConditions": PARTITION, "AttributesToGet": ["v"], "FilterExpression": "x"},
         "AttributesToGet", "FilterExpression"),
        ({"KeyConditionExpression": "x", "ConditionalOperator": "AND"},
         "ConditionalOperator", "KeyConditionExpression"),
        ({"KeyConditions": {}, "QueryFilter": {}, "ConditionalOperator": "AND",
          "AttributesToGet": ["v"], "KeyConditionExpression": "", "FilterExpression": "",
          "ProjectionExpression": ""},
         "AttributesToGet, QueryFilter, ConditionalOperator, KeyConditions",
         "ProjectionExpression, FilterExpression, KeyConditionExpression"),
    ])
    def test_query(self, numbers, parameters, legacy, expressions):
        with refused(VALIDATION, self.text(legacy, expressions)):
            numbers.client.query(TableName=numbers.name, **parameters)

    def test_scan(self, numbers):
        with refused(VALIDATION, self.text("ScanFilter", "ProjectionExpression")):
            numbers.client.scan(TableName=numbers.name, ScanFilter={}, ProjectionExpression="v")

    def test_gets(self, numbers):
        key = {"pk": S("p"), "sk": N(1)}
        both = {"AttributesToGet": ["v"], "ProjectionExpression": "v"}
        text = self.text("AttributesToGet", "ProjectionExpression")
        with refused(VALIDATION, text):
            numbers.get(key, **both)
        with refused(VALIDATION, text):
            numbers.client.batch_get_item(RequestItems={numbers.name: {"Keys": [key], **both}})
        # This also holds if they are for different tables.
        with refused(VALIDATION, text):
            numbers.client.batch_get_item(RequestItems={
                numbers.name: {"Keys": [key], "AttributesToGet": ["v"]},
                "another": {"Keys": [key], "ProjectionExpression": "v"}})

    def test_writes(self, numbers):
        key = {"pk": S("p"), "sk": N(1)}
        text = ONE + self.text("Expected, ConditionalOperator", "ConditionExpression")
        both = {"Expected": {}, "ConditionalOperator": "AND", "ConditionExpression": "x = y"}
        for write in (numbers.put, numbers.delete):
            with refused(VALIDATION, text):
                write(key, **both)
        with refused(VALIDATION, ONE + self.text("AttributeUpdates", "UpdateExpression")):
            numbers.update(key, "SET v = :v", {":v": N(1)}, AttributeUpdates={})
        with refused(VALIDATION, ONE + self.text("Expected", "UpdateExpression")):
            numbers.update(key, "SET v = :v", {":v": N(1)}, Expected={"v": {"Exists": False}})

    def test_bad_shapes_come_first(self, numbers, unchecked):
        for value, text in (
            ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported "
             "datatypes"),
            ({"S": "p", "B": b"p"}, "Supplied AttributeValue has more than one datatypes set, must "
             "contain exactly one of the supported datatypes"),
        ):
            with refused(VALIDATION, text):
                unchecked.put_item(TableName=numbers.name, Item={"pk": S("p"), "v": L(value)},
                                   Expected={}, ConditionExpression="x = y")
        with refused(VALIDATION, ONE + self.text("Expected", "ConditionExpression")):
            numbers.put({"pk": S("p"), "v": N("bad")}, Expected={}, ConditionExpression="x = y")


def test_names_are_not_empty(numbers, unchecked):
    key = {"pk": S("p"), "sk": N(1)}
    text = "Empty attribute name"
    with refused(VALIDATION, text):
        numbers.get(key, AttributesToGet=["v", ""])
    with refused(VALIDATION, text):
        query(numbers, {"": ANY})
    with refused(VALIDATION, text):
        query(numbers, QueryFilter={"": ANY})
    with refused(VALIDATION, text):
        numbers.client.scan(TableName=numbers.name, ScanFilter={"": ANY})
    with refused(VALIDATION, ONE + text):
        numbers.put(key, Expected={"": ANY})
    with refused(VALIDATION, ONE + text):
        unchecked.update_item(
            TableName=numbers.name, Key=key, AttributeUpdates={"": {"Value": N(1)}})
    long = ONE + "Attribute name is too large, must be less than 65536 bytes"
    with refused(VALIDATION, long):
        numbers.update(key, AttributeUpdates={"x" * 65_536: {"Value": N(1)}})
    assert numbers.get(key)["v"] == N(1)


def test_values_need_an_expression(numbers):
    with refused(VALIDATION,
                 "ExpressionAttributeNames can only be specified when using expressions"):
        query(numbers, ExpressionAttributeNames={"#v": "v"})
    with refused(VALIDATION, "ExpressionAttributeValues can only be specified when using "
                 "expressions: FilterExpression is null"):
        numbers.client.scan(TableName=numbers.name, ScanFilter={"v": condition("EQ", B(b""))},
                            ExpressionAttributeValues={":v": N("bad")})
