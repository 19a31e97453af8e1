# SPDX-License-Identifier: Apache-2.0
"""The generic checks of members that come first: names, missing members, enums, and their order.

GetItem, PutItem, UpdateItem and DeleteItem answer with the newer of AWS's two layers.
"""

import pytest
from errors import ONE, VALIDATION, constraint, refused
from values import S

KEY = {"pk": S("a")}
TWO, THREE = "2 validation errors detected: ", "3 validation errors detected: "
PATTERN = "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
AT_LEAST_3 = "have length greater than or equal to 3"
AT_MOST_255 = "have length less than or equal to 255"
CAPACITY = "satisfy enum value set: [INDEXES, TOTAL, NONE]"

BODY = {"get_item": {"Key": KEY}, "put_item": {"Item": KEY}, "delete_item": {"Key": KEY},
        "update_item": {"Key": KEY}}
READS_AND_PUTS = ["get_item", "put_item", "delete_item"]


def call(client, operation, **parameters):
    getattr(client, operation)(**{**BODY[operation], **parameters})


@pytest.mark.parametrize("operation", BODY)
def test_empty_table_name(unchecked, operation):
    with refused(VALIDATION, ONE + "Value at 'TableName' failed to satisfy constraint: Member "
                 "must have length greater than or equal to 1"):
        call(unchecked, operation, TableName="")


@pytest.mark.parametrize("operation", BODY)
@pytest.mark.parametrize("name, rule", [
    ("ab", AT_LEAST_3), ("a;b", PATTERN), ("x" * 256, AT_MOST_255)],
    ids=["short", "pattern", "long"])
def test_table_name_form(unchecked, operation, name, rule):
    with refused(VALIDATION, ONE + constraint(f"'{name}'", "tableName", rule)):
        call(unchecked, operation, TableName=name)


@pytest.mark.parametrize("operation", READS_AND_PUTS)
def test_only_the_length_of_a_short_wrong_name(unchecked, operation):
    with refused(VALIDATION, ONE + constraint("'a;'", "tableName", AT_LEAST_3)):
        call(unchecked, operation, TableName="a;")


def test_update_item_names_both_faults_of_a_name(unchecked):
    with refused(VALIDATION, TWO + "; ".join([
            constraint("'a;'", "tableName", PATTERN),
            constraint("'a;'", "tableName", AT_LEAST_3)])):
        call(unchecked, "update_item", TableName="a;")


@pytest.mark.parametrize("operation", READS_AND_PUTS)
def test_missing_table_name(unchecked, operation):
    with refused(VALIDATION, ONE + constraint("null", "tableName", "not be null")):
        call(unchecked, operation)


@pytest.mark.parametrize("operation, member", [
    ("get_item", "key"), ("put_item", "item"), ("delete_item", "key"), ("update_item", "key")])
def test_missing_key_or_item(unchecked, operation, member):
    with refused(VALIDATION, ONE + constraint("null", member, "not be null")):
        getattr(unchecked, operation)(TableName="weir-table")


def test_everything_missing_from_get_item(unchecked):
    with refused(VALIDATION, TWO + "; ".join([
            constraint("null", "key", "not be null"),
            constraint("null", "tableName", "not be null")])):
        unchecked.get_item()


def test_everything_missing_from_put_item(unchecked):
    with refused(VALIDATION, TWO + "; ".join([
            constraint("null", "tableName", "not be null"),
            constraint("null", "item", "not be null")])):
        unchecked.put_item()


@pytest.mark.parametrize("operation", BODY)
def test_unknown_return_consumed_capacity(unchecked, operation):
    # UpdateItem's text does not have the count.
    start = "" if operation == "update_item" else ONE
    with refused(VALIDATION, start + constraint("'ALL'", "returnConsumedCapacity", CAPACITY)):
        call(unchecked, operation, TableName="weir-table", ReturnConsumedCapacity="ALL")


@pytest.mark.parametrize("operation", ["put_item", "update_item", "delete_item"])
def test_unknown_return_item_collection_metrics(unchecked, operation):
    with refused(VALIDATION, ONE + constraint(
            "'ALL'", "returnItemCollectionMetrics", "satisfy enum value set: [SIZE, NONE]")):
        call(unchecked, operation, TableName="weir-table", ReturnItemCollectionMetrics="ALL")


@pytest.mark.parametrize("operation", ["put_item", "update_item", "delete_item"])
def test_unknown_return_values_on_condition_check_failure(unchecked, operation):
    start = "" if operation == "update_item" else ONE
    with refused(VALIDATION, start + constraint(
            "'X'", "returnValuesOnConditionCheckFailure",
            "satisfy enum value set: [ALL_OLD, NONE]")):
        call(unchecked, operation, TableName="weir-table",
             ReturnValuesOnConditionCheckFailure="X")


def test_faults_are_joined_in_order(unchecked):
    with refused(VALIDATION, THREE + "; ".join([
            constraint("null", "key", "not be null"),
            constraint("'ab'", "tableName", AT_LEAST_3),
            constraint("'X'", "returnConsumedCapacity", CAPACITY)])):
        unchecked.get_item(TableName="ab", ReturnConsumedCapacity="X")


def test_update_item_names_only_the_first_enum(unchecked):
    with refused(VALIDATION, ONE + "Failed to satisfy constraint: Member must satisfy enum value "
                 "set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"):
        call(unchecked, "update_item", TableName="weir-table", ReturnValues="X",
             ReturnConsumedCapacity="X", ReturnItemCollectionMetrics="X")


def test_members_are_checked_before_the_table_is_looked_up(unchecked):
    with refused(VALIDATION):
        call(unchecked, "put_item", TableName="weir-no-such-table", ReturnConsumedCapacity="X")
