#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast records reach functions.

    bench/triggers.py --weir build/release/weir [--records 200000] [--batch 100] [--writes 500]

Prints the time from PutItem's answer to the start of a warm Python handler, and the records a second
that go through one mapping to a custom runtime that does nothing. Needs boto3 and g++.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "sdk"), str(ROOT / "tests")]

from clients import client  # noqa: E402
from lambda_code import Functions  # noqa: E402
from support.weir_server import WeirServer  # noqa: E402

TABLE = "orders"


def make_table(dynamodb):
    """Returns the ARN of the stream of a new table."""
    dynamodb.create_table(
        TableName=TABLE, KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    return dynamodb.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]


def measure_latency(server, writes):
    """The milliseconds between the answer to each write and the start of the handler."""
    dynamodb, functions = client("dynamodb", server.endpoint), Functions(
        client("lambda", server.endpoint))
    with tempfile.NamedTemporaryFile("r", suffix=".times") as times:
        code = (f"import time\nout = open({times.name!r}, 'a', buffering=1)\n"
                "def handler(event, context):\n    out.write(f'{time.time_ns()}\\n')\n")
        name = functions.create("python3.11", "app.handler", {"app.py": code})
        functions.map(name, make_table(dynamodb))
        spans = []
        for i in range(writes + 10):
            dynamodb.put_item(TableName=TABLE, Item={"pk": {"S": f"k{i}"}, "v": {"S": "x" * 100}})
            answered = time.time_ns()
            while not (line := times.readline()):
                time.sleep(0.0002)
            spans.append((int(line) - answered) / 1e6)
        functions.delete_all()
    dynamodb.delete_table(TableName=TABLE)
    return spans[10:]  # without the cold starts


def counts(server):
    with urllib.request.urlopen(server.endpoint + "/_weir/triggers", timeout=10) as answer:
        return json.load(answer)["triggers"][0]


def cpu_of(process):
    """The seconds of processor time that the process has used."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1]
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure_throughput(server, records, batch):
    """Records a second, and the server's microseconds of processor time a record."""
    dynamodb, functions = client("dynamodb", server.endpoint), Functions(
        client("lambda", server.endpoint))
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "bootstrap"
        subprocess.run(
            ["g++", "-O2", "-std=c++20", "-static", "-o", program, ROOT / "bench/noop_bootstrap.cc"],
            check=True, stderr=subprocess.DEVNULL)
        name = functions.create(
            "provided.al2023", "none", {"bootstrap": program.read_bytes()})
    arn = make_table(dynamodb)
    for start in range(0, records, 25):
        dynamodb.batch_write_item(RequestItems={TABLE: [
            {"PutRequest": {"Item": {"pk": {"S": f"k{i}"}, "v": {"S": "x" * 100}}}}
            for i in range(start, min(start + 25, records))]})
    functions.invoke(name)  # the first process is warm
    cpu, began = cpu_of(server.process.pid), time.monotonic()
    functions.map(name, arn, BatchSize=batch)
    while counts(server)["records"] < records:
        time.sleep(0.01)
    took = time.monotonic() - began
    used = cpu_of(server.process.pid) - cpu
    batches = counts(server)["batches"]
    functions.delete_all()
    return records / took, used / records * 1e6, batches


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weir", type=pathlib.Path, required=True)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--writes", type=int, default=500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = WeirServer(given.weir.resolve(), cwd=folder)
        try:
            spans = sorted(measure_latency(server, given.writes))
            print(f"PutItem's answer to the handler's start, {len(spans)} writes: "
                  f"p50 {statistics.median(spans):.2f} ms, p99 {spans[len(spans) * 99 // 100]:.2f} ms")
            rate, cpu, batches = measure_throughput(server, given.records, given.batch)
            print(f"{given.records} records in {batches} batches: {rate:,.0f} records/s, "
                  f"{cpu:.1f} us of the server's processor time a record")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
