# SPDX-License-Identifier: Apache-2.0
"""A trigger with the real AWS CLI alone: a function from a zip, a mapping, and what it logged."""

import base64
import json

import pytest
from aws_cli import SERVICE_ERROR, Cli
from lambda_code import PYTHON_ECHO, ROLE, settle, zipped
from tables import unique_name


@pytest.fixture
def aws(endpoint, tmp_path):
    return Cli(endpoint, tmp_path)


@pytest.fixture
def zip_file(tmp_path):
    """zip_file(**files) is the CLI's name of a new zip."""
    def make(**files):
        path = tmp_path / "code.zip"
        path.write_bytes(zipped(**files))
        return f"fileb://{path}"
    return make


@pytest.fixture
def function(aws, zip_file):
    """The name of a function that logs what it gets. It is deleted when the test ends."""
    name = unique_name()
    created = aws(
        "lambda", "create-function", "--function-name", name, "--runtime", "python3.11",
        "--handler", "app.handler", "--role", ROLE, "--timeout", "20",
        "--environment", "Variables={WORD=hello,OTHER=two}", "--tags", "team=sales",
        "--zip-file", zip_file(**{"app.py": PYTHON_ECHO}))
    assert created["State"] == "Pending"
    assert created["Environment"] == {"Variables": {"WORD": "hello", "OTHER": "two"}}
    assert aws("lambda", "wait", "function-active-v2", "--function-name", name) is None
    yield name
    aws("lambda", "delete-function", "--function-name", name)


def invoke(aws, tmp_path, function, payload, *arguments):
    """What `aws lambda invoke` printed, and what it wrote into its file."""
    out = tmp_path / "out.json"
    printed = aws("lambda", "invoke", "--function-name", function, "--payload", payload,
                  *arguments, out)
    text = out.read_text()
    return printed, json.loads(text) if text else None


@pytest.mark.timeout(180)
def test_trigger(aws, function, endpoint, make_table, dynamodb):
    table = make_table(view="NEW_IMAGE")
    stream = table.describe()["LatestStreamArn"]
    pattern = json.dumps({"eventName": ["INSERT"]})
    mapping = aws(
        "lambda", "create-event-source-mapping", "--function-name", function,
        "--event-source-arn", stream, "--starting-position", "TRIM_HORIZON", "--batch-size", "10",
        "--filter-criteria", json.dumps({"Filters": [{"Pattern": pattern}]}))
    uuid = mapping["UUID"]
    listed = aws("lambda", "list-event-source-mappings", "--function-name", function)
    assert [one["UUID"] for one in listed["EventSourceMappings"]] == [uuid]
    for value in ("1", "2"):
        dynamodb.put_item(TableName=table.name, Item={"pk": {"S": "a"}, "n": {"N": value}})
    settle(endpoint)
    found = aws("logs", "filter-log-events", "--log-group-name", f"/aws/lambda/{function}",
                "--filter-pattern", "EVENT")["events"]
    [event] = [json.loads(one["message"].removeprefix("EVENT ")) for one in found]
    [record] = event["Records"]
    assert record["eventSourceARN"] == stream
    assert record["dynamodb"]["NewImage"] == {"pk": {"S": "a"}, "n": {"N": "1"}}
    mapping = aws("lambda", "get-event-source-mapping", "--uuid", uuid)
    assert (mapping["State"], mapping["LastProcessingResult"]) == ("Enabled", "OK")
    updated = aws("lambda", "update-event-source-mapping", "--uuid", uuid, "--no-enabled")
    assert updated["State"] == "Disabling"
    assert aws("lambda", "delete-event-source-mapping", "--uuid", uuid)["State"] == "Deleting"


@pytest.mark.timeout(180)
def test_invocations(aws, function, tmp_path):
    printed, answer = invoke(aws, tmp_path, function, '{"Records": [1, 2]}', "--log-type", "Tail")
    assert (printed["StatusCode"], printed["ExecutedVersion"]) == (200, "$LATEST")
    assert answer["got"] == 2
    tail = base64.b64decode(printed["LogResult"]).decode()
    assert tail.startswith(f"START RequestId: {answer['id']} Version: $LATEST\n")
    assert '\nEVENT {"Records": [1, 2]}\n' in tail
    assert f"\nREPORT RequestId: {answer['id']}\tDuration: " in tail
    printed, _ = invoke(aws, tmp_path, function, "{}", "--invocation-type", "DryRun")
    assert printed["StatusCode"] == 204
    printed, _ = invoke(aws, tmp_path, function, "{}", "--invocation-type", "Event")
    assert printed["StatusCode"] == 202
    printed, answer = invoke(aws, tmp_path, function, "[]")  # a list has no method get
    assert printed["FunctionError"] == "Unhandled"
    assert answer["errorType"] == "AttributeError"


@pytest.mark.timeout(180)
def test_new_code_and_settings(aws, function, tmp_path, zip_file):
    code = "import os\n\ndef handler(event, context):\n    return os.environ['WORD']\n"
    aws("lambda", "update-function-code", "--function-name", function,
        "--zip-file", zip_file(**{"app.py": code}))
    assert aws("lambda", "wait", "function-updated-v2", "--function-name", function) is None
    aws("lambda", "update-function-configuration", "--function-name", function,
        "--environment", "Variables={WORD=new}")
    assert aws("lambda", "wait", "function-updated-v2", "--function-name", function) is None
    assert invoke(aws, tmp_path, function, "{}")[1] == "new"
    version = aws("lambda", "publish-version", "--function-name", function)["Version"]
    assert aws("lambda", "wait", "published-version-active", "--function-name", function,
               "--qualifier", version) is None
    aws("lambda", "create-alias", "--function-name", function, "--name", "live",
        "--function-version", version)
    printed, answer = invoke(aws, tmp_path, f"{function}:live", "{}")
    assert (printed["ExecutedVersion"], answer) == (version, "new")


def test_errors_are_shown(aws):
    name = unique_name()
    done = aws.start("lambda", "get-function", "--function-name", name)
    assert done.returncode in SERVICE_ERROR
    assert ("An error occurred (ResourceNotFoundException) when calling the GetFunction operation: "
            f"Function not found: arn:aws:lambda:eu-central-1:000000000000:function:{name}"
            ) in done.stderr
    done = aws.start("logs", "filter-log-events", "--log-group-name", f"/aws/lambda/{name}")
    assert done.returncode in SERVICE_ERROR
    assert "(ResourceNotFoundException)" in done.stderr
    assert "The specified log group does not exist." in done.stderr
