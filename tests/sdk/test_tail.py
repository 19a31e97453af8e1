# SPDX-License-Identifier: Apache-2.0
"""`weir tail` and /_weir/records: the records of all shards as they are written."""

import http.client
import json
import os
import pty
import re
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest
from clients import client
from stream_reader import read_stream
from support.weir_clock import Clock
from tables import definition


@pytest.fixture
def records(request, endpoint):
    """A function that calls /_weir/records and returns the status and the answer."""
    if request.config.getoption("--endpoint"):
        pytest.skip("a control endpoint of Weir's own")

    def call(server=endpoint, **members):
        body = json.dumps(members).encode()
        post = urllib.request.Request(server + "/_weir/records", data=body, method="POST")
        try:
            with urllib.request.urlopen(post, timeout=40) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    return call


@pytest.fixture
def page(records):
    def call(**members):
        status, answer = records(**members)
        assert status == 200, answer
        return answer

    return call


@pytest.fixture
def table(make_table):
    return make_table(view="NEW_AND_OLD_IMAGES")


def rotate(endpoint, table):
    body = json.dumps({"TableName": table.name, "Action": "ROTATE"}).encode()
    post = urllib.request.Request(endpoint + "/_weir/shards", data=body, method="POST")
    urllib.request.urlopen(post, timeout=10).close()


def put(dynamodb, table, key, value):
    dynamodb.put_item(TableName=table.name, Item={"pk": {"S": key}, "v": {"S": value}})


def names(answer):
    return [(r["dynamodb"]["Keys"]["pk"]["S"], r["dynamodb"]["NewImage"]["v"]["S"])
            for r in answer["Records"]]


def stream_arn(dynamodb, table):
    return dynamodb.describe_table(TableName=table.name)["Table"]["LatestStreamArn"]


def test_records_are_those_of_get_records_with_their_shard(dynamodb, streams, table, page):
    for i in range(20):
        put(dynamodb, table, str(i % 5), str(i))
    arn = stream_arn(dynamodb, table)
    answer = page(TableName=table.name, Start="TRIM_HORIZON")
    assert answer["StreamArn"] == arn
    assert not answer["RecordsLost"] and not answer["Finished"]
    assert [v for _, v in names(answer)] == [str(i) for i in range(20)]
    shards = {s["ShardId"] for s in
              streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]}
    assert {record.pop("shardId") for record in answer["Records"]} <= shards
    seen = {record["eventID"]: record for record in answer["Records"]}
    for record in read_stream(streams, arn, 20):
        created = record["dynamodb"].pop("ApproximateCreationDateTime")
        assert seen[record["eventID"]]["dynamodb"].pop("ApproximateCreationDateTime") == int(
            created.timestamp())
        assert seen[record["eventID"]] == record


def test_a_checkpoint_goes_on_over_rotations(dynamodb, endpoint, table, page):
    answer = page(TableName=table.name)
    assert answer["Records"] == []
    seen = []
    for i in range(12):
        put(dynamodb, table, "k", str(i))
        if i % 3 == 2:
            rotate(endpoint, table)
    while len(seen) < 12:
        answer = page(Checkpoint=answer["Checkpoint"], Limit=8, WaitSeconds=5)
        seen += names(answer)
    assert seen == [("k", str(i)) for i in range(12)]
    assert page(Checkpoint=answer["Checkpoint"])["Records"] == []


def test_a_wait_ends_with_the_first_record(dynamodb, table, page):
    start = page(StreamArn=stream_arn(dynamodb, table))
    answers = []
    waiter = threading.Thread(
        target=lambda: answers.append(page(Checkpoint=start["Checkpoint"], WaitSeconds=20)))
    began = time.monotonic()
    waiter.start()
    put(dynamodb, table, "a", "1")
    waiter.join(30)
    assert names(answers[0]) == [("a", "1")]
    assert time.monotonic() - began < 10


def test_a_wait_ends_without_records(table, page):
    began = time.monotonic()
    answer = page(TableName=table.name, WaitSeconds=1)
    assert answer["Records"] == [] and answer["Checkpoint"]
    assert 0.9 < time.monotonic() - began < 10


def test_the_end_of_a_disabled_stream_is_told(dynamodb, table, page):
    put(dynamodb, table, "a", "1")
    dynamodb.update_table(TableName=table.name, StreamSpecification={"StreamEnabled": False})
    answer = page(TableName=table.name, Start="TRIM_HORIZON")
    assert names(answer) == [("a", "1")] and answer["Finished"]
    assert page(TableName=table.name)["Finished"]


