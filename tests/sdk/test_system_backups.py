# SPDX-License-Identifier: Apache-2.0
"""The backup that is left when a table with point-in-time recovery is deleted. The tests have their
own server and move its clock.
"""

import datetime

import pytest
from clients import client
from errors import VALIDATION, refused
from support.weir_clock import Clock
from tables import Table, definition


class Server:
    def __init__(self, endpoint):
        self.dynamodb = client("dynamodb", endpoint)
        self.clock = Clock(endpoint)
        self.clock.change(freeze=True)

    def leave_backup(self):
        """Deletes a table with one item and point-in-time recovery. Returns its backup's entry in
        ListBackups.
        """
        self.dynamodb.create_table(**definition("Gone", "pk:S"))
        Table(self.dynamodb, "Gone").put({"pk": {"S": "a"}, "n": {"N": "1"}})
        self.dynamodb.update_continuous_backups(
            TableName="Gone",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
        self.dynamodb.delete_table(TableName="Gone")
        (summary,) = self.list("SYSTEM")
        return summary

    def list(self, kind):
        return self.dynamodb.list_backups(TableName="Gone", BackupType=kind)["BackupSummaries"]


@pytest.fixture
def server(start_weir):
    return Server(start_weir().endpoint)


def test_a_table_with_point_in_time_recovery_leaves_a_backup(server):
    summary = server.leave_backup()
    assert summary["BackupName"] == "Gone$DeletedTableBackup"
    assert summary["BackupType"] == "SYSTEM"
    assert summary["BackupArn"].endswith("-00000000")
    life = summary["BackupExpiryDateTime"] - summary["BackupCreationDateTime"]
    assert life == datetime.timedelta(days=35)
    assert server.list("USER") == []
    assert server.list("ALL") == [summary]
    details = server.dynamodb.describe_backup(BackupArn=summary["BackupArn"])["BackupDescription"]
    assert details["BackupDetails"]["BackupStatus"] == "AVAILABLE"
    assert details["SourceTableDetails"]["ItemCount"] == 1


def test_it_can_be_restored_but_not_deleted(server):
    arn = server.leave_backup()["BackupArn"]
    with refused(VALIDATION) as refusal:
        server.dynamodb.delete_backup(BackupArn=arn)
    assert refusal.message.startswith(
        f"Invalid Request: User is not allowed to delete the system backup with arn {arn}. It will"
        " automatically"
        " expire on ")
    server.dynamodb.restore_table_from_backup(BackupArn=arn, TargetTableName="Back")
    back = Table(server.dynamodb, "Back")
    back.await_active()
    assert back.get({"pk": {"S": "a"}}) == {"pk": {"S": "a"}, "n": {"N": "1"}}
    back.put({"pk": {"S": "b"}})


def test_it_goes_after_35_days(server):
    arn = server.leave_backup()["BackupArn"]
    server.clock.change(advance="839h59m59s")
    assert len(server.list("SYSTEM")) == 1
    server.clock.change(advance="1s")
    assert server.list("SYSTEM") == []
    with pytest.raises(server.dynamodb.exceptions.BackupNotFoundException):
        server.dynamodb.describe_backup(BackupArn=arn)


def test_other_tables_leave_none(server):
    server.dynamodb.create_table(**definition("Gone", "pk:S"))
    server.dynamodb.delete_table(TableName="Gone")
    assert server.list("ALL") == []
