# SPDX-License-Identifier: Apache-2.0
"""The servers under comparison. Each is started by a command that takes a port, or runs already."""

import os
import shlex
import signal
import socket
import subprocess
import tempfile
import time

from .http_client import Connection, ServerGone

START_DEADLINE = 60.0  # seconds; enough for a JVM on a busy machine
STOP_DEADLINE = 20.0


class ServerDidNotStart(Exception):
    """Nothing listened on the port in time."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`where` is a URL, or a command in which `{port}` stands for the port to listen on."""

    def __init__(self, name, where):
        self.name = name
        self.where = where
        self.process = None
        self.connection = None
        self.restarts = 0

    @property
    def is_ours(self):
        return "{port}" in self.where

    def start(self):
        endpoint = self.where
        if self.is_ours:
            port = free_port()
            endpoint = f"http://127.0.0.1:{port}"
            self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the server)
            self.process = subprocess.Popen(
                shlex.split(self.where.format(port=port)),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
            )
        self.connection = Connection(endpoint)
        self._await(endpoint)

    def _await(self, endpoint):
        end = time.monotonic() + START_DEADLINE
        while True:
            try:
                if self.connection.call("ListTables", {}).ok:
                    return
            except ServerGone:
                pass
            ended = self.process is not None and self.process.poll() is not None
            if ended or time.monotonic() > end:
                self.stop()
                raise ServerDidNotStart(f"{self.name} does not answer at {endpoint}")
            time.sleep(0.02)

    def restart(self):
        """Starts the server again after a crash, without its tables. Raises if it was not started
        from here.
        """
        if not self.is_ours:
            raise ServerDidNotStart(f"{self.name} is gone, and was not started from here")
        self.stop()
        self.restarts += 1
        self.start()

    def stop(self):
        if self.connection:
            self.connection.close()
        process, self.process = self.process, None
        if process is None:
            return
        # Signals the group: the command may be a script that runs the server as its child.
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
                process.wait(STOP_DEADLINE)
                break
            except ProcessLookupError:
                process.wait(STOP_DEADLINE)
                break
            except subprocess.TimeoutExpired:
                continue
        self._log.close()


def weir_command(binary):
    return f"{shlex.quote(os.path.abspath(binary))} --port {{port}}"
