# SPDX-License-Identifier: Apache-2.0
"""Requests and answers that were recorded on AWS in October 2026. The numbers in comments are those
of docs/recorded-answers.md.
"""

import time

import pytest
from errors import INVALID, ONE, VALIDATION, refused
from indexes import index, indexed_table
from raw_call import raw_call
from reading import filled
from values import SS, L, N, S

NESTING = ("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
           "beyond supported limit")


def nested(levels):
    value = N(1)
    for _ in range(levels):
        value = L(value)
    return value


@pytest.fixture(scope="module")
def table(dynamodb):
    with filled(dynamodb, [{"pk": S("a"), "sk": N(n)} for n in (1, 2)], "pk:S", "sk:N") as one:
        yield one


@pytest.fixture
def make_indexed(dynamodb):
    with indexed_table(dynamodb, "pk:S", more=("a:S",), gsi=[index("byA", "a")]) as one:
        yield one.name


def test_deep_values_of_a_transaction(dynamodb, table):  # 12
    def write(levels):
        return dynamodb.transact_write_items(TransactItems=[{"Update": {
            "TableName": table.name, "Key": {"pk": S("t"), "sk": N(1)},
            "UpdateExpression": "SET a = if_not_exists(a, :deep)",
            "ExpressionAttributeValues": {":deep": nested(levels)}}}])

    with refused(VALIDATION, f"ExpressionAttributeValues contains invalid value: {NESTING} for key "
                             ":deep"):
        write(40)
    write(31)


def test_a_filter_compares_32_levels(dynamodb, table):  # 17
    def scan(levels):
        return dynamodb.scan(TableName=table.name, ScanFilter={
            "l": {"ComparisonOperator": "EQ", "AttributeValueList": [nested(levels)]}})

    assert scan(32)["Items"] == []
    with refused(VALIDATION) as refusal:
        scan(33)
    assert NESTING in refusal.message


def test_duplicates_in_a_start_key(dynamodb, table):  # 34, 35
    with refused(VALIDATION, INVALID + 'Input collection ["a", "b", "b"] contains duplicates.'):
        dynamodb.query(TableName=table.name, KeyConditionExpression="pk = :a",
                       ExpressionAttributeValues={":a": S("a")},
                       ExclusiveStartKey={"pk": SS("b", "a", "b"), "sk": N(1)})


def test_an_exponent_at_the_end_of_32_bits(dynamodb, table):  # 36
    request = {"PutRequest": {"Item": {"pk": S("a"), "sk": {"N": "1e2147483647"}}}}
    with refused(VALIDATION, "Number underflow. Attempting to store a number with magnitude smaller "
                             "than supported range"):
        dynamodb.batch_write_item(RequestItems={table.name: [request]})
    with refused(VALIDATION) as refusal:
        dynamodb.put_item(TableName=table.name, Item=request["PutRequest"]["Item"])
    assert "Number overflow" in refusal.message


def test_an_empty_filter_is_told_before_the_key_condition(dynamodb, table):
    with refused(VALIDATION, "Invalid FilterExpression: The expression can not be empty;"):
        dynamodb.query(TableName=table.name, KeyConditionExpression="pk = pk OR",
                       FilterExpression="")


def test_two_names_in_a_key_condition(dynamodb, table):
    with refused(VALIDATION, "Invalid KeyConditionExpression: Invalid condition in "
                             "KeyConditionExpression: Multiple attribute names used in one "
                             "condition"):
        dynamodb.query(TableName=table.name, KeyConditionExpression="pk = x")


def test_long_names(dynamodb, table):
    name = "n" * 65536
    text = "Attribute name is too large, must be less than 65536 bytes"
    item = {"pk": S("long"), "sk": N(1), name: N(1)}
    with refused(VALIDATION) as refusal:
        dynamodb.put_item(TableName=table.name, Item=item)
    assert refusal.message.endswith(text)
    dynamodb.put_item(TableName=table.name,
                      Item={"pk": S("long"), "sk": N(1), name[:-1]: N(1)})


    with refused(VALIDATION, text):
        dynamodb.get_item(TableName=table.name, Key={"pk": S("a"), "sk": N(1)},
                          AttributesToGet=[name])


def test_null_for_the_writes_of_a_table(endpoint, table):
    status, answer = raw_call(endpoint, "BatchWriteItem", {"RequestItems": {table.name: None}})
    assert status == 400
    assert answer["message"] == ("The batch write request list for a table cannot be null or empty: "
                                 f"{table.name}")


def test_an_empty_name_in_a_map_is_told_after_nesting(dynamodb, table):  # 45
    def put(attributes):
        item = {"pk": S("a"), "sk": N(1), **attributes}
        return dynamodb.transact_write_items(TransactItems=[
            {"Put": {"TableName": table.name, "Item": item}}])

    empty_in_map = {"m": {"M": {"": S("x")}}}
    with refused(VALIDATION, NESTING):
        put({**empty_in_map, "deep": nested(40)})
    with refused(VALIDATION, "Empty attribute name"):
        put(empty_in_map)
    with refused(VALIDATION, "Empty attribute name"):
        put({"deep": nested(40), "": S("x")})


