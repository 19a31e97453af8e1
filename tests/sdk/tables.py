# SPDX-License-Identifier: Apache-2.0
"""A table under test: its definition and the item calls, with the table's name filled in."""

import uuid

# Weir's tables are ACTIVE when first asked for. A slower server is asked again every second.
WAIT = {"Delay": 1, "MaxAttempts": 30}


def unique_name(prefix="weir"):
    return f"{prefix}-{uuid.uuid4().hex[:16]}"


def definition(name, *keys, view=None, units=None):
    """CreateTable's parameters for the keys "pk:S" and perhaps "sk:N".

    `view` enables a stream. `units` = (read, write) makes the table PROVISIONED; else it is on
    demand.
    """
    split = [key.split(":") for key in keys]
    parameters = {
        "TableName": name,
        "AttributeDefinitions": [
            {"AttributeName": key, "AttributeType": kind} for key, kind in split
        ],
        "KeySchema": [
            {"AttributeName": key, "KeyType": role}
            for (key, _), role in zip(split, ("HASH", "RANGE"), strict=False)
        ],
    }
    if units is None:
        parameters["BillingMode"] = "PAY_PER_REQUEST"
    else:
        parameters["ProvisionedThroughput"] = {
            "ReadCapacityUnits": units[0],
            "WriteCapacityUnits": units[1],
        }
    if view is not None:
        parameters["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
    return parameters


class Table:
    """Calls for the items of one table. `key` is always the whole primary key."""

    def __init__(self, client, name):
        self.client = client
        self.name = name

    def put(self, item, **parameters):
        return self.client.put_item(TableName=self.name, Item=item, **parameters)

    def get(self, key, **parameters):
        """The item with the key, or None."""
        parameters.setdefault("ConsistentRead", True)
        reply = self.client.get_item(TableName=self.name, Key=key, **parameters)
        return reply.get("Item")

    def delete(self, key, **parameters):
        return self.client.delete_item(TableName=self.name, Key=key, **parameters)

    def update(self, key, expression=None, values=None, **parameters):
        if expression is not None:
            parameters["UpdateExpression"] = expression
        if values is not None:
            parameters["ExpressionAttributeValues"] = values
        return self.client.update_item(TableName=self.name, Key=key, **parameters)

    def describe(self):
        return self.client.describe_table(TableName=self.name)["Table"]

    @property
    def stream_arn(self):
        return self.describe()["LatestStreamArn"]

    def await_active(self):
        self.client.get_waiter("table_exists").wait(TableName=self.name, WaiterConfig=WAIT)

    def set_stream(self, view):
        """Enables a stream with `view`, or disables it with None. Returns UpdateTable's
        description.
        """
        setting = {"StreamEnabled": view is not None}
        if view is not None:
            setting["StreamViewType"] = view
        reply = self.client.update_table(TableName=self.name, StreamSpecification=setting)
        self.await_active()
        return reply["TableDescription"]

    def drop(self):
        """Deletes the table and waits until it no longer exists."""
        reply = self.client.delete_table(TableName=self.name)
        self.client.get_waiter("table_not_exists").wait(TableName=self.name, WaiterConfig=WAIT)
        return reply["TableDescription"]
