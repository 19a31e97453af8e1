# SPDX-License-Identifier: Apache-2.0
"""What the tests of the wheel and of its pytest plugin share.

They run with the binary that --weir names, and with the sources of the package, except for
test_wheel.py, which builds a wheel and installs it.
"""

import http.server
import pathlib
import socket
import threading
import time

import pytest

import weir

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
SOURCES = REPOSITORY / "packages" / "python" / "src"

DEADLINE = 30.0  # seconds


def pytest_addoption(parser):
    parser.addoption(
        "--weir",
        metavar="PATH",
        default=str(REPOSITORY / "build" / "dev" / "weir"),
        help="the binary under test (default: %(default)s)",
    )


@pytest.fixture(scope="session")
def binary(pytestconfig):
    path = pathlib.Path(pytestconfig.getoption("--weir")).resolve()
    if not path.is_file():
        pytest.fail(f"{path} is missing: build it (scripts/build dev) or name it with --weir")
    return path


@pytest.fixture(autouse=True)
def environment(binary, monkeypatch):
    """Each server is the binary under test, and no options come from outside."""
    monkeypatch.setenv("WEIR_BINARY", str(binary))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


@pytest.fixture
def server():
    with weir.Server() as started:
        yield started


@pytest.fixture
def run_pytest(pytester, monkeypatch):
    """run_pytest(*arguments): pytester's RunResult of a pytest of its own with the plugin."""
    monkeypatch.setenv("PYTHONPATH", str(SOURCES))

    def run(*arguments):
        return pytester.runpytest_subprocess(
            "-p", "weir.pytest_plugin", "-p", "no:cacheprovider", *arguments, timeout=DEADLINE
        )

    return run


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def proxied(monkeypatch):
    """The lines of the requests that a proxy has got, which the variables name for all requests."""
    lines = []

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

        do_CONNECT = do_POST = do_GET

        def log_request(self, *_):
            lines.append(self.requestline)

    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.delenv(name.lower(), raising=False)
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever).start()
        yield lines
        server.shutdown()


@pytest.fixture
def await_that():
    """await_that(condition) returns when the function `condition` returns something true."""

    def wait(condition):
        end = time.monotonic() + DEADLINE
        while not (value := condition()):
            assert time.monotonic() < end, f"{condition.__name__} did not become true"
            time.sleep(0.005)
        return value

    return wait


@pytest.fixture
def is_running():
    """is_running(pid): whether there is such a process, other than one that has ended and whose
    parent has not asked for its exit code.
    """

    def check(pid):
        try:
            status = pathlib.Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        return status.rpartition(")")[2].split()[0] != "Z"

    return check


@pytest.fixture
def is_listening():
    """is_listening(port): whether somebody accepts connections there."""

    def check(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return check
