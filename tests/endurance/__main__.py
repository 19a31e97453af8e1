# SPDX-License-Identifier: Apache-2.0
"""Has Weir serve a mixed load with far too little memory, while its connections come and go.

    PYTHONPATH=tests build/venv/bin/python -m endurance --weir PATH [--seconds 600] [--connections 1000] [--megabytes 700]

The server runs under a limit on its address space, which the items that are written exceed again
and again: what there is no memory for must cost its request (500 or 503) or its connection, and
nothing else. At the end the server has to be there, to answer its health check, and, once the
tables are deleted, to store what it is given. Prints what was answered how often, and as the last
line `N passed, N failed`.
"""

import argparse
import asyncio
import collections
import json
import os
import random
import signal
import subprocess
import sys
import time

from support.raw_http import api_headers, request

TABLES = 4
KEYS = 400
DEADLINE = 30.0  # seconds for one answer; the machine is busy


class Load:
    """The clients of one run, and what became of their requests."""

    def __init__(self, host, port, end):
        self.host = host
        self.port = port
        self.end = end
        self.answers = collections.Counter()

    async def call(self, reader, writer, data):
        """Sends one request; returns the answer's status and body."""
        writer.write(data)
        await asyncio.wait_for(writer.drain(), DEADLINE)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), DEADLINE)
        status = int(head.split(b" ", 2)[1])
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        return status, await asyncio.wait_for(reader.readexactly(length), DEADLINE)

    async def client(self, number):
        """One connection after the other, each for a few requests."""
        source = random.Random(number)
        while time.monotonic() < self.end:
            writer = None
            try:
                reader, writer = await asyncio.open_connection(self.host, self.port, limit=1 << 26)
                for _ in range(source.randrange(1, 40)):
                    name, data = random_request(source)
                    status, _ = await self.call(reader, writer, data)
                    self.answers[name, status] += 1
                    if source.random() < 0.1:
                        await asyncio.sleep(source.random() / 10)
                    if time.monotonic() >= self.end:
                        break
            except (OSError, EOFError, asyncio.IncompleteReadError):
                self.answers["connection", "lost"] += 1
                await asyncio.sleep(0.01)
            except TimeoutError:
                self.answers["connection", "no answer"] += 1
            finally:
                if writer is not None:
                    if source.random() < 0.5:
                        writer.transport.abort()  # a reset
                    else:
                        writer.close()


def api(operation, body, service="DynamoDB_20120810"):
    headers = api_headers(operation, X_Amz_Target=f"{service}.{operation}")
    return request("POST", headers=headers, body=json.dumps(body).encode())


def table_name(source):
    return f"table{source.randrange(TABLES)}"


def key(source):
    return {"pk": {"S": str(source.randrange(KEYS))}}


def item(source):
    size = source.choice([100, 1000, 10_000, 100_000, 390_000])
    return {**key(source), "g": {"S": str(source.randrange(9))}, "v": {"S": "x" * size}}


def create_table(name):
    return api(
        "CreateTable",
        {
            "TableName": name,
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "g", "AttributeType": "S"},
            ],
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "by-g",
                    "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {
                "StreamEnabled": True,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        },
    )


