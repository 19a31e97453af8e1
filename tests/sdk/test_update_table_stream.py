# SPDX-License-Identifier: Apache-2.0
"""UpdateTable: enabling and disabling streams, and all refusals."""

import pytest
from errors import INVALID, ONE, VALIDATION, constraint, refused
from stream_reader import await_status, describe_shards, of_key, read_shard, read_stream, summary
from tables import unique_name
from values import S

NOTHING_TO_DO = (
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
    "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
    "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, "
    "OnDemandThroughput, WarmThroughput or TableClass is required")


def test_enable_answers_with_the_new_stream(table):
    reply = table.set_stream("NEW_IMAGE")
    assert reply["TableStatus"] == "UPDATING"
    assert reply["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert reply["LatestStreamArn"] == f"{reply['TableArn']}/stream/{reply['LatestStreamLabel']}"
    later = table.describe()
    assert later["TableStatus"] == "ACTIVE"
    for member in ("StreamSpecification", "LatestStreamArn", "LatestStreamLabel"):
        assert later[member] == reply[member]


def test_enabled_stream_holds_only_what_follows(streams, table):
    table.put({"pk": S("before")})
    table.set_stream("NEW_AND_OLD_IMAGES")
    table.put({"pk": S("before"), "a": S("x")})
    records = read_stream(streams, table.stream_arn, 1)
    assert summary(records) == [
        ("MODIFY", {"pk": S("before")}, {"pk": S("before"), "a": S("x")})]


def test_disable_leaves_the_latest_stream_named(make_table):
    table = make_table(view="KEYS_ONLY")
    before = table.describe()
    table.set_stream(None)
    after = table.describe()
    assert "StreamSpecification" not in after
    assert after["LatestStreamArn"] == before["LatestStreamArn"]
    assert after["LatestStreamLabel"] == before["LatestStreamLabel"]


def test_disabled_stream_is_closed_and_readable(streams, make_table):
    table = make_table(view="KEYS_ONLY")
    arn = table.stream_arn
    table.put({"pk": S("a")})
    table.set_stream(None)
    await_status(streams, arn, "DISABLED")
    table.put({"pk": S("after")})
    for shard in describe_shards(streams, arn):
        assert "EndingSequenceNumber" in shard["SequenceNumberRange"]
    records = read_stream(streams, arn, 1)
    assert [record["dynamodb"]["Keys"] for record in records] == [{"pk": S("a")}]


def test_enabling_again_makes_another_stream(streams, make_table):
    table = make_table(view="KEYS_ONLY")
    first = table.describe()
    table.put({"pk": S("a"), "n": S("1")})
    first_shards = {s["ShardId"] for s in describe_shards(streams, first["LatestStreamArn"])}
    table.set_stream(None)
    table.put({"pk": S("a"), "n": S("2")})
    table.set_stream("NEW_AND_OLD_IMAGES")
    second = table.describe()
    table.put({"pk": S("a"), "n": S("3")})

    assert second["LatestStreamArn"] != first["LatestStreamArn"]
    assert second["LatestStreamLabel"] > first["LatestStreamLabel"]
    second_shards = describe_shards(streams, second["LatestStreamArn"])
    assert not first_shards & {shard["ShardId"] for shard in second_shards}
    assert summary(read_stream(streams, second["LatestStreamArn"], 1)) == [
        ("MODIFY", {"pk": S("a"), "n": S("2")}, {"pk": S("a"), "n": S("3")})]

    await_status(streams, first["LatestStreamArn"], "DISABLED")
    old = read_stream(streams, first["LatestStreamArn"], 1)
    assert summary(old) == [("INSERT", None, None)]
    assert old[0]["dynamodb"]["StreamViewType"] == "KEYS_ONLY"


def test_stream_of_a_deleted_table_stays_readable(streams, make_table):
    table = make_table(view="NEW_IMAGE")
    arn = table.stream_arn
    table.put({"pk": S("a"), "n": S("1")})
    table.drop()
    description = await_status(streams, arn, "DISABLED")
    assert description["TableName"] == table.name
    records = read_stream(streams, arn, 1)
    assert summary(records) == [("INSERT", None, {"pk": S("a"), "n": S("1")})]
    for shard in description["Shards"]:
        assert "EndingSequenceNumber" in shard["SequenceNumberRange"]
        read_shard(streams, arn, shard["ShardId"])


def test_deleting_a_table_records_no_removals(streams, make_table):
    table = make_table(view="KEYS_ONLY")
    arn = table.stream_arn
    for number in range(5):
        table.put({"pk": S(str(number))})
    table.drop()
    await_status(streams, arn, "DISABLED")
    names = [record["eventName"] for record in read_stream(streams, arn, 5)]
    assert names == ["INSERT"] * 5


def test_table_of_the_same_name_gets_its_own_stream(dynamodb, streams, make_table):
    table = make_table(view="KEYS_ONLY")
    first = table.describe()
    table.put({"pk": S("old")})
    table.drop()
    dynamodb.create_table(
        TableName=table.name, KeySchema=first["KeySchema"],
        AttributeDefinitions=first["AttributeDefinitions"], BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    table.await_active()
    table.put({"pk": S("new")})
    arn = table.stream_arn
    assert arn != first["LatestStreamArn"]
    records = read_stream(streams, arn, 1)
    assert of_key(records, {"pk": S("new")}) == records
    assert len(records) == 1


@pytest.mark.parametrize("view", ["NEW_IMAGE", "KEYS_ONLY"])
def test_enable_twice(make_table, view):
    table = make_table(view="NEW_IMAGE")
    with refused(VALIDATION, f"Table already has an enabled stream: TableName: {table.name}"):
        table.set_stream(view)


def test_disable_without_a_stream(table):
    with refused(VALIDATION, f"Table has no stream to disable: TableName: {table.name}"):
        table.set_stream(None)


def test_disable_twice(make_table):
    table = make_table(view="NEW_IMAGE")
    table.set_stream(None)
    with refused(VALIDATION, f"Table has no stream to disable: TableName: {table.name}"):
        table.set_stream(None)


@pytest.mark.parametrize("specification, message", [
    ({"StreamEnabled": True},
     INVALID + "If stream is being enabled then UpdateViewType is required"),
    ({"StreamEnabled": False, "StreamViewType": "NEW_IMAGE"},
     INVALID + "If stream is being disabled, then UpdateViewType must not be specified"),
    ({}, ONE + constraint("null", "streamSpecification.streamEnabled", "not be null")),
], ids=["enable without view", "disable with view", "empty"])
@pytest.mark.parametrize("view", [None, "NEW_IMAGE"], ids=["off", "on"])
def test_refused_specification(unchecked, make_table, specification, message, view):
    table = make_table(view=view)
    with refused(VALIDATION, message):
        unchecked.update_table(TableName=table.name, StreamSpecification=specification)


def test_unknown_view(unchecked, table):
    with refused(VALIDATION) as refusal:
        unchecked.update_table(
            TableName=table.name,
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "IMAGES"})
    assert refusal.message.startswith(ONE + constraint(
        "'IMAGES'", "streamSpecification.streamViewType", "satisfy enum value set: ["))


def test_stream_with_throughput(dynamodb, make_table):
    table = make_table(units=(5, 5))
    with refused(VALIDATION, INVALID + "You cannot modify stream status while updating table IOPS"):
        dynamodb.update_table(
            TableName=table.name,
            ProvisionedThroughput={"ReadCapacityUnits": 6, "WriteCapacityUnits": 6},
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    assert "StreamSpecification" not in table.describe()


@pytest.mark.parametrize("change", [
    {"Delete": {"IndexName": "index"}},
    {"Create": {
        "IndexName": "index",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }},
], ids=["delete", "create"])
def test_stream_with_an_index_change(dynamodb, table, change):
    with refused(VALIDATION, INVALID + "You cannot create or delete index while changing stream status"):
        dynamodb.update_table(
            TableName=table.name,
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            GlobalSecondaryIndexUpdates=[change],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    assert "StreamSpecification" not in table.describe()


def test_nothing_to_do(dynamodb, table):
    with refused(VALIDATION, NOTHING_TO_DO):
        dynamodb.update_table(TableName=table.name)


def test_missing_table(dynamodb):
    name = unique_name()
    with refused("ResourceNotFoundException",
                 f"Requested resource not found: Table: {name} not found"):
        dynamodb.update_table(
            TableName=name,
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
