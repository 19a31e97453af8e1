# SPDX-License-Identifier: Apache-2.0
"""TagResource, UntagResource and ListTagsOfResource, and tags at creation."""

import pytest
from errors import INVALID, VALIDATION, refused
from tables import Table, definition


@pytest.fixture
def arn(table):
    return table.describe()["TableArn"]


def pairs(dynamodb, arn):
    """{key: value}, over all pages."""
    pages = dynamodb.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn)
    return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def tags(**values):
    return [{"Key": key, "Value": value} for key, value in values.items()]


def test_tag_and_untag(dynamodb, arn):
    assert pairs(dynamodb, arn) == {}
    dynamodb.tag_resource(ResourceArn=arn, Tags=tags(team="sales", cost="7"))
    dynamodb.tag_resource(ResourceArn=arn, Tags=tags(cost="8", empty=""))
    assert pairs(dynamodb, arn) == {"team": "sales", "cost": "8", "empty": ""}
    dynamodb.untag_resource(ResourceArn=arn, TagKeys=["team", "unheard of"])
    assert pairs(dynamodb, arn) == {"cost": "8", "empty": ""}


def test_tags_at_creation(dynamodb, fresh_name):
    created = dynamodb.create_table(**definition(fresh_name, "pk:S"), Tags=tags(team="sales"))
    assert "Tags" not in created["TableDescription"]
    assert pairs(dynamodb, created["TableDescription"]["TableArn"]) == {"team": "sales"}


def test_no_tags_at_creation(dynamodb, fresh_name):
    created = dynamodb.create_table(**definition(fresh_name, "pk:S"), Tags=[])
    assert pairs(dynamodb, created["TableDescription"]["TableArn"]) == {}


def test_tags_end_with_the_table(dynamodb, make_table):
    table = make_table()
    arn = table.describe()["TableArn"]
    dynamodb.tag_resource(ResourceArn=arn, Tags=tags(team="sales"))
    table.drop()
    with refused("ResourceNotFoundException",
                 f"Requested resource not found: ResourceArn: {arn} not found"):
        dynamodb.list_tags_of_resource(ResourceArn=arn)
    dynamodb.create_table(**definition(table.name, "pk:S"))
    Table(dynamodb, table.name).await_active()
    assert pairs(dynamodb, arn) == {}


def test_fifty_tags(dynamodb, arn):
    many = {f"key{number}": "v" for number in range(50)}
    dynamodb.tag_resource(ResourceArn=arn, Tags=tags(**many))
    with refused(VALIDATION, "Number of Tags exceed the current limit for the provided ResourceArn"):
        dynamodb.tag_resource(ResourceArn=arn, Tags=tags(another=""))
    assert pairs(dynamodb, arn) == many


@pytest.mark.parametrize("wrong, message", [
    ([], "Atleast one Tag needs to be provided as Input."),
    (tags(**{"aws:mine": ""}), "Tag Key cannot be prefixed with aws:, Key: aws:mine"),
    ([*tags(a="1"), *tags(a="2")],
     "Duplicate Tag Keys provided as input: Duplicate Tag Key found a"),
    (tags(**{"a*": ""}), "The Tag Key provided is invalid, Key: a*"),
    (tags(a="<b>"), "The Tag Value provided is invalid, Value: <b>"),
], ids=["none", "reserved", "twice", "key", "value"])
def test_refused_tags(dynamodb, arn, wrong, message):
    with refused(VALIDATION, message):
        dynamodb.tag_resource(ResourceArn=arn, Tags=wrong)
    assert pairs(dynamodb, arn) == {}


@pytest.mark.parametrize("call", [
    lambda client, arn: client.tag_resource(ResourceArn=arn, Tags=tags(a="b")),
    lambda client, arn: client.untag_resource(ResourceArn=arn, TagKeys=["a"]),
    lambda client, arn: client.list_tags_of_resource(ResourceArn=arn),
], ids=["tag", "untag", "list"])
def test_refused_arn(dynamodb, call):
    with refused(VALIDATION, INVALID + "ARNs must start with 'arn:': orders"):
        call(dynamodb, "orders")
