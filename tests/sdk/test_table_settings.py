# SPDX-License-Identifier: Apache-2.0
"""UpdateTable: capacity, encryption, class, protection; and the same settings at creation."""

import pytest
from errors import INVALID, VALIDATION, refused
from tables import definition

UNITS = ("ReadCapacityUnits", "WriteCapacityUnits")


def units(read, write):
    return dict(zip(UNITS, (read, write), strict=False))


def update(table, **change):
    reply = table.client.update_table(TableName=table.name, **change)["TableDescription"]
    table.await_active()
    return reply


def test_throughput(make_table):
    table = make_table(units=(5, 5))
    reply = update(table, ProvisionedThroughput=units(6, 4))
    assert reply["TableStatus"] == "UPDATING"
    throughput = table.describe()["ProvisionedThroughput"]
    assert [throughput[member] for member in UNITS] == [6, 4]
    assert throughput["NumberOfDecreasesToday"] == 1
    assert throughput["LastIncreaseDateTime"] == throughput["LastDecreaseDateTime"]


def test_fifth_decrease_of_a_day(make_table):
    table = make_table(units=(10, 10))
    for read in (9, 8, 7, 6):
        update(table, ProvisionedThroughput=units(read, 10))
    # The check is skipped if a new day, and with it a new count, has just begun.
    if table.describe()["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 4:
        with refused("LimitExceededException") as refusal:
            update(table, ProvisionedThroughput=units(5, 10))
        assert "After the first 4 decreases" in refusal.message


def test_billing_modes(make_table):
    table = make_table()
    update(table, BillingMode="PROVISIONED", ProvisionedThroughput=units(2, 3))
    described = table.describe()
    assert described["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert described["ProvisionedThroughput"]["WriteCapacityUnits"] == 3
    update(table, BillingMode="PAY_PER_REQUEST")
    described = table.describe()
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert "LastUpdateToPayPerRequestDateTime" in described["BillingModeSummary"]
    assert described["ProvisionedThroughput"]["WriteCapacityUnits"] == 0


def test_on_demand_limits(table):
    update(table, OnDemandThroughput={"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 20})
    update(table, OnDemandThroughput={"MaxReadRequestUnits": -1})
    assert table.describe()["OnDemandThroughput"] == {"MaxWriteRequestUnits": 20}


def test_warm_throughput(table):
    reply = update(table, WarmThroughput={"ReadUnitsPerSecond": 12001})
    assert reply["WarmThroughput"]["Status"] == "UPDATING"
    assert table.describe()["WarmThroughput"] == {
        "ReadUnitsPerSecond": 12001, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"}


def test_encryption(table):
    assert "SSEDescription" not in table.describe()
    update(table, SSESpecification={"Enabled": True})
    encryption = table.describe()["SSEDescription"]
    assert (encryption["Status"], encryption["SSEType"]) == ("ENABLED", "KMS")
    assert ":key/" in encryption["KMSMasterKeyArn"]
    update(table, SSESpecification={"Enabled": False})
    assert "SSEDescription" not in table.describe()


def test_class(table):
    update(table, TableClass="STANDARD_INFREQUENT_ACCESS")
    summary = table.describe()["TableClassSummary"]
    assert summary["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert "LastUpdateDateTime" in summary


def test_deletion_protection(dynamodb, table):
    update(table, DeletionProtectionEnabled=True)
    with refused(VALIDATION, "Resource cannot be deleted as it is currently protected against "
                             "deletion. Disable deletion protection first."):
        dynamodb.delete_table(TableName=table.name)
    update(table, DeletionProtectionEnabled=False)
    table.drop()


def test_settings_at_creation(dynamodb, fresh_name):
    reply = dynamodb.create_table(
        **definition(fresh_name, "pk:S"), DeletionProtectionEnabled=False,
        TableClass="STANDARD_INFREQUENT_ACCESS", SSESpecification={"Enabled": True},
        OnDemandThroughput={"MaxReadRequestUnits": 5},
        WarmThroughput={"WriteUnitsPerSecond": 5000})["TableDescription"]
    assert reply["TableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"}
    assert reply["SSEDescription"]["SSEType"] == "KMS"
    assert reply["OnDemandThroughput"] == {"MaxReadRequestUnits": 5}
    assert reply["WarmThroughput"]["WriteUnitsPerSecond"] == 5000


@pytest.mark.parametrize("change, message", [
    ({"ProvisionedThroughput": units(1, 1)},
     INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode "
               "is PAY_PER_REQUEST"),
    ({"BillingMode": "PROVISIONED"},
     INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"),
    ({"SSESpecification": {"Enabled": False}}, INVALID + "Table is already encrypted by default"),
    ({"SSESpecification": {"Enabled": True}, "DeletionProtectionEnabled": True},
     INVALID + "Server-Side Encryption modification must be the only operation in the request"),
    ({"TableClass": "STANDARD_INFREQUENT_ACCESS", "DeletionProtectionEnabled": True},
     INVALID + "TableClass modification must be the only operation in the request"),
    ({"WarmThroughput": {"ReadUnitsPerSecond": 1}},
     INVALID + "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current "
               "WarmThroughput, decreasing WarmThroughput is not supported"),
    ({"OnDemandThroughput": {"MaxReadRequestUnits": 0}},
     INVALID + "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid "
               "range"),
], ids=["units", "mode", "encryption", "two", "class", "warm", "limits"])
def test_refused_changes(table, change, message):
    before = table.describe()
    with refused(VALIDATION, message):
        update(table, **change)
    assert table.describe() == before
