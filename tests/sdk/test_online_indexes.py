# SPDX-License-Identifier: Apache-2.0
"""Global secondary indexes that are added to tables with items, and deleted."""

import threading
import time

import pytest
from errors import INVALID, VALIDATION, refused

PATIENCE = 20.0  # seconds; Weir builds an index of some thousand items in a few milliseconds


def create(name="byA", attribute="a", kind="S", **more):
    """UpdateTable's parameters for a new index."""
    return {
        "AttributeDefinitions": [{"AttributeName": attribute, "AttributeType": kind}],
        "GlobalSecondaryIndexUpdates": [{"Create": {
            "IndexName": name,
            "KeySchema": [{"AttributeName": attribute, "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
            **more,
        }}],
    }


def update(table, parameters):
    return table.client.update_table(TableName=table.name, **parameters)["TableDescription"]


def await_index(table, name="byA"):
    """Returns the index's description once it is ACTIVE."""
    deadline = time.monotonic() + PATIENCE
    while True:
        (index,) = [i for i in table.describe()["GlobalSecondaryIndexes"] if i["IndexName"] == name]
        if index["IndexStatus"] == "ACTIVE":
            return index
        assert index["IndexStatus"] == "CREATING" and index["Backfilling"] is True
        assert time.monotonic() < deadline, index
        time.sleep(0.01)


def entries(table, name="byA"):
    pages = table.client.get_paginator("scan").paginate(TableName=table.name, IndexName=name)
    return {item["pk"]["S"]: item["a"]["S"] for page in pages for item in page["Items"]}


def test_an_index_is_added_filled_and_queried(table):
    for i in range(60):
        table.put({"pk": {"S": f"k{i}"}, "a": {"S": f"v{i % 3}"}})
    table.put({"pk": {"S": "none"}})
    table.put({"pk": {"S": "number"}, "a": {"N": "1"}})
    made = update(table, create())
    assert made["TableStatus"] == "UPDATING"
    (index,) = made["GlobalSecondaryIndexes"]
    assert (index["IndexStatus"], index["Backfilling"]) == ("CREATING", False)
    index = await_index(table)
    assert "Backfilling" not in index
    assert index["ItemCount"] == 60
    assert table.describe()["TableStatus"] == "ACTIVE"
    reply = table.client.query(
        TableName=table.name, IndexName="byA", KeyConditionExpression="a = :v",
        ExpressionAttributeValues={":v": {"S": "v1"}})
    assert reply["Count"] == 20


def test_an_index_is_taken_away(table):
    update(table, create())
    await_index(table)
    gone = update(table, {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "byA"}}]})
    assert gone["GlobalSecondaryIndexes"][0]["IndexStatus"] == "DELETING"
    described = table.describe()
    assert "GlobalSecondaryIndexes" not in described
    assert [d["AttributeName"] for d in described["AttributeDefinitions"]] == ["pk"]
    with refused(VALIDATION, "The table does not have the specified index: byA"):
        table.client.scan(TableName=table.name, IndexName="byA")


@pytest.mark.parametrize("parameters, text", [
    ({**create(), "AttributeDefinitions": []},
     INVALID + "AttributeDefinitions is not specified for index: byA"),
    (create(attribute="pk", kind="N"),
     INVALID + "Attributes cannot be redefined. Please check that your attribute has the same type "
     "as previously defined. Existing schema: Schema:[SchemaElement: key{pk:S:HASH}] New schema: "
     "Schema:[SchemaElement: key{pk:N:HASH}]"),
    (create(ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}),
     INVALID + "ProvisionedThroughput should not be specified for index: byA when BillingMode is "
     "PAY_PER_REQUEST"),
    ({"GlobalSecondaryIndexUpdates": [{}]},
     INVALID + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
     "GlobalSecondaryIndexUpdate.Delete must not be null"),
])
def test_faults(table, parameters, text):
    with refused(VALIDATION, text):
        update(table, parameters)


def test_an_index_that_is_not_there(table):
    with refused("ResourceNotFoundException"):
        update(table, {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "byA"}}]})


def test_one_at_a_time(table):
    parameters = create()
    parameters["GlobalSecondaryIndexUpdates"] += create("byB")["GlobalSecondaryIndexUpdates"]
    with refused("LimitExceededException",
                 "Subscriber limit exceeded: Only 1 online index can be created or deleted "
                 "simultaneously per table"):
        update(table, parameters)


def test_an_index_is_exact_whatever_is_written_meanwhile(table):
    for i in range(1000):
        table.put({"pk": {"S": str(i)}, "a": {"S": "first"}})
    expected = {str(i): "first" for i in range(1000)}
    stop = threading.Event()

    def write(worker):
        round_ = 0
        while not stop.is_set():
            key = str(worker + 4 * (round_ * 7 % 250))
            value = f"v{round_}"
            if round_ % 5 == 0:
                table.delete({"pk": {"S": key}})
                expected.pop(key, None)
            else:
                table.put({"pk": {"S": key}, "a": {"S": value}})
                expected[key] = value
            round_ += 1

    workers = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for worker in workers:
        worker.start()
    update(table, create())
    await_index(table)
    stop.set()
    for worker in workers:
        worker.join()
    assert entries(table) == expected