def test_a_start_in_time_and_lost_records(start_weir, records):
    server = start_weir()
    clock = Clock(server.endpoint)
    clock.change(set="2030-01-01", freeze=True)
    dynamodb = client("dynamodb", server.endpoint)
    dynamodb.create_table(**definition("Tab", "pk:S", view="NEW_IMAGE"))
    first = records(server.endpoint, TableName="Tab")[1]["Checkpoint"]
    dynamodb.put_item(TableName="Tab", Item={"pk": {"S": "a"}, "v": {"S": "1"}})
    clock.change(advance="12h")
    dynamodb.put_item(TableName="Tab", Item={"pk": {"S": "b"}, "v": {"S": "2"}})
    since = records(server.endpoint, TableName="Tab", Start="2030-01-01T11:00:00Z")[1]
    assert names(since) == [("b", "2")]
    clock.change(advance="12h")
    late = records(server.endpoint, Checkpoint=first)[1]
    assert late["RecordsLost"]
    while not late["Records"]:  # the shards have rotated, so the records are in later ones
        late = records(server.endpoint, Checkpoint=late["Checkpoint"])[1]
    assert names(late) == [("b", "2")]


@pytest.mark.parametrize("members, text", [
    ({}, "One of TableName, StreamArn and Checkpoint is required"),
    ({"TableName": "T", "Checkpoint": "2|x"},
     "One of TableName, StreamArn and Checkpoint is required"),
    ({"TableName": "T", "Start": "EARLIEST"},
     "Start must be LATEST, TRIM_HORIZON or a time such as 2030-01-31T12:00:00Z"),
    ({"TableName": "T", "WaitSeconds": 21}, "WaitSeconds must be a number from 0 to 20"),
    ({"TableName": "T", "WaitSeconds": "1"}, "WaitSeconds must be a number from 0 to 20"),
    ({"TableName": "T", "Limit": 0}, "Limit must be a number from 1 to 1000"),
    ({"TableName": "T", "Shard": "x"},
     "Only the strings TableName, StreamArn, Start and Checkpoint and the integers WaitSeconds and "
     "Limit are known"),
    ({"Checkpoint": "nonsense"}, "The checkpoint is not valid"),
])
def test_requests_that_cannot_be(records, members, text):
    status, answer = records(**members)
    assert status == 400
    assert answer["__type"].endswith("#ValidationException")
    assert answer["message"] == text


def test_what_is_not_there(dynamodb, table, make_table, records):
    status, answer = records(TableName="NoSuchTable")
    assert (status, answer["__type"].split("#")[-1]) == (400, "ResourceNotFoundException")
    without = make_table()
    assert records(TableName=without.name)[0] == 400
    _, first = records(TableName=table.name)
    broken = first["Checkpoint"].replace("shardId-", "shardId-9", 1)
    status, answer = records(Checkpoint=broken)
    assert (status, answer["message"]) == (400, "The checkpoint is not one of this stream")


def disable(dynamodb, name):
    dynamodb.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})


def delete(dynamodb, name):
    dynamodb.delete_table(TableName=name)


@pytest.mark.parametrize("end", [disable, delete], ids=["disabled", "deleted"])
def test_a_wait_ends_with_the_stream(start_weir, page, end):
    server = start_weir("--threads", "1")  # so that requests are handled in the order of arrival
    dynamodb = client("dynamodb", server.endpoint)
    dynamodb.create_table(**definition("Tab", "pk:S", view="NEW_IMAGE"))
    waiting = http.client.HTTPConnection(server.host, server.port, timeout=30)
    waiting.request("GET", "/_weir/health")  # from now on the thread serves this connection
    waiting.getresponse().read()
    waiting.request("POST", "/_weir/records", json.dumps({"TableName": "Tab", "WaitSeconds": 20}))
    dynamodb.list_tables()  # so the request before has been handled
    began = time.monotonic()
    end(dynamodb, "Tab")
    answer = json.load(waiting.getresponse())
    assert answer["Finished"] and answer["Records"] == []
    assert time.monotonic() - began < 5
    waiting.close()


def test_a_server_that_ends_answers_who_waits(start_weir, records):
    server = start_weir("--threads", "1")  # so that requests are handled in the order of arrival
    client("dynamodb", server.endpoint).create_table(**definition("Tab", "pk:S", view="NEW_IMAGE"))
    waiting = http.client.HTTPConnection(server.host, server.port, timeout=30)
    other = http.client.HTTPConnection(server.host, server.port, timeout=30)
    for connection in (waiting, other):
        connection.request("GET", "/_weir/health")
        connection.getresponse().read()
    body = json.dumps({"TableName": "Tab", "WaitSeconds": 20})
    waiting.request("POST", "/_weir/records", body)
    other.request("GET", "/_weir/health")
    other.getresponse().read()  # so the request before has been handled
    began = time.monotonic()
    server.process.terminate()
    answer = json.load(waiting.getresponse())
    assert time.monotonic() - began < 4  # connections are closed after five seconds
    assert answer["Records"] == [] and answer["Checkpoint"]
    waiting.close()
    other.close()
    server.stop()


