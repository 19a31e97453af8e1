#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what idle and slow clients cost the others.

    build/venv/bin/python bench/idle_connections.py --weir build/release/weir [--idle 10000]
        [--slow 200] [--seconds 10]

A load of PutItem on 16 connections is run without them, with them, and without them again. Idle
clients have had one answer and send nothing more; slow ones send their requests one byte at a time.
Prints the requests per second and the latencies of the load, and the server's memory for each idle
connection. Needs wrk.
"""

import argparse
import asyncio
import json
import pathlib
import resource
import sys
import tempfile
import threading
import types

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))

from comparison import tables, wrk  # noqa: E402
from support.raw_http import api_request, request  # noqa: E402
from support.weir_server import WeirServer  # noqa: E402

KEYS = 10_000
CONNECTIONS = 16
BYTE_PAUSE = 0.02  # seconds between the bytes of a slow client
OPENED_TOGETHER = 200
OTHER_FILES = 200


def resident(server):
    status = pathlib.Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
    (line,) = [text for text in status.splitlines() if text.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


class Crowd:
    """The idle and the slow clients, in a thread of their own."""

    def __init__(self, server, idle, slow):
        self.server = server
        self.idle = idle
        self.slow = slow
        self.answered = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.writers = []
        self.tasks = []

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    async def open_idle(self):
        for begin in range(0, self.idle, OPENED_TOGETHER):
            count = min(OPENED_TOGETHER, self.idle - begin)
            await asyncio.gather(*(self.open_one() for _ in range(count)))

    async def open_one(self):
        reader, writer = await asyncio.open_connection(self.server.host, self.server.port)
        writer.write(request(target="/_weir/health"))
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head, head
        self.writers.append(writer)

    async def start_slow(self):
        self.tasks = [asyncio.create_task(self.be_slow()) for _ in range(self.slow)]

    async def be_slow(self):
        item = {"pk": {"S": "slow"}, "v": {"S": "x"}}
        call = api_request("PutItem", json.dumps({"TableName": "Load", "Item": item}).encode())
        reader, writer = await asyncio.open_connection(self.server.host, self.server.port)
        self.writers.append(writer)
        while True:
            for at in range(len(call)):
                writer.write(call[at : at + 1])
                await writer.drain()
                await asyncio.sleep(BYTE_PAUSE)
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head, head
            await reader.readexactly(2)
            self.answered += 1

    async def leave(self):
        failed = [task for task in self.tasks if task.done()]
        for task in self.tasks:
            task.cancel()
        for writer in self.writers:
            writer.transport.abort()
        for task in failed:
            task.result()

    def end(self):
        self.run(self.leave())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--weir", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--idle", type=int, default=10_000)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]  # the server keeps some back
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        flags = ["--max-connections", options.idle + options.slow + OTHER_FILES, "--idle-timeout", 3600]
        server = WeirServer(options.weir, flags, cwd=folder)
        place = types.SimpleNamespace(url=server.endpoint, port=server.port)
        tables.create(place, "Load")
        first = 0

        def load(name):
            nonlocal first
            script = wrk.Script("put_item", "Load", KEYS, first)
            run = wrk.drive(place, script, CONNECTIONS, options.seconds)
            first += run.made
            print(
                f"{name:28} {run.requests / run.seconds:9.0f} requests/s,"
                f" p50 {run.p50 / 1000:7.2f} ms, p99 {run.p99 / 1000:7.2f} ms",
                flush=True,
            )

        load("warming up")
        load("without them")
        before = resident(server)
        crowd = Crowd(server, options.idle, options.slow)
        crowd.run(crowd.open_idle())
        each = (resident(server) - before) / max(1, options.idle)
        print(f"{each:.0f} bytes of memory for an idle connection")
        crowd.run(crowd.start_slow())
        load(f"with {options.idle} idle, {options.slow} slow")
        crowd.end()
        print(f"{crowd.answered} requests of slow clients were answered")
        load("without them")
        server.stop()


if __name__ == "__main__":
    main()
