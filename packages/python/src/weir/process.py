# SPDX-License-Identifier: Apache-2.0
"""The process of a server: how it is started, watched and ended."""

from __future__ import annotations

import os
import pathlib
import queue
import re
import subprocess
import threading
from typing import IO, Any, Callable

from weir.errors import WeirError

# Of Weir, and with one dash of DynamoDB Local.
PORT_FLAG = re.compile(r"--?port(=.*)?", re.DOTALL)

READY_LINE = re.compile(rb"weir (?P<version>\S+) ready on (?P<url>http://\S+:(?P<port>\d+))\n")

START_DEADLINE = 30.0  # seconds until the ready line
STOP_DEADLINE = 5.0  # seconds from SIGTERM to SIGKILL
END_DEADLINE = 1.0  # seconds between the end of the answers and that of the process
LOG_BYTES = 64 * 1024  # how much of the log is kept


class Log:
    """The end of what a server writes to standard error. Any thread may read it at any time."""

    def __init__(self) -> None:
        # How many bytes have been read, and the last of them. Replaced as one and never changed in
        # place, so no reader needs a lock, neither in a forked child.
        self._read = (0, b"")

    @property
    def length(self) -> int:
        """How many bytes have been read so far, of which the last are kept."""
        return self._read[0]

    @property
    def text(self) -> str:
        return self.since(0)

    def since(self, length: int) -> str:
        """What came after the first `length` bytes, or as much of it as is kept."""
        read, end = self._read
        return end[max(0, len(end) - (read - length)) :].decode(errors="replace")

    def follow(self, stream: IO[bytes]) -> None:
        """Reads `stream` to its end."""
        with stream:
            while chunk := os.read(stream.fileno(), LOG_BYTES):
                read, end = self._read
                self._read = (read + len(chunk), (end + chunk)[-LOG_BYTES:])


def _pass_first_line(stream: IO[bytes], first_line: queue.SimpleQueue[bytes | None]) -> None:
    """Hands on the first line, or None if there is none, and reads the rest, so that the server
    never waits for its reader.
    """
    with stream:
        first_line.put(stream.readline() or None)
        while os.read(stream.fileno(), LOG_BYTES):
            pass


def _start_thread(function: Callable[..., None], *arguments: Any) -> threading.Thread:
    thread = threading.Thread(target=function, args=arguments, name="weir output", daemon=True)
    thread.start()
    return thread


class Process:
    """A running `weir serve`, which ends with this process, however this process ends.

    Its standard input is a pipe whose other end is here and that nothing is written to. The system
    closes it with the last process that has it, and so it is not passed on to any.
    """

    def __init__(self, binary: pathlib.Path, flags: tuple[str, ...]) -> None:
        """Returns when the server is ready. Raises WeirError if it does not become ready."""
        self.log = Log()
        # The server takes the flag once.
        port = [] if any(map(PORT_FLAG.fullmatch, flags)) else ["--port", "0"]
        command = [str(binary), "serve", *port, "--exit-with-stdin", *flags]
        # Variables WEIR_… are the settings of somebody's own server. A test that took its data
        # folder from them would clear it.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("WEIR_")
        }
        try:
            self._popen = subprocess.Popen(
                command,
                bufsize=0,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # Out of the terminal's group: Ctrl-C, also in a debugger, is not for the server.
                start_new_session=True,
            )
        except OSError as error:
            raise WeirError(f"{binary} cannot be started: {error}") from error
        first_line: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._readers = [
            _start_thread(_pass_first_line, self._popen.stdout, first_line),
            _start_thread(self.log.follow, self._popen.stderr),
        ]
        try:
            self._await_ready_line(command, first_line)
        except BaseException:  # Also Ctrl-C.
            self.stop()
            raise

    def _await_ready_line(
        self, command: list[str], first_line: queue.SimpleQueue[bytes | None]
    ) -> None:
        try:
            line = first_line.get(timeout=START_DEADLINE)
            match = READY_LINE.fullmatch(line or b"")
            problem = "ended without a ready line" if line is None else f"printed {line!r}"
        except queue.Empty:
            match = None
            problem = f"printed no ready line within {START_DEADLINE:g} seconds"
        if match is None:
            self.stop()
            raise WeirError(
                f"`{' '.join(command)}` {problem}, exit code {self._popen.returncode}. "
                f"The end of what it has logged:\n{self.log.text}"
            )
        self.version = match["version"].decode()
        self.url = match["url"].decode()
        self.port = int(match["port"])

    @property
    def pid(self) -> int:
        return self._popen.pid

    def await_exit_code(self) -> int | None:
        """For a process that does not answer: its exit code, -N after signal N; None if it runs.

        The system closes the connections of a process before it tells its exit code.
        """
        try:
            return self._popen.wait(END_DEADLINE)
        except subprocess.TimeoutExpired:
            return None

    def stop(self) -> None:
        """Ends the process, and returns when it has ended and its log has been read."""
        self._popen.terminate()
        try:
            self._popen.wait(STOP_DEADLINE)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        self.close_stdin()
        for reader in self._readers:
            # A deadline for the case that somebody else has the pipe's other end.
            reader.join(STOP_DEADLINE)

    def close_stdin(self) -> None:
        """Closes this process's end of the server's standard input."""
        assert self._popen.stdin is not None  # It was started with a pipe.
        self._popen.stdin.close()
