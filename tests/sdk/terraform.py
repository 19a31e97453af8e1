# SPDX-License-Identifier: Apache-2.0
"""Imitates what Terraform's AWS provider does for an aws_dynamodb_table: the calls of create, read,
update and delete in its order (hashicorp/terraform-provider-aws,
internal/service/dynamodb/table.go), and how it reads the answers.

A configuration is a dictionary with the resource's arguments. `read` returns a dictionary of the
same form, and a plan shows no drift if and only if the two are equal.
"""

import time

DEADLINE = 60.0
# Seconds between two looks at a real service. Weir is ready at the first look.
PAUSE = 1.0


def await_state(look, reached, what):
    """Calls `look` until `reached` holds for what it returns, and returns that."""
    end = time.monotonic() + DEADLINE
    while True:
        state = look()
        if reached(state):
            return state
        assert time.monotonic() < end, f"{what}: {state}"
        time.sleep(PAUSE)


def _throughput(block):
    return {"ReadCapacityUnits": block["read_capacity"], "WriteCapacityUnits": block["write_capacity"]}


def _index(block, provisioned):
    index = {
        "IndexName": block["name"],
        "KeySchema": [{"AttributeName": block["hash_key"], "KeyType": "HASH"}],
        "Projection": {"ProjectionType": block["projection_type"]},
    }
    if block.get("range_key"):
        index["KeySchema"].append({"AttributeName": block["range_key"], "KeyType": "RANGE"})
    if block.get("non_key_attributes"):
        index["Projection"]["NonKeyAttributes"] = block["non_key_attributes"]
    if provisioned:
        index["ProvisionedThroughput"] = _throughput(block)
    return index


def _attributes(config):
    return [{"AttributeName": name, "AttributeType": kind}
            for name, kind in config["attribute"].items()]


def _provisioned(config):
    return config["billing_mode"] == "PROVISIONED"


