# SPDX-License-Identifier: Apache-2.0
"""A mixed load on four tables, each with an index and a stream, by clients that come and go."""

import asyncio
import collections
import json
import random
import time

from support.raw_http import api_headers, request

TABLES = 4
KEYS = 400
DEADLINE = 30.0  # seconds for one answer; the machine is busy


class Load:
    """The clients of one run, and the outcomes of their requests."""

    def __init__(self, host, port, end):
        self.host = host
        self.port = port
        self.end = end
        self.answers = collections.Counter()

    async def connect(self):
        return await asyncio.open_connection(self.host, self.port, limit=1 << 26)

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
        """Opens one connection after the other, each for a few requests."""
        source = random.Random(number)
        while time.monotonic() < self.end:
            writer = None
            try:
                reader, writer = await self.connect()
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
