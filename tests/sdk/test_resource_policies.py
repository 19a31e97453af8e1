# SPDX-License-Identifier: Apache-2.0
"""PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy, and a policy at creation."""

import json

import pytest
from errors import INVALID, VALIDATION, refused
from tables import definition

NOT_FOUND = "PolicyNotFoundException"


def policy(account="111122223333", **statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "dynamodb:GetItem", "Resource": "*", **statement}]})


@pytest.fixture
def arn(table):
    return table.describe()["TableArn"]


def test_put_get_delete(dynamodb, arn):
    revision = dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy())["RevisionId"]
    reply = dynamodb.get_resource_policy(ResourceArn=arn)
    assert json.loads(reply["Policy"]) == json.loads(policy())
    assert reply["RevisionId"] == revision
    other = dynamodb.put_resource_policy(
        ResourceArn=arn, Policy=policy("444455556666"), ExpectedRevisionId=revision)
    assert other["RevisionId"] != revision
    reply = dynamodb.delete_resource_policy(ResourceArn=arn)
    assert reply["RevisionId"] == other["RevisionId"]
    again = dynamodb.delete_resource_policy(ResourceArn=arn)  # the deletion has its own revision
    assert int(again["RevisionId"]) > int(other["RevisionId"]) > int(revision)
    with refused(NOT_FOUND, f"Resource-based policy not found for the provided ResourceArn: {arn}"):
        dynamodb.get_resource_policy(ResourceArn=arn)


def test_policy_at_creation(dynamodb, fresh_name):
    created = dynamodb.create_table(**definition(fresh_name, "pk:S"), ResourcePolicy=policy())
    reply = dynamodb.get_resource_policy(ResourceArn=created["TableDescription"]["TableArn"])
    assert json.loads(reply["Policy"]) == json.loads(policy())


def test_members_within_a_statement_are_kept(dynamodb, arn):
    text = policy(Condition={"StringEquals": {"aws:PrincipalTag/Version": "1", "Version": "2"}})
    dynamodb.put_resource_policy(ResourceArn=arn, Policy=text)
    reply = dynamodb.get_resource_policy(ResourceArn=arn)
    assert json.loads(reply["Policy"]) == json.loads(text)


def test_policy_of_a_stream(dynamodb, make_table):
    description = make_table(view="KEYS_ONLY").describe()
    dynamodb.put_resource_policy(ResourceArn=description["LatestStreamArn"], Policy=policy())
    reply = dynamodb.get_resource_policy(ResourceArn=description["LatestStreamArn"])
    assert json.loads(reply["Policy"]) == json.loads(policy())
    with refused(NOT_FOUND):
        dynamodb.get_resource_policy(ResourceArn=description["TableArn"])


def test_wrong_revision(dynamodb, arn):
    dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy())
    for call in (lambda: dynamodb.put_resource_policy(
                     ResourceArn=arn, Policy=policy("444455556666"), ExpectedRevisionId="NO_POLICY"),
                 lambda: dynamodb.delete_resource_policy(ResourceArn=arn, ExpectedRevisionId="1")):
        with refused(NOT_FOUND):
            call()
    assert "111122223333" in dynamodb.get_resource_policy(ResourceArn=arn)["Policy"]


@pytest.mark.parametrize("text, message", [
    ("{", INVALID + "Invalid policy document: This policy contains invalid Json"),
    ("{}", INVALID + "Invalid policy document: Syntax error at position (1,3)"),
    (policy(Effect="Maybe"), INVALID + "Invalid policy document: Invalid effect: Maybe"),
    (policy(Principal="*"),
     "Resource-based policy grants unbounded access in one or more elements. Please revise the "
     "policy to ensure least-privilege form of access"),
    (" " * 20481, INVALID + "Maximum policy size of 20480 bytes exceeded"),
], ids=["text", "empty", "effect", "everybody", "long"])
def test_refused_policy(dynamodb, arn, text, message):
    with refused(VALIDATION, message):
        dynamodb.put_resource_policy(ResourceArn=arn, Policy=text)
    with refused(NOT_FOUND):
        dynamodb.get_resource_policy(ResourceArn=arn)


def test_refused_policy_makes_no_table(dynamodb, fresh_name):
    with refused(VALIDATION):
        dynamodb.create_table(**definition(fresh_name, "pk:S"), ResourcePolicy="{")
    with refused("ResourceNotFoundException"):
        dynamodb.describe_table(TableName=fresh_name)
