# SPDX-License-Identifier: Apache-2.0
"""`weir lambda run` keeps a command attached to a function; a server of the test's own answers it."""

import http.server
import json
import os
import pty
import queue
import re
import signal
import subprocess
import sys
import threading

import pytest

# Seconds until the command must have done something.
DEADLINE = 30.0

# Says what it was started with, and what it was told.
PROGRAM = """
import os, signal, sys, time
def told(number, frame):
    print("told", number, flush=True)
    sys.exit(0)
signal.signal(signal.SIGINT, told)
signal.signal(signal.SIGTERM, told)
print("started", sys.argv[1:], os.environ["AWS_LAMBDA_RUNTIME_API"], os.environ["EXTRA"], flush=True)
time.sleep(600)
"""


class Server(http.server.ThreadingHTTPServer):
    """Answers as /_weir/functions/<name>/runtime does, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.calls = queue.Queue()
        self.attachments = 0
        self.refusal = None
        self.forgets = False
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def call(self):
        return self.calls.get(timeout=DEADLINE)

    def stop(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.server.calls.put(f"{self.command} {self.path}")
        status, body = 200, {}
        if self.server.refusal:
            status, body = 404, {"message": self.server.refusal}
        elif self.command == "POST" and self.path == "/_weir/functions/orders/runtime":
            self.server.attachments += 1
            number = self.server.attachments
            body = {
                "id": f"id{number}",
                "runtimeApi": f"127.0.0.1:{number}",
                "environment": {"EXTRA": f"extra {number}"},
            }
        elif self.server.forgets:
            status, body = 404, {"message": "no such attachment"}
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = Server()
    yield server
    server.stop()


class Run:
    """A `weir lambda run`. Its lines, and those of its command, are read one by one."""

    def __init__(self, binary, port, arguments):
        self.process = subprocess.Popen(
            [binary, "lambda", "run", "orders", "--port", str(port), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self):
        return self._lines.get(timeout=DEADLINE)

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(DEADLINE)


@pytest.fixture
def start(weir_binary, server):
    runs = []

    def start_run(*arguments):
        runs.append(Run(weir_binary, server.port, arguments))
        return runs[-1]

    yield start_run
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)
        run.process.stdout.close()


def test_a_command_runs_attached_until_a_signal(start, server):
    for number in (signal.SIGTERM, signal.SIGINT):
        attached = server.attachments + 1
        run = start("--", sys.executable, "-c", PROGRAM, "--flag")
        assert server.call() == "POST /_weir/functions/orders/runtime"
        assert run.line() == f"started ['--flag'] 127.0.0.1:{attached} extra {attached}"
        assert run.end(number) == 128 + number
        assert run.line() == f"told {int(number)}"
        assert server.call() == f"DELETE /_weir/functions/orders/runtime/id{attached}"


def test_an_attachment_is_renewed_and_made_anew_when_it_is_gone(start, server):
    run = start("--", sys.executable, "-c", PROGRAM)
    assert server.call() == "POST /_weir/functions/orders/runtime"
    assert run.line() == "started [] 127.0.0.1:1 extra 1"
    assert server.call() == "POST /_weir/functions/orders/runtime/id1"
    server.forgets = True
    assert server.call() == "POST /_weir/functions/orders/runtime/id1"
    assert server.call() == "POST /_weir/functions/orders/runtime"
    assert {run.line(), run.line()} == {
        "weir: the server has given up this process; the command starts again",
        f"told {int(signal.SIGTERM)}",
    }
    assert run.line() == "started [] 127.0.0.1:2 extra 2"


def test_a_command_that_ends_starts_again_after_a_growing_wait(start):
    run = start("--", "sh", "-c", "exit 3")
    for wait in (200, 400, 800):
        assert run.line() == f"weir: the command exited with status 3; it starts again in {wait} ms"
    assert run.end(signal.SIGTERM) == 128 + signal.SIGTERM


def test_a_command_starts_again_when_a_watched_file_changes(start, tmp_path):
    (tmp_path / "lib").mkdir()
    file = tmp_path / "lib" / "app.py"
    file.write_text("1")
    run = start("--watch", str(tmp_path), "--", sys.executable, "-c", PROGRAM)
    assert run.line() == "started [] 127.0.0.1:1 extra 1"
    file.write_text("12")
    assert {run.line(), run.line()} == {
        f"weir: {file} has changed; the command starts again",
        f"told {int(signal.SIGTERM)}",
    }
    assert run.line() == "started [] 127.0.0.1:1 extra 1"


def test_a_server_that_is_gone_is_waited_for(start, server):
    run = start("--", "sh", "-c", "echo $AWS_LAMBDA_RUNTIME_API; sleep 1")
    assert run.line() == "127.0.0.1:1"
    server.stop()
    assert run.line() == "weir: the command exited with status 0; it starts again in 200 ms"
    assert re.fullmatch("weir: no answer: Connection refused.*; waiting", run.line())
    again = Server(server.port)
    again.attachments = 1
    again.forgets = True
    try:
        assert run.line() == "127.0.0.1:2"
    finally:
        again.stop()


def test_a_run_that_is_killed_takes_its_command_along(start):
    run = start("--", "sh", "-c", "setsid sleep 600 & echo started; exec sleep 600")
    assert run.line() == "started"
    assert run.end(signal.SIGKILL) == -signal.SIGKILL
    # The end of the output is that of all who had it.
    run.reader.join(DEADLINE)
    assert not run.reader.is_alive()


def test_a_terminal_is_the_commands_too(weir_binary, server):
    script = 'trap "echo interrupted; exit" INT; read line; echo "read $line"; while :; do sleep 0.1; done'
    command = [weir_binary, "lambda", "run", "orders", "--port", str(server.port)]
    process, terminal = pty.fork()
    if process == 0:
        os.execv(weir_binary, [*command, "--", "sh", "-c", script])
    with open(terminal, "r+b", buffering=0) as file:
        file.write(b"hello\n")
        text = b""
        while b"read hello" not in text:
            text += file.read(4096)
        file.write(b"\x03")
        _, status = os.waitpid(process, 0)
        while True:
            try:
                part = file.read(4096)
            except OSError:  # EIO, as nobody has the terminal open any more
                break
            if not part:
                break
            text += part
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGINT
    assert text.count(b"interrupted") == 1


def test_what_cannot_run_is_said(start, server, tmp_path):
    run = start("--", "weir-no-such-command")
    assert run.line() == "weir: cannot run weir-no-such-command: No such file or directory"
    assert run.process.wait(DEADLINE) == 1
    assert server.call() == "POST /_weir/functions/orders/runtime"
    assert server.call() == "DELETE /_weir/functions/orders/runtime/id1"
    run = start("--watch", str(tmp_path / "none"), "--", "true")
    assert run.line() == f"weir: there is no {tmp_path}/none"
    server.refusal = "Function not found: orders"
    run = start("--", "true")
    assert run.line() == "weir: Function not found: orders"
    assert run.process.wait(DEADLINE) == 1
