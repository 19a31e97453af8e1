# SPDX-License-Identifier: Apache-2.0
"""Days of work in an hour: a server with a data folder, whose clock is moved on between the loads.

    python -m soak --weir BINARY [--minutes N] [--hours N] [--seed N]

For each of the clock's hours, writers put, update and delete the items of a fixed set of keys, in
transactions and by themselves, and items that expire within the hour; readers query; and two
consumers read the stream, one by its shards as an SDK does, one through /_weir/records. Then the
clock is moved to the next hour. At some hours the shards are split or rotated, at some the server
is started again.

What is checked: no request fails; each consumer sees every write of a key once and in order, over
all splits and restarts; nothing that has expired stays; and once the first day of records is there
(24 hours), neither the server's memory nor its folder grows any more. Prints both for each hour,
and as its last line `N passed, N failed`, an hour being one, and the levels one each.
"""

import argparse
import collections
import json
import pathlib
import random
import sys
import tempfile
import threading
import time

from crash.__main__ import Client
from support.indexed_table import indexed_table
from support.weir_server import WeirServer

WRITERS = 4
KEYS = 500  # of each writer
WRITES_A_SECOND = 80  # of each writer
FILLER = 400  # bytes of an item, on average
RETENTION = 24  # hours
STREAM_BYTES = 16 << 20
# How much more than in the hours before the last ones may take: loads and checkpoints come in waves.
TOLERANCE = 1.3


def control(client, path, body=None):
    client.connection.request(
        "GET" if body is None else "POST", path, None if body is None else json.dumps(body)
    )
    answer = client.connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {text!r}")
    return json.loads(text)


def create_table(client):
    client.call("CreateTable", **indexed_table("work", by="group"))
    client.call(
        "UpdateTimeToLive",
        TableName="work",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"},
    )


class Writer(threading.Thread):
    """Writes until `end`. Each write of a key has the key's next number, deletions included: they
    delete what an update has numbered just before.
    """

    def __init__(self, number, server, seed, now, end, numbers):
        super().__init__(daemon=True)
        self.prefix = f"w{number}"
        self.client = Client(server)
        self.random = random.Random(seed)
        self.now = now
        self.end = end
        self.numbers = numbers  # by key: the number of its last write
        self.fault = None

    def item(self, key):
        self.numbers[key] += 1
        return {
            "pk": {"S": key},
            "group": {"S": f"g{self.random.randrange(40)}"},
            "n": {"N": str(self.numbers[key])},
            "filler": {"S": "x" * self.random.randrange(2 * FILLER)},
        }

    def write(self):
        key = f"{self.prefix}-{self.random.randrange(KEYS)}"
        kind = self.random.randrange(10)
        if kind < 5:
            self.client.call("PutItem", TableName="work", Item=self.item(key))
        elif kind < 7:
            other = f"{self.prefix}-other-{self.random.randrange(KEYS)}"
            puts = [{"Put": {"TableName": "work", "Item": self.item(k)}} for k in (key, other)]
            self.client.call("TransactWriteItems", TransactItems=puts)
        elif kind < 8:
            self.client.call("PutItem", TableName="work", Item=self.item(key))
            self.client.call("DeleteItem", TableName="work", Key={"pk": {"S": key}})
        elif kind < 9:
            item = self.item(f"{self.prefix}-brief-{self.random.randrange(KEYS)}")
            item["until"] = {"N": str(self.now + self.random.randrange(60, 3000))}
            self.client.call("PutItem", TableName="work", Item=item)
        else:
            self.client.call(
                "Query",
                TableName="work",
                IndexName="by-group",
                KeyConditionExpression="#g = :g",
                ExpressionAttributeNames={"#g": "group"},
                ExpressionAttributeValues={":g": {"S": f"g{self.random.randrange(40)}"}},
                Limit=20,
            )

    def run(self):
        try:
            due = time.monotonic()
            while time.monotonic() < self.end:
                self.write()
                due += 1 / WRITES_A_SECOND
                time.sleep(max(0.0, due - time.monotonic()))
        except Exception as fault:
            self.fault = fault


