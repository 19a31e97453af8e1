# SPDX-License-Identifier: Apache-2.0
"""Calls of the Lambda API and of what belongs to it, without an SDK, so that a test controls the
headers.
"""

import base64
import contextlib
import http.client
import io
import json
import os
import time
import urllib.parse
import zipfile

from support.raw_http import AUTHORIZATION, DEADLINE

FUNCTIONS = "/2015-03-31/functions"
MAPPINGS = "/2015-03-31/event-source-mappings/"


def _headers(service, content_type):
    return {
        "Authorization": AUTHORIZATION.replace("/dynamodb/", f"/{service}/"),
        "X-Amz-Date": "20261101T120000Z",
        "Content-Type": content_type,
    }


DYNAMODB = _headers("dynamodb", "application/x-amz-json-1.0")
LAMBDA = _headers("lambda", "application/json")
LOGS = _headers("logs", "application/x-amz-json-1.1")


class Answer:
    def __init__(self, status, body):
        self.status = status
        self.body = body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


def send(address, method, target, body=b"", **headers):
    """Sends a request to "host:port" as it is. `headers` are by name, with `_` for `-`."""
    connection = http.client.HTTPConnection(address, timeout=DEADLINE)
    with contextlib.closing(connection):
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, body, fields)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read())


def zipped(text):
    """The zip of one file, app.py, in Base64."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", text)
    return base64.b64encode(buffer.getvalue()).decode()


class Server:
    """A server's functions. `host` is where it is reached, if that is not where it listens."""

    def __init__(self, endpoint, host=None):
        url = urllib.parse.urlsplit(endpoint)
        self.address = f"{host or url.hostname}:{url.port}"

    def send(self, method, target, body=None, **headers):
        if not isinstance(body, bytes):
            body = b"" if body is None else json.dumps(body).encode()
        return send(self.address, method, target, body, **headers)

    def call(self, method, target, body=None, **headers):
        """Calls the Lambda API."""
        return self.send(method, target, body, **{**LAMBDA, **headers})

    def read_logs(self, function, **headers):
        return self.send(
            "POST",
            "/",
            {"logGroupName": f"/aws/lambda/{function}"},
            **{**LOGS, "X-Amz-Target": "Logs_20140328.FilterLogEvents", **headers},
        )

    def dynamodb(self, operation, **members):
        target = f"DynamoDB_20120810.{operation}"
        answer = self.send("POST", "/", members, **DYNAMODB, X_Amz_Target=target)
        assert answer.status == 200, answer
        return answer.json()

    def settle(self, span="0s"):
        """Returns when all that triggers have to do by then is done."""
        answer = self.send("POST", "/_weir/clock", {"advance": span})
        assert answer.status == 200, answer

    def create(self, name, code, **settings):
        """Makes a Python function of app.handler in `code`."""
        answer = self.call(
            "POST",
            FUNCTIONS,
            {
                "FunctionName": name,
                "Runtime": "python3.11",
                "Handler": "app.handler",
                "Role": "arn:aws:iam::000000000000:role/functions",
                "Code": {"ZipFile": zipped(code)},
                "Timeout": 20,
                **settings,
            },
        )
        assert answer.status == 201, answer
        return name

    def invoke(self, name, payload=None, **headers):
        return self.call("POST", f"{FUNCTIONS}/{name}/invocations", payload or {}, **headers)

    def result(self, name, payload=None):
        """What the function returns."""
        answer = self.invoke(name, payload)
        assert answer.status == 200, answer
        return answer.json()


def is_alive(process):
    """Whether the process runs. One that has ended and waits for its parent does not."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def await_that(condition, what, deadline=DEADLINE):
    """Returns when `condition()` holds."""
    end = time.monotonic() + deadline
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def await_end(processes):
    try:
        await_that(lambda: not any(map(is_alive, processes)), "processes are left")
    finally:
        for process in filter(is_alive, processes):
            os.kill(process, 9)
