# SPDX-License-Identifier: Apache-2.0
"""Requests that fill the server's memory, or come when none is left: the server has limits and goes
on.
"""

import contextlib
import json
import os
import signal
import subprocess
import time

import pytest
from hostile_calls import (
    HEALTH,
    MEGABYTE,
    STREAM,
    await_resident,
    call,
    control,
    create_table,
    resident,
)
from support.raw_http import Connection, api_headers, api_request, request
from support.weir_clock import Clock


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
        # The oldest records were dropped first.
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
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.send(b"x" * (10 * MEGABYTE))
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
    # There must be room again.
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


@contextlib.contextmanager
def weir_within(limit, weir_binary, folder, *flags):
    """A server under a limit of the shell's ulimit. Yields its process and its endpoint."""
    process = subprocess.Popen(
        ["bash", "-c", f'ulimit {limit}; exec "$0" "$@"', str(weir_binary), "--port", "0", *flags],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process, process.stdout.readline().split()[-1]
    finally:
        process.kill()
        process.wait()


def test_a_failed_allocation_costs_its_request(weir_binary, tmp_path):
    """Under a limit on its address space, the server refuses requests, goes on, and recovers."""
    limit = f"-v {500 * 1024}"
    with weir_within(limit, weir_binary, tmp_path, "--threads", "2") as (process, endpoint):
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
            # The items whose puts were answered with 200 are there, and no others.
            count = call(connection, "DescribeTable", TableName="table")["Table"]["ItemCount"]
            assert count == stored
            call(connection, "DeleteTable", TableName="table")
            create_table(connection)
            put_large(connection, "table", 20)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


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
    with weir_within("-n 60", weir_binary, tmp_path) as (_, endpoint):
        opened = [Connection.to(endpoint) for _ in range(100)]
        with Connection.to(endpoint) as probe:
            assert probe.call(HEALTH).status == 200
        for connection in opened:
            connection.close()
