# SPDX-License-Identifier: Apache-2.0
"""Functions that are deployed from zips, and get the records of a table's stream."""

import json
import sys

import pytest
from clients import client
from lambda_code import NODE_ECHO, PYTHON_ECHO, Functions, events, messages, settle, zipped
from stream_reader import read_stream

# A custom runtime: a program named `bootstrap` that speaks the Runtime API by itself.
BOOTSTRAP = f"""#!{sys.executable}
import http.client, json, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
base = "/2018-06-01/runtime/invocation/"
while True:
    api.request("GET", base + "next")
    invocation = api.getresponse()
    event = json.loads(invocation.read())
    print("EVENT " + json.dumps(event), flush=True)
    answer = json.dumps({{"got": len(event.get("Records", []))}})
    api.request("POST", base + invocation.headers["Lambda-Runtime-Aws-Request-Id"] + "/response", answer)
    api.getresponse().read()
"""

CODE = {
    "python": ("python3.11", "app.handler", {"app.py": PYTHON_ECHO}),
    "node": ("nodejs20.x", "index.handler", {"index.js": NODE_ECHO}),
    "provided": ("provided.al2023", "unused", {"bootstrap": BOOTSTRAP}),
}


@pytest.fixture
def table(make_table):
    return make_table(view="NEW_AND_OLD_IMAGES")


def put(dynamodb, table, key, **attributes):
    dynamodb.put_item(TableName=table.name, Item={"pk": {"S": key}, **attributes})


def arn_of(table):
    return table.describe()["LatestStreamArn"]


def keys(event):
    return [record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]]


@pytest.mark.parametrize("language", CODE)
def test_a_function_gets_the_records_of_a_write(
    language, dynamodb, streams, endpoint, functions, logs, table
):
    name = functions.create(*CODE[language])
    uuid = functions.map(name, arn_of(table))
    put(dynamodb, table, "a", n={"N": "1.50"}, b={"B": b"\x00\x01"}, l={"L": [{"NULL": True}]})
    dynamodb.update_item(
        TableName=table.name, Key={"pk": {"S": "a"}}, UpdateExpression="SET n = :n",
        ExpressionAttributeValues={":n": {"N": "2"}})
    dynamodb.delete_item(TableName=table.name, Key={"pk": {"S": "a"}})
    settle(endpoint)
    records = [record for event in events(logs, name) for record in event["Records"]]
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    arn = arn_of(table)
    for record, read in zip(records, read_stream(streams, arn, 3), strict=True):
        created = read["dynamodb"]["ApproximateCreationDateTime"].timestamp()
        expected = {
            "eventID": read["eventID"], "eventName": read["eventName"], "eventVersion": "1.1",
            "eventSource": "aws:dynamodb", "awsRegion": "eu-central-1",
            "dynamodb": {**read["dynamodb"], "ApproximateCreationDateTime": created},
            "eventSourceARN": arn,
        }
        for image in ("NewImage", "OldImage"):
            if "b" in read["dynamodb"].get(image, {}):
                assert read["dynamodb"][image]["b"]["B"] == b"\x00\x01"
                expected["dynamodb"][image] = {**read["dynamodb"][image], "b": {"B": "AAE="}}
        assert record == expected
    assert functions.client.get_event_source_mapping(UUID=uuid)["LastProcessingResult"] == "OK"


def test_a_filter_passes_what_it_says(dynamodb, endpoint, functions, logs, table):
    name = functions.create(*CODE["python"])
    pattern = {"dynamodb": {"NewImage": {"state": {"S": ["open"]}}}}
    functions.map(
        name, arn_of(table), FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)}]})
    for key, state in [("a", "open"), ("b", "shut"), ("c", "open")]:
        put(dynamodb, table, key, state={"S": state})
    settle(endpoint)
    assert sorted(key for event in events(logs, name) for key in keys(event)) == ["a", "c"]


