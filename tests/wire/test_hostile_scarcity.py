# SPDX-License-Identifier: Apache-2.0
"""A failed allocation costs its request or its connection, wherever in the process it happens."""

import asyncio
import contextlib
import json
import mmap
import os
import struct
import subprocess
import time

import pytest
from endurance.load import TABLES, Load, api, create_table
from support.raw_http import Connection, request

SOURCE = "tests/support/scarce_memory.cc"
CLIENTS = 100
SECONDS = 3


class Scarcity:
    """The file that tests/support/scarce_memory.cc shares with the process that it is loaded into.
    """

    FORMAT = struct.Struct("=QQ")

    def __init__(self, folder, repository):
        self.library = folder / "scarce_memory.so"
        subprocess.run(
            ["c++", "-std=c++20", "-O1", "-shared", "-fPIC", "-o", self.library, repository / SOURCE],
            check=True,
        )
        self.control = folder / "control"
        self.control.write_bytes(bytes(self.FORMAT.size))
        with self.control.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), self.FORMAT.size)

    def environment(self):
        return {**os.environ, "LD_PRELOAD": str(self.library), "WEIR_SCARCE": str(self.control)}

    def set(self, one_in):
        """Makes one in so many allocations fail; 0 for none."""
        self.memory[:8] = struct.pack("=Q", one_in)

    def failed(self):
        return self.FORMAT.unpack(self.memory)[1]


@pytest.fixture
def scarcity(tmp_path, pytestconfig):
    return Scarcity(tmp_path, pytestconfig.rootpath)


@contextlib.contextmanager
def scarce_weir(weir_binary, scarcity):
    process = subprocess.Popen(
        [str(weir_binary), "--port", "0", "--threads", "2"],
        env=scarcity.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process, int(process.stdout.readline().rsplit(":", 1)[1])
    finally:
        process.kill()
        process.wait()


async def ask(load, connection, operation, body):
    status, answer = await load.call(*connection, api(operation, body))
    return status, json.loads(answer)


async def counted(load, connection, table, index):
    """The number of items or entries that a scan finds."""
    count = 0
    scan = {"TableName": table, "Select": "COUNT", **({"IndexName": index} if index else {})}
    while True:
        status, page = await ask(load, connection, "Scan", scan)
        assert status == 200, page
        count += page["Count"]
        if "LastEvaluatedKey" not in page:
            return count
        scan["ExclusiveStartKey"] = page["LastEvaluatedKey"]


async def check_whole(load):
    """Checks that nothing was done in part: DescribeTable counts as many items and entries as scans
    find.
    """
    connection = await load.connect()
    for number in range(TABLES):
        status, answer = await ask(load, connection, "DescribeTable", {"TableName": f"table{number}"})
        if status == 400:
            assert answer["__type"].endswith("ResourceNotFoundException")
            continue
        table = answer["Table"]
        assert table["ItemCount"] == await counted(load, connection, table["TableName"], None)
        (index,) = table["GlobalSecondaryIndexes"]
        assert index["ItemCount"] == await counted(
            load, connection, table["TableName"], index["IndexName"]
        )
    connection[1].close()


async def live_through(port, scarcity, one_in):
    load = Load("127.0.0.1", port, time.monotonic() + SECONDS)
    reader, writer = await load.connect()
    for number in range(TABLES):
        status, _ = await load.call(reader, writer, create_table(f"table{number}"))
        assert status in (200, 400)  # 400 if it exists already
    writer.close()
    scarcity.set(one_in)
    await asyncio.gather(*(load.client(number) for number in range(CLIENTS)))
    scarcity.set(0)
    assert load.answers["connection", "no answer"] == 0
    assert load.answers["PutItem", 200] > 0  # some get through
    reader, writer = await load.connect()
    status, _ = await load.call(reader, writer, request(target="/_weir/health"))
    writer.close()
    assert status == 200
    await check_whole(load)


def test_a_failed_allocation_anywhere_ends_nothing_else(weir_binary, scarcity):
    """This also holds for allocations by Asio, in a thread's loop or for an exception."""
    with scarce_weir(weir_binary, scarcity) as (process, port):
        for one_in in (3000, 300, 30):
            asyncio.run(live_through(port, scarcity, one_in))
            assert process.poll() is None
        assert scarcity.failed() > 100
        process.terminate()
        assert process.wait(timeout=20) == 0


RESET = request("POST", "/_weir/reset", body=b"{}")


def retried(endpoint, data, expected=(200,)):
    """Sends a request until it is answered, as SDKs do if the connection breaks or the answer is a
    500.
    """
    for _ in range(1000):
        try:
            with Connection.to(endpoint) as connection:
                response = connection.call(data)
        except (OSError, EOFError):
            continue
        if response.status < 500:
            assert response.status in expected, response.body
            return response
    raise AssertionError("never answered")


def test_a_reset_and_an_end_without_memory(weir_binary, scarcity):
    """Neither a reset nor the end of the server stops half-way because an allocation fails."""
    with scarce_weir(weir_binary, scarcity) as (process, port):
        endpoint = f"http://127.0.0.1:{port}"
        for one_in in (500, 100, 20) * 4:
            scarcity.set(0)
            retried(endpoint, create_table("table0"))
            scarcity.set(one_in)
            retried(endpoint, RESET)
            scarcity.set(0)
            assert b"table0" not in retried(endpoint, api("ListTables", {})).body
        scarcity.set(20)
        process.terminate()
        assert process.wait(timeout=20) == 0


def test_a_transaction_with_a_token_is_done_once(weir_binary, scarcity):
    """A client that gets no answer sends the transaction again with its token."""
    with scarce_weir(weir_binary, scarcity) as (_, port):
        endpoint = f"http://127.0.0.1:{port}"
        retried(endpoint, create_table("table0"))
        scarcity.set(100)
        for number in range(400):
            update = {
                "TableName": "table0",
                "Key": {"pk": {"S": str(number)}},
                "UpdateExpression": "ADD n :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            }
            transaction = {"TransactItems": [{"Update": update}], "ClientRequestToken": f"t{number}"}
            retried(endpoint, api("TransactWriteItems", transaction))
        scarcity.set(0)
        items = retried(endpoint, api("Scan", {"TableName": "table0"})).json()["Items"]
        assert [item["n"]["N"] for item in items] == ["1"] * 400
