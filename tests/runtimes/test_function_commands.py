# SPDX-License-Identifier: Apache-2.0
"""`weir logs`, `triggers` and `dlq` ask what they should; a server of the test's own answers them."""

import http.server
import json
import subprocess
import threading

import pytest

DEADLINE = 30.0
LOGS = "/_weir/functions/orders/logs"


class Server(http.server.ThreadingHTTPServer):
    """`answers` has a list of (status, body) for each call; `calls` are those that came."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {}
        self.calls = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        call = f"{self.command} {self.path}"
        self.server.calls.append(call)
        status, body = self.server.answers.get(call) or (404, {"message": f"not expected: {call}"})
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        if self.path.startswith(LOGS):
            self.send_header("x-weir-log-cursor", str(len(self.server.calls) * 10))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = Server()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def weir(weir_binary, server):
    def run(*arguments):
        command = [weir_binary, *arguments, "--port", str(server.server_address[1])]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE
        )
        return done.returncode, done.stdout, done.stderr

    return run


def log_lines(*messages):
    return "".join(json.dumps({"timestamp": 1000, "message": message}) + "\n" for message in messages)


def test_logs_are_read_page_by_page(weir, server):
    server.answers = {
        f"GET {LOGS}?cursor=0": (200, log_lines("one", "two\rlines")),
        f"GET {LOGS}?cursor=10": (200, log_lines("three")),
        f"GET {LOGS}?cursor=20": (200, ""),
    }
    printed = "".join(f"1970-01-01T00:00:01.000Z {message}\n" for message in ("one", "two\nlines", "three"))
    assert weir("logs", "orders") == (0, printed, "")


def test_logs_since_a_span_go_by_the_servers_clock(weir, server):
    server.answers = {
        "GET /_weir/clock": (200, {"now": "1970-01-01T01:00:00.000000Z"}),
        f"GET {LOGS}?cursor=0&since=3000000": (200, ""),
    }
    assert weir("logs", "orders", "--since", "10m") == (0, "", "")
    server.answers = {f"GET {LOGS}?cursor=0&since=86400000": (200, "")}
    assert weir("logs", "orders", "--since", "1970-01-02") == (0, "", "")


def test_logs_that_are_followed_wait_for_more_until_nothing_is_there(weir, server):
    server.answers = {f"GET {LOGS}?cursor=0&follow=20": (200, log_lines("one"))}
    code, out, error = weir("logs", "orders", "--follow")
    assert (code, out) == (1, "1970-01-01T00:00:01.000Z one\n")
    assert error == f"weir: not expected: GET {LOGS}?cursor=10&follow=20\n"


def test_triggers_are_a_table_and_one_is_shown_whole(weir, server):
    trigger = {"uuid": "u1", "function": "orders", "table": "Orders", "lastError": "no", "lost": 0}
    server.answers = {"GET /_weir/triggers": (200, {"triggers": [trigger]})}
    code, out, _ = weir("triggers")
    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()] == [["FUNCTION", "TABLE"], ["orders", "Orders"]]
    shown = "uuid       u1\nfunction   orders\ntable      Orders\nlastError  no\nlost       0\n"
    assert weir("triggers", "orders") == (0, shown, "")
    assert weir("triggers", "other") == (1, "", "weir: there is no trigger of other\n")


def test_dlq_lists_and_shows(weir, server):
    letter = {"id": "7", "batchSize": 3, "error": "no", "functionArn": "arn:x:orders"}
    server.answers = {
        "GET /_weir/dlq": (200, {"deadLetters": [letter], "dropped": 2}),
        "GET /_weir/dlq/7": (200, {"id": "7", "payload": '{"Records":[]}'}),
    }
    code, out, error = weir("dlq", "list")
    assert code == 0
    assert [line.split() for line in out.splitlines()] == [
        ["ID", "TIME", "FUNCTION", "RECORDS", "CONDITION", "ERROR"],
        ["7", "orders", "3", "no"],
    ]
    assert error == "weir: older ones were dropped to make room: 2\n"
    code, out, _ = weir("dlq", "show", "7")
    assert (code, json.loads(out)) == (0, {"id": "7", "payload": {"Records": []}})
    assert weir("dlq", "show", "8") == (1, "", "weir: not expected: GET /_weir/dlq/8\n")


def test_dlq_sends_again_and_goes_on_after_a_function_that_fails(weir, server):
    server.answers = {
        "GET /_weir/dlq": (200, {"deadLetters": [{"id": "7"}, {"id": "8"}]}),
        "POST /_weir/dlq/7/redrive": (200, {"functionError": True, "payload": "no"}),
        "POST /_weir/dlq/8/redrive": (200, {"functionError": False, "payload": "null"}),
    }
    assert weir("dlq", "redrive", "--all") == (1, "8 is done\n", "weir: 7 has failed again: no\n")
    assert weir("dlq", "redrive", "8") == (0, "8 is done\n", "")
    server.answers["POST /_weir/dlq/7/redrive"] = (503, {"message": "The function did not run: x"})
    server.calls.clear()
    assert weir("dlq", "redrive", "--all") == (1, "", "weir: The function did not run: x\n")
    assert server.calls == ["GET /_weir/dlq", "POST /_weir/dlq/7/redrive"]


def test_dlq_forgets(weir, server):
    server.answers = {"DELETE /_weir/dlq": (200, {}), "DELETE /_weir/dlq/7": (200, {})}
    assert weir("dlq", "purge") == (0, "", "")
    assert weir("dlq", "purge", "7") == (0, "", "")
    assert server.calls == ["DELETE /_weir/dlq", "DELETE /_weir/dlq/7"]
