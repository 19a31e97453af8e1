# SPDX-License-Identifier: Apache-2.0
"""Backups and restores through boto3."""

import contextlib
import re
import time

import pytest
from errors import refused
from tables import Table, definition, unique_name


@pytest.fixture
def backup(dynamodb):
    """backup(table) -> the ARN of a new backup, which is deleted when the test ends."""
    arns = []

    def make(table, name="Nightly"):
        reply = dynamodb.create_backup(TableName=table.name, BackupName=name)
        arns.append(reply["BackupDetails"]["BackupArn"])
        return arns[-1]

    yield make
    for arn in arns:
        with contextlib.suppress(dynamodb.exceptions.BackupNotFoundException):
            dynamodb.delete_backup(BackupArn=arn)


def items(table, **parameters):
    pages = table.client.get_paginator("scan").paginate(TableName=table.name, **parameters)
    return sorted((item for page in pages for item in page["Items"]), key=str)


def restore(dynamodb, arn, name, **parameters):
    reply = dynamodb.restore_table_from_backup(
        BackupArn=arn, TargetTableName=name, **parameters)
    table = Table(dynamodb, name)
    table.await_active()
    return table, reply["TableDescription"]


def test_a_backup_lives_its_life(dynamodb, table):
    table.put({"pk": {"S": "a"}})
    details = dynamodb.create_backup(TableName=table.name, BackupName="Nightly")["BackupDetails"]
    arn = details["BackupArn"]
    described_table = table.describe()
    assert re.fullmatch(re.escape(described_table["TableArn"]) + r"/backup/\d{14}-[0-9a-f]{8}", arn)
    assert details["BackupStatus"] == "CREATING"
    assert details["BackupType"] == "USER"
    description = dynamodb.describe_backup(BackupArn=arn)["BackupDescription"]
    assert description["BackupDetails"]["BackupStatus"] == "AVAILABLE"
    assert description["SourceTableDetails"]["TableId"] == described_table["TableId"]
    assert description["SourceTableDetails"]["ItemCount"] == 1
    listed = dynamodb.list_backups(TableName=table.name)["BackupSummaries"]
    assert [summary["BackupArn"] for summary in listed] == [arn]
    deleted = dynamodb.delete_backup(BackupArn=arn)["BackupDescription"]
    assert deleted["BackupDetails"]["BackupStatus"] == "DELETED"
    with refused("BackupNotFoundException", f"Backup not found: {arn}"):
        dynamodb.describe_backup(BackupArn=arn)
    assert dynamodb.list_backups(TableName=table.name)["BackupSummaries"] == []


def test_a_restored_table_is_what_it_was(dynamodb, fresh_name, backup):
    name = unique_name()
    parameters = definition(name, "pk:S", "sk:N", view="NEW_IMAGE")
    parameters["AttributeDefinitions"].append({"AttributeName": "a", "AttributeType": "S"})
    projection = {"Projection": {"ProjectionType": "ALL"}}
    parameters["GlobalSecondaryIndexes"] = [{
        "IndexName": "global", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
        **projection}]
    parameters["LocalSecondaryIndexes"] = [{
        "IndexName": "local",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                      {"AttributeName": "a", "KeyType": "RANGE"}], **projection}]
    dynamodb.create_table(**parameters)
    source = Table(dynamodb, name)
    source.await_active()
    for i in range(120):
        source.put({"pk": {"S": str(i % 7)}, "sk": {"N": str(i)}, "a": {"S": f"v{i % 5}"}})
    before = {index: items(source, **index_of(index)) for index in (None, "global", "local")}
    arn = backup(source)
    for i in range(60, 200):
        source.put({"pk": {"S": str(i % 7)}, "sk": {"N": str(i)}, "a": {"S": "changed"}})
    source.drop()
    restored, description = restore(dynamodb, arn, fresh_name)
    assert description["TableStatus"] == "CREATING"
    assert description["RestoreSummary"]["RestoreInProgress"] is True
    assert description["RestoreSummary"]["SourceBackupArn"] == arn
    for index, expected in before.items():
        assert items(restored, **index_of(index)) == expected
    described = restored.describe()
    assert described["ItemCount"] == 120
    assert "StreamSpecification" not in described
    restored.put({"pk": {"S": "0"}, "sk": {"N": "1000"}, "a": {"S": "new"}})
    assert len(items(restored, IndexName="global")) == 121


def index_of(name):
    return {} if name is None else {"IndexName": name}


def test_indexes_and_capacity_may_be_others(dynamodb, table, fresh_name, backup):
    table.put({"pk": {"S": "a"}})
    restored, _ = restore(
        dynamodb, backup(table), fresh_name, BillingModeOverride="PROVISIONED",
        ProvisionedThroughputOverride={"ReadCapacityUnits": 3, "WriteCapacityUnits": 4})
    throughput = restored.describe()["ProvisionedThroughput"]
    assert (throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]) == (3, 4)


def test_faults(dynamodb, table, backup):
    with refused("TableNotFoundException", "Table not found: nowhere"):
        dynamodb.create_backup(TableName="nowhere", BackupName="Nightly")
    arn = backup(table)
    with refused("TableAlreadyExistsException", f"Table already exists: {table.name}"):
        dynamodb.restore_table_from_backup(BackupArn=arn, TargetTableName=table.name)
    unknown = arn[:-8] + "00000000"
    for call in (dynamodb.describe_backup, dynamodb.delete_backup):
        with refused("BackupNotFoundException", f"Backup not found: {unknown}"):
            call(BackupArn=unknown)


def test_backups_are_listed_by_pages_and_time(dynamodb, table, backup):
    arns = [backup(table, f"backup{i}") for i in range(5)]
    first = dynamodb.list_backups(TableName=table.name, Limit=2)
    assert [s["BackupArn"] for s in first["BackupSummaries"]] == arns[:2]
    rest = dynamodb.list_backups(
        TableName=table.name, ExclusiveStartBackupArn=first["LastEvaluatedBackupArn"])
    assert [s["BackupArn"] for s in rest["BackupSummaries"]] == arns[2:]
    assert "LastEvaluatedBackupArn" not in rest
    later = time.time() + 3600
    assert not dynamodb.list_backups(TableName=table.name,
                                     TimeRangeLowerBound=later)["BackupSummaries"]
    assert not dynamodb.list_backups(TableName=table.name, BackupType="SYSTEM")["BackupSummaries"]
