# SPDX-License-Identifier: Apache-2.0
"""A newcomer's first steps with the real AWS CLI: table, writes, stream, records."""

import pytest
from aws_cli import SERVICE_ERROR, Cli
from tables import unique_name


@pytest.fixture
def aws(endpoint, tmp_path):
    return Cli(endpoint, tmp_path)


ON_DEMAND = ("--billing-mode", "PAY_PER_REQUEST")
PROVISIONED = ("--provisioned-throughput", "ReadCapacityUnits=5,WriteCapacityUnits=5")


def create(aws, name, view, billing):
    created = aws(
        "dynamodb", "create-table", "--table-name", name,
        "--attribute-definitions", "AttributeName=pk,AttributeType=S",
        "--key-schema", "AttributeName=pk,KeyType=HASH",
        *billing,
        "--stream-specification", f"StreamEnabled=true,StreamViewType={view}")
    assert created["TableDescription"]["TableName"] == name
    assert aws("dynamodb", "wait", "table-exists", "--table-name", name) is None
    return created["TableDescription"]["LatestStreamArn"]


def read_records(aws, arn):
    """The records of all shards, read with the CLI alone."""
    description = aws("dynamodbstreams", "describe-stream", "--stream-arn", arn)
    records = []
    for shard in description["StreamDescription"]["Shards"]:
        iterator = aws("dynamodbstreams", "get-shard-iterator", "--stream-arn", arn,
                       "--shard-id", shard["ShardId"], "--shard-iterator-type", "TRIM_HORIZON")
        page = aws("dynamodbstreams", "get-records",
                   "--shard-iterator", iterator["ShardIterator"])
        records += page["Records"]
    return records


@pytest.mark.timeout(180)
def test_walk(aws, fresh_name):
    arn = create(aws, fresh_name, "NEW_AND_OLD_IMAGES", ON_DEMAND)
    key = '{"pk":{"S":"a"}}'

    assert aws("dynamodb", "put-item", "--table-name", fresh_name,
               "--item", '{"pk":{"S":"a"},"n":{"N":"1"}}') is None
    updated = aws(
        "dynamodb", "update-item", "--table-name", fresh_name, "--key", key,
        "--update-expression", "SET #n = #n + :one",
        "--expression-attribute-names", '{"#n":"n"}',
        "--expression-attribute-values", '{":one":{"N":"1"}}',
        "--return-values", "ALL_NEW")
    assert updated["Attributes"] == {"pk": {"S": "a"}, "n": {"N": "2"}}
    read = aws("dynamodb", "get-item", "--table-name", fresh_name, "--key", key)
    assert read["Item"] == {"pk": {"S": "a"}, "n": {"N": "2"}}
    assert aws("dynamodb", "delete-item", "--table-name", fresh_name, "--key", key) is None

    listed = aws("dynamodbstreams", "list-streams", "--table-name", fresh_name)
    assert [stream["StreamArn"] for stream in listed["Streams"]] == [arn]

    changes = [(record["eventName"], record["dynamodb"].get("OldImage"),
                record["dynamodb"].get("NewImage")) for record in read_records(aws, arn)]
    one = {"pk": {"S": "a"}, "n": {"N": "1"}}
    two = {"pk": {"S": "a"}, "n": {"N": "2"}}
    assert changes == [("INSERT", None, one), ("MODIFY", one, two), ("REMOVE", two, None)]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("view, images", [
    ("KEYS_ONLY", set()), ("NEW_IMAGE", {"NewImage"}), ("OLD_IMAGE", {"OldImage"})])
def test_views(aws, fresh_name, dynamodb, view, images):
    # A provisioned table has one shard to read instead of four, and each call of the CLI is slow.
    arn = create(aws, fresh_name, view, PROVISIONED)
    for value in ("1", "2"):
        dynamodb.put_item(TableName=fresh_name, Item={"pk": {"S": "a"}, "n": {"N": value}})
    inserted, modified = (record["dynamodb"] for record in read_records(aws, arn))
    assert inserted["StreamViewType"] == modified["StreamViewType"] == view
    assert modified.keys() & {"NewImage", "OldImage"} == images
    assert inserted.keys() & {"NewImage", "OldImage"} == images - {"OldImage"}


def test_endpoint_from_the_environment(aws):
    assert "TableNames" in aws("dynamodb", "list-tables", endpoint_flag=False)


def test_error_is_shown(aws):
    name = unique_name()
    done = aws.start("dynamodb", "describe-table", "--table-name", name)
    assert done.returncode in SERVICE_ERROR
    assert "(ResourceNotFoundException)" in done.stderr
    assert f"Requested resource not found: Table: {name} not found" in done.stderr


def test_failed_condition_is_shown(aws, table):
    done = aws.start("dynamodb", "put-item", "--table-name", table.name,
                     "--item", '{"pk":{"S":"a"}}',
                     "--condition-expression", "attribute_exists(pk)")
    assert done.returncode in SERVICE_ERROR
    assert ("An error occurred (ConditionalCheckFailedException) when calling the PutItem "
            "operation") in done.stderr
    assert "The conditional request failed" in done.stderr
