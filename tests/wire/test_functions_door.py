# SPDX-License-Identifier: Apache-2.0
"""Who may have functions run and read what they did: no web page, not even one of this machine, and
nobody at all while other machines can reach the server.
"""

import json
import urllib.parse

import pytest
from function_calls import FUNCTIONS, LAMBDA, MAPPINGS, Server, send
from support.weir_server import WeirServer

LOGGED = "a line that no page may read"
MARKING = "/_weir/functions/marking"

# What a browser adds to the requests of a page: of another site, of a sandboxed frame, of this
# machine, of the server itself; and what it sends for an <img> or a <script>, without an Origin.
PAGES = {
    "another site": {"Origin": "http://evil.example"},
    "no origin of its own": {"Origin": "null"},
    "this machine": {"Origin": "http://localhost:3000"},
    "the server": {"Origin": "http://SERVER"},
    "an image of another site": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    "an image of this machine": {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
    "an image of the server": {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors"},
}

# Requests that read or run something; with `{}` for the id of an attachment.
READS = [
    "/_weir/functions",
    "/_weir/functions/",
    MARKING,
    MARKING + "/logs",
    MARKING + "/logs?follow=1",
    MARKING + "/code?token=guessed",
    "/_weir/triggers",
    "/_weir/triggers/marking",
    "/_weir/dlq",
    "/_weir/dlq/1",
]
CHANGES = [
    ("POST", MARKING + "/runtime"),
    ("POST", MARKING + "/runtime/{}"),
    ("DELETE", MARKING + "/runtime/{}"),
    ("POST", "/_weir/dlq/1/redrive"),
    ("DELETE", "/_weir/dlq"),
    ("DELETE", "/_weir/dlq/1"),
]
CALLS = [
    ("GET", FUNCTIONS),
    ("GET", f"{FUNCTIONS}/marking"),
    ("POST", f"{FUNCTIONS}/marking/invocations"),
    ("DELETE", f"{FUNCTIONS}/marking"),
    ("GET", MAPPINGS),
]

CODE = f"""
import os

def handler(event, context):
    with open(os.environ["MARKS"], "a") as marks:
        marks.write("ran\\n")
    print({LOGGED!r})
    if "Records" in event:
        raise Exception("so that there is a dead letter")
    return os.environ["AWS_LAMBDA_RUNTIME_API"]
"""

TABLE = {
    "TableName": "table",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
}


class Marking:
    """A server with a function that marks each run, a mapping to it, and a dead letter."""

    def __init__(self, endpoint, marks):
        self.server = Server(endpoint)
        self._marks = marks
        self.server.create("marking", CODE, Environment={"Variables": {"MARKS": str(marks)}})
        self.runtime_api = self.server.result("marking")
        arn = self.server.dynamodb("CreateTable", **TABLE)["TableDescription"]["LatestStreamArn"]
        mapping = {
            "FunctionName": "marking",
            "EventSourceArn": arn,
            "StartingPosition": "TRIM_HORIZON",
            "MaximumRetryAttempts": 0,
        }
        answer = self.server.call("POST", MAPPINGS, mapping)
        assert answer.status == 202, answer
        self.write("first")
        assert self.state()["dlq"]["deadLetters"]

    def write(self, key):
        self.server.dynamodb("PutItem", TableName="table", Item={"pk": {"S": key}})
        self.server.settle()

    def runs(self):
        return self._marks.read_text().count("ran") if self._marks.exists() else 0

    def state(self):
        """All that a page might change."""
        return {
            "functions": self.server.send("GET", "/_weir/functions").json(),
            "dlq": self.server.send("GET", "/_weir/dlq").json(),
            "runs": self.runs(),
        }


@pytest.fixture(scope="module")
def marking(weir_binary, tmp_path_factory):
    folder = tmp_path_factory.mktemp("door")
    server = WeirServer(weir_binary, cwd=folder)
    try:
        yield Marking(server.endpoint, folder / "marks")
    finally:
        assert server.stop() == 0, server.stderr


def page_headers(page, marking):
    address = marking.server.address
    return {name: value.replace("SERVER", address) for name, value in PAGES[page].items()}


def assert_refused(answer):
    assert answer.status == 403, answer
    text = answer.body.decode()
    for secret in (LOGGED, "arn:aws:", "runtimeApi", "marking"):
        assert secret not in text, text


@pytest.mark.parametrize("page", PAGES)
def test_pages_read_nothing(marking, page):
    for target in READS:
        assert_refused(marking.server.send("GET", target, **page_headers(page, marking)))
    assert_refused(marking.server.read_logs("marking", **page_headers(page, marking)))


@pytest.mark.parametrize("page", PAGES)
def test_pages_change_and_run_nothing(marking, page):
    attached = marking.server.send("POST", "/_weir/functions/other/runtime").json()["id"]
    before = marking.state()
    headers = page_headers(page, marking)
    for content_type in ("application/json", "text/plain"):
        for method, target in CHANGES:
            target = target.format(attached)
            answer = marking.server.send(method, target, {}, **headers, Content_Type=content_type)
            assert_refused(answer)
    for method, target in CALLS:
        # A page that is let in by its Origin can set these headers; an <img> can't.
        if "Origin" in headers:
            assert_refused(marking.server.call(method, target, {}, **headers))
    assert marking.state() == before
    ended = marking.server.send("DELETE", f"/_weir/functions/other/runtime/{attached}")
    assert ended.status == 200, ended


@pytest.mark.parametrize("page", PAGES)
def test_pages_can_not_sign_by_the_query(marking, page):
    """An <img> or a <script> sends no headers, but a signature may be in the query."""
    credential = LAMBDA["Authorization"].partition("Credential=")[2].partition(",")[0]
    query = urllib.parse.urlencode(
        {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": credential,
            "X-Amz-Date": "20261101T120000Z",
            "X-Amz-Expires": "600",
            "X-Amz-SignedHeaders": "host",
            "X-Amz-Signature": "0" * 64,
        }
    )
    for target in (f"{FUNCTIONS}/marking", MAPPINGS):
        answer = marking.server.send("GET", f"{target}?{query}", **page_headers(page, marking))
        assert_refused(answer)


def test_a_foreign_name_reads_nothing(marking):
    headers = LAMBDA | {"Host": "rebound.example:80"}
    for target in READS + [FUNCTIONS, f"{FUNCTIONS}/marking", MAPPINGS]:
        assert_refused(marking.server.send("GET", target, **headers))


@pytest.mark.parametrize("page", PAGES)
def test_pages_reach_no_runtime_api(marking, page):
    address = marking.runtime_api
    assert marking.server.result("marking") == address
    root = "/2018-06-01/runtime"
    for method, target in (
        ("GET", f"{root}/invocation/next"),
        ("POST", f"{root}/invocation/00000000-0000-0000-0000-000000000000/response"),
        ("POST", f"{root}/init/error"),
    ):
        assert send(address, method, target, **page_headers(page, marking)).status == 403
        assert send(address, method, target, Host="rebound.example").status == 403
    # The process still has its place.
    assert marking.server.result("marking") == address


def test_the_user_may_look_by_a_browser(marking):
    """A request for an address that the user has typed comes from no page."""
    typed = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}
    for target in ("/_weir/functions", MARKING + "/logs", "/_weir/triggers", "/_weir/dlq"):
        assert marking.server.send("GET", target, **typed).status == 200


# --- Other machines ------------------------------------------------------------------------------


@pytest.fixture
def kept(start_weir, tmp_path):
    """A data folder with a function, a mapping, a dead letter and an event that waits; returns how
    it is opened again: kept("--bind", "0.0.0.0").
    """
    data = ("--data-dir", str(tmp_path / "data"))
    server = start_weir(*data)
    first = Marking(server.endpoint, tmp_path / "marks")
    reserved = "/2017-10-31/functions/marking/concurrency"
    assert first.server.call("PUT", reserved, {"ReservedConcurrentExecutions": 0}).status == 200
    assert first.server.invoke("marking", X_Amz_Invocation_Type="Event").status == 202
    assert first.server.call("DELETE", reserved).status == 204
    server.stop()

    def open_again(*flags):
        first.server = Server(start_weir(*data, *flags).endpoint, host="127.0.0.1")
        return first

    return open_again


CLOSED = {"beyond loopback": ("--bind", "0.0.0.0"), "off": ("--no-functions",)}


@pytest.mark.parametrize("flags", CLOSED.values(), ids=CLOSED)
def test_a_closed_door_runs_nothing(kept, flags, tmp_path):
    (tmp_path / "marks").unlink()
    marking = kept(*flags)
    marking.write("second")
    marking.server.settle("1h")
    for method, target in CALLS:
        assert_refused(marking.server.call(method, target, {}))
    for method, target in (
        ("POST", MARKING + "/runtime"),
        ("POST", "/_weir/functions/new/runtime"),
        ("POST", "/_weir/dlq/1/redrive"),
        ("DELETE", "/_weir/dlq"),
        ("GET", MARKING + "/logs"),
        ("GET", MARKING + "/code?token=guessed"),
    ):
        assert_refused(marking.server.send(method, target))
    assert marking.runs() == 0


def test_an_open_door_runs_what_waited(kept, tmp_path):
    (tmp_path / "marks").unlink()
    marking = kept("--bind", "0.0.0.0", "--allow-functions")
    marking.write("second")
    # A record, and the event, which may have to wait for its next turn.
    marking.server.settle("10m")
    assert marking.runs() >= 2
    assert json.loads(marking.server.send("GET", "/_weir/functions").body)["functions"]
