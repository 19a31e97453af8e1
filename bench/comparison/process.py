# SPDX-License-Identifier: Apache-2.0
"""What a server costs apart from its requests: its start, its memory, its size on disk."""

import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

from . import tables
from .client import CannotServe, Client
from .servers import Server

SETTLED = 0.25  # seconds between the two readings of memory that must agree
SETTLE_DEADLINE = 30.0
IDLE_SHARE = 0.05


def start_seconds(subject, times):
    """The median time from exec to the first answer, for a client that tries every 0.2 ms."""
    seconds = []
    for _ in range(times):
        with Server(subject) as server:
            seconds.append(server.seconds_to_answer)
    return statistics.median(seconds)


def settled_bytes(server):
    """Resident memory once the process is idle: two readings agree within 1 %, and it took less
    than IDLE_SHARE of a core between them. After the deadline, the last reading.
    """
    before, cpu = server.resident_bytes(), server.cpu_seconds()
    deadline = time.monotonic() + SETTLE_DEADLINE
    while time.monotonic() < deadline:
        time.sleep(SETTLED)
        now, used = server.resident_bytes(), server.cpu_seconds() - cpu
        if abs(now - before) <= before / 100 and used < SETTLED * IDLE_SHARE:
            return now
        before, cpu = now, cpu + used
    return before


def _delete(server, table):
    """Deletes a table and asks for it until it no longer exists, as the waiters of AWS's SDKs do.
    """
    deadline = time.monotonic() + SETTLE_DEADLINE
    with Client(server.port) as client:
        client.call("DeleteTable", TableName=table)
    while time.monotonic() < deadline:
        try:
            with Client(server.port) as client:
                client.call("DescribeTable", TableName=table)
        except CannotServe as reason:
            if "ResourceNotFoundException" in str(reason):
                return
            raise
        time.sleep(0.05)
    raise CannotServe(f"{table} was not deleted")


def memory(subject, items, seconds):
    """Idle memory, bytes per stored item of 252 bytes, and the share given back after DeleteTable.

    For a server that cannot store `items` within `seconds`, missing figures are None, with a
    reason.
    """
    with Server(subject) as server:
        idle = settled_bytes(server)
        figures = {"idle": idle, "per_item": None, "given_back": None}
        try:
            tables.create(server, "Stored")
            tables.fill(server, "Stored", range(items), tables.small, seconds)
        except CannotServe as reason:
            return figures, str(reason)
        full = settled_bytes(server)
        figures["per_item"] = (full - idle) / items
        try:
            _delete(server, "Stored")
        except CannotServe as reason:
            return figures, str(reason)
        figures["given_back"] = 1 - (settled_bytes(server) - idle) / (full - idle)
        return figures, None


def stripped_bytes(binary):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "stripped"
        shutil.copy(binary, copy)
        subprocess.run(["strip", str(copy)], check=True)
        return os.path.getsize(copy)
