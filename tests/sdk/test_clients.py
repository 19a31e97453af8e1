# SPDX-License-Identifier: Apache-2.0
"""Clients that differ in region, credentials or interface reach the same tables."""

from decimal import Decimal

import boto3
import pytest
from botocore.config import Config
from stream_reader import read_stream
from tables import definition
from values import S


def session(region, access_key):
    return boto3.session.Session(
        aws_access_key_id=access_key, aws_secret_access_key="x", region_name=region)


def client(endpoint, region, access_key, service="dynamodb"):
    return session(region, access_key).client(
        service, endpoint_url=endpoint,
        config=Config(retries={"total_max_attempts": 1}, proxies={}))


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-2", "local", "localhost", "us-fake-1"])
@pytest.mark.parametrize("access_key", ["AKIAIOSFODNN7EXAMPLE", "key-with_marks", "x"])
def test_any_region_and_key_sees_the_table(endpoint, table, region, access_key):
    table.put({"pk": S("a")})
    other = client(endpoint, region, access_key)
    reply = other.get_item(TableName=table.name, Key={"pk": S("a")}, ConsistentRead=True)
    assert reply["Item"] == {"pk": S("a")}
    assert other.describe_table(TableName=table.name)["Table"] == table.describe()


@pytest.mark.parametrize("region", ["us-west-2", "local"])
def test_arns_and_records_keep_the_region_of_creation(endpoint, streams, fresh_name, region):
    creator = client(endpoint, region, "weirtest")
    created = creator.create_table(**definition(fresh_name, "pk:S", view="KEYS_ONLY"))
    arn = created["TableDescription"]["LatestStreamArn"]
    assert arn.startswith(f"arn:aws:dynamodb:{region}:")
    creator.get_waiter("table_exists").wait(TableName=fresh_name)
    creator.put_item(TableName=fresh_name, Item={"pk": S("a")})
    record, = read_stream(streams, arn, 1)
    assert record["awsRegion"] == region


def test_session_token_is_accepted(endpoint, table):
    temporary = boto3.session.Session(
        aws_access_key_id="ASIAEXAMPLE", aws_secret_access_key="x", aws_session_token="token",
        region_name="us-east-1").client(
            "dynamodb", endpoint_url=endpoint, config=Config(proxies={}))
    assert "Item" not in temporary.get_item(TableName=table.name, Key={"pk": S("a")})


def test_table_resource(endpoint, table):
    """boto3's resource interface, which uses Python's own types."""
    resource = session("eu-central-1", "weirtest").resource(
        "dynamodb", endpoint_url=endpoint, config=Config(proxies={}))
    handle = resource.Table(table.name)
    item = {"pk": "a", "n": Decimal("1.5"), "s": {"x", "y"}, "b": None, "l": [1, {"m": True}]}
    handle.put_item(Item=item)
    assert handle.get_item(Key={"pk": "a"})["Item"] == item
    reply = handle.update_item(
        Key={"pk": "a"}, UpdateExpression="SET n = n + :one",
        ExpressionAttributeValues={":one": 1}, ReturnValues="UPDATED_NEW")
    assert reply["Attributes"] == {"n": Decimal("2.5")}
    assert handle.table_status == "ACTIVE"
