# SPDX-License-Identifier: Apache-2.0
"""UpdateContinuousBackups and DescribeContinuousBackups: the settings of point-in-time recovery."""

import datetime

import pytest
from errors import VALIDATION, refused
from tables import definition, unique_name

NOT_FOUND = "TableNotFoundException"


def described(dynamodb, name):
    reply = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert reply["ContinuousBackupsStatus"] == "ENABLED"
    return reply["PointInTimeRecoveryDescription"]


def update(dynamodb, name, enabled, **members):
    reply = dynamodb.update_continuous_backups(
        TableName=name,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled, **members})
    return reply["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]


def test_off_at_first(dynamodb, table):
    assert described(dynamodb, table.name) == {"PointInTimeRecoveryStatus": "DISABLED"}


def test_on_and_off(dynamodb, table):
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=1)
    reply = update(dynamodb, table.name, True)
    assert reply["PointInTimeRecoveryStatus"] == "ENABLED"
    assert reply["RecoveryPeriodInDays"] == 35
    assert reply["EarliestRestorableDateTime"] > before
    assert reply["LatestRestorableDateTime"] >= reply["EarliestRestorableDateTime"]
    assert described(dynamodb, table.name)["PointInTimeRecoveryStatus"] == "ENABLED"
    update(dynamodb, table.name, False)
    assert described(dynamodb, table.name) == {"PointInTimeRecoveryStatus": "DISABLED"}


def test_recovery_period(dynamodb, table):
    assert update(dynamodb, table.name, True, RecoveryPeriodInDays=7)["RecoveryPeriodInDays"] == 7
    assert update(dynamodb, table.name, True)["RecoveryPeriodInDays"] == 7
    assert update(dynamodb, table.name, True, RecoveryPeriodInDays=1)["RecoveryPeriodInDays"] == 1


def test_setting_ends_with_the_table(dynamodb, make_table):
    table = make_table()
    update(dynamodb, table.name, True)
    table.drop()
    dynamodb.create_table(**definition(table.name, "pk:S"))
    table.await_active()
    assert described(dynamodb, table.name) == {"PointInTimeRecoveryStatus": "DISABLED"}


def test_period_of_disabled_recovery(dynamodb, table):
    with refused(VALIDATION, "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling "
                             "point-in-time recovery."):
        update(dynamodb, table.name, False, RecoveryPeriodInDays=7)


@pytest.mark.parametrize("days", [0, 36])
def test_period_out_of_bounds(unchecked, table, days):
    with refused(VALIDATION):
        update(unchecked, table.name, True, RecoveryPeriodInDays=days)
    assert described(unchecked, table.name) == {"PointInTimeRecoveryStatus": "DISABLED"}


def test_missing_table(dynamodb):
    name = unique_name()
    with refused(NOT_FOUND, f"Table not found: {name}"):
        dynamodb.describe_continuous_backups(TableName=name)
    with refused(NOT_FOUND, f"Table not found: {name}"):
        update(dynamodb, name, True)
