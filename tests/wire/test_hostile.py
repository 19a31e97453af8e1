# SPDX-License-Identifier: Apache-2.0
"""What a hostile or careless client may try: each once hung, killed or filled the server."""

import gzip
import json
import os
import signal
import socket
import struct
import subprocess
import threading
import time

import pytest

from support.raw_http import Connection, api_headers, api_request, request
from support.weir_clock import Clock

HEALTH = request(target="/_weir/health")
MEGABYTE = 1 << 20


def call(connection, operation, **body):
    """Calls an operation that must succeed."""
    response = connection.call(api_request(operation, json.dumps(body).encode()))
    assert response.status == 200, response.body
    return response.json()


def create_table(connection, name="table", **more):
    return call(
        connection,
        "CreateTable",
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        **more,
    )


STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def control(connection, path, body, method="POST"):
    """A call of a control endpoint that must succeed."""
    response = connection.call(request(method, path, body=json.dumps(body).encode()))
    assert response.status == 200, response.body
    return response.json()


def resident(server):
    """The server's resident memory in bytes."""
    with open(f"/proc/{server.pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def await_resident(server, most, deadline=20.0):
    """Waits until the server's memory is below `most` bytes, which it gives back in its own time."""
    end = time.monotonic() + deadline
    while resident(server) > most:
        assert time.monotonic() < end, f"{resident(server) >> 20} MB are resident"
        time.sleep(0.02)


# --- Long requests -------------------------------------------------------------------------------


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
    """A server of two threads whose table has the item that slow_put looks at."""
    server = start_weir("--threads", "2", "--drain-timeout", "1")
    with Connection.to(server.endpoint) as connection:
        create_table(connection)
        call(connection, "PutItem", TableName="table", Item={"pk": {"S": "a"}, "v": {"S": "a" * 399_000}})
    return server


def test_nobody_waits_behind_long_requests(slow_server):
    slow = [Connection.to(slow_server.endpoint) for _ in range(6)]
    quick = [Connection.to(slow_server.endpoint) for _ in range(4)]
    for connection in quick:
        assert connection.call(HEALTH).status == 200  # each is at a worker
    for connection in slow:
        connection.send(slow_put())
    # All of these are answered before any of those, on the workers that are at them.
    for connection in quick:
        assert connection.call(HEALTH).status == 200
        call(connection, "GetItem", TableName="table", Key={"pk": {"S": "a"}})
        call(connection, "PutItem", TableName="table", Item={"pk": {"S": "b"}})
    for connection in slow:
        assert b"ConditionalCheckFailed" in connection.read().body
        connection.close()
    for connection in quick:
        connection.close()


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


def test_a_log_that_nobody_reads_stops_nobody(weir_binary, tmp_path):
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [weir_binary, "--port", "0", "--log-level", "trace"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=write_end,
        text=True,
    )
    os.close(write_end)
    try:
        endpoint = process.stdout.readline().split()[-1]
        junk = api_request(body=b"x" * 5000, Content_Encoding="gzip")
        with Connection.to(endpoint) as connection:
            for _ in range(1500):  # more than the pipe and the queue take
                assert connection.call(junk).status == 500
            assert connection.call(api_request()).status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        os.close(read_end)


def test_what_a_log_dropped_is_told(weir_binary, tmp_path):
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [weir_binary, "--port", "0", "--log-level", "trace"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=write_end,
        text=True,
    )
    os.close(write_end)
    try:
        endpoint = process.stdout.readline().split()[-1]
        body = json.dumps({"TableName": "table" * 200, "x": "y" * 100_000}).encode()
        with Connection.to(endpoint) as connection:
            for _ in range(100):
                connection.call(api_request("DescribeTable", body))
        text = b""
        while b"lines of the log were dropped" not in text:
            text += os.read(read_end, 1 << 20)
    finally:
        process.kill()
        process.wait()
        os.close(read_end)


def test_a_log_line_is_one_line_of_plain_text(start_weir):
    server = start_weir("--log-level", "debug")
    with Connection.to(server.endpoint) as connection:
        headers = api_headers(X_Amz_Target="a\tb")
        connection.send(request("POST", "/x\u009b31m\u202e", headers=headers))
        connection.read()
    server.await_stderr(" -> ")
    assert "POST /x\\u009b31m\\u202e a\\u0009b" in server.stderr


# --- Memory --------------------------------------------------------------------------------------


def put_large(connection, table, count, size=390_000, **more):
    for i in range(count):
        item = {"pk": {"S": str(i)}, "v": {"S": os.urandom(8).hex() + "x" * size}}
        call(connection, "PutItem", TableName=table, Item=item, **more)


@pytest.mark.parametrize("frozen", [False, True], ids=["running", "frozen"])
def test_streams_of_deleted_tables_are_within_the_cap(start_weir, frozen):
    server = start_weir("--stream-max-bytes", str(4 * MEGABYTE))
    with Connection.to(server.endpoint) as connection:
        if frozen:
            Clock(server.endpoint).change(freeze=True)
        for round_ in range(6):
            create_table(connection, f"table{round_}", StreamSpecification=STREAM)
            put_large(connection, f"table{round_}", 100)  # 39 MB
            call(connection, "DeleteTable", TableName=f"table{round_}")
        await_resident(server, 90 * MEGABYTE)


@pytest.mark.parametrize("frozen", [False, True], ids=["running", "frozen"])
def test_the_cap_drops_by_the_record(start_weir, frozen):
    server = start_weir("--stream-max-bytes", str(16 * MEGABYTE), "--stream-shards", "1")
    with Connection.to(server.endpoint) as connection:
        if frozen:
            Clock(server.endpoint).change(freeze=True)
        create_table(connection, StreamSpecification=STREAM)
        for _ in range(100):
            put_large(connection, "table", 1)
        end = time.monotonic() + 20
        while True:
            page = control(connection, "/_weir/records", {"TableName": "table", "Start": "TRIM_HORIZON"})
            listing = control(connection, "/_weir/shards?table=table", None, "GET")
            if listing["LogBytes"] <= 16 * MEGABYTE:
                break
            assert time.monotonic() < end, listing["LogBytes"]
        assert listing["RecordsDropped"]
        assert listing["LogBytes"] >= 12 * MEGABYTE
        assert page["Records"]


def test_the_cap_is_one_for_all_streams(start_weir):
    server = start_weir("--stream-max-bytes", str(8 * MEGABYTE), "--stream-shards", "1")
    with Connection.to(server.endpoint) as connection:
        for name in ("aaa", "bbb", "ccc"):
            create_table(connection, name, StreamSpecification=STREAM)
            for _ in range(20):
                put_large(connection, name, 1)
        end = time.monotonic() + 20
        kept = 9 * MEGABYTE
        while kept > 8 * MEGABYTE:
            assert time.monotonic() < end, kept
            kept = sum(
                control(connection, f"/_weir/shards?table={name}", None, "GET")["LogBytes"]
                for name in ("aaa", "bbb", "ccc")
            )
        # The oldest went first.
        assert control(connection, "/_weir/shards?table=ccc", None, "GET")["LogBytes"] > 6 * MEGABYTE


def test_large_bodies_are_given_back(start_weir):
    server = start_weir()
    junk = api_request("DescribeTable", json.dumps({"TableName": "x" * 15 * MEGABYTE}).encode())
    with Connection.to(server.endpoint) as connection:
        for _ in range(12):
            assert connection.call(junk).status == 400
    small = api_request("DescribeTable", b'{"TableName":"' + b"[1]," * (15 * MEGABYTE // 4))
    with Connection.to(server.endpoint) as connection:
        assert connection.call(small).status == 400
    await_resident(server, 64 * MEGABYTE)


def test_bodies_under_way_have_a_bound(start_weir):
    server = start_weir("--max-body-memory", str(32 * MEGABYTE))
    head = request("POST", headers={**api_headers(), "Content-Length": str(15 * MEGABYTE)})
    held = []
    refused = None
    for _ in range(8):
        connection = Connection.to(server.endpoint)
        held.append(connection)
        connection.send(head)
        try:
            connection.send(b"x" * (10 * MEGABYTE))
        except (BrokenPipeError, ConnectionResetError):
            pass
    for connection in held:
        connection.socket.settimeout(0.2)
        try:
            response = connection.read()
        except TimeoutError:
            continue
        assert response.status == 503
        assert response.json()["__type"].endswith("#ServiceUnavailableException")
        refused = connection
    assert refused is not None
    assert resident(server) < 120 * MEGABYTE
    for connection in held:
        connection.close()
    # There is room again.
    end = time.monotonic() + 20
    with Connection.to(server.endpoint) as connection:
        while connection.call(api_request()).status != 200:
            assert time.monotonic() < end
            connection = Connection.to(server.endpoint)


def test_backups_of_deleted_tables_have_a_bound(start_weir):
    server = start_weir()
    with Connection.to(server.endpoint) as connection:
        for round_ in range(4):
            create_table(connection)
            call(
                connection,
                "UpdateContinuousBackups",
                TableName="table",
                PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            )
            call(connection, "PutItem", TableName="table", Item={"pk": {"S": str(round_)}})
            call(connection, "DeleteTable", TableName="table")
        assert len(call(connection, "ListBackups", BackupType="SYSTEM")["BackupSummaries"]) == 4


# --- A failed allocation -------------------------------------------------------------------------


def test_a_failed_allocation_costs_its_request(weir_binary, tmp_path):
    """Under a limit on its address space the server refuses, goes on, and recovers."""
    process = subprocess.Popen(
        ["bash", "-c", f'ulimit -v {500 * 1024}; exec "$0" --port 0 --threads 2', str(weir_binary)],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        endpoint = process.stdout.readline().split()[-1]
        with Connection.to(endpoint) as connection:
            create_table(connection)
        failed = 0
        stored = 0
        for i in range(3000):
            item = {"pk": {"S": str(i)}, "v": {"S": "x" * 390_000}}
            body = json.dumps({"TableName": "table", "Item": item}).encode()
            try:
                with Connection.to(endpoint) as connection:
                    status = connection.call(api_request("PutItem", body)).status
            except (EOFError, ConnectionResetError, BrokenPipeError):
                status = 0
            stored += status == 200
            failed += status != 200
            if failed == 30:
                break
        assert stored > 200
        assert failed == 30
        with Connection.to(endpoint) as connection:
            assert connection.call(HEALTH).status == 200
            # What was answered with 200 is there, and nothing else.
            count = call(connection, "DescribeTable", TableName="table")["Table"]["ItemCount"]
            assert count == stored
            call(connection, "DeleteTable", TableName="table")
            create_table(connection)
            put_large(connection, "table", 20)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()


def test_a_server_without_files_says_so(weir_binary, tmp_path):
    done = subprocess.run(
        ["bash", "-c", 'ulimit -n 12; exec "$0" --port 0', str(weir_binary)],
        cwd=tmp_path,
        capture_output=True,
        timeout=20,
        text=True,
    )
    assert done.returncode == 1
    assert "ready" not in done.stdout
    assert "ulimit -n" in done.stderr


def test_a_server_with_few_files_serves_few(weir_binary, tmp_path):
    process = subprocess.Popen(
        ["bash", "-c", 'ulimit -n 60; exec "$0" --port 0', str(weir_binary)],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        endpoint = process.stdout.readline().split()[-1]
        opened = [Connection.to(endpoint) for _ in range(100)]
        with Connection.to(endpoint) as probe:
            assert probe.call(HEALTH).status == 200
        for connection in opened:
            connection.close()
    finally:
        process.kill()


# --- Bounds of the control endpoints -------------------------------------------------------------


def test_shards_cannot_be_split_without_end(start_weir):
    server = start_weir("--stream-shards", "4")
    with Connection.to(server.endpoint) as connection:
        create_table(connection, StreamSpecification=STREAM)
        split = request("POST", "/_weir/shards", body=b'{"TableName": "table", "Action": "SPLIT"}')
        statuses = [connection.call(split).status for _ in range(8)]
        assert statuses == [200] * 6 + [400] * 2
        open_ = [
            shard
            for shard in control(connection, "/_weir/shards?table=table", None, "GET")["Shards"]
            if shard["State"] == "OPEN"
        ]
        assert len(open_) == 256
        # The server takes its own checkpoint.
        page = control(connection, "/_weir/records", {"TableName": "table", "Start": "TRIM_HORIZON"})
        call(connection, "PutItem", TableName="table", Item={"pk": {"S": "a"}})
        page = control(connection, "/_weir/records", {"Checkpoint": page["Checkpoint"]})
        while not page["Records"]:
            page = control(connection, "/_weir/records", {"Checkpoint": page["Checkpoint"]})
        assert len(page["Records"]) == 1


def test_shards_are_listed_by_the_page(start_weir):
    server = start_weir("--stream-shards", "4")
    with Connection.to(server.endpoint) as connection:
        create_table(connection, StreamSpecification=STREAM)
        rotate = {"TableName": "table", "Action": "ROTATE"}
        for _ in range(10):
            answer = control(connection, "/_weir/shards", rotate)
            assert len(answer["Shards"]) == 8  # those that closed now, and those that are open
        ids = []
        path = "/_weir/shards?table=table&limit=7"
        while path:
            page = control(connection, path, None, "GET")
            assert len(page["Shards"]) <= 7
            ids += [shard["ShardId"] for shard in page["Shards"]]
            last = page.get("LastEvaluatedShardId")
            path = last and f"/_weir/shards?table=table&limit=7&after={last}"
        assert len(ids) == 44
        assert ids == sorted(set(ids))


def test_rotations_end_at_a_bound(start_weir):
    server = start_weir("--stream-shards", "256")
    with Connection.to(server.endpoint) as connection:
        create_table(connection, StreamSpecification=STREAM)
        rotate = request("POST", "/_weir/shards", body=b'{"TableName": "table", "Action": "ROTATE"}')
        statuses = [connection.call(rotate).status for _ in range(40)]
        assert statuses == [200] * 38 + [400] * 2
        Clock(server.endpoint).change(advance="25h")
        assert connection.call(rotate).status == 200


def test_a_client_that_resets_gives_its_place_back(start_weir):
    server = start_weir("--max-connections", "1")
    with Connection.to(server.endpoint) as connection:
        create_table(connection, StreamSpecification=STREAM)
        body = json.dumps({"TableName": "table", "WaitSeconds": 20}).encode()
        connection.send(request("POST", "/_weir/records", body=body))
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    started = time.monotonic()
    with Connection.to(server.endpoint) as connection:
        assert connection.call(api_request()).status == 200
    assert time.monotonic() - started < 10


def test_an_advance_ends_when_its_asker_leaves(start_weir):
    server = start_weir("--stream-rotation", "0")
    clock = Clock(server.endpoint)
    with Connection.to(server.endpoint) as connection:
        create_table(connection, StreamSpecification=STREAM)
        call(
            connection,
            "UpdateTimeToLive",
            TableName="table",
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "x"},
        )
        before = clock.change(freeze=True)
        # Work for minutes: an item expires in each second of many days.
        for start in range(0, 20_000, 25):
            requests = [
                {"PutRequest": {"Item": {"pk": {"S": str(i)}, "x": {"N": str(int(before) + i * 60)}}}}
                for i in range(start, start + 25)
            ]
            call(connection, "BatchWriteItem", RequestItems={"table": requests})
    with Connection.to(server.endpoint) as asker:
        asker.send(request("POST", "/_weir/clock", body=b'{"advance": "36500d"}'))
        end = time.monotonic() + 20
        while clock.now() == before:
            assert time.monotonic() < end
    # The clock takes further changes once that one has ended.
    assert clock.change(advance=0) < before + 36_500 * 86_400


def test_the_clock_does_not_go_beyond_its_digits(start_weir):
    server = start_weir()
    with Connection.to(server.endpoint) as connection:
        answers = []
        for _ in range(90):
            advance = request("POST", "/_weir/clock", body=b'{"advance": "36500d"}')
            answers.append(connection.call(advance).status)
        assert answers[0] == 200
        assert answers[-1] == 400
        assert connection.call(api_request()).status == 200


def test_time_passes_over_idle_tables_at_no_cost(start_weir):
    server = start_weir()
    with Connection.to(server.endpoint) as connection:
        for i in range(1000):
            create_table(connection, f"table{i}", StreamSpecification=STREAM)
    started = time.monotonic()
    Clock(server.endpoint).change(advance="30d")
    assert time.monotonic() - started < 1


def test_a_reset_is_a_fresh_start(start_weir):
    server = start_weir()
    clock = Clock(server.endpoint)
    real = clock.now()
    with Connection.to(server.endpoint) as connection:
        for i in range(50):
            create_table(
                connection, f"table{i}", StreamSpecification=STREAM, DeletionProtectionEnabled=True
            )
            call(connection, "PutItem", TableName=f"table{i}", Item={"pk": {"S": "a"}})
        call(connection, "CreateBackup", TableName="table0", BackupName="backup")
        held = {"TransactItems": [{"Put": {"TableName": "table1", "Item": {"pk": {"S": "held"}}}}]}
        control(connection, "/_weir/transactions", held)
        clock.change(freeze=True, advance="100d")
        with Connection.to(server.endpoint) as tail:
            body = json.dumps({"TableName": "table2", "WaitSeconds": 20}).encode()
            tail.send(request("POST", "/_weir/records", body=body))
            tail.socket.settimeout(10)
            assert control(connection, "/_weir/reset", {}) == {}
            tail.read()  # what waited is answered
        assert call(connection, "ListTables")["TableNames"] == []
        assert call(connection, "ListBackups")["BackupSummaries"] == []
        assert control(connection, "/_weir/transactions", None, "GET")["Transactions"] == []
        assert real <= clock.now() < real + 86_400
        create_table(connection, "table1")
        call(connection, "PutItem", TableName="table1", Item={"pk": {"S": "held"}})
        assert connection.call(request("GET", "/_weir/reset")).status == 405


def test_a_reset_beside_requests_is_clean(start_weir):
    """Requests that are under way end in the old state, and no answer is half of each."""
    server = start_weir()
    failures = []

    def work(number):
        with Connection.to(server.endpoint) as connection:
            for i in range(60):
                for body in (
                    api_request("PutItem", b'{"TableName":"table","Item":{"pk":{"S":"a"}}}'),
                    api_request("Scan", b'{"TableName":"table"}'),
                ):
                    response = connection.call(body)
                    if response.status not in (200, 400):
                        failures.append((number, i, response.body))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    with Connection.to(server.endpoint) as connection:
        for thread in threads:
            thread.start()
        for _ in range(30):
            control(connection, "/_weir/reset", {})
            connection.call(create := api_request("CreateTable", TABLE))
        for thread in threads:
            thread.join()
    assert not failures
    assert create


TABLE = json.dumps(
    {
        "TableName": "table",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
).encode()


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
