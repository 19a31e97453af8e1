#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what tables do besides answering requests: index builds, backups, restores, expiry.

    build/venv/bin/python bench/life_cycle.py --weir build/release/weir --items 1000000

Prints one line per step: its time, the server's CPU time in it, and the server's memory after it.
"""

import argparse
import contextlib
import json
import os
import pathlib
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))

from support.raw_http import Connection, api_request  # noqa: E402
from support.weir_clock import Clock  # noqa: E402
from support.weir_server import WeirServer  # noqa: E402

TABLE = "Measured"
DAY = 24 * 3600
PIPELINE = 16
PAD = "x" * 80


class Measurement:
    def __init__(self, server, items):
        self.server = server
        self.items = items
        self.connection = Connection.to(server.endpoint)
        self.clock = Clock(server.endpoint)

    def call(self, operation, **body):
        response = self.connection.call(api_request(operation, json.dumps(body).encode()))
        assert response.status == 200, response.body
        return response.json()

    def memory(self):
        """Megabytes of resident memory."""
        status = pathlib.Path(f"/proc/{self.server.pid}/status").read_text(encoding="ascii")
        (line,) = [text for text in status.splitlines() if text.startswith("VmRSS")]
        return int(line.split()[1]) // 1024

    def cpu(self):
        """Milliseconds of CPU time."""
        stat = pathlib.Path(f"/proc/{self.server.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) * 1000 // os.sysconf("SC_CLK_TCK")

    @contextlib.contextmanager
    def step(self, name):
        began, cpu = time.monotonic(), self.cpu()
        yield
        elapsed = (time.monotonic() - began) * 1000
        print(f"{name:45} {elapsed:9.1f} ms {self.cpu() - cpu:6} ms CPU {self.memory():6} MB",
              flush=True)

    def item(self, number, start):
        item = {"pk": {"S": f"{number:08d}"}, "a": {"S": f"{number % 1000}"}, "pad": {"S": PAD}}
        if number % 2 == 0:
            item["ttl"] = {"N": str(start + 1 + number * (DAY - 2) // self.items)}
        return item

    def load(self, numbers, start):
        pending = 0
        for first in range(0, len(numbers), 25):
            writes = [{"PutRequest": {"Item": self.item(number, start)}}
                      for number in numbers[first:first + 25]]
            body = json.dumps({"RequestItems": {TABLE: writes}}).encode()
            self.connection.send(api_request("BatchWriteItem", body))
            pending += 1
            if pending == PIPELINE:
                self.drain(pending)
                pending = 0
        self.drain(pending)

    def drain(self, count):
        for _ in range(count):
            response = self.connection.read()
            assert response.status == 200, response.body

    def describe(self, table=TABLE):
        return self.call("DescribeTable", TableName=table)["Table"]

    def await_state(self, reached):
        while not reached():
            time.sleep(0.001)


def put_latencies(endpoint, stop, latencies):
    with Connection.to(endpoint) as connection:
        number = 0
        while not stop.is_set():
            item = {"pk": {"S": f"beside{number}"}, "a": {"S": "beside"}}
            body = json.dumps({"TableName": TABLE, "Item": item}).encode()
            began = time.monotonic()
            assert connection.call(api_request("PutItem", body)).status == 200
            latencies.append(time.monotonic() - began)
            number += 1


def build_index(measurement):
    stop = threading.Event()
    latencies = []
    writer = threading.Thread(target=put_latencies,
                              args=(measurement.server.endpoint, stop, latencies))
    writer.start()
    with measurement.step("index built beside puts"):
        measurement.call(
            "UpdateTable", TableName=TABLE,
            AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
            GlobalSecondaryIndexUpdates=[{"Create": {
                "IndexName": "byA", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"}}}])
        measurement.await_state(lambda: measurement.describe()["GlobalSecondaryIndexes"][0]
                                ["IndexStatus"] == "ACTIVE")
    stop.set()
    writer.join()
    latencies.sort()
    print(f"  {len(latencies)} puts meanwhile: median {latencies[len(latencies) // 2] * 1000:.2f} ms,"
          f" 99 % {latencies[len(latencies) * 99 // 100] * 1000:.2f} ms,"
          f" longest {latencies[-1] * 1000:.2f} ms")


def run(measurement):
    call, step = measurement.call, measurement.step
    start = int(measurement.clock.change(freeze=True)) + 1
    measurement.clock.change(set=start)
    call("CreateTable", TableName=TABLE, BillingMode="PAY_PER_REQUEST",
         AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
         KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
         StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    with step(f"{measurement.items} items loaded"):
        measurement.load(range(measurement.items), start)
    with step("backup made"):
        arn = call("CreateBackup", TableName=TABLE, BackupName="backup")["BackupDetails"]["BackupArn"]
    with step("a tenth of the items written again"):
        measurement.load(range(0, measurement.items, 10), start + 1)
    build_index(measurement)
    with step("backup restored, without its index"):
        call("RestoreTableFromBackup", BackupArn=arn, TargetTableName="Restored")
        measurement.await_state(lambda: measurement.describe("Restored")["TableStatus"] == "ACTIVE")
    assert measurement.describe("Restored")["ItemCount"] == measurement.items
    with step("backup of the indexed table restored"):
        arn = call("CreateBackup", TableName=TABLE, BackupName="second")["BackupDetails"]["BackupArn"]
        call("RestoreTableFromBackup", BackupArn=arn, TargetTableName="Again")
        measurement.await_state(lambda: measurement.describe("Again")["TableStatus"] == "ACTIVE")
    with step("index deleted"):
        call("UpdateTable", TableName=TABLE,
             GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "byA"}}])
    with step("time to live switched on and built"):
        call("UpdateTimeToLive", TableName=TABLE,
             TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
        measurement.clock.settle()
    before = measurement.describe()["ItemCount"]
    with step("a day passes"):
        measurement.clock.change(set=start + DAY)
    expired = before - measurement.describe()["ItemCount"]
    assert expired == measurement.items // 2, expired
    print(f"  {expired} items expired")
    with step("another day passes"):
        measurement.clock.change(advance="24h1m")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weir", required=True, metavar="PATH", help="the binary to measure")
    parser.add_argument("--items", type=int, default=100_000, metavar="COUNT")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = WeirServer(pathlib.Path(arguments.weir).resolve(), cwd=folder)
        try:
            run(Measurement(server, arguments.items))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
