# SPDX-License-Identifier: Apache-2.0
"""The tables of the loads. They are filled over the API, as fast as the server can."""

import contextlib
import time

from .client import CannotServe, Client, request_bytes

CONNECTIONS = 8  # each with one request at a time
BATCH = 25  # the most that BatchWriteItem takes
STATUS_DEADLINE = 60.0  # seconds
FIRST_COUNT = 1_000_000_000  # counts have ten digits, like those of call.lua
QUERIED = 10  # items in each partition of Ranged
WIDE_PARTITION = "wide"

# The items that call.lua calls item and small_item: the first is about 300 bytes of JSON, the
# second 252 bytes as DynamoDB counts.
ITEM = (
    b'{"pk":{"S":"key-%08d"},"name":{"S":"a name of some length"},"count":{"N":"%010d"},'
    b'"active":{"BOOL":true},"tags":{"SS":["red","green","blue"]},'
    b'"place":{"M":{"x":{"N":"12.5"},"y":{"N":"-7"}}},"note":{"S":"' + b"n" * 70 + b'"}}'
)
SMALL_ITEM = (
    b'{"pk":{"S":"key-%08d"},"name":{"S":"name-0-%010d-xx"},"data":{"S":"' + b"d" * 210 + b'"}}'
)
SMALL_ITEM_BYTES = 252
RANGED_ITEM = ITEM.replace(b'"},"name"', b'"},"sk":{"N":"%d"},"name"', 1)
WIDE_ITEM = RANGED_ITEM.replace(b"key-%08d", WIDE_PARTITION.encode(), 1)


def plain(number, count):
    return ITEM % (number, FIRST_COUNT + count)


def small(number, count):
    return SMALL_ITEM % (number, FIRST_COUNT + count)


def ranged(number, count):
    return RANGED_ITEM % (number // QUERIED, number % QUERIED, FIRST_COUNT + count)


def wide(number, count):
    return WIDE_ITEM % (number, FIRST_COUNT + count)


def create(server, name, *, sort_key=False, stream=False):
    """Creates a table and waits until it can be used."""
    attributes, schema = [("pk", "S", "HASH")], {}
    if sort_key:
        attributes.append(("sk", "N", "RANGE"))
    if stream:
        view = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        schema["StreamSpecification"] = view
    with Client(server.port) as client:
        client.call(
            "CreateTable",
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": attribute, "AttributeType": kind}
                for attribute, kind, _ in attributes
            ],
            KeySchema=[
                {"AttributeName": attribute, "KeyType": role} for attribute, _, role in attributes
            ],
            **schema,
        )
        deadline = time.monotonic() + STATUS_DEADLINE
        while client.call("DescribeTable", TableName=name)["Table"]["TableStatus"] != "ACTIVE":
            if time.monotonic() > deadline:
                raise CannotServe(f"{name} does not become ACTIVE")
            time.sleep(0.01)


def fill(server, table, numbers, make, seconds=600.0):
    """Writes make(number, count) for each number in `numbers`, with a new count each time."""
    head = b'{"RequestItems":{"%s":[' % table.encode()
    deadline = time.monotonic() + seconds
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(Client(server.port)) for _ in range(CONNECTIONS)]
        batches = range(0, len(numbers), BATCH)
        for index, first in enumerate(batches):
            client = clients[index % CONNECTIONS]
            if index >= CONNECTIONS:
                _check(client)
            puts = b",".join(
                b'{"PutRequest":{"Item":' + make(number, first + place) + b"}}"
                for place, number in enumerate(numbers[first : first + BATCH])
            )
            client.send(request_bytes("BatchWriteItem", head + puts + b"]}}"))
            if time.monotonic() > deadline:
                raise CannotServe(f"filled {first} of {len(numbers)} items in {seconds:.0f} s")
        for index in range(max(0, len(batches) - CONNECTIONS), len(batches)):
            _check(clients[index % CONNECTIONS])


def _check(client):
    answer = client.read("BatchWriteItem")
    if b'"UnprocessedItems":{}' not in answer:
        raise CannotServe(f"BatchWriteItem left items over: {answer[:200]!r}")
