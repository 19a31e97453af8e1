# SPDX-License-Identifier: Apache-2.0
"""Time to live through boto3. The tests have their own server and move its clock."""

import json
import time

import pytest
from clients import client
from errors import VALIDATION, refused
from stream_reader import read_stream
from support.raw_http import Connection, api_request
from support.weir_clock import Clock
from tables import Table, definition

HOUR = 3600
DAY = 24 * HOUR
# The userIdentity in records of expired items.
SERVICE = {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}


class Server:
    """A server with its clients, its clock (frozen at a whole second), and a table with a stream.
    """

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.dynamodb = client("dynamodb", endpoint)
        self.streams = client("dynamodbstreams", endpoint)
        self.clock = Clock(endpoint)
        self.start = int(self.clock.change(freeze=True)) + 1
        self.clock.change(set=self.start)
        self.dynamodb.create_table(**definition("Timed", "pk:S", view="NEW_AND_OLD_IMAGES"))
        self.table = Table(self.dynamodb, "Timed")

    def set(self, enabled, attribute="ttl"):
        return self.dynamodb.update_time_to_live(
            TableName="Timed",
            TimeToLiveSpecification={"Enabled": enabled, "AttributeName": attribute},
        )["TimeToLiveSpecification"]

    def status(self):
        return self.dynamodb.describe_time_to_live(TableName="Timed")["TimeToLiveDescription"]

    def put(self, key, distance):
        """Puts an item that expires `distance` seconds after the start."""
        self.table.put({"pk": {"S": key}, "ttl": {"N": str(self.start + distance)}})

    def keys(self):
        pages = self.dynamodb.get_paginator("scan").paginate(TableName="Timed")
        return {item["pk"]["S"] for page in pages for item in page["Items"]}

    def removals(self, count):
        records = read_stream(self.streams, self.table.stream_arn, count)
        return [record for record in records if record["eventName"] == "REMOVE"]


@pytest.fixture
def server(start_weir):
    return Server(start_weir().endpoint)


def test_time_to_live_is_switched_on_and_off(server):
    assert server.status() == {"TimeToLiveStatus": "DISABLED"}
    assert server.set(True) == {"Enabled": True, "AttributeName": "ttl"}
    assert server.status() == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    with refused(VALIDATION, "TimeToLive is already enabled"):
        server.set(True)
    with refused(VALIDATION, "TimeToLive is active on a different AttributeName: current "
                             "AttributeName is ttl"):
        server.set(True, "other")
    with refused(VALIDATION,
                 "Time to live has been modified multiple times within a fixed interval"):
        server.set(False)
    server.clock.change(advance="1h")
    assert server.set(False) == {"Enabled": False, "AttributeName": "ttl"}
    assert server.status() == {"TimeToLiveStatus": "DISABLED"}
    with refused(VALIDATION, "TimeToLive is already disabled"):
        server.set(False)


def test_expired_items_go_in_order_and_say_so(server):
    server.set(True)
    for key, distance in (("c", 30), ("a", 10), ("b", 20), ("stays", 10 * DAY)):
        server.put(key, distance)
    server.clock.change(advance="6h")
    assert server.keys() == {"stays"}
    removals = sorted(server.removals(7), key=lambda r: r["dynamodb"]["SequenceNumber"])
    assert [record["dynamodb"]["Keys"]["pk"]["S"] for record in removals] == ["a", "b", "c"]
    for number, record in enumerate(removals, start=1):
        assert record["userIdentity"] == SERVICE
        created = record["dynamodb"]["ApproximateCreationDateTime"]
        assert created.timestamp() == server.start + 10 * number
        assert "NewImage" not in record["dynamodb"]


def test_a_deletion_by_a_user_does_not_say_so(server):
    server.set(True)
    server.put("a", 10)
    server.table.delete({"pk": {"S": "a"}})
    server.clock.change(advance="1m")
    (record,) = server.removals(2)
    assert "userIdentity" not in record


def test_an_update_saves_an_item(server):
    server.set(True)
    server.put("saved", 10)
    server.put("gone", 10)
    server.table.update({"pk": {"S": "saved"}}, "SET #t = :t", {":t": {"N": str(server.start + 99)}},
                        ExpressionAttributeNames={"#t": "ttl"})
    server.clock.change(advance="1m")
    assert server.keys() == {"saved"}
    server.clock.change(advance="1m")
    assert server.keys() == set()


def test_items_that_were_there_before(server):
    for i in range(100):
        server.put(f"past{i}", -i - 1)
        server.put(f"next{i}", 100 + i)
    server.set(True)
    server.clock.settle()
    assert server.keys() == {f"next{i}" for i in range(100)}
    server.clock.change(advance="1h")
    assert server.keys() == set()


def test_by_itself_within_a_second(server):
    server.clock.change(resume=True)
    server.set(True)
    server.put("gone", -1)
    deadline = time.monotonic() + 20
    while server.keys() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.keys() == set()


def load(endpoint, count, expiry_of):
    """Puts the items 0…count-1 in batches over one connection, with many batches under way at once.
    """
    with Connection.to(endpoint) as connection:
        pending = 0
        for first in range(0, count, 25):
            writes = []
            for number in range(first, min(first + 25, count)):
                item = {"pk": {"S": f"{number:07d}"}}
                if expiry_of(number) is not None:
                    item["ttl"] = {"N": str(expiry_of(number))}
                writes.append({"PutRequest": {"Item": item}})
            body = json.dumps({"RequestItems": {"Timed": writes}}).encode()
            connection.send(api_request("BatchWriteItem", body))
            pending += 1
            if pending == 16:
                for _ in range(pending):
                    assert connection.read().status == 200
                pending = 0
        for _ in range(pending):
            assert connection.read().status == 200


def test_a_day_passes_at_once(server, request):
    """Half of the items expire over a day. --day-items 1000000 makes it the full measurement."""
    count = request.config.getoption("--day-items")
    server.set(True)

    def expiry_of(number):
        return server.start + 1 + number * (DAY - 2) // count if number % 2 == 0 else None

    load(server.endpoint, count, expiry_of)
    began = time.monotonic()
    server.clock.change(advance="24h")
    elapsed = time.monotonic() - began
    print(f"a day with {count} items passed in {elapsed:.3f} s")
    assert server.keys() == {f"{number:07d}" for number in range(1, count, 2)}
    removals = server.removals(count + count // 2)
    assert len(removals) == count // 2
    for record in removals:
        change = record["dynamodb"]
        number = int(change["Keys"]["pk"]["S"])
        assert record["userIdentity"] == SERVICE
        assert change["OldImage"]["ttl"]["N"] == str(expiry_of(number))
        assert change["ApproximateCreationDateTime"].timestamp() == expiry_of(number)
    assert server.table.describe()["ItemCount"] == count // 2
