# SPDX-License-Identifier: Apache-2.0
"""Health checks and the other endpoints under /_weir/."""

import os
import re
import socket
import subprocess

import pytest
from support.raw_http import request


def test_get_answers_as_the_health_check_of_dynamodb(connection):
    response = connection.call(request())
    assert response.status == 200
    assert re.fullmatch(rb"healthy: dynamodb\.[a-z0-9-]+\.amazonaws\.com ", response.body)


def test_health_needs_no_authentication(connection):
    response = connection.call(request(target="/_weir/health"))
    assert response.status == 200
    assert response.headers["content-type"] == "application/json"
    health = response.json()
    assert health["status"] == "ok"
    assert re.fullmatch(r"\d+\.\d+\.\d+", health["version"])


def test_health_ignores_a_query(connection):
    assert connection.call(request(target="/_weir/health?x=y")).status == 200


@pytest.mark.parametrize("target", ["/_weir", "/_weir/"])
def test_control_endpoints_are_listed(connection, target):
    response = connection.call(request(target=target))
    assert response.status == 200
    endpoints = response.json()["endpoints"]
    assert [endpoint["path"] for endpoint in endpoints] == [
        "/_weir/health",
        "/_weir/clock",
        "/_weir/shards",
        "/_weir/records",
        "/_weir/transactions",
        "/_weir/functions",
        "/_weir/triggers",
        "/_weir/dlq",
        "/_weir/reset",
    ]
    for endpoint in endpoints:
        assert endpoint["purpose"]
        # Each endpoint exists, and answers a method that it does not know.
        other = connection.call(request("PATCH", endpoint["path"]))
        assert other.status in (404, 405) and b"control endpoint" in other.body


@pytest.mark.parametrize("target", ["/_weir/healthy", "/_weir/health/", "/_weir/x?y"])
def test_unknown_control_endpoints_are_not_found(connection, target):
    assert connection.call(request(target=target)).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "BREW"])
def test_health_answers_get_only(connection, method):
    response = connection.call(request(method, "/_weir/health"))
    assert response.status == 405
    assert response.headers["allow"] == "GET, HEAD"


def healthcheck(binary, *flags):
    return subprocess.run([binary, "healthcheck", *flags], capture_output=True, timeout=20)


def test_healthcheck_of_a_running_server(weir_binary, start_weir):
    server = start_weir()
    assert healthcheck(weir_binary, "--port", str(server.port)).returncode == 0
    assert healthcheck(weir_binary, "--endpoint", server.endpoint).returncode == 0
    assert healthcheck(weir_binary, "--endpoint", f"localhost:{server.port}").returncode == 0
    server.stop()
    done = healthcheck(weir_binary, "--port", str(server.port))
    assert done.returncode == 1
    assert b"Connection refused" in done.stderr


def test_healthcheck_of_something_else(weir_binary, silent_listener):
    done = healthcheck(weir_binary, "--port", str(silent_listener))
    assert done.returncode == 1
    assert done.stderr


def test_healthcheck_finds_the_server_of_a_process(weir_binary, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    (tmp_path / "settings.toml").write_text(f"port = {port}\n")
    # By its arguments, by its own variables, and by a file in its own folder.
    for flags, variables in (
        (["--port", str(port)], {}),
        ([], {"WEIR_PORT": str(port)}),
        (["--config", "settings.toml"], {}),
    ):
        server = subprocess.Popen(
            [weir_binary, *flags],
            cwd=tmp_path,
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout.readline().endswith(f":{port}\n")
        done = healthcheck(weir_binary, "--process", str(server.pid))
        assert done.returncode == 0, done.stderr
        server.terminate()
        server.communicate(timeout=20)


def test_healthcheck_refuses_what_is_no_address(weir_binary):
    assert healthcheck(weir_binary, "--endpoint", "http://a b:80").returncode not in (0, 1)