class Order:
    """The numbers that one consumer has seen."""

    def __init__(self):
        self.seen = collections.Counter()  # by key
        self.faults = []

    def take(self, records):
        for record in records:
            images = record["dynamodb"]
            image = images.get("NewImage")
            if image is None:  # deleted: the number was in the record before
                continue
            key, number = image["pk"]["S"], int(image["n"]["N"])
            if number != self.seen[key] + 1:
                self.faults.append(f"{key}: {number} comes after {self.seen[key]}")
            self.seen[key] = number


class ShardConsumer:
    """Reads all shards as an SDK does: a shard after its parent, each to its end."""

    def __init__(self):
        self.order = Order()
        self.iterators = {}  # of shards that are being read
        self.last = {}  # the last sequence number read, by shard
        self.done = set()

    def read(self, client):
        self.iterators.clear()  # they expire after 15 minutes of the clock
        arn = client.call("DescribeTable", TableName="work")["Table"]["LatestStreamArn"]
        progress = True
        while progress:
            progress = self.read_round(client, arn)

    def shards(self, client, arn):
        start, shards = {}, []
        while True:
            page = client.call("DescribeStream", streams=True, StreamArn=arn, **start)
            shards += page["StreamDescription"]["Shards"]
            if "LastEvaluatedShardId" not in page["StreamDescription"]:
                return shards
            start = {"ExclusiveStartShardId": page["StreamDescription"]["LastEvaluatedShardId"]}

    def read_round(self, client, arn):
        progress = False
        shards = self.shards(client, arn)
        known = {shard["ShardId"] for shard in shards}
        self.done &= known
        for shard in shards:
            name, parent = shard["ShardId"], shard.get("ParentShardId")
            if name in self.done or (parent in known and parent not in self.done):
                continue
            if name not in self.iterators:
                where = (
                    {
                        "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                        "SequenceNumber": self.last[name],
                    }
                    if name in self.last
                    else {"ShardIteratorType": "TRIM_HORIZON"}
                )
                self.iterators[name] = client.call(
                    "GetShardIterator", streams=True, StreamArn=arn, ShardId=name, **where
                )["ShardIterator"]
            page = client.call("GetRecords", streams=True, ShardIterator=self.iterators[name])
            self.order.take(page["Records"])
            if page["Records"]:
                self.last[name] = page["Records"][-1]["dynamodb"]["SequenceNumber"]
            progress = progress or bool(page["Records"]) or "NextShardIterator" not in page
            if "NextShardIterator" in page:
                self.iterators[name] = page["NextShardIterator"]
            else:
                del self.iterators[name]
                self.done.add(name)
        return progress


class TailConsumer:
    """Reads through /_weir/records, and goes on by its checkpoint."""

    def __init__(self):
        self.order = Order()
        self.checkpoint = None

    def read(self, client):
        while True:
            where = (
                {"Checkpoint": self.checkpoint}
                if self.checkpoint
                else {"TableName": "work", "Start": "TRIM_HORIZON"}
            )
            page = control(client, "/_weir/records", where)
            if page["RecordsLost"]:
                self.order.faults.append("records were lost")
            self.order.take(page["Records"])
            self.checkpoint = page["Checkpoint"]
            if not page["Records"]:
                return


