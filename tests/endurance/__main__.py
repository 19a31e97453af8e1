# SPDX-License-Identifier: Apache-2.0
"""Has Weir serve a mixed load with far too little memory, while its connections come and go.

    PYTHONPATH=tests build/venv/bin/python -m endurance --weir PATH [--seconds 600] \\
        [--connections 1000] [--megabytes 700]

The server runs under a limit on its address space, which the items that are written exceed again
and again: what there is no memory for must cost its request (500 or 503) or its connection, and
nothing else. At the end the server has to be there, to answer its health check, and, once the
tables are deleted, to store what it is given. Prints what was answered how often, and as the last
line `N passed, N failed`.
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
    """The server under its limit, and its host and port."""
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
    """Deletes the tables; returns how many times three large items were then stored and read."""
    reader, writer = await load.connect()
    for number in range(TABLES):
        await load.call(reader, writer, api("DeleteTable", {"TableName": f"table{number}"}))
    # Their streams keep the records; a reset is what a shared test server has for that.
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
