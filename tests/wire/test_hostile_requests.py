# SPDX-License-Identifier: Apache-2.0
"""Requests that take long, logs that nobody reads, signals: none of them stops the server."""

import contextlib
import gzip
import json
import os
import signal
import subprocess
import time

import pytest
from hostile_calls import HEALTH, MEGABYTE, call, create_table
from support.raw_http import Connection, api_headers, api_request, request


def slow_put():
    """A legal PutItem that takes a second: its condition searches 400 KB for 200 KB, 227 times."""
    condition = " OR ".join(["contains(v,:n)"] * 227)
    body = {
        "TableName": "table",
        "Item": {"pk": {"S": "a"}},
        "ConditionExpression": condition,
        "ExpressionAttributeValues": {":n": {"S": "a" * 150_000 + "b"}},
    }
    return api_request("PutItem", json.dumps(body).encode())


@pytest.fixture
def slow_server(start_weir):
    """A server with two threads, and a table with the item that slow_put reads."""
    server = start_weir("--threads", "2", "--drain-timeout", "1")
    with Connection.to(server.endpoint) as connection:
        create_table(connection)
        call(connection, "PutItem", TableName="table", Item={"pk": {"S": "a"}, "v": {"S": "a" * 399_000}})
    return server


def test_nobody_waits_behind_long_requests(slow_server):
    slow = [Connection.to(slow_server.endpoint) for _ in range(6)]
    quick = [Connection.to(slow_server.endpoint) for _ in range(4)]
    for connection in quick:
        assert connection.call(HEALTH).status == 200  # each is served by a worker
    for connection in slow:
        connection.send(slow_put())
    # All quick requests are answered before any slow one, although the slow ones keep their workers
    # busy.
    for connection in quick:
        assert connection.call(HEALTH).status == 200
        call(connection, "GetItem", TableName="table", Key={"pk": {"S": "a"}})
        call(connection, "PutItem", TableName="table", Item={"pk": {"S": "b"}})
    for connection in slow:
        assert b"ConditionalCheckFailed" in connection.read().body
        connection.close()
    for connection in quick:
        connection.close()


def test_many_indexes_of_large_items_hold_nobody_up(start_weir):
    """In the item, each of 160 index key attributes comes after 30,000 others."""
    indexes = {f"idx{i}": [f"zz{i}_{j}" for j in range(8)] for i in range(20)}
    keys = ["pk", *(key for keys in indexes.values() for key in keys)]
    item = {f"a{i}": {"NULL": True} for i in range(30_000)} | {key: {"S": "x"} for key in keys}
    with Connection.to(start_weir("--threads", "1").endpoint) as connection:
        call(
            connection,
            "CreateTable",
            TableName="table",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            BillingMode="PAY_PER_REQUEST",
            GlobalSecondaryIndexes=[
                {
                    "IndexName": name,
                    "KeySchema": [
                        {"AttributeName": key, "KeyType": "HASH" if place < 4 else "RANGE"}
                        for place, key in enumerate(keys)
                    ],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
                for name, keys in indexes.items()
            ],
        )
        for number in range(6):
            call(connection, "PutItem", TableName="table", Item=item | {"pk": {"S": str(number)}})
        count = call(connection, "Scan", TableName="table", IndexName="idx19", Select="COUNT")
        assert count["Count"] == 6
        deletions = [
            {"Delete": {"TableName": "table", "Key": {"pk": {"S": str(number)}}}}
            for number in range(6)
        ]
        started = time.monotonic()
        call(connection, "TransactWriteItems", TransactItems=deletions)
        assert time.monotonic() - started < 0.2
        count = call(connection, "Scan", TableName="table", IndexName="idx19", Select="COUNT")
        assert count["Count"] == 0


def test_a_signal_ends_the_server_whatever_its_threads_do(slow_server):
    slow = [Connection.to(slow_server.endpoint) for _ in range(30)]
    for connection in slow:
        connection.send(slow_put())
    with Connection.to(slow_server.endpoint) as other:
        assert other.call(HEALTH).status == 200
    started = time.monotonic()
    assert slow_server.stop() == 0
    assert time.monotonic() - started < 10  # thirty seconds of work are under way
    for connection in slow:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE])
