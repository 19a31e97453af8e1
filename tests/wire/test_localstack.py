# SPDX-License-Identifier: Apache-2.0
"""What tools ask of LocalStack: its port, its health check, its names, its reset."""

import json
import subprocess

import pytest
from support.raw_http import Connection, api_request, request


@pytest.fixture
def localstack(start_weir):
    with Connection.to(start_weir("--localstack", "--port", "0").endpoint) as connection:
        yield connection


def test_the_line_that_testcontainers_wait_for_follows_the_ready_line(start_weir):
    server = start_weir("--localstack", "--port", "0")
    assert server.stop() == 0
    assert server.stdout_lines[1:] == ["Ready.\n"]


def test_health_has_the_text_that_checks_search_for(localstack):
    answer = localstack.call(request(target="/_localstack/health"))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert b'"dynamodb": "running"' in answer.body
    assert set(json.loads(answer.body)["services"]) == {
        "dynamodb", "dynamodbstreams", "lambda", "logs", "sts"}


@pytest.mark.parametrize(
    ("path", "completed"),
    [
        ("init", {"BOOT": True, "START": True, "READY": True, "SHUTDOWN": False}),
        ("init/ready", True),
        ("init/READY", True),
        ("init/shutdown", False),
    ],
)
def test_init_says_that_it_is_ready(localstack, path, completed):
    answer = localstack.call(request(target=f"/_localstack/{path}"))
    assert answer.status == 200
    assert answer.json() == {"completed": completed, "scripts": []}


def test_other_endpoints_are_refused(localstack):
    assert localstack.call(request(target="/_localstack/init/never")).status == 404
    assert localstack.call(request(target="/_localstack/diagnose")).status == 404
    answer = localstack.call(request("POST", "/_localstack/health", body=b"{}"))
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_its_reset_clears_the_tables(localstack):
    table = {
        "TableName": "Table",
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    }
    assert localstack.call(api_request("CreateTable", json.dumps(table).encode())).status == 200
    assert localstack.call(request("POST", "/_localstack/state/reset")).status == 200
    assert localstack.call(api_request()).json() == {"TableNames": []}


def test_a_page_needs_a_preflight_for_its_reset(localstack):
    headers = {"Origin": "http://localhost:3000", "Content-Type": "text/plain"}
    refused = localstack.call(request("POST", "/_localstack/state/reset", headers=headers))
    assert refused.status == 403


def test_flags_of_dynamodb_local_exclude_it(weir_binary, start_weir, monkeypatch):
    command = [weir_binary, "--localstack", "-sharedDb"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2
    assert "excludes" in done.stderr
    # The command line goes before a variable.
    monkeypatch.setenv("WEIR_LOCALSTACK", "true")
    server = start_weir("-sharedDb")
    assert server.stop() == 0
    assert "Ready.\n" not in server.stdout_lines
    assert any(line.startswith("Initializing DynamoDB Local") for line in server.stdout_lines)


def test_its_host_name_is_one_of_this_machine(localstack):
    for host in ("localhost.localstack.cloud:4566", "dynamodb.localhost.localstack.cloud:4566"):
        asked = request(target="/_localstack/health", headers={"Host": host})
        assert localstack.call(asked).status == 200
    foreign = request(target="/_localstack/health", headers={"Host": "localstack.cloud:4566"})
    assert localstack.call(foreign).status == 403


def test_without_the_flag_there_is_nothing_of_it(start_weir):
    with Connection.to(start_weir().endpoint) as connection:
        answer = connection.call(request(target="/_localstack/health"))
        assert b"running" not in answer.body
        assert connection.call(request("POST", "/_localstack/state/reset")).status != 200
