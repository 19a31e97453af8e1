# SPDX-License-Identifier: Apache-2.0
"""Lets Weir serve a mixed load with far too little memory, while connections come and go.

    PYTHONPATH=tests build/venv/bin/python -m endurance --weir PATH [--seconds 600] \\
        [--connections 1000] [--megabytes 700]

The server runs under a limit on its address space, which the written items exceed again and again.
A request for which there is no memory may fail (500 or 503) or lose its connection, but nothing
else may happen. At the end the server must still run and answer its health check; once the tables
are deleted, it must store items again. Prints how often each answer came. The last line is `N
passed, N failed`.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time

from support.raw_http import request

from endurance.load import TABLES, Load, api, create_table


def start(weir, megabytes):
    """Starts the server with its limit. Returns the process, its host and its port."""
    command = f'ulimit -v {megabytes * 1024}; exec "$0" --port 0 --max-connections 2000'
    process = subprocess.Popen(
        ["bash", "-c", command, weir],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    port = int(process.stdout.readline().rsplit(":", 1)[1])
    return process, "127.0.0.1", port


async def settle(load):
    """Deletes the tables and resets the server. Then checks that it can store and return large
    items.
    """
    reader, writer = await load.connect()
    for number in range(TABLES):
        await load.call(reader, writer, api("DeleteTable", {"TableName": f"table{number}"}))
    # The streams would keep their records, so the server is also reset.
    status, _ = await load.call(reader, writer, request("POST", "/_weir/reset", body=b"{}"))
    assert status == 200, status
    status, _ = await load.call(reader, writer, create_table("table0"))
    assert status == 200, status
    for number in range(100):
        put = {"TableName": "table0", "Item": {"pk": {"S": str(number)}, "v": {"S": "y" * 390_000}}}
        status, body = await load.call(reader, writer, api("PutItem", put))
        assert status == 200, body
        status, body = await load.call(
            reader, writer, api("GetItem", {"TableName": "table0", "Key": {"pk": {"S": str(number)}}})
        )
        assert status == 200 and len(body) > 390_000
    writer.close()


async def run(options):
    process, host, port = start(options.weir, options.megabytes)
    load = Load(host, port, time.monotonic() + options.seconds)
    checks = []
    try:
        reader, writer = await load.connect()
        for number in range(TABLES):
            status, _ = await load.call(reader, writer, create_table(f"table{number}"))
            assert status == 200
        writer.close()
        await asyncio.gather(*(load.client(number) for number in range(options.connections)))
        for (name, status), count in sorted(load.answers.items(), key=str):
            print(f"{name:20} {status!s:10} {count:8}")
        alive = process.poll() is None
        checks.append(("the server is there", alive))
        if alive:
            reader, writer = await load.connect()
            status, _ = await load.call(reader, writer, request(target="/_weir/health"))
            writer.close()
            checks.append(("it answers its health check", status == 200))
            refused = sum(n for (_, status), n in load.answers.items() if status in (500, 503))
            checks.append(("there was too little memory", refused > 0))
            no_answer = load.answers["connection", "no answer"]
            checks.append(("every request was answered, or its connection ended", no_answer == 0))
            await settle(load)
            checks.append(("it stores what it is given again", True))
            process.send_signal(signal.SIGTERM)
            checks.append(("it ends", process.wait(timeout=30) == 0))
    finally:
        if process.poll() is None:
            process.kill()
    return checks


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weir", required=True)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--megabytes", type=int, default=700)
    options = parser.parse_args()
    options.weir = os.path.abspath(options.weir)
    checks = asyncio.run(run(options))
    for name, good in checks:
        print("ok    " if good else "FAILED", name)
    failed = sum(not good for _, good in checks)
    print(f"{len(checks) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