def test_signals_that_mean_nothing_here_do_not_kill(start_weir, number):
    server = start_weir()
    server.send_signal(number)
    with Connection.to(server.endpoint) as connection:
        assert connection.call(HEALTH).status == 200


@contextlib.contextmanager
def weir_with_log_in_a_pipe(weir_binary, folder):
    """A server that logs everything. Yields its process, its endpoint and the end of the pipe with
    the log.
    """
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [weir_binary, "--port", "0", "--log-level", "trace"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=write_end,
        text=True,
    )
    os.close(write_end)
    try:
        yield process, process.stdout.readline().split()[-1], read_end
    finally:
        process.kill()
        process.wait()
        os.close(read_end)


def test_a_log_that_nobody_reads_stops_nobody(weir_binary, tmp_path):
    with weir_with_log_in_a_pipe(weir_binary, tmp_path) as (process, endpoint, _):
        junk = api_request(body=b"x" * 5000, Content_Encoding="gzip")
        with Connection.to(endpoint) as connection:
            for _ in range(1500):  # more than fits into the pipe and the queue
                assert connection.call(junk).status == 500
            assert connection.call(api_request()).status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_what_a_log_dropped_is_told(weir_binary, tmp_path):
    with weir_with_log_in_a_pipe(weir_binary, tmp_path) as (_, endpoint, log):
        body = json.dumps({"TableName": "table" * 200, "x": "y" * 100_000}).encode()
        with Connection.to(endpoint) as connection:
            for _ in range(100):
                connection.call(api_request("DescribeTable", body))
        text = b""
        while b"lines of the log were dropped" not in text:
            text += os.read(log, 1 << 20)


def test_a_log_line_is_one_line_of_plain_text(start_weir):
    server = start_weir("--log-level", "debug")
    with Connection.to(server.endpoint) as connection:
        headers = api_headers(X_Amz_Target="a\tb")
        connection.send(request("POST", "/x\u009b31m\u202e", headers=headers))
        connection.read()
    server.await_stderr(" -> ")
    assert "POST /x\\u009b31m\\u202e a\\u0009b" in server.stderr


@pytest.mark.parametrize(
    ("target", "status"),
    [("/", 200), ("/?x", 200), ("/metrics", 404), ("/_localstack/health", 404), ("/shell/", 404)],
)
def test_only_the_root_is_the_health_text(connection, target, status):
    for method in ("GET", "HEAD"):
        connection.send(request(method, target))
        assert connection.read(head_only=method == "HEAD").status == status


def test_absolute_targets_are_those_of_their_path(connection):
    assert connection.call(request(target="http://localhost:1/_weir/health")).status == 200
    refused = connection.call(request(target="http://rebound.example/_weir/clock"))
    assert refused.status == 403
    assert b"--allow-host" in refused.body


def test_in_dynamodb_locals_mode_the_root_answers_400(start_weir):
    for flags in (["--dynamodb-local"], ["-inMemory", "-sharedDb"]):
        server = start_weir(*flags)
        for method in ("GET", "HEAD"):
            with Connection.to(server.endpoint) as connection:
                connection.send(request(method))
                response = connection.read(head_only=method == "HEAD")
                assert response.status == 400
                assert response.headers["connection"] == "close"
                if method == "GET":
                    assert "MissingAuthenticationToken" in response.json()["__type"]


def test_gzip_is_bounded_as_plain_bodies_are(connection):
    bomb = gzip.compress(b" " * (17 * MEGABYTE))
    assert connection.call(api_request(body=bomb, Content_Encoding="gzip")).status == 413
