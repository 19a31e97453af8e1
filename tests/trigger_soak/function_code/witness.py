# SPDX-License-Identifier: Apache-2.0
"""What the functions of the run have in common: each notes what it is given, before and after.

SOAK_FOLDER has the file `behaviour`, which says how the function behaves now, and the file `notes`,
to which lines of JSON are added. With SOAK_TABLE, the notes are put into that table instead, by
calling back to the server. Times are those of one machine's monotonic clock.
"""

import http.client
import json
import os
import pathlib
import subprocess
import time
import urllib.parse
import uuid

POISON = "item-0"
CODE = pathlib.Path(__file__).with_name("code-number")
HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": "AWS4-HMAC-SHA256 Credential=soak/20260101/us-east-1/dynamodb/aws4_request,"
    " SignedHeaders=host, Signature=00",
    "X-Amz-Date": "20260101T000000Z",
    "X-Amz-Target": "DynamoDB_20120810.PutItem",
}


def call(method, path, body=None, headers=None):
    server = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL_DYNAMODB"]).netloc
    connection = http.client.HTTPConnection(server, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text!r}")
        return json.loads(text)
    finally:
        connection.close()


def note(**members):
    text = json.dumps({"at": time.monotonic_ns(), **members})
    if "SOAK_TABLE" in os.environ:
        item = {"pk": {"S": uuid.uuid4().hex}, "note": {"S": text}}
        put = {"TableName": os.environ["SOAK_TABLE"], "Item": item}
        call("POST", "/", json.dumps(put), HEADERS)
        return
    notes = os.open(f"{os.environ['SOAK_FOLDER']}/notes", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(notes, (text + "\n").encode())  # in one go, as others add lines, too
    finally:
        os.close(notes)


def write_of(record):
    """The item and the number of the write. A deletion has the number after that of the item."""
    images = record["dynamodb"]
    image = images.get("NewImage") or images["OldImage"]
    return [images["Keys"]["pk"]["S"], int(image["n"]["N"]) + ("NewImage" not in images)]


class Litter:
    """A process that a function leaves behind, which nobody but the server can end."""

    process = None

    @classmethod
    def leave(cls):
        if cls.process is None:
            cls.process = subprocess.Popen(
                ["sleep", "600"],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )


def failures_from(records, first):
    number = records[first]["dynamodb"]["SequenceNumber"]
    return {"batchItemFailures": [{"itemIdentifier": number}]}


def behave(mode, writes):
    """Fails as the mode says, or returns how many of the writes are done."""
    poisoned = next((i for i, (key, _) in enumerate(writes) if key == POISON), len(writes))
    if mode == "throw" or (mode == "poison" and poisoned < len(writes)):
        raise RuntimeError("thrown on purpose")
    if mode == "exit":
        os._exit(3)
    if mode == "hang":
        time.sleep(1.5)  # its Timeout is one second
        raise RuntimeError("this comes too late")
    if mode == "litter":
        Litter.leave()
    return poisoned if mode == "partial" else len(writes)


def handle(event, request_id):
    mode = pathlib.Path(os.environ["SOAK_FOLDER"], "behaviour").read_text()
    writes = [write_of(record) for record in event["Records"]]
    invocation = uuid.uuid4().hex
    note(
        kind="given",
        invocation=invocation,
        request=request_id,
        clock=call("GET", "/_weir/clock")["epochSeconds"],
        code=int(CODE.read_text()) if CODE.exists() else 0,
        mode=mode,
        writes=writes,
    )
    count = behave(mode, writes)
    note(kind="done", invocation=invocation, count=count)
    return None if count == len(writes) else failures_from(event["Records"], count)