def test_a_handler_calls_back(dynamodb, endpoint, functions, logs, make_table, table):
    """boto3 in a function reaches this server, without any setting."""
    target = make_table()
    code = f"""
import sys
sys.path[:0] = {[path for path in sys.path if path]!r}
import boto3

table = boto3.client("dynamodb")

def handler(event, context):
    for record in event["Records"]:
        table.put_item(TableName={target.name!r}, Item=record["dynamodb"]["NewImage"])
"""
    name = functions.create("python3.11", "app.handler", {"app.py": code})
    functions.map(name, arn_of(table))
    put(dynamodb, table, "copied", v={"S": "x"})
    settle(endpoint)
    reply = dynamodb.get_item(TableName=target.name, Key={"pk": {"S": "copied"}})
    assert "Item" in reply, messages(logs, name)
    item = reply["Item"]
    assert item == {"pk": {"S": "copied"}, "v": {"S": "x"}}


def test_a_failing_function_is_called_again(dynamodb, functions, logs, start_weir):
    """On a frozen clock of its own, with the waits that the documentation of triggers gives."""
    server = start_weir()
    lambdas, database = client("lambda", server.endpoint), client("dynamodb", server.endpoint)
    made = Functions(lambdas)
    name = made.create("python3.11", "app.handler", {
        "app.py": "def handler(event, context):\n    raise ValueError('no ' + context.aws_request_id)\n"})
    database.create_table(
        TableName="orders", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    arn = database.describe_table(TableName="orders")["Table"]["LatestStreamArn"]
    uuid = made.map(name, arn, MaximumRetryAttempts=3)
    settle(server.endpoint)
    database.put_item(TableName="orders", Item={"pk": {"S": "a"}})
    settle(server.endpoint, "1m")
    lines = messages(client("logs", server.endpoint), name)
    starts = [line.split()[2] for line in lines if line.startswith("START")]
    assert len(starts) == 4
    assert len(set(starts)) == 1  # a retry has the same request id
    assert any("[ERROR] ValueError: no " + starts[0] in line for line in lines)
    mapping = lambdas.get_event_source_mapping(UUID=uuid)
    assert mapping["LastProcessingResult"] == "PROBLEM: Function call failed"


def test_invocations_answer_as_lambda_does(functions, lambdas, logs):
    name = functions.create("python3.11", "app.handler", {"app.py": """
def handler(event, context):
    print("hello")
    if event == "fail":
        raise KeyError("x")
    return [event, context.function_name, context.memory_limit_in_mb, context.function_version]
"""}, MemorySize=256)
    value, answer = functions.invoke(name, {"a": 1}, LogType="Tail")
    assert value == [{"a": 1}, name, "256", "$LATEST"] or value == [{"a": 1}, name, 256, "$LATEST"]
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert "LogResult" in answer
    error, answer = functions.invoke(name, "fail")
    assert answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "KeyError"
    assert error["errorMessage"] == "'x'"
    assert functions.invoke(name, InvocationType="DryRun")[1]["StatusCode"] == 204
    assert functions.invoke(name, 1, InvocationType="Event")[1]["StatusCode"] == 202
    report = [line for line in messages(logs, name) if line.startswith("REPORT")]
    assert "Memory Size: 256 MB" in report[0]


def test_an_alias_runs_its_version(functions, lambdas):
    name = functions.create("python3.11", "app.handler", {"app.py": "def handler(e, c):\n    return 1\n"})
    version = lambdas.publish_version(FunctionName=name)["Version"]
    lambdas.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    lambdas.update_function_code(
        FunctionName=name, ZipFile=zipped(**{"app.py": "def handler(e, c):\n    return 2\n"}))
    assert functions.invoke(name)[0] == 2
    assert functions.invoke(name, Qualifier="live")[0] == 1
    lambdas.update_alias(FunctionName=name, Name="live", FunctionVersion="$LATEST")
    assert functions.invoke(name, Qualifier="live")[0] == 2


def test_what_hangs_is_ended(functions, logs):
    name = functions.create("python3.11", "app.handler", {
        "app.py": "import time\ndef handler(e, c):\n    time.sleep(60)\n"}, Timeout=1)
    error, answer = functions.invoke(name)
    assert answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    assert any("Task timed out after 1.00 seconds" in line for line in messages(logs, name))
