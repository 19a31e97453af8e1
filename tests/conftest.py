# SPDX-License-Identifier: Apache-2.0
"""Fixtures for the suites that talk to a real server: tests/wire, tests/sdk and tests/consumers.

`endpoint` is the URL of one server for the whole run: the binary named by --weir, or the server
that --endpoint points at. `start_weir(*flags)` starts a further binary for one test.
"""

import pathlib

import pytest
from support.weir_server import WeirServer

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


def pytest_addoption(parser):
    group = parser.getgroup("weir")
    group.addoption(
        "--weir",
        metavar="PATH",
        default=str(REPOSITORY / "build" / "dev" / "weir"),
        help="the binary under test (default: %(default)s)",
    )
    group.addoption(
        "--endpoint",
        metavar="URL",
        help="test the server that runs there; tests that must start one themselves are skipped",
    )
    group.addoption(
        "--day-items",
        metavar="COUNT",
        type=int,
        default=2000,
        help="items of the table that a day passes over (tests/sdk/test_time_to_live.py)",
    )
    group.addoption(
        "--consumer-seconds",
        metavar="SECONDS",
        type=float,
        default=4.0,
        help="how long streams are written while they are read (tests/consumers)",
    )
    group.addoption(
        "--consumer-rate",
        metavar="WRITES",
        type=float,
        default=300.0,
        help="writes a second meanwhile (tests/consumers)",
    )


@pytest.fixture(scope="session")
def weir_binary(request):
    """The path of the binary. Skips the test if --endpoint names a foreign server."""
    if request.config.getoption("--endpoint"):
        pytest.skip("starts its own server, and --endpoint names another")
    binary = pathlib.Path(request.config.getoption("--weir")).resolve()
    if not binary.is_file():
        pytest.fail(f"{binary} is missing: build it (scripts/build dev) or name it with --weir")
    return binary


@pytest.fixture(scope="session")
def endpoint(request, tmp_path_factory):
    """The URL of the server under test, without a trailing slash."""
    given = request.config.getoption("--endpoint")
    if given:
        yield given.rstrip("/")
        return
    binary = request.getfixturevalue("weir_binary")
    server = WeirServer(binary, cwd=tmp_path_factory.mktemp("weir"))
    yield server.endpoint
    assert server.stop() == 0, server.stderr


@pytest.fixture
def start_weir(weir_binary, tmp_path):
    """A function that starts a server for one test: start_weir("--idle-timeout", "1").

    A server that the test has not stopped is stopped with SIGTERM, and must then exit with 0.
    """
    servers = []

    def start(*flags):
        server = WeirServer(weir_binary, flags, cwd=tmp_path)
        servers.append(server)
        return server

    yield start
    running = [server for server in servers if server.process.poll() is None]
    for server in running:
        server.process.terminate()
    codes = [server.wait() for server in running]
    assert codes == [0] * len(codes), [server.stderr for server in running]