class Soak:
    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = pathlib.Path(folder)
        self.random = random.Random(arguments.seed)
        self.numbers = [collections.Counter() for _ in range(WRITERS)]
        self.consumers = [ShardConsumer(), TailConsumer()]
        self.levels = []  # of each hour: resident bytes, bytes of the folder
        self.start()
        create_table(self.client)

    def start(self):
        flags = ["--data-dir", str(self.folder), "--stream-max-bytes", str(STREAM_BYTES)]
        self.server = WeirServer(self.arguments.weir, flags, cwd=self.folder)
        self.client = Client(self.server)

    def restart(self):
        self.client.connection.close()
        status = self.server.stop()
        if status != 0:
            raise RuntimeError(f"the server ended with {status}: {self.server.stderr}")
        self.start()

    def now(self):
        return int(float(control(self.client, "/_weir/clock")["epochSeconds"]))

    def hour(self, number):
        """One hour of the clock. Returns what went wrong."""
        end = time.monotonic() + self.arguments.minutes * 60 / self.arguments.hours
        begun = self.now()
        writers = [
            Writer(i, self.server, self.random.random(), begun, end, self.numbers[i]) for i in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        while time.monotonic() < end:
            for consumer in self.consumers:
                consumer.read(self.client)
            time.sleep(0.2)
        for writer in writers:
            writer.join()
        faults = [str(writer.fault) for writer in writers if writer.fault]
        self.change_shards(number)
        control(self.client, "/_weir/clock", {"advance": 3600 - (self.now() - begun) % 3600})
        if number % 5 == 4:
            self.restart()
        for consumer in self.consumers:
            consumer.read(self.client)
            faults += consumer.order.faults
            consumer.order.faults.clear()
            for written in self.numbers:
                missing = [k for k, n in written.items() if consumer.order.seen[k] != n]
                if missing:
                    faults.append(f"{type(consumer).__name__} has not seen all of {missing[:3]}")
        brief = self.client.call(
            "Scan",
            TableName="work",
            FilterExpression="attribute_exists(#u)",
            ExpressionAttributeNames={"#u": "until"},
        )
        if brief["Count"]:
            faults.append(f"{brief['Count']} items have expired and are still there")
        self.measure(number)
        return faults

    def change_shards(self, number):
        if number % 7 == 3:
            control(self.client, "/_weir/shards", {"TableName": "work", "Action": "ROTATE"})
        elif number % 7 == 5:
            open_shards = [
                shard
                for shard in control(self.client, "/_weir/shards?table=work")["Shards"]
                if shard["State"] == "OPEN"
            ]
            if len(open_shards) < 12:
                shard = self.random.choice(open_shards)["ShardId"]
                body = {"TableName": "work", "Action": "SPLIT", "ShardId": shard}
                control(self.client, "/_weir/shards", body)

    def measure(self, number):
        memory = control(self.client, "/_weir/health?verbose")["memory"]
        folder = sum(file.stat().st_size for file in self.folder.iterdir())
        self.levels.append((memory["residentBytes"], folder))
        written = sum(sum(numbers.values()) for numbers in self.numbers)
        print(
            f"hour {number + 1:3}: {written:8} writes, {memory['residentBytes'] >> 20:5} MB"
            f" resident, {folder >> 20:5} MB in the folder",
            flush=True,
        )

    def level_faults(self):
        """Compares the last hours with those before, after the first day."""
        later = self.levels[RETENTION:]
        half = len(later) // 2
        faults = []
        for index, what in enumerate(("memory", "folder")):
            before = max(level[index] for level in later[:half])
            last = max(level[index] for level in later[half:])
            print(f"{what}: at most {before >> 20} MB after the first day, then {last >> 20} MB")
            if last > TOLERANCE * before:
                faults.append(f"the {what} grows")
        return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--weir", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--hours", type=int, default=40, help="of the clock; more than 24")
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    if arguments.seed is None:
        arguments.seed = random.randrange(2**32)
    print(f"seed {arguments.seed}", flush=True)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="weir-soak-") as folder:
        soak = Soak(arguments, folder)
        for number in range(arguments.hours):
            faults = soak.hour(number)
            for fault in faults:
                print(f"hour {number + 1}: {fault}", flush=True)
            passed, failed = passed + (not faults), failed + bool(faults)
        soak.restart()
        faults = soak.level_faults()
        for fault in faults:
            print(fault)
        passed, failed = passed + 2 - len(faults), failed + len(faults)
        soak.server.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
