# SPDX-License-Identifier: Apache-2.0
"""The bounds of the control endpoints, and the reset."""

import json
import socket
import struct
import threading
import time

from hostile_calls import STREAM, call, control, create_table
from support.raw_http import Connection, api_request, request
from support.weir_clock import Clock


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
        # The server accepts its own checkpoint.
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
            assert len(answer["Shards"]) == 8  # the shards that closed now, and those that are open
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
        # A lot of work for the clock: 20,000 items expire, one per minute.
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
    # The clock accepts further changes when that one has ended.
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


def test_held_items_do_not_keep_others_from_their_time_to_live(start_weir):
    server = start_weir()
    clock = Clock(server.endpoint)
    with Connection.to(server.endpoint) as connection:
        now = int(clock.change(freeze=True))
        create_table(connection)
        call(
            connection,
            "UpdateTimeToLive",
            TableName="table",
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"},
        )
        for number in range(101):
            item = {"pk": {"S": str(number)}, "ttl": {"N": str(now + 10 + number)}}
            call(connection, "PutItem", TableName="table", Item=item)
        held = [
            {"Update": {"TableName": "table", "Key": {"pk": {"S": str(number)}},
                        "UpdateExpression": "SET a = pk"}}
            for number in range(100)
        ]
        control(connection, "/_weir/transactions", {"TransactItems": held})
        clock.change(advance="1h")
        left = call(connection, "Scan", TableName="table", Select="COUNT")
        assert left["Count"] == 100  # only the item that no transaction holds has expired


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
            tail.read()  # the waiting request is answered
        assert call(connection, "ListTables")["TableNames"] == []
        assert call(connection, "ListBackups")["BackupSummaries"] == []
        assert control(connection, "/_weir/transactions", None, "GET")["Transactions"] == []
        assert real <= clock.now() < real + 86_400
        create_table(connection, "table1")
        call(connection, "PutItem", TableName="table1", Item={"pk": {"S": "held"}})
        assert connection.call(request("GET", "/_weir/reset")).status == 405


def test_a_reset_beside_requests_is_clean(start_weir):
    """Requests under way finish in the old state, and no answer mixes the old state and the new."""
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
