# SPDX-License-Identifier: Apache-2.0
"""The clock as clients see it: /_weir/clock and `weir clock`."""

import json
import subprocess
import threading
import time

import pytest
from support.raw_http import Connection, api_request, request


@pytest.fixture
def server(start_weir):
    """A server for one test, since tests change its clock. It has one thread."""
    return start_weir("--threads", "1")


@pytest.fixture
def own(server):
    with Connection.to(server.endpoint) as opened:
        yield opened


def read(connection):
    response = connection.call(request(target="/_weir/clock"))
    assert response.status == 200
    assert response.headers["content-type"] == "application/json"
    return response.json()


def change(connection, **members):
    return connection.call(request("POST", "/_weir/clock", body=json.dumps(members).encode()))


def must(connection, **members):
    response = change(connection, **members)
    assert response.status == 200, response.body
    return response.json()


def test_the_clock_tells_the_time_of_day(own):
    before = time.time()
    clock = read(own)
    assert before - 1 <= clock["epochSeconds"] <= time.time() + 1
    assert clock["frozen"] is False
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(clock["epochSeconds"])))
    assert clock["now"].startswith(whole + ".") and clock["now"].endswith("Z")


def test_a_frozen_clock_stands_and_runs_on_when_resumed(own):
    frozen = must(own, freeze=True)
    assert frozen["frozen"] is True
    assert read(own) == frozen
    moved = must(own, advance="1h")
    assert moved["epochSeconds"] == pytest.approx(frozen["epochSeconds"] + 3600, abs=1e-5)
    assert read(own) == moved
    resumed = must(own, resume=True)
    assert resumed["frozen"] is False
    assert resumed["epochSeconds"] >= moved["epochSeconds"]
    assert resumed["epochSeconds"] < moved["epochSeconds"] + 60


def test_the_clock_is_set_and_frozen_in_one_call(own):
    clock = must(own, set="2100-01-01T00:00:00Z", freeze=True)
    assert clock == {
        "now": "2100-01-01T00:00:00.000000Z",
        "epochSeconds": 4102444800.0,
        "frozen": True,
    }


def test_tables_are_made_at_the_clocks_time(own):
    must(own, set="2100-01-01T00:00:00Z", freeze=True)
    body = {
        "TableName": "Timed",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    }
    made = own.call(api_request("CreateTable", json.dumps(body).encode()))
    assert made.status == 200
    table = made.json()["TableDescription"]
    assert table["CreationDateTime"] == 4102444800.0
    assert table["LatestStreamLabel"] == "2100-01-01T00:00:00.000"


def test_the_clock_never_goes_back(own):
    now = must(own, freeze=True)
    for members in ({"advance": -1}, {"set": 0}, {"set": "2020-01-01", "resume": True}):
        response = change(own, **members)
        assert response.status == 400
        assert response.json() == {"message": "The clock cannot go back"}
    assert read(own) == now


def test_a_change_needs_a_body_that_says_what(own):
    for body in (b"", b"{", b"[]", b"{}", b'{"stop": true}', b'{"advance": "soon"}'):
        response = own.call(request("POST", "/_weir/clock", body=body))
        assert response.status == 400, body
        assert response.json()["message"]


def test_only_get_and_post_are_answered(own):
    response = own.call(request("DELETE", "/_weir/clock"))
    assert response.status == 405
    assert response.headers["allow"] == "GET, HEAD, POST"


def test_requests_behind_a_change_are_answered_after_it(own):
    frozen = must(own, freeze=True)
    calls = b""
    for _ in range(50):
        calls += request("POST", "/_weir/clock", body=b'{"advance": 1}')
        calls += request(target="/_weir/clock")
    own.send(calls)
    for i in range(1, 51):
        for _ in range(2):
            clock = own.read().json()
            assert clock["epochSeconds"] == pytest.approx(frozen["epochSeconds"] + i, abs=1e-5)


def test_changes_of_many_connections_add_up(server, own):
    frozen = must(own, freeze=True)

    def advance():
        with Connection.to(server.endpoint) as connection:
            for _ in range(20):
                must(connection, advance=1)

    threads = [threading.Thread(target=advance) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clock = read(own)
    assert clock["epochSeconds"] == pytest.approx(frozen["epochSeconds"] + 160, abs=1e-5)


def test_a_client_that_leaves_during_a_change_does_no_harm(server, own):
    for _ in range(20):
        with Connection.to(server.endpoint) as connection:
            connection.send(request("POST", "/_weir/clock", body=b'{"advance": "365d"}'))
    assert read(own)["frozen"] is False


def test_a_change_under_way_is_answered_when_the_server_ends(server, own):
    own.send(request("POST", "/_weir/clock", body=b'{"advance": "1d"}'))
    assert own.read().status == 200
    assert server.stop() == 0


def test_the_command_line_reads_and_changes_the_clock(weir_binary, server, own):
    def run(*arguments):
        done = subprocess.run(
            [weir_binary, "clock", "--port", str(server.port), *arguments],
            capture_output=True,
            text=True,
            timeout=20,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert not run().endswith(" frozen\n")
    assert run("freeze", "2100-01-01") == "2100-01-01T00:00:00.000000Z frozen\n"
    assert run() == "2100-01-01T00:00:00.000000Z frozen\n"
    assert run("advance", "1d1h") == "2100-01-02T01:00:00.000000Z frozen\n"
    assert run("advance", "0.5") == "2100-01-02T01:00:00.500000Z frozen\n"
    assert run("set", "2100-02-01T00:00:00+01:00") == "2100-01-31T23:00:00.000000Z frozen\n"
    assert read(own)["now"] == "2100-01-31T23:00:00.000000Z"
    assert run("resume").startswith("2100-01-31T23:0")
    assert read(own)["frozen"] is False


def test_the_command_line_says_what_is_wrong(weir_binary, server):
    def run(*arguments):
        return subprocess.run(
            [weir_binary, "clock", *arguments], capture_output=True, text=True, timeout=20
        )

    back = run("--endpoint", server.endpoint, "set", "2000-01-01")
    assert back.returncode == 1
    assert back.stderr == "weir: The clock cannot go back\n"
    server.stop()
    gone = run("--endpoint", server.endpoint)
    assert gone.returncode == 1
    assert "no answer: Connection refused" in gone.stderr
    assert run("advance", "soon").returncode not in (0, 1)
