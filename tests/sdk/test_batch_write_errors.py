# SPDX-License-Identifier: Apache-2.0
"""Refused BatchWriteItem requests. If one write of a request is wrong, nothing is written.

BatchWriteItem answers with the older of AWS's two layers.
"""

import pytest
from errors import INVALID, NOT_VALID, ONE, VALIDATION, constraint, refused
from raw_call import raw_call
from reading import scan
from values import BOOL, NULL, SS, B, N, S, nested

NO_MATCH = "The provided key element does not match the schema"
DUPLICATES = "Provided list of item keys contains duplicates"
EMPTY = ("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
SEVERAL = ("Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
           "the supported datatypes")
COUNTS = ("failed to satisfy constraint: Map value must satisfy constraint: [Member must have "
          "length less than or equal to 25, Member must have length greater than or equal to 1]")
NAMES = ("failed to satisfy constraint: Map keys must satisfy constraint: [Member must have "
         "length less than or equal to 255, Member must have length greater than or equal to 3, "
         "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]")
CAPACITY = constraint(
    "'X'", "returnConsumedCapacity", "satisfy enum value set: [INDEXES, TOTAL, NONE]")
METRICS = constraint(
    "'X'", "returnItemCollectionMetrics", "satisfy enum value set: [SIZE, NONE]")
TABLE = "weir-no-such-table"
RANGE_SIZE = (
    INVALID + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes")


def key(number=1):
    return {"pk": S("p"), "sk": N(number)}


def put(item):
    return {"PutRequest": {"Item": item}}


def delete(wrong):
    return {"DeleteRequest": {"Key": wrong}}


@pytest.fixture
def table(make_table):
    return make_table("pk:S", "sk:N")


@pytest.fixture
def refuses(table, unchecked):
    """refuses(message, *writes) checks that a batch is refused and nothing of it is written."""

    def check(message, *writes):
        good = put({"pk": S("good"), "sk": N(1)})
        for batch in ([good, *writes], [*writes, good]):
            with refused(VALIDATION, message):
                unchecked.batch_write_item(RequestItems={table.name: batch})
        assert scan(table)["Items"] == []

    return check


class TestMembers:
    """The first checks, which look up no table."""

    def test_no_request_items(self, endpoint):
        status, answer = raw_call(endpoint, "BatchWriteItem", {})
        assert (status, answer["message"]) == (
            400, ONE + constraint("null", "requestItems", "not be null"))

    def test_no_tables(self, unchecked):
        with refused(VALIDATION, "The requestItems parameter is required for BatchWriteItem"):
            unchecked.batch_write_item(RequestItems={})

    def test_no_writes(self, unchecked):
        with refused(VALIDATION, f"{ONE}Value '{{{TABLE}=[]}}' at 'requestItems' {COUNTS}"):
            unchecked.batch_write_item(RequestItems={TABLE: []})

    def test_more_than_25_writes(self, unchecked):
        with refused(VALIDATION) as refusal:
            unchecked.batch_write_item(
                RequestItems={TABLE: [put({"pk": S("p")}) for _ in range(26)]})
        assert refusal.message.startswith(
            f"{ONE}Value '{{{TABLE}=[WriteRequest(putRequest=PutRequest(item={{pk=AttributeValue("
            "s=p, n=null, b=null, ")
        assert refusal.message.endswith(f" at 'requestItems' {COUNTS}")

    def test_more_than_25_writes_in_two_tables(self, dynamodb):
        writes = [put(key(number)) for number in range(13)]
        with refused(VALIDATION, "Too many items requested for the BatchWriteItem call"):
            dynamodb.batch_write_item(RequestItems={TABLE: writes, TABLE + "-2": writes})

    @pytest.mark.parametrize("name", ["ab", "a;b", "x" * 256], ids=["short", "pattern", "long"])
    def test_form_of_a_name(self, unchecked, name):
        with refused(VALIDATION) as refusal:
            unchecked.batch_write_item(RequestItems={name: [delete({"pk": S("p")})]})
        assert refusal.message.startswith(f"{ONE}Value '{{{name}=[WriteRequest(putRequest=null, "
                                          "deleteRequest=DeleteRequest(key={pk=AttributeValue(")
        assert refusal.message.endswith(f" at 'requestItems' {NAMES}")

    def test_unknown_enums(self, unchecked):
        with refused(VALIDATION, f"2 validation errors detected: {CAPACITY}; {METRICS}"):
            unchecked.batch_write_item(
                RequestItems={TABLE: [put(key())]}, ReturnConsumedCapacity="X",
                ReturnItemCollectionMetrics="X")

    @pytest.mark.parametrize("parameter, message", [
        ("ReturnConsumedCapacity", CAPACITY), ("ReturnItemCollectionMetrics", METRICS)])
    def test_unknown_enum(self, unchecked, parameter, message):
        with refused(VALIDATION, ONE + message):
            unchecked.batch_write_item(RequestItems={TABLE: [put(key())]}, **{parameter: "X"})


class TestElements:
    def test_neither_put_nor_delete(self, refuses):
        # The text is that for a request with both.
        refuses(SEVERAL, {})

    def test_both_put_and_delete(self, refuses):
        refuses(SEVERAL, {**put(key(1)), **delete(key(2))})

    def test_put_twice(self, refuses):
        refuses(DUPLICATES, put(key()), put({**key(), "x": N(1)}))

    def test_put_and_delete_of_one_key(self, refuses):
        refuses(DUPLICATES, put(key()), delete(key()))

    def test_delete_twice(self, refuses):
        refuses(DUPLICATES, delete(key()), delete(key()))

    @pytest.mark.parametrize("again", ["1.0", "+1", "0.1e1"])
    def test_equal_number_keys(self, refuses, again):
        refuses(DUPLICATES, put(key(1)), delete(key(again)))

    def test_same_key_in_two_tables_is_no_duplicate(self, table, make_table):
        other = make_table("pk:S", "sk:N")
        table.client.batch_write_item(RequestItems={
            table.name: [put(key())], other.name: [put(key())]})
        assert (table.get(key()), other.get(key())) == (key(), key())


class TestKeys:
    @pytest.mark.parametrize("wrong", [
        {"pk": S("p")},
        {"sk": N(1)},
        {"pk": S("p"), "x": N(1)},
        {"pk": N(1), "sk": N(1)},
        {"pk": S("p"), "sk": S("1")},
        {"pk": B(b"p"), "sk": N(1)},
        {"pk": S("p"), "sk": NULL},
        {"pk": S("p"), "sk": BOOL(True)},
    ], ids=str)
    @pytest.mark.parametrize("element", [put, delete])
    def test_that_do_not_fit_the_schema(self, refuses, element, wrong):
        refuses(NO_MATCH, element(wrong))

    def test_delete_with_more_than_the_key(self, refuses):
        refuses(NO_MATCH, delete({**key(), "x": N(1)}))

    @pytest.mark.parametrize("element", [put, delete])
    def test_empty(self, refuses, element):
        refuses(NOT_VALID + "The AttributeValue for a key attribute cannot contain an empty "
                "string value. Key: pk", element({"pk": S(""), "sk": N(1)}))

    @pytest.mark.parametrize("element", [put, delete])
    def test_too_long_partition_key(self, refuses, element):
        refuses(INVALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes",
                element({"pk": S("x" * 2049), "sk": N(1)}))

    @pytest.mark.parametrize("element", [put, delete])
    def test_too_long_sort_key(self, make_table, element):
        table = make_table("pk:S", "sk:S")
        with refused(VALIDATION, RANGE_SIZE):
            table.client.batch_write_item(RequestItems={
                table.name: [element({"pk": S("p"), "sk": S("x" * 1025)})]})


class TestValues:
    def test_item_size(self, refuses):
        refuses("Item size has exceeded the maximum allowed size",
                put({**key(), "v": S("x" * 400 * 1024)}))

    @pytest.mark.parametrize("value, message", [
        ({}, EMPTY),
        ({"N": "1", "S": "1"}, SEVERAL),
        (N("x"), "The parameter cannot be converted to a numeric value: x"),
        (N("1e126"), "Number overflow. Attempting to store a number with magnitude larger than "
         "supported range"),
        (N("1" * 39), "Attempting to store more than 38 significant digits in a Number"),
        (SS(), INVALID + "An string set  may not be empty"),
        (SS("a", "a"), INVALID + "Input collection [a, a] contains duplicates."),
        (nested(32, S("x")), "Nesting Levels have exceeded supported limits: Attributes in the "
         "item have nested levels beyond supported limit"),
    ], ids=["none", "two", "number", "overflow", "digits", "empty set", "duplicates", "nesting"])
    def test_faults(self, refuses, value, message):
        refuses(message, put({**key(), "v": value}))


class TestTables:
    def test_missing(self, dynamodb):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            dynamodb.batch_write_item(RequestItems={TABLE: [put(key())]})

    def test_one_of_two_missing(self, table):
        with refused("ResourceNotFoundException", "Requested resource not found"):
            table.client.batch_write_item(RequestItems={
                table.name: [put(key())], TABLE: [put(key())]})
        assert scan(table)["Items"] == []

    def test_fault_in_the_other_table(self, table, make_table):
        other = make_table("pk:S", "sk:N")
        with refused(VALIDATION, NO_MATCH):
            table.client.batch_write_item(RequestItems={
                table.name: [put(key())], other.name: [put({"pk": S("p")})]})
        assert scan(table)["Items"] == []
