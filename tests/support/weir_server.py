# SPDX-License-Identifier: Apache-2.0
"""Starts the weir binary for tests, waits until it answers, and stops it by its process id."""

import os
import queue
import re
import signal
import subprocess
import threading
import time

READY_LINE = re.compile(r"^weir (?P<version>\S+) ready on http://(?P<host>\S+):(?P<port>\d+)$")

# Seconds. Generous, because sanitizer builds on a busy machine are slow.
START_DEADLINE = 30.0
STOP_DEADLINE = 30.0


class ServerDidNotStart(Exception):
    """The process ended without a ready line, or did not print one in time."""

    def __init__(self, reason, exit_code, stderr):
        super().__init__(f"{reason}; exit code {exit_code}; stderr:\n{stderr}")
        self.exit_code = exit_code
        self.stderr = stderr


class WeirServer:
    """One weir process. `endpoint` is the URL from its ready line; `host` is without brackets."""

    def __init__(self, binary, flags=(), *, cwd):
        """Starts `binary flags…` in the folder `cwd`, on a free port unless `flags` name one."""
        command = [str(binary), *map(str, flags)]
        if not any(str(flag) in ("-port", "--port") for flag in flags):
            command += ["--port", "0"]
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.stdout_lines = []
        self._stderr = []
        self._first_line = queue.Queue()
        # Reads both pipes all the time, so that the server never blocks on a full pipe.
        self._readers = [
            threading.Thread(target=self._read_stdout, daemon=True),
            threading.Thread(target=self._read_stderr, daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        self._await_ready_line()

    def _read_stdout(self):
        for line in self.process.stdout:
            self.stdout_lines.append(line)
            if len(self.stdout_lines) == 1:
                self._first_line.put(line)
        self._first_line.put(None)

    def _read_stderr(self):
        for line in self.process.stderr:
            self._stderr.append(line)

    def _await_ready_line(self):
        try:
            line = self._first_line.get(timeout=START_DEADLINE)
        except queue.Empty:
            self._give_up("no ready line in time")
        if line is None:
            self.process.wait(timeout=STOP_DEADLINE)
            self._give_up("ended before its ready line")
        match = READY_LINE.match(line.rstrip("\n"))
        if match is None:
            self._give_up(f"not a ready line: {line!r}")
        self.version = match["version"]
        self.host = match["host"].strip("[]")
        self.port = int(match["port"])
        self.endpoint = f"http://{match['host']}:{self.port}"

    def _give_up(self, reason):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for reader in self._readers:
            reader.join(STOP_DEADLINE)
        raise ServerDidNotStart(reason, self.process.returncode, self.stderr)

    @property
    def pid(self):
        return self.process.pid

    def cpu_seconds(self):
        """The CPU time that the process has taken so far."""
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def stderr(self):
        return "".join(self._stderr)

    def await_stderr(self, text, deadline=START_DEADLINE):
        """Returns once `text` has been logged. Fails after `deadline` seconds."""
        end = time.monotonic() + deadline
        while text not in self.stderr:
            if time.monotonic() > end:
                raise AssertionError(f"{text!r} was not logged; stderr:\n{self.stderr}")
            time.sleep(0.005)

    def send_signal(self, number):
        self.process.send_signal(number)

    def wait(self, timeout=STOP_DEADLINE):
        """Waits until the process has ended and its output has been read. Returns the exit code."""
        code = self.process.wait(timeout=timeout)
        for reader in self._readers:
            reader.join(timeout)
        return code

    def stop(self, number=signal.SIGTERM):
        """Ends the server as Docker and systemd do, by a signal. Returns the exit code."""
        if self.process.poll() is None:
            self.send_signal(number)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.wait()
            raise AssertionError(f"weir did not end on signal {number}:\n{self.stderr}") from None
