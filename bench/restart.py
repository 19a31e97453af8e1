#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how long a server with a data folder takes to start again, and the folder's size.

    build/venv/bin/python bench/restart.py --weir build/release/weir [--items 1000000]

The items have 252 bytes as DynamoDB counts, and each is put once, so the stream has as many records
(NEW_AND_OLD_IMAGES); there is one global index. Prints the time from the start of the process to its
ready line: after an orderly end and after a kill, with the folder's files in the page cache and
without; and the folder's size next to that of items, images and keys.
"""

import argparse
import hashlib
import json
import os
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))

from support.indexed_table import indexed_table  # noqa: E402
from support.raw_http import Connection, api_request  # noqa: E402
from support.weir_server import WeirServer  # noqa: E402

BATCH = 25
PIPELINE = 16
ITEM_BYTES = 252
KEY_BYTES = 14  # of the name and the value
SHOTS = 3


def item(number):
    group = hashlib.blake2b(str(number).encode(), digest_size=8).hexdigest()
    used = 2 + 12 + 5 + len(group) + 4
    return {
        "pk": {"S": f"key-{number:08d}"},
        "group": {"S": group},
        "data": {"S": "d" * (ITEM_BYTES - used)},
    }


class Folder:
    def __init__(self, weir, path):
        self.weir = weir
        self.path = pathlib.Path(path) / "data"
        self.start()

    def start(self):
        """Starts the server; returns the seconds until it was ready."""
        begun = time.monotonic()
        self.server = WeirServer(self.weir, ["--data-dir", self.path], cwd=self.path.parent)
        return time.monotonic() - begun

    def end(self):
        assert self.server.stop() == 0

    def kill(self):
        self.server.process.kill()
        self.server.wait()

    def size(self, prefix=""):
        return sum(file.stat().st_size for file in self.path.glob(prefix + "*"))

    def leave_page_cache(self):
        for path in self.path.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def fill(self, count):
        with Connection.to(self.server.endpoint) as connection:

            def call(operation, **body):
                response = connection.call(api_request(operation, json.dumps(body).encode()))
                assert response.status == 200, response.body

            call("CreateTable", **indexed_table("Large", by="group"))
            pending = 0
            for first in range(0, count, BATCH):
                puts = [{"PutRequest": {"Item": item(n)}} for n in range(first, first + BATCH)]
                body = json.dumps({"RequestItems": {"Large": puts}}).encode()
                connection.send(api_request("BatchWriteItem", body))
                pending += 1
                if pending == PIPELINE:
                    while pending:
                        assert connection.read().status == 200
                        pending -= 1
            while pending:
                assert connection.read().status == 200
                pending -= 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--weir", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--items", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as path:
        folder = Folder(options.weir, path)
        begun = time.monotonic()
        folder.fill(options.items)
        print(f"{options.items} items put in {time.monotonic() - begun:.1f} s", flush=True)
        folder.kill()
        for how, end in (("a kill", folder.kill), ("an orderly end", folder.end)):
            for cache in ("warm", "cold"):
                times = []
                for _ in range(SHOTS):
                    if cache == "cold":
                        folder.leave_page_cache()
                    times.append(folder.start())
                    end()
                print(
                    f"ready {min(times):.2f} s after {how}, {cache} page cache"
                    f" ({', '.join(f'{seconds:.2f}' for seconds in times)})",
                    flush=True,
                )
        data = 2 * options.items * (ITEM_BYTES + KEY_BYTES)
        parts = ", ".join(
            f"{name} {folder.size(name) / 1e6:.0f} MB" for name in ("checkpoint", "journal", "index")
        )
        print(
            f"folder {folder.size() / 1e6:.0f} MB ({parts}): {folder.size() / data:.2f} times"
            " items, images and keys"
        )


if __name__ == "__main__":
    main()
