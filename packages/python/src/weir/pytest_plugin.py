# SPDX-License-Identifier: Apache-2.0
"""Fixtures for pytest, of which a project overrides any by a fixture of the same name.

`weir_server` is the server of a test run, or of one worker of pytest-xdist. `weir` is that server
with a clean slate, for one test. The others are clients of it, and each of them implies `weir`.
"""

from __future__ import annotations

import importlib
import os
import shlex
import urllib.parse
from collections.abc import Generator, Iterator
from typing import Any, Callable

import pytest

from weir.server import KEY, REGION, Server

# The server that a test uses, and the length of its log when the test began.
_used_by_item: pytest.StashKey[tuple[Server, int]] = pytest.StashKey()

# Of the user, and of no use to a server that takes any key: they lead elsewhere, which may be AWS
# itself, or to an error. botocore knows profile and token by two names each.
_VARIABLES_TO_REMOVE = (
    "AWS_ENDPOINT_URL",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
)


def _variables_against_proxies(url: str) -> dict[str, str]:
    """The hosts that are asked without the user's proxy, which knows no server on this machine.

    Programs differ in the name that they read first, and Python reads only no_proxy if there are
    both. So each has its own value, or else that of the other, and the server's host.
    """
    host = urllib.parse.urlsplit(url).netloc.rpartition(":")[0]
    hosts = dict.fromkeys(("127.0.0.1", "localhost", host))
    variables = {}
    for name, other in (("NO_PROXY", "no_proxy"), ("no_proxy", "NO_PROXY")):
        value = os.environ.get(name, os.environ.get(other, ""))
        # All hosts, but only if it stands alone.
        variables[name] = value if value == "*" else ",".join(filter(None, (value, *hosts)))
    return variables


def _variables_to_set(url: str) -> dict[str, str]:
    return {
        **_variables_against_proxies(url),
        "AWS_ENDPOINT_URL_DYNAMODB": url,
        "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": url,
        "AWS_ENDPOINT_URL_STS": url,
        # A user's ~/.aws/config may say true.
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "flags of `weir serve` for the server of the fixtures"
    parser.addini("weir_flags", type="args", default=[], help=text)
    parser.getgroup("weir").addoption(
        "--weir-flags",
        metavar="FLAGS",
        help=f'{text}, in place of those in weir_flags: --weir-flags="--log-level trace"',
    )


@pytest.fixture(scope="session")
def weir_server(pytestconfig: pytest.Config) -> Iterator[Server]:
    """A weir.Server for the whole run, started when the first test needs it."""
    given = pytestconfig.getoption("--weir-flags")
    flags = pytestconfig.getini("weir_flags") if given is None else shlex.split(given)
    with Server(*flags) as server:
        yield server


@pytest.fixture
def weir(request: pytest.FixtureRequest, weir_server: Server) -> Iterator[Server]:
    """The weir.Server with a clean slate. Until the test ends, clients that code makes without an
    endpoint and keys use it, too: the variables for AWS SDKs are set, and then taken back.
    """
    stash = request.node.stash
    stash[_used_by_item] = weir_server, weir_server.log_length  # For a reset that fails.
    weir_server.reset()
    # The server answers before it logs, so after the reset there is less of the test before. A line
    # may still be with its neighbour.
    stash[_used_by_item] = weir_server, weir_server.log_length
    with pytest.MonkeyPatch.context() as patch:
        for name in _VARIABLES_TO_REMOVE:
            patch.delenv(name, raising=False)
        for name, value in _variables_to_set(weir_server.url).items():
            patch.setenv(name, value)
        yield weir_server


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Adds what the server has logged to the report of a test that used `weir` and failed."""
    report = (yield).get_result()
    if report.failed and _used_by_item in item.stash:
        server, length = item.stash[_used_by_item]
        if log := server.log_since(length):
            report.sections.append(("weir log", log))


def _import(name: str) -> Any:
    """Imports boto3 or aioboto3, which this package does not depend on, and which take long."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        pytest.fail(f"This fixture needs {name}: pip install {name}", pytrace=False)


class _Sdk:
    """The sessions and clients that tests share, since making one takes far longer than a test."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, ...], Any] = {}

    def _once(self, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def boto3_session(self) -> Any:
        return self._once(("boto3",), lambda: _import("boto3").session.Session())

    def aioboto3_session(self) -> Any:
        """Belongs to no event loop. Its clients do, so each test makes its own."""
        return self._once(("aioboto3",), lambda: _import("aioboto3").Session())

    def boto3_client(self, service: str, server: Server) -> Any:
        return self._once(
            ("client", service, server.url),
            lambda: self.boto3_session().client(service, **server.client_args()),
        )

    def boto3_resource(self, service: str, server: Server) -> Any:
        return self._once(
            ("resource", service, server.url),
            lambda: self.boto3_session().resource(service, **server.client_args()),
        )


@pytest.fixture(scope="session")
def _weir_sdk() -> _Sdk:
    return _Sdk()


@pytest.fixture
def dynamodb(weir: Server, _weir_sdk: _Sdk) -> Any:
    """boto3's client for DynamoDB. All tests of a run share it."""
    return _weir_sdk.boto3_client("dynamodb", weir)


@pytest.fixture
def dynamodbstreams(weir: Server, _weir_sdk: _Sdk) -> Any:
    """boto3's client for DynamoDB Streams. All tests of a run share it."""
    return _weir_sdk.boto3_client("dynamodbstreams", weir)


@pytest.fixture
def dynamodb_resource(weir: Server, _weir_sdk: _Sdk) -> Any:
    """boto3's resource for DynamoDB. All tests of a run share it."""
    return _weir_sdk.boto3_resource("dynamodb", weir)


@pytest.fixture
def aio_dynamodb(weir: Server, _weir_sdk: _Sdk) -> Any:
    """aioboto3's client for DynamoDB, not yet opened: `async with aio_dynamodb as client:`."""
    return _weir_sdk.aioboto3_session().client("dynamodb", **weir.client_args())


@pytest.fixture
def aio_dynamodbstreams(weir: Server, _weir_sdk: _Sdk) -> Any:
    """aioboto3's client for DynamoDB Streams: `async with aio_dynamodbstreams as client:`."""
    return _weir_sdk.aioboto3_session().client("dynamodbstreams", **weir.client_args())


@pytest.fixture
def aio_dynamodb_resource(weir: Server, _weir_sdk: _Sdk) -> Any:
    """aioboto3's resource for DynamoDB: `async with aio_dynamodb_resource as resource:`."""
    return _weir_sdk.aioboto3_session().resource("dynamodb", **weir.client_args())
