# SPDX-License-Identifier: Apache-2.0
"""The memory that the process may take, and what the health report says of it."""

import json
import os
import time

import pytest
from hostile_calls import MEGABYTE, await_resident, call, control, create_table, resident
from support.raw_http import Connection, api_request

LIMIT = 128 * MEGABYTE


@pytest.fixture
def server(start_weir):
    return start_weir("--max-memory", str(LIMIT))


def put(connection, key, size, table="table"):
    item = {"pk": {"S": key}, "v": {"S": os.urandom(8).hex() + "x" * size}}
    body = json.dumps({"TableName": table, "Item": item}).encode()
    return connection.call(api_request("PutItem", body))


def fill(connection, size, table="table"):
    """Puts items until one is refused. Returns how many were put, and the refusal."""
    count = 0
    while (answer := put(connection, f"{table}-{size}-{count}", size, table)).status == 200:
        count += 1
        assert count * size < 2 * LIMIT
    return count, answer


@pytest.mark.parametrize("size", [5000, 50_000])
def test_requests_beyond_the_limit_are_refused_and_the_rest_goes_on(server, size):
    with Connection.to(server.endpoint) as connection:
        create_table(connection)
        create_table(connection, "next")
        count, refused = fill(connection, size)
        assert refused.status == 500
        error = refused.json()
        assert error["__type"].endswith("#InternalServerError")
        assert error["message"].startswith("There is no memory for the request: the server takes as")
        assert 0.9 * LIMIT <= resident(server) <= LIMIT
        memory = control(connection, "/_weir/health?verbose", None, "GET")["memory"]
        assert memory["limitBytes"] == LIMIT
        assert abs(memory["residentBytes"] - resident(server)) < 0.1 * LIMIT
        assert memory["tables"]["items"] == count

        key = {"pk": {"S": f"table-{size}-0"}}
        assert "Item" in call(connection, "GetItem", TableName="table", Key=key)
        call(connection, "DeleteItem", TableName="table", Key=key)
        call(connection, "DeleteTable", TableName="table")
        end = time.monotonic() + 20
        while put(connection, "first", size, "next").status != 200:
            assert time.monotonic() < end  # the items of the table are freed in the background
        await_resident(server, LIMIT // 2)
        again, _ = fill(connection, size, "next")
        assert again > 0.75 * count  # freed memory is in pieces, of which some are in use


def test_the_health_report_names_the_largest_tables(server):
    with Connection.to(server.endpoint) as connection:
        for number in range(12):
            create_table(connection, f"table-{number:02}")
            assert put(connection, "a", 100 * number, f"table-{number:02}").status == 200
        report = control(connection, "/_weir/health?verbose", None, "GET")
        assert report["status"] == "ok"
        assert "dataFolder" not in report
        tables = report["memory"]["tables"]
        assert (tables["count"], tables["items"]) == (12, 12)
        names = [table["tableName"] for table in tables["largest"]]
        assert names == [f"table-{number:02}" for number in range(11, 1, -1)]
        assert report["memory"]["backups"] == {"count": 0, "bytes": 0}
        assert control(connection, "/_weir/health", None, "GET") == {
            "status": "ok",
            "version": report["version"],
        }