def random_request(source):
    """A request of the mix: its name, and its bytes."""
    name = table_name(source)
    kind = source.randrange(100)
    if kind < 30:
        return "PutItem", api("PutItem", {"TableName": name, "Item": item(source)})
    if kind < 50:
        return "GetItem", api("GetItem", {"TableName": name, "Key": key(source)})
    if kind < 60:
        update = {
            "TableName": name,
            "Key": key(source),
            "UpdateExpression": "SET n = if_not_exists(n, :z) + :o",
            "ExpressionAttributeValues": {":o": {"N": "1"}, ":z": {"N": "0"}},
        }
        return "UpdateItem", api("UpdateItem", update)
    if kind < 66:
        return "DeleteItem", api("DeleteItem", {"TableName": name, "Key": key(source)})
    if kind < 70:
        query = {
            "TableName": name,
            "IndexName": "by-g",
            "KeyConditionExpression": "g = :g",
            "ExpressionAttributeValues": {":g": {"S": str(source.randrange(9))}},
        }
        return "Query", api("Query", query)
    if kind < 73:
        return "Scan", api("Scan", {"TableName": name})
    if kind < 79:
        puts = [{"PutRequest": {"Item": item(source)}} for _ in range(3)]
        puts = list({put["PutRequest"]["Item"]["pk"]["S"]: put for put in puts}.values())
        return "BatchWriteItem", api("BatchWriteItem", {"RequestItems": {name: puts}})
    if kind < 85:
        first, second = source.sample(range(TABLES), 2)
        writes = [
            {"Put": {"TableName": f"table{first}", "Item": item(source)}},
            {"Put": {"TableName": f"table{second}", "Item": item(source)}},
        ]
        return "TransactWriteItems", api("TransactWriteItems", {"TransactItems": writes})
    if kind < 90:
        body = json.dumps({"TableName": name, "Start": "TRIM_HORIZON"}).encode()
        return "records", request("POST", "/_weir/records", body=body)
    if kind < 94:
        return "DescribeTable", api("DescribeTable", {"TableName": name})
    if kind < 98:
        return "health", request(target="/_weir/health")
    if kind < 99:
        return "DeleteTable", api("DeleteTable", {"TableName": name})
    return "CreateTable", create_table(name)


def start(weir, megabytes):
    """The server under its limit, and its host and port."""
    command = f'ulimit -v {megabytes * 1024}; exec "$0" --port 0 --max-connections 2000'
    process = subprocess.Popen(
        ["bash", "-c", command, weir],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    port = int(process.stdout.readline().rsplit(":", 1)[1])
    return process, "127.0.0.1", port


async def settle(load):
    """Deletes the tables; returns how many times three large items were then stored and read."""
    reader, writer = await asyncio.open_connection(load.host, load.port, limit=1 << 26)
    for number in range(TABLES):
        await load.call(reader, writer, api("DeleteTable", {"TableName": f"table{number}"}))
    # Their streams keep the records; a reset is what a shared test server has for that.
    status, _ = await load.call(reader, writer, request("POST", "/_weir/reset", body=b"{}"))
    assert status == 200, status
    status, _ = await load.call(reader, writer, create_table("table0"))
    assert status == 200, status
    for number in range(100):
        put = {"TableName": "table0", "Item": {"pk": {"S": str(number)}, "v": {"S": "y" * 390_000}}}
        status, body = await load.call(reader, writer, api("PutItem", put))
        assert status == 200, body
        status, body = await load.call(
            reader, writer, api("GetItem", {"TableName": "table0", "Key": {"pk": {"S": str(number)}}})
        )
        assert status == 200 and len(body) > 390_000
    writer.close()


async def run(options):
    process, host, port = start(options.weir, options.megabytes)
    load = Load(host, port, time.monotonic() + options.seconds)
    checks = []
    try:
        reader, writer = await asyncio.open_connection(host, port, limit=1 << 26)
        for number in range(TABLES):
            status, _ = await load.call(reader, writer, create_table(f"table{number}"))
            assert status == 200
        writer.close()
        await asyncio.gather(*(load.client(number) for number in range(options.connections)))
        for (name, status), count in sorted(load.answers.items(), key=str):
            print(f"{name:20} {status!s:10} {count:8}")
        alive = process.poll() is None
        checks.append(("the server is there", alive))
        if alive:
            reader, writer = await asyncio.open_connection(host, port)
            status, _ = await load.call(reader, writer, request(target="/_weir/health"))
            writer.close()
            checks.append(("it answers its health check", status == 200))
            refused = sum(n for (_, status), n in load.answers.items() if status in (500, 503))
            checks.append(("there was too little memory", refused > 0))
            no_answer = load.answers["connection", "no answer"]
            checks.append(("every request was answered, or its connection ended", no_answer == 0))
            await settle(load)
            checks.append(("it stores what it is given again", True))
            process.send_signal(signal.SIGTERM)
            checks.append(("it ends", process.wait(timeout=30) == 0))
    finally:
        if process.poll() is None:
            process.kill()
    return checks


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weir", required=True)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--megabytes", type=int, default=700)
    options = parser.parse_args()
    options.weir = os.path.abspath(options.weir)
    checks = asyncio.run(run(options))
    for name, good in checks:
        print("ok    " if good else "FAILED", name)
    failed = sum(not good for _, good in checks)
    print(f"{len(checks) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
