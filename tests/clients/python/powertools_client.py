# SPDX-License-Identifier: Apache-2.0
"""Deploys functions that read the records of a stream with Powertools for AWS Lambda: by its data
class, by its parser, and by its batch processor, which reports records that failed."""

import io
import json
import pathlib
import sys
import time
import zipfile
from decimal import Decimal

import aws_lambda_powertools
import boto3
from boto3.dynamodb.types import Binary
from harness import equal, run

FUNCTION = pathlib.Path(__file__).with_name("powertools_function.py")
PACKAGES = pathlib.Path(aws_lambda_powertools.__file__).parents[1]
# What Powertools and its parser import.
IMPORTED = ("annotated_types", "aws_lambda_powertools", "jmespath", "pydantic", "pydantic_core",
            "typing_extensions.py", "typing_inspection")
DEADLINE = 60.0  # seconds
PAUSE = 0.02

lambdas = boto3.client("lambda")
logs = boto3.client("logs")
dynamodb = boto3.resource("dynamodb")


def code():
    """A zip of the functions and of all that they import, as one uploads it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(FUNCTION, "functions.py")
        for name in IMPORTED:
            top = PACKAGES / name
            for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
                if path.is_file() and path.suffix != ".pyc":
                    archive.write(path, path.relative_to(PACKAGES))
    return buffer.getvalue()


CODE = code()


def make_table(name):
    """A table of named items in shelves. A shelf's changes are all in the same shard."""
    table = dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "shelf", "KeyType": "HASH"},
                   {"AttributeName": "name", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": "shelf", "AttributeType": "S"},
                              {"AttributeName": "name", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    table.wait_until_exists()
    return table


def deploy(handler, table, **settings):
    """Maps the stream of a table to a new function, from the stream's beginning on."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    lambdas.create_function(
        FunctionName=handler, Runtime=version, Handler=f"functions.{handler}", Timeout=60,
        Role="arn:aws:iam::000000000000:role/functions", MemorySize=512, Code={"ZipFile": CODE})
    lambdas.get_waiter("function_active_v2").wait(FunctionName=handler)
    lambdas.create_event_source_mapping(
        FunctionName=handler, EventSourceArn=table.latest_stream_arn,
        StartingPosition="TRIM_HORIZON", **settings)


def messages(function):
    """All that a function has logged; nothing if it has not been called yet."""
    try:
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{function}")
        return [event["message"] for page in pages for event in page["events"]]
    except logs.exceptions.ResourceNotFoundException:
        return []


def seen(function, count):
    """What the function has logged of records, once that is as many."""
    end = time.monotonic() + DEADLINE
    while True:
        lines = messages(function)
        found = [json.loads(line[len("SEEN "):]) for line in lines if line.startswith("SEEN ")]
        if len(found) >= count:
            return found
        assert time.monotonic() < end, "".join(lines)
        time.sleep(PAUSE)


def data_class():
    """The data class reads images of all types."""
    table = make_table("pictures")
    table.put_item(Item={"shelf": "A", "name": "one", "count": Decimal("1.5"),
                         "labels": {"x", "y"}, "picture": Binary(b"\x00\xff")})
    deploy("classes", table)
    equal(seen("classes", 1), [[
        "INSERT", {"shelf": "A", "name": "one"}, "NEW_AND_OLD_IMAGES", "2.5", ["x", "y"], "AP8=",
        table.latest_stream_arn, "classes"]])


def parser():
    """The parser's model takes events as they are."""
    table = make_table("counts")
    table.put_item(Item={"shelf": "A", "name": "one", "count": 1})
    table.put_item(Item={"shelf": "A", "name": "one", "count": 2})
    deploy("models", table)
    keys = {"shelf": "A", "name": "one"}
    always = [True, True, True, "us-east-1", None]
    equal(seen("models", 2), [
        ["INSERT", keys, "NEW_AND_OLD_IMAGES", "1", None, *always],
        ["MODIFY", keys, "NEW_AND_OLD_IMAGES", "2", {**keys, "count": "1"}, *always]])


def batch_processor():
    """A record that the batch processor reports comes again, with those after it."""
    table = make_table("letters")
    for name in ("a", "bad", "c"):
        table.put_item(Item={"shelf": "A", "name": name})
    deploy("batches", table, FunctionResponseTypes=["ReportBatchItemFailures"],
           MaximumRetryAttempts=3)
    equal(seen("batches", 5), [[name] for name in ("a", "bad", "c", "bad", "c")])


run([data_class, parser, batch_processor])
