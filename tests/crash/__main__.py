# SPDX-License-Identifier: Apache-2.0
"""Kills a server with a data folder at random moments, and checks what is there afterwards.

    python -m crash --weir BINARY [--cycles N] [--durability always|interval] [--seed N]

Writers count: each transaction of a writer sets its counter to the next number and puts an item with
that number. They remember what was answered, and when. After each SIGKILL the server is started
again with its folder, and then

  - no number that was answered is missing (always), or none that was answered longer before the
    kill than the interval (interval);
  - each counter has its item, in the table and in the index;
  - the stream has, for each writer, every number once and in order, and so has the iterator that
    was got before the kill.

Prints the counts, and as its last line `N passed, N failed`, a cycle being one. SIGKILL keeps what
the system has not yet written; tests/disk takes that away as well.
"""

import argparse
import collections
import http.client
import json
import pathlib
import random
import sys
import tempfile
import threading
import time

from support.indexed_table import indexed_table
from support.weir_server import WeirServer

WRITERS = 4
ITEMS_A_WRITER = 50
INTERVAL = 0.1  # seconds: what --durability interval promises
SLACK = 0.1  # seconds that a busy machine may take to write and sync
HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": "AWS4-HMAC-SHA256 Credential=crash/20260101/us-east-1/dynamodb/aws4_request,"
    " SignedHeaders=host, Signature=00",
    "X-Amz-Date": "20260101T000000Z",
}


