#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what a clean slate costs a test, in milliseconds beyond a test that does nothing.

    bench_reset.py [--weir build/release/weir] [--tests 1000] [--endpoint http://127.0.0.1:8000]

Each line of the result is one run of pytest with as many tests. With --endpoint there is also what
a project writes itself for a server without a reset, DynamoDB Local for example: a fixture that
lists the tables and deletes each, through boto3. That deletes all tables of that server.

A run's first test is left out: it starts the server and makes the clients, once for all tests.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
BINARY = FOLDER.parents[1] / "build" / "release" / "weir"

# Writes the seconds that each test took, with its fixtures, into the file `seconds`.
CONFTEST = """
import os, time
import pytest

seconds = []

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol():
    start = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - start)

def pytest_sessionfinish():
    with open("seconds", "w") as file:
        file.writelines(f"{value}\\n" for value in seconds)

@pytest.fixture(scope="session")
def client():
    import boto3
    return boto3.client(
        "dynamodb", endpoint_url=os.environ["ENDPOINT"], region_name="us-east-1",
        aws_access_key_id="local", aws_secret_access_key="local",
    )

@pytest.fixture
def cleaned(client):
    for page in client.get_paginator("list_tables").paginate():
        for name in page["TableNames"]:
            client.delete_table(TableName=name)
    return client

def make_table(client):
    client.create_table(
        TableName="Music", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )
"""

TEST = """
import pytest
from conftest import make_table

@pytest.mark.parametrize("number", range({tests}))
def test_it({arguments}): {body}
"""


def measure(tests: int, arguments: str, body: str, endpoint: str = "") -> list[float]:
    """Runs the tests, and returns how many milliseconds each but the first took."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "conftest.py").write_text(CONFTEST)
        text = TEST.format(tests=tests, arguments=f"number, {arguments}", body=body)
        (path / "test_it.py").write_text(text)
        environment = {
            **os.environ,
            "ENDPOINT": endpoint,
            "PYTHONPATH": str(FOLDER / "src"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        command = [sys.executable, "-m", "pytest", "-qx", "-p", "weir.pytest_plugin"]
        ended = subprocess.run(
            [*command, "-p", "no:cacheprovider"],
            cwd=path,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        if ended.returncode != 0:
            sys.exit(ended.stdout[-4000:])
        return [1000 * float(line) for line in (path / "seconds").read_text().split()[1:]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what a clean slate costs a test.")
    parser.add_argument(
        "--weir", type=pathlib.Path, default=BINARY, metavar="PATH", help="(%(default)s)"
    )
    parser.add_argument("--tests", type=int, default=1000, help="of each kind (%(default)s)")
    parser.add_argument("--endpoint", help="a server of which all tables are deleted")
    given = parser.parse_args()
    if given.tests < 2:
        parser.error("--tests must be at least 2: the first one is not counted")
    os.environ["WEIR_BINARY"] = str(given.weir.resolve())

    nothing = measure(given.tests, "", "pass")
    kinds = [
        ("weir", "weir", "pass", ""),
        ("weir, and a new table", "weir, dynamodb", "make_table(dynamodb)", ""),
    ]
    if given.endpoint:
        kinds += [
            ("list and delete", "cleaned", "pass", given.endpoint),
            ("list and delete, and a new table", "cleaned", "make_table(cleaned)", given.endpoint),
        ]
    print(f"{'ms a test, beyond one that does nothing':40}     mean   median")
    for name, *kind in kinds:
        took = measure(given.tests, *kind)
        mean = statistics.mean(took) - statistics.mean(nothing)
        median = statistics.median(took) - statistics.median(nothing)
        print(f"{name:40} {mean:8.2f} {median:8.2f}", flush=True)


if __name__ == "__main__":
    main()