class Tail:
    """A running `weir tail` whose output goes into a pipe or a pseudo-terminal."""

    def __init__(self, binary, *arguments, terminal=False, environment=None):
        inner, outer = pty.openpty() if terminal else os.pipe()
        self._reader = os.fdopen(inner, "rb", buffering=0)
        self.process = subprocess.Popen(
            [binary, "tail", *arguments], stdout=outer, stderr=subprocess.PIPE,
            env=os.environ | (environment or {}))
        os.close(outer)
        self._rest = b""

    def line(self):
        while b"\n" not in self._rest:
            part = os.read(self._reader.fileno(), 65536)
            assert part, self.process.stderr.read()
            self._rest += part
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode().rstrip("\r")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self._reader.close()


@pytest.fixture
def tail(records, weir_binary, endpoint):
    def start(*arguments, **options):
        return Tail(weir_binary, *arguments, "--endpoint", endpoint, **options)

    return start


def test_tail_prints_json_lines_into_a_pipe(dynamodb, endpoint, table, tail):
    put(dynamodb, table, "a", "1")
    with tail(table.name, "--from", "TRIM_HORIZON") as running:
        first = json.loads(running.line())
        assert first["eventName"] == "INSERT"
        assert first["dynamodb"]["NewImage"] == {"pk": {"S": "a"}, "v": {"S": "1"}}
        assert first["shardId"].startswith("shardId-")
        rotate(endpoint, table)
        for i in range(5):
            put(dynamodb, table, "a", f"later {i}")
            record = json.loads(running.line())
            assert record["dynamodb"]["NewImage"]["v"]["S"] == f"later {i}"


def test_tail_ends_with_the_stream(dynamodb, table, tail):
    arn = stream_arn(dynamodb, table)
    put(dynamodb, table, "a", "1")
    dynamodb.update_table(TableName=table.name, StreamSpecification={"StreamEnabled": False})
    with tail(arn, "--from", "TRIM_HORIZON") as running:
        assert json.loads(running.line())["eventName"] == "INSERT"
        assert running.process.wait(timeout=20) == 0
        assert b"the stream is disabled" in running.process.stderr.read()


def test_tail_follows_the_table_beyond_its_streams(start_weir, weir_binary, records):
    server = start_weir()
    dynamodb = client("dynamodb", server.endpoint)
    with Tail(weir_binary, "Tab", "--follow", "--endpoint", server.endpoint) as running:
        # The table does not exist yet, so tail waits for it and then reads all its records.
        while b"waiting" not in running.process.stderr.readline():
            pass
        for round_ in range(3):
            dynamodb.create_table(**definition("Tab", "pk:S", view="NEW_IMAGE"))
            dynamodb.put_item(TableName="Tab", Item={"pk": {"S": str(round_)}})
            assert json.loads(running.line())["dynamodb"]["Keys"] == {"pk": {"S": str(round_)}}
            disable(dynamodb, "Tab")
            dynamodb.update_table(
                TableName="Tab",
                StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
            dynamodb.put_item(TableName="Tab", Item={"pk": {"S": f"{round_} again"}})
            again = json.loads(running.line())["dynamodb"]
            assert again["Keys"] == {"pk": {"S": f"{round_} again"}}
            delete(dynamodb, "Tab")


def test_tail_follows_beyond_the_end_of_the_server(start_weir, weir_binary, records):
    server = start_weir()
    dynamodb = client("dynamodb", server.endpoint)
    dynamodb.create_table(**definition("Tab", "pk:S", view="NEW_IMAGE"))
    with Tail(weir_binary, "Tab", "-f", "--from", "TRIM_HORIZON",
              "--endpoint", server.endpoint) as running:
        dynamodb.put_item(TableName="Tab", Item={"pk": {"S": "before"}})
        assert json.loads(running.line())["dynamodb"]["Keys"] == {"pk": {"S": "before"}}
        server.stop()
        again = start_weir("--port", str(server.port))
        dynamodb = client("dynamodb", again.endpoint)
        dynamodb.create_table(**definition("Tab", "pk:S", view="NEW_IMAGE"))
        dynamodb.put_item(TableName="Tab", Item={"pk": {"S": "after"}})
        assert json.loads(running.line())["dynamodb"]["Keys"] == {"pk": {"S": "after"}}


def test_tail_goes_where_the_environment_says(dynamodb, endpoint, table, weir_binary, records):
    put(dynamodb, table, "a", "1")
    with Tail(weir_binary, table.name, "--from", "TRIM_HORIZON",
              environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:1",
                           "AWS_ENDPOINT_URL_DYNAMODB": endpoint}) as running:
        assert json.loads(running.line())["dynamodb"]["Keys"] == {"pk": {"S": "a"}}


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
def test_tail_obeys_nothing_that_an_item_says(dynamodb, table, tail, terminal):
    hostile = "\x1b[2J\x7f\u009b31m\u202e\u2066\u2028end"
    put(dynamodb, table, hostile, hostile)
    with tail(table.name, "--from", "TRIM_HORIZON", terminal=terminal,
              environment={"NO_COLOR": "1"}) as running:
        line = running.line()
    assert line.isprintable()
    assert "\\u009b31m" in line
    if not terminal:
        assert json.loads(line)["dynamodb"]["Keys"] == {"pk": {"S": hostile}}