def test_on_demand_limits_of_an_index_are_shown_as_an_update(dynamodb, make_indexed):
    [index] = dynamodb.update_table(TableName=make_indexed, GlobalSecondaryIndexUpdates=[
        {"Update": {"IndexName": "byA", "OnDemandThroughput": {"MaxReadRequestUnits": 10}}}])[
            "TableDescription"]["GlobalSecondaryIndexes"]
    assert index["IndexStatus"] == "UPDATING"


def test_describe_endpoints_names_the_host_that_was_asked(dynamodb, endpoint):
    [found] = dynamodb.describe_endpoints()["Endpoints"]
    assert endpoint.endswith(found["Address"])


def test_an_unknown_table_class(dynamodb, table):
    with refused(VALIDATION, "Invalid table-class parameter provided. Please try again with a valid "
                             "table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS]."):
        dynamodb.update_table(TableName=table.name, TableClass="X")


BACKUP_ID = "/backup/01700000000000-0123abcd"
ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/none" + BACKUP_ID
BAD_ARNS = [
    ("x" * 48, VALIDATION, "Invalid Backup ARN"),
    (ARN.replace(BACKUP_ID, "-and-more-to-be-long-enough"), VALIDATION, "Invalid Backup ARN"),
    (ARN.replace("us-east-1", "xx-fake-1"), VALIDATION, "Invalid Request: BackupArn is not valid"),
    (ARN.replace("arn:aws:", "arn:aws-cn:"), VALIDATION, "Invalid Request: BackupArn is not valid"),
    (ARN.replace(":dynamodb:", ":s3:"), VALIDATION, "Invalid Request: BackupArn is not valid"),
    (ARN.replace("000000000000", "111111111111"), "AccessDeniedException", "Access is denied"),
    (ARN, "BackupNotFoundException", f"Backup not found: {ARN}"),
]


@pytest.mark.parametrize("arn, code, message", BAD_ARNS, ids=[arn for arn, _, _ in BAD_ARNS])
def test_backup_arns(dynamodb, arn, code, message):  # 33
    for call in (dynamodb.describe_backup, dynamodb.delete_backup):
        with refused(code, message):
            call(BackupArn=arn)
    with refused(code, message):
        dynamodb.restore_table_from_backup(BackupArn=arn, TargetTableName="restored")


def test_bounds_of_list_backups(dynamodb, table):  # 28
    details = dynamodb.create_backup(TableName=table.name, BackupName="bounds")["BackupDetails"]
    made = details["BackupCreationDateTime"]
    try:
        for bounds in ({"TimeRangeLowerBound": made}, {"TimeRangeUpperBound": made}):
            found = dynamodb.list_backups(TableName=table.name, **bounds)["BackupSummaries"]
            assert [one["BackupArn"] for one in found] == [details["BackupArn"]]
        with refused(VALIDATION, INVALID + "Time range lower bound must be less than or equal to "
                                           "upper bound"):
            dynamodb.list_backups(TimeRangeLowerBound=2e9, TimeRangeUpperBound=1e9)
    finally:
        dynamodb.delete_backup(BackupArn=details["BackupArn"])


def test_a_restore_tells_of_it_until_it_is_there(dynamodb, table):  # 30
    backup = dynamodb.create_backup(TableName=table.name, BackupName="one")["BackupDetails"]
    name = f"{table.name}-restored"
    try:
        answer = dynamodb.restore_table_from_backup(BackupArn=backup["BackupArn"],
                                                    TargetTableName=name)
        summary = answer["TableDescription"]["RestoreSummary"]
        assert summary["RestoreDateTime"] == backup["BackupCreationDateTime"]
        assert summary["RestoreInProgress"] is True
        dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 0.1})
        assert "RestoreSummary" not in dynamodb.describe_table(TableName=name)["Table"]
    finally:
        dynamodb.delete_table(TableName=name)
        dynamodb.delete_backup(BackupArn=backup["BackupArn"])


def test_a_system_backup_lives_as_long_as_recovery_went_back(dynamodb, make_table):  # 29
    table = make_table()
    dynamodb.update_continuous_backups(TableName=table.name, PointInTimeRecoverySpecification={
        "PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 1})
    before = time.time()
    dynamodb.delete_table(TableName=table.name)
    [backup] = dynamodb.list_backups(TableName=table.name, BackupType="SYSTEM")[
        "BackupSummaries"]
    lives = backup["BackupExpiryDateTime"] - backup["BackupCreationDateTime"]
    assert lives.total_seconds() == pytest.approx(86400, abs=1)
    assert backup["BackupCreationDateTime"].timestamp() > before - 1


def test_one_update_of_an_index_a_call(dynamodb, make_table):
    table = make_table()
    remove = {"Delete": {"IndexName": "byA"}}
    create = {"Create": {"IndexName": "byA", "Projection": {"ProjectionType": "ALL"},
                         "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]}}
    with refused(VALIDATION, INVALID + "Only one global secondary index update per index is "
                                       "allowed simultaneously. Index: byA"):
        dynamodb.update_table(
            TableName=table.name, GlobalSecondaryIndexUpdates=[remove, create],
            AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}])


def test_an_empty_set_in_an_update(dynamodb, table):
    with refused(VALIDATION, f"{ONE}{INVALID}An string set  may not be empty"):
        dynamodb.update_item(TableName=table.name, Key={"pk": S("a"), "sk": N(1)},
                             UpdateExpression="SET s = :s", ExpressionAttributeValues={":s": SS()})
