# SPDX-License-Identifier: Apache-2.0
"""STS, which tools ask for their identity, and services that Weir does not have."""

import urllib.request

import pytest
from botocore.exceptions import ClientError
from clients import client

ACCOUNT = "000000000000"
SERVED = (
    "Weir serves DynamoDB, DynamoDB Streams, STS, Lambda and CloudWatch Logs; this was "
)


@pytest.fixture(autouse=True)
def weir_itself(request):
    if request.config.getoption("--endpoint"):
        pytest.skip("what Weir says of itself")


def test_sts_says_who_asks(endpoint):
    identity = client("sts", endpoint).get_caller_identity()
    assert identity["Account"] == ACCOUNT
    assert identity["UserId"] == ACCOUNT
    assert identity["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    metadata = identity["ResponseMetadata"]
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]


def test_an_operation_of_sts_that_is_not_there(endpoint):
    with pytest.raises(ClientError) as refused:
        client("sts", endpoint).get_session_token()
    assert refused.value.response["Error"] == {
        "Type": "Sender",
        "Code": "InvalidAction",
        "Message": "Could not find operation GetSessionToken for version 2011-06-15",
    }


def test_sts_wants_a_signature(endpoint):
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(endpoint, data=body, headers=kind), timeout=10)
    with refused.value as answer:
        assert answer.code == 403
        text = answer.read().decode()
    assert "<Code>MissingAuthenticationToken</Code>" in text
    assert "<Message>Request is missing Authentication Token</Message>" in text


REFUSED = [
    # JSON
    ("kinesis", "list_streams", {}, "UnknownOperationException", 400, "kinesis ListStreams"),
    ("sqs", "list_queues", {}, "UnknownOperationException", 400, "sqs ListQueues"),
    # the query protocol, and EC2's own
    ("iam", "list_users", {}, "InvalidAction", 400, "iam ListUsers"),
    ("ec2", "describe_regions", {}, "InvalidAction", 400, "ec2 DescribeRegions"),
    # CBOR
    ("cloudwatch", "list_metrics", {}, "UnknownOperationException", 400, "monitoring ListMetrics"),
    # paths, with JSON and with XML
    ("apigateway", "get_rest_apis", {}, "UnknownOperationException", 404, "apigateway GET /restapis"),
    ("s3", "list_buckets", {}, "NotImplemented", 501, "s3 GET /"),
]


@pytest.mark.parametrize("service, operation, members, code, status, name", REFUSED)
def test_a_service_that_is_not_here_says_so(
    endpoint, service, operation, members, code, status, name
):
    """The refusal has the form in which the service's client reads errors."""
    with pytest.raises(ClientError) as refused:
        getattr(client(service, endpoint), operation)(**members)
    response = refused.value.response
    assert response["Error"]["Code"] == code
    assert response["Error"]["Message"] == SERVED + name
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_one_warning_a_service(start_weir):
    server = start_weir("--log-level", "warn")
    for _ in range(3):
        with pytest.raises(ClientError):
            client("sqs", server.endpoint).list_queues()
    assert server.stop() == 0
    warnings = [line for line in server.stderr.splitlines() if "sqs (ListQueues)" in line]
    assert len(warnings) == 1


def test_large_forms_are_refused_in_their_own_form(endpoint):
    with pytest.raises(ClientError) as refused:
        client("sns", endpoint).publish(TopicArn="t", Message="m" * 1_100_000)
    assert refused.value.response["Error"]["Message"] == SERVED + "sns Publish"
    ids = [f"i-{number}" for number in range(1005)]
    with pytest.raises(ClientError) as refused:
        client("ec2", endpoint).describe_instances(InstanceIds=ids)
    assert refused.value.response["Error"]["Message"] == SERVED + "ec2 DescribeInstances"
