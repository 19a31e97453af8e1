# SPDX-License-Identifier: Apache-2.0
"""User instructions per request, counted by callgrind. They do not depend on the machine's load,
with which CPU time varies by 15 %.
"""

import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

from .client import Client, request_bytes

FEW, MANY = 500, 2500  # numbers of requests; the difference of two runs has no fixed costs
TOTAL = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)

ITEM = (
    '{"pk":{"S":"key-%08d"},"name":{"S":"a name of some length"},"count":{"N":"%d"},'
    '"tags":{"SS":["red","green","blue"]},"note":{"S":"' + "n" * 70 + '"}}'
)


def get_item(_):
    return "GetItem", '{"TableName":"plain","Key":{"pk":{"S":"key-00000007"}}}'


def put_item(number):
    return "PutItem", '{"TableName":"plain","Item":' + ITEM % (number % 100, number) + "}"


def put_item_streamed(number):
    return "PutItem", '{"TableName":"streamed","Item":' + ITEM % (number % 100, number) + "}"


def update_item(number):
    return "UpdateItem", (
        f'{{"TableName":"plain","Key":{{"pk":{{"S":"key-{number % 100:08d}"}}}},'
        '"UpdateExpression":"SET #c = :c","ExpressionAttributeNames":{"#c":"count"},'
        f'"ExpressionAttributeValues":{{":c":{{"N":"{10**9 + number}"}}}}}}'
    )


def query(_):
    return "Query", (
        '{"TableName":"ranged","KeyConditionExpression":"pk = :p",'
        '"ExpressionAttributeValues":{":p":{"S":"key-00000007"}}}'
    )


LOADS = {
    "GetItem": get_item,
    "PutItem": put_item,
    "PutItem with stream": put_item_streamed,
    "UpdateItem": update_item,
    "Query of 10": query,
}


def fill(client):
    for name, sort_key, stream in (
        ("plain", False, False),
        ("streamed", False, True),
        ("ranged", True, False),
    ):
        attributes = [("pk", "S", "HASH")] + [("sk", "N", "RANGE")] * sort_key
        more = {}
        if stream:
            view = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
            more["StreamSpecification"] = view
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
            **more,
        )
    for number in range(100):
        for table in ("plain", "streamed"):
            body = f'{{"TableName":"{table}","Item":{ITEM % (number, number)}}}'
            client.call_raw("PutItem", body.encode())
        item = ITEM % (number // 10, number)
        item = item.replace('"},"name"', f'"}},"sk":{{"N":"{number}"}},"name"', 1)
        client.call_raw("PutItem", (f'{{"TableName":"ranged","Item":{item}}}').encode())


def run(weir, load, count):
    """The instructions of the busiest thread in a run that answers `count` requests."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", "--separate-threads=yes"]
        command.append(f"--callgrind-out-file={folder}/out")
        process = subprocess.Popen(
            [*command, str(weir), "--port", "0", "--threads", "1"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            port = int(process.stdout.readline().rsplit(":", 1)[1])
            with Client(port) as client:
                fill(client)
                for number in range(count):
                    operation, body = load(number)
                    client.send(request_bytes(operation, body.encode()))
                    client.read(operation)
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
        finally:
            process.kill()
            process.wait()
        return max(
            int(TOTAL.search(part.read_text())[1])
            for part in pathlib.Path(folder).iterdir()
            if TOTAL.search(part.read_text())
        )


def measure(weir):
    """Instructions per request, by load."""
    if not shutil.which("valgrind"):
        raise SystemExit("valgrind is missing: apt-get install valgrind")
    return {
        name: round((run(weir, load, MANY) - run(weir, load, FEW)) / (MANY - FEW))
        for name, load in LOADS.items()
    }


def table(now, base):
    """A table with the figures of two binaries, as lines of text. Those of the base may be missing.
    """
    lines = ["| instructions a request | before | now | change |", "| --- | --- | --- | --- |"]
    for name, count in now.items():
        before = base.get(name) if base else None
        change = f"{100 * (count / before - 1):+.1f} %" if before else ""
        lines.append(f"| {name} | {before or ''} | {count} | {change} |")
    return "\n".join(lines)