class Client:
    """One connection that sends requests as JSON."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=30)

    def call(self, operation, streams=False, **request):
        prefix = "DynamoDBStreams_20120810" if streams else "DynamoDB_20120810"
        headers = {**HEADERS, "X-Amz-Target": f"{prefix}.{operation}"}
        self.connection.request("POST", "/", json.dumps(request), headers)
        answer = self.connection.getresponse()
        body = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{operation}: {answer.status} {body}")
        return body


def put(key, writer, number):
    item = {"pk": {"S": key}, "writer": {"S": writer}, "n": {"N": str(number)}}
    return {"Put": {"TableName": "numbers", "Item": item}}


class Writer(threading.Thread):
    """Counts up from `number` until the server is gone."""

    def __init__(self, name, server, number):
        super().__init__(daemon=True)
        self.writer = name
        self.client = Client(server)
        self.number = number
        self.answered = []  # (number, when)

    def run(self):
        try:
            while True:
                number = self.number + 1
                items = [
                    put(self.writer, "counter", number),
                    put(f"{self.writer}-{number % ITEMS_A_WRITER}", self.writer, number),
                ]
                self.client.call("TransactWriteItems", TransactItems=items)
                self.number = number
                self.answered.append((number, time.monotonic()))
        except (OSError, http.client.HTTPException):
            pass


class Check:
    """What the folder must have, over all cycles of one run."""

    def __init__(self):
        self.numbers = collections.Counter()  # by writer, after the last restart
        self.seen = collections.Counter()  # the newest number in the stream, by writer
        self.iterators = {}  # by shard: where to go on
        self.faults = []

    def require(self, condition, what):
        if not condition:
            self.faults.append(what)

    def table(self, client):
        items, start = {}, {}
        while True:
            page = client.call("Scan", TableName="numbers", **start)
            items.update({item["pk"]["S"]: item for item in page["Items"]})
            if "LastEvaluatedKey" not in page:
                break
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        for index in range(WRITERS):
            writer = f"w{index}"
            number = int(items[writer]["n"]["N"]) if writer in items else 0
            self.numbers[writer] = number
            found = client.call(
                "Query",
                TableName="numbers",
                IndexName="by-writer",
                KeyConditionExpression="writer = :w",
                ExpressionAttributeValues={":w": {"S": writer}},
            )["Items"]
            indexed = sorted(int(item["n"]["N"]) for item in found)
            wanted = list(range(max(1, number - ITEMS_A_WRITER + 1), number + 1))
            self.require(indexed == wanted, f"{writer}: index has {indexed[-3:]}, not to {number}")
            for n in wanted:
                item = items.get(f"{writer}-{n % ITEMS_A_WRITER}")
                self.require(item and int(item["n"]["N"]) == n, f"{writer}: no item {n}")

    def stream(self, client):
        table = client.call("DescribeTable", TableName="numbers")["Table"]
        arn = table["LatestStreamArn"]
        shards = client.call("DescribeStream", streams=True, StreamArn=arn)["StreamDescription"]
        numbers = collections.defaultdict(list)
        for shard in shards["Shards"]:
            iterator = self.iterators.get(shard["ShardId"])
            if iterator is None:
                iterator = client.call(
                    "GetShardIterator",
                    streams=True,
                    StreamArn=arn,
                    ShardId=shard["ShardId"],
                    ShardIteratorType="TRIM_HORIZON",
                )["ShardIterator"]
            while True:
                page = client.call("GetRecords", streams=True, ShardIterator=iterator)
                iterator = page.get("NextShardIterator", iterator)
                for record in page["Records"]:
                    image = record["dynamodb"]["NewImage"]
                    if image["writer"]["S"] == "counter":
                        numbers[image["pk"]["S"]].append(int(image["n"]["N"]))
                if not page["Records"]:
                    break
            self.iterators[shard["ShardId"]] = iterator
        for index in range(WRITERS):
            writer = f"w{index}"
            wanted = list(range(self.seen[writer] + 1, self.numbers[writer] + 1))
            got = numbers[writer]
            self.require(got == wanted, f"{writer}: stream has {got[:3]}…{got[-3:]}, not {wanted}")
            self.seen[writer] = self.numbers[writer]


def cycle(arguments, folder, check, randomness):
    """Writes, kills, and returns what was answered: lists of (number, when), and the kill's time."""
    server = WeirServer(
        arguments.weir,
        ["--data-dir", folder, "--durability", arguments.durability],
        cwd=folder,
    )
    client = Client(server)
    if "numbers" not in client.call("ListTables")["TableNames"]:
        client.call("CreateTable", **indexed_table("numbers", by="writer", view="NEW_IMAGE"))
    check.table(client)
    check.stream(client)
    writers = [Writer(f"w{i}", server, check.numbers[f"w{i}"]) for i in range(WRITERS)]
    for writer in writers:
        writer.start()
    time.sleep(randomness.uniform(0, 0.4))
    killed = time.monotonic()
    server.process.kill()
    server.wait()
    for writer in writers:
        writer.join()
    return writers, killed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--weir", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--cycles", type=int, default=100)
    parser.add_argument("--durability", choices=["always", "interval"], default="always")
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = arguments.seed
    if seed is None:
        seed = random.randrange(2**32)
    print(f"seed {seed}, durability {arguments.durability}", flush=True)
    randomness = random.Random(seed)
    check = Check()
    answered = lost = lost_late = failed = 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="weir-crash-") as folder:
        writers, killed = [], 0.0
        for number in range(arguments.cycles + 1):
            faults = len(check.faults)
            before = writers, killed
            writers, killed = cycle(arguments, folder, check, randomness)
            for writer in before[0]:
                # What the check has found is what the previous cycle left.
                there = check.seen[writer.writer]
                answered += len(writer.answered)
                for n, when in writer.answered:
                    if n > there:
                        lost += 1
                        early = before[1] - when > INTERVAL + SLACK
                        lost_late += early
                        if arguments.durability == "always" or early:
                            check.require(False, f"{writer.writer}: {n} was answered, and is lost")
            for fault in check.faults[faults:]:
                print(f"cycle {number}: {fault}", flush=True)
            failed += len(check.faults) > faults
    seconds = (time.monotonic() - begun) / (arguments.cycles + 1)
    print(f"{answered} answered, {lost} lost, of these {lost_late} older than the interval")
    print(f"{seconds:.3f} s a cycle")
    print(f"{arguments.cycles + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