class Provider:
    def __init__(self, client):
        self.client = client

    # create

    def create(self, config):
        request = {
            "TableName": config["name"],
            "BillingMode": config["billing_mode"],
            "KeySchema": [{"AttributeName": config["hash_key"], "KeyType": "HASH"}],
            "AttributeDefinitions": _attributes(config),
            "GlobalSecondaryIndexes": [
                _index(block, _provisioned(config)) for block in config["global_secondary_index"]
            ],
            "StreamSpecification": {"StreamEnabled": config["stream_enabled"]},
            "SSESpecification": {"Enabled": config["server_side_encryption"]},
            "DeletionProtectionEnabled": config["deletion_protection_enabled"],
            "TableClass": config["table_class"],
            "Tags": [{"Key": key, "Value": value} for key, value in config["tags"].items()],
        }
        if config.get("range_key"):
            request["KeySchema"].append({"AttributeName": config["range_key"], "KeyType": "RANGE"})
        if config["stream_enabled"]:
            request["StreamSpecification"]["StreamViewType"] = config["stream_view_type"]
        if _provisioned(config):
            request["ProvisionedThroughput"] = _throughput(config)
        created = self.client.create_table(**request)["TableDescription"]
        self.await_active(config["name"])
        for block in config["global_secondary_index"]:
            self.await_index(config["name"], block["name"])
        if config["ttl"]:
            self.set_ttl(config["name"], config["ttl"], True)
        if config["point_in_time_recovery"]:
            self.set_recovery(config["name"], True)
        return created

    # read

    def describe(self, name):
        return self.client.describe_table(TableName=name)["Table"]

    def read(self, name, with_ttl=True):
        table = self.describe(name)
        backups = self.client.describe_continuous_backups(TableName=name)
        recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        state = {
            "name": table["TableName"],
            "billing_mode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "attribute": {one["AttributeName"]: one["AttributeType"]
                          for one in table["AttributeDefinitions"]},
            "global_secondary_index": [
                self._read_index(index) for index in table.get("GlobalSecondaryIndexes", [])],
            "stream_enabled": table.get("StreamSpecification", {}).get("StreamEnabled", False),
            "stream_view_type": table.get("StreamSpecification", {}).get("StreamViewType", ""),
            "server_side_encryption": table.get("SSEDescription", {}).get("Status") == "ENABLED",
            "deletion_protection_enabled": table["DeletionProtectionEnabled"],
            "table_class": table.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
            "point_in_time_recovery": recovery["PointInTimeRecoveryStatus"] == "ENABLED",
            "tags": self.tags(table["TableArn"]),
            "ttl": self._read_ttl(name) if with_ttl else "",
        }
        for element in table["KeySchema"]:
            state["hash_key" if element["KeyType"] == "HASH" else "range_key"] = (
                element["AttributeName"])
        if state["billing_mode"] == "PROVISIONED":
            state["read_capacity"] = table["ProvisionedThroughput"]["ReadCapacityUnits"]
            state["write_capacity"] = table["ProvisionedThroughput"]["WriteCapacityUnits"]
        return state

    @staticmethod
    def _read_index(index):
        block = {"name": index["IndexName"],
                 "projection_type": index["Projection"]["ProjectionType"]}
        for element in index["KeySchema"]:
            block["hash_key" if element["KeyType"] == "HASH" else "range_key"] = (
                element["AttributeName"])
        if "NonKeyAttributes" in index["Projection"]:
            block["non_key_attributes"] = sorted(index["Projection"]["NonKeyAttributes"])
        if index["ProvisionedThroughput"]["ReadCapacityUnits"]:
            block["read_capacity"] = index["ProvisionedThroughput"]["ReadCapacityUnits"]
            block["write_capacity"] = index["ProvisionedThroughput"]["WriteCapacityUnits"]
        return block

    def _read_ttl(self, name):
        ttl = self.client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        return ttl.get("AttributeName", "") if ttl["TimeToLiveStatus"] == "ENABLED" else ""

    def tags(self, arn):
        tags, token = {}, {}
        while True:
            page = self.client.list_tags_of_resource(ResourceArn=arn, **token)
            tags.update({tag["Key"]: tag["Value"] for tag in page["Tags"]})
            if "NextToken" not in page:
                return tags
            token = {"NextToken": page["NextToken"]}

    # update

    def update(self, old, new):
        """Makes the calls for the arguments that differ, in the provider's order."""
        name = new["name"]
        if old["table_class"] != new["table_class"]:
            self.client.update_table(TableName=name, TableClass=new["table_class"])
            self.await_active(name)
        indexes = {block["name"]: block for block in old["global_secondary_index"]}
        wanted = {block["name"]: block for block in new["global_secondary_index"]}
        for gone in indexes.keys() - wanted.keys():
            self.delete_index(name, gone)
        self._update_table(old, new, indexes, wanted)
        for added in wanted.keys() - indexes.keys():
            self.create_index(new, wanted[added])
        if old["deletion_protection_enabled"] != new["deletion_protection_enabled"]:
            self.client.update_table(
                TableName=name, DeletionProtectionEnabled=new["deletion_protection_enabled"])
            self.await_active(name)
        if old["server_side_encryption"] != new["server_side_encryption"]:
            self.client.update_table(
                TableName=name, SSESpecification={"Enabled": new["server_side_encryption"]})
            self.await_encryption(name)
        if old["ttl"] != new["ttl"]:
            self.set_ttl(name, new["ttl"] or old["ttl"], bool(new["ttl"]))
        if old["point_in_time_recovery"] != new["point_in_time_recovery"]:
            self.set_recovery(name, new["point_in_time_recovery"])
        if old["tags"] != new["tags"]:
            self._update_tags(name, old["tags"], new["tags"])

    def _update_table(self, old, new, indexes, wanted):
        request = {}
        capacity = ("billing_mode", "read_capacity", "write_capacity")
        if any(old.get(argument) != new.get(argument) for argument in capacity):
            request["BillingMode"] = new["billing_mode"]
            if _provisioned(new):
                request["ProvisionedThroughput"] = _throughput(new)
        if (old["stream_enabled"], old["stream_view_type"]) != (
                new["stream_enabled"], new["stream_view_type"]):
            request["StreamSpecification"] = {"StreamEnabled": new["stream_enabled"]}
            if new["stream_enabled"]:
                request["StreamSpecification"]["StreamViewType"] = new["stream_view_type"]
        updates = [
            {"Update": {"IndexName": name, "ProvisionedThroughput": _throughput(block)}}
            for name, block in wanted.items()
            if _provisioned(new) and name in indexes and block != indexes[name]
        ]
        if updates:
            request["GlobalSecondaryIndexUpdates"] = updates
        if request:
            self.client.update_table(TableName=new["name"], **request)
            self.await_active(new["name"])
            for update in updates:
                self.await_index(new["name"], update["Update"]["IndexName"])

    def create_index(self, config, block):
        self.client.update_table(
            TableName=config["name"], AttributeDefinitions=_attributes(config),
            GlobalSecondaryIndexUpdates=[{"Create": _index(block, _provisioned(config))}])
        self.await_index(config["name"], block["name"])

    def delete_index(self, name, index):
        self.client.update_table(
            TableName=name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": index}}])
        await_state(lambda: self._index(name, index), lambda found: found is None, "index deleted")

    def _update_tags(self, name, old, new):
        arn = self.describe(name)["TableArn"]
        removed = sorted(old.keys() - new.keys())
        changed = {key: value for key, value in new.items() if old.get(key) != value}
        if removed:
            self.client.untag_resource(ResourceArn=arn, TagKeys=removed)
        if changed:
            self.client.tag_resource(
                ResourceArn=arn,
                Tags=[{"Key": key, "Value": value} for key, value in changed.items()])
        await_state(lambda: self.tags(arn), lambda tags: tags == new, "tags")

    def set_ttl(self, name, attribute, enabled):
        self.client.update_time_to_live(
            TableName=name,
            TimeToLiveSpecification={"AttributeName": attribute, "Enabled": enabled})
        wanted = "ENABLED" if enabled else "DISABLED"
        await_state(
            lambda: self.client.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
            lambda ttl: ttl["TimeToLiveStatus"] == wanted, "TTL")

    def set_recovery(self, name, enabled):
        self.client.update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled})
        wanted = "ENABLED" if enabled else "DISABLED"
        await_state(
            lambda: self.client.describe_continuous_backups(TableName=name)[
                "ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"],
            lambda recovery: recovery["PointInTimeRecoveryStatus"] == wanted, "recovery")

    # waiters

    def await_active(self, name):
        await_state(lambda: self.describe(name),
                    lambda table: table["TableStatus"] == "ACTIVE", "table")
        # Since 6.13 the provider waits for this member, too.
        await_state(lambda: self.describe(name)["WarmThroughput"],
                    lambda warm: warm["Status"] == "ACTIVE", "warm throughput")

    def _index(self, name, index):
        found = [one for one in self.describe(name).get("GlobalSecondaryIndexes", [])
                 if one["IndexName"] == index]
        return found[0] if found else None

    def await_index(self, name, index):
        await_state(lambda: self._index(name, index),
                    lambda one: one and one["IndexStatus"] == "ACTIVE"
                    and one["WarmThroughput"]["Status"] == "ACTIVE", "index")

    def await_encryption(self, name):
        await_state(lambda: self.describe(name).get("SSEDescription", {"Status": "DISABLED"}),
                    lambda sse: sse["Status"] in ("ENABLED", "DISABLED"), "encryption")

    # delete

    def destroy(self, name):
        self.client.delete_table(TableName=name)
        missing = self.client.exceptions.ResourceNotFoundException

        def is_gone():
            try:
                self.describe(name)
            except missing:
                return True
            return False

        await_state(is_gone, bool, "table deleted")