class Endless:
    """A server that answers with an endless body or endless headers."""

    def __init__(self, start):
        self._start = start
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        connection, _ = self._listener.accept()
        with connection:
            try:
                connection.sendall(self._start)
                while True:
                    connection.sendall(b"x" * 65536)
            except OSError:
                pass

    def close(self):
        self._listener.close()


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: ", b""],
                         ids=["body", "headers", "status"])
@pytest.mark.parametrize("words", [["tail", "Tab"], ["clock"]], ids=["tail", "clock"])
def test_what_is_read_of_an_answer_has_a_bound(weir_binary, start, words):
    server = Endless(start)
    done = subprocess.run([weir_binary, *words, "--port", str(server.port)], capture_output=True,
                          timeout=40, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"weir: ")
    server.close()


ESCAPE = re.compile(r"\x1b\[\d+m")


def change_three_times(dynamodb, table):
    put(dynamodb, table, "a", "1")
    dynamodb.update_item(TableName=table.name, Key={"pk": {"S": "a"}},
                         UpdateExpression="SET v = :v, n = :n",
                         ExpressionAttributeValues={":v": {"S": "2"}, ":n": {"N": "7"}})
    dynamodb.delete_item(TableName=table.name, Key={"pk": {"S": "a"}})


def test_tail_tells_in_a_terminal_what_changed(dynamodb, table, tail):
    change_three_times(dynamodb, table)
    with tail(table.name, "--from", "TRIM_HORIZON", terminal=True,
              environment={"NO_COLOR": "1"}) as running:
        lines = [running.line() for _ in range(3)]
    texts = [line.split(" ", 1)[1] for line in lines]
    assert not ESCAPE.search("".join(lines))
    assert texts == [
        'INSERT {"pk":{"S":"a"}} {"pk":{"S":"a"},"v":{"S":"1"}}',
        'MODIFY {"pk":{"S":"a"}} v: {"S":"1"} → {"S":"2"}, n: - → {"N":"7"}',
        'REMOVE {"pk":{"S":"a"}} {"n":{"N":"7"},"pk":{"S":"a"},"v":{"S":"2"}}',
    ]


def test_tail_is_coloured_in_a_terminal(dynamodb, table, tail):
    change_three_times(dynamodb, table)
    with tail(table.name, "--from", "TRIM_HORIZON", terminal=True) as running:
        lines = [running.line() for _ in range(3)]
    for line, color, event in zip(lines, ("32", "33", "31"), ("INSERT", "MODIFY", "REMOVE"), strict=False):
        assert f"\x1b[{color}m{event}\x1b[0m" in line


def test_tail_fails_where_there_is_nothing(table, tail, weir_binary, records, start_weir):
    with tail("NoSuchTable") as running:
        assert running.process.wait(timeout=20) == 1
        assert b"Requested resource not found" in running.process.stderr.read()
    done = subprocess.run([weir_binary, "tail", "no name"], capture_output=True, timeout=20,
                          check=False)
    assert done.returncode != 0 and b"is not a table's name" in done.stderr
    server = start_weir()
    client("dynamodb", server.endpoint).create_table(**definition("Tab", "pk:S", view="KEYS_ONLY"))
    with Tail(weir_binary, "Tab", "--endpoint", server.endpoint) as running:
        server.stop()
        assert running.process.wait(timeout=20) == 1
        assert b"no answer" in running.process.stderr.read()
