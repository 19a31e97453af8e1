# SPDX-License-Identifier: Apache-2.0
"""A Runtime API that a test holds in its hand, and a process of a function that asks it."""

import http.server
import json
import os
import queue
import re
import subprocess
import threading
import time
from dataclasses import dataclass

# Seconds until a process must have answered.
DEADLINE = 20.0
ARN = "arn:aws:lambda:eu-central-1:000000000000:function:orders:live"


@dataclass
class Outcome:
    """What a process told the Runtime API."""

    kind: str  # "response", "error", or "init/error"
    request_id: str
    text: str
    headers: dict

    @property
    def body(self):
        return json.loads(self.text)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.server.connections += 1

    def do_GET(self):
        assert self.path == "/2018-06-01/runtime/invocation/next"
        invocation = self.server.invocations.get()
        if invocation is None:
            self.close_connection = True
            return
        headers, event = invocation
        self._answer(200, headers, event)

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        found = re.fullmatch(
            r"/2018-06-01/runtime/(?:(init/error)|invocation/([^/]+)/(response|error))", self.path
        )
        kind = found[1] or found[3]
        self.server.outcomes.put(Outcome(kind, found[2] or "", text, dict(self.headers)))
        self._answer(202, {}, b'{"status":"OK"}\n')

    def _answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class RuntimeApi(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.invocations = queue.Queue()
        self.outcomes = queue.Queue()
        self.connections = 0
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class Function:
    """A process that runs `command`, a bootstrap, on the code in `folder`."""

    def __init__(self, command, folder, handler, environment=None):
        self.api = RuntimeApi()
        self._output_file = folder.parent / "output"
        self._count = 0
        host, port = self.api.server_address
        variables = {
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_RUNTIME_API": f"{host}:{port}",
            "LAMBDA_TASK_ROOT": str(folder),
            "_HANDLER": handler,
            "AWS_LAMBDA_FUNCTION_NAME": "orders",
            "AWS_LAMBDA_FUNCTION_VERSION": "7",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/orders",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/12/01/[7]0123",
            **(environment or {}),
        }
        with open(self._output_file, "wb") as output:
            self.process = subprocess.Popen(
                command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def send(self, event=None, *, text=None, headers=None):
        """Has the process take an invocation. Returns the request's id."""
        self._count += 1
        request_id = f"00000000-0000-0000-0000-{self._count:012}"
        given = {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Invoked-Function-Arn": ARN,
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 60_000),
            **(headers or {}),
        }
        self.api.invocations.put((given, (json.dumps(event) if text is None else text).encode()))
        return request_id

    def outcome(self):
        return self.api.outcomes.get(timeout=DEADLINE)

    def invoke(self, event=None, **how):
        """Returns the outcome of an invocation."""
        request_id = self.send(event, **how)
        outcome = self.outcome()
        assert outcome.request_id == request_id
        return outcome

    def returned(self, event=None, **how):
        """Returns what an invocation returns."""
        outcome = self.invoke(event, **how)
        assert outcome.kind == "response", outcome.text
        return outcome.body

    def failed(self, event=None, **how):
        """Returns the error that an invocation ends with."""
        outcome = self.invoke(event, **how)
        assert outcome.kind == "error", outcome.text
        assert outcome.headers["Lambda-Runtime-Function-Error-Type"] == outcome.body["errorType"]
        return outcome.body

    def init_error(self):
        """Returns the error that the process ends with before any invocation."""
        outcome = self.outcome()
        assert outcome.kind == "init/error", outcome.text
        assert outcome.headers["Lambda-Runtime-Function-Error-Type"] == outcome.body["errorType"]
        assert self.exit_code() != 0
        return outcome.body

    def exit_code(self):
        return self.process.wait(DEADLINE)

    def printed(self):
        """The lines that the process has printed so far, on stdout and stderr."""
        return self._output_file.read_bytes().decode().split("\n")[:-1]

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.api.invocations.put(None)
        self.api.shutdown()
        self.api.server_close()


def write_code(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
