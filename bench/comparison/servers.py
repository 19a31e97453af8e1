# SPDX-License-Identifier: Apache-2.0
"""The servers that are compared: how to install and start each, and how to measure its process."""

import dataclasses
import os
import pathlib
import re
import shlex
import socket
import subprocess
import time

from .client import CannotServe, Client

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
START_DEADLINE = 60.0  # seconds
STOP_DEADLINE = 20.0
PEERS = ("ddblocal", "dynoxide", "dynalite")


@dataclasses.dataclass(frozen=True)
class Subject:
    """A server to compare: one column of the results. A floor answers with a constant and has no
    tables.
    """

    name: str
    title: str
    command: tuple  # has {port}, or prints the port that it took
    is_floor: bool = False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running process of a subject, which a `with` block ends. `seconds_to_answer` is the time
    from exec to the first answer; `errors` is the file for its stderr.
    """

    def __init__(self, subject, errors=subprocess.DEVNULL):
        self.subject = subject
        self.port = free_port()
        command = [word.replace("{port}", str(self.port)) for word in subject.command]
        began = time.monotonic()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if subject.is_floor else subprocess.DEVNULL,
            stderr=errors,
            text=True,
        )
        try:
            if subject.is_floor:
                self.port = int(self.process.stdout.readline().rpartition(":")[2])
            else:
                self._await_answer(began + START_DEADLINE)
        except BaseException:
            self.stop()
            raise
        self.seconds_to_answer = time.monotonic() - began

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _await_answer(self, deadline):
        while time.monotonic() < deadline:
            try:
                with Client(self.port) as client:
                    client.call("ListTables")
                return
            except (ConnectionError, CannotServe):
                if self.process.poll() is not None:
                    break
                time.sleep(0.0002)
        raise CannotServe(f"{self.subject.name} did not start")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_DEADLINE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self):
        """User and system time of all its threads, in seconds. Read from the process's CPU clock
        (clock_getcpuclockid), which counts nanoseconds; /proc/PID/stat counts hundredths of a
        second.
        """
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def resident_bytes(self):
        rollup = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
        return int(re.search(r"^Rss: +(\d+) kB", rollup, re.MULTILINE)[1]) * 1024


def weir_with(binary, threads, name="weir"):
    """The subject Weir on so many threads."""
    title = f"Weir, {threads} thread{'s' if threads > 1 else ''}"
    command = (str(binary), "--port", "{port}", "--log-level", "warn", "--threads", str(threads))
    return Subject(name, title, command)


def weir_subjects(binary):
    """Weir on one thread, to compare with the floors, and Weir with one thread per core."""
    return weir_with(binary, 1), weir_with(binary, os.cpu_count(), "weir-all")


def floor_subjects(folder):
    beast, epoll = str(folder / "beast_constant"), str(folder / "epoll_constant")
    return (
        Subject("beast", "Beast, constant", (beast,), is_floor=True),
        Subject("epoll", "epoll, constant", (epoll,), is_floor=True),
    )


def peer_subject(name):
    """The subject for a peer, which is installed if it is missing (scripts/oracles.sh)."""
    script = (
        "set -euo pipefail; . scripts/lib.sh; . scripts/oracles.sh;"
        f'install_{name}; command_of_{name}; printf "\\n%s" "${name.upper()}_VERSION"'
    )
    run = subprocess.run(
        ["bash", "-c", script, "bench/compare"],
        cwd=REPOSITORY,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    command, version = run.stdout.split("\n")
    titles = {"ddblocal": "DynamoDB Local", "dynoxide": "Dynoxide", "dynalite": "dynalite"}
    return Subject(name, f"{titles[name]} {version}", tuple(shlex.split(command)))
