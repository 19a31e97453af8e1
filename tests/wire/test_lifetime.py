# SPDX-License-Identifier: Apache-2.0
"""Start, time limits, the limit on connections, and how a server ends."""

import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time

import pytest
from support.raw_http import DEADLINE, Connection, api_request, request
from support.weir_server import ServerDidNotStart

HEALTH = request(target="/_weir/health")


def has_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")


def test_stdout_is_one_line(start_weir):
    server = start_weir("--log-level", "trace")
    with Connection.to(server.endpoint) as connection:
        assert connection.call(HEALTH).status == 200
    assert server.stop() == 0
    assert server.stdout_lines == [
        f"weir {server.version} ready on http://127.0.0.1:{server.port}\n"
    ]


def test_serve_is_the_default_command(start_weir):
    with Connection.to(start_weir("serve").endpoint) as connection:
        assert connection.call(HEALTH).status == 200


@needs_ipv6
def test_ipv4_and_ipv6_have_the_same_port(start_weir):
    server = start_weir()
    for host in ("127.0.0.1", "::1"):
        with Connection(host, server.port) as connection:
            assert connection.call(HEALTH).status == 200


@needs_ipv6
def test_bind_replaces_the_default_addresses(start_weir):
    server = start_weir("--bind", "::1")
    assert server.endpoint == f"http://[::1]:{server.port}"
    with Connection("::1", server.port) as connection:
        assert connection.call(HEALTH).status == 200
    with pytest.raises(ConnectionRefusedError):
        Connection("127.0.0.1", server.port)


@needs_ipv6
def test_both_wildcard_addresses_can_be_bound(start_weir):
    server = start_weir("--bind", "0.0.0.0", "--bind", "::")
    assert server.host == "127.0.0.1"
    for host in ("127.0.0.1", "::1"):
        with Connection(host, server.port) as connection:
            assert connection.call(HEALTH).status == 200


def test_a_port_in_use_is_an_error(start_weir, silent_listener):
    with pytest.raises(ServerDidNotStart) as failure:
        start_weir("--port", silent_listener)
    assert failure.value.exit_code == 1
    assert f"cannot listen on 127.0.0.1:{silent_listener}" in failure.value.stderr
    assert "--port" in failure.value.stderr


@needs_ipv6
def test_a_port_in_use_on_ipv6_alone_is_an_error(start_weir):
    # This is an error since a client of "localhost" might reach the other server.
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ServerDidNotStart) as failure:
            start_weir("--port", port)
    assert failure.value.exit_code == 1
    assert f"cannot listen on [::1]:{port}" in failure.value.stderr


def test_an_address_of_another_machine_is_an_error(start_weir):
    with pytest.raises(ServerDidNotStart) as failure:
        start_weir("--bind", "192.0.2.1")
    assert failure.value.exit_code == 1
    assert "cannot listen on 192.0.2.1" in failure.value.stderr


@pytest.mark.parametrize(
    "flags",
    [
        ["--no-such-flag"],
        ["no-such-command"],
        ["--port", "65536"],
        ["--threads", "0"],
        ["--idle-timeout", "0"],
        ["--bind", "localhost"],
        ["--log-level", "loud"],
        ["-dbPath"],
        ["-unknown"],
    ],
)
def test_bad_command_lines_are_refused(weir_binary, flags):
    done = subprocess.run([weir_binary, *flags], capture_output=True, timeout=20)
    assert done.returncode not in (0, None)
    assert done.stdout == b""
    assert done.stderr


def test_version(weir_binary):
    done = subprocess.run([weir_binary, "--version"], capture_output=True, timeout=20, text=True)
    assert done.returncode == 0
    assert re.fullmatch(r"weir \d+\.\d+\.\d+\n", done.stdout)


def test_flags_of_dynamodb_local(start_weir):
    server = start_weir("-port", "0", "-sharedDb", "-inMemory", "-disableTelemetry")
    with Connection.to(server.endpoint) as connection:
        assert connection.call(HEALTH).status == 200


def test_an_idle_connection_is_closed(start_weir):
    server = start_weir("--idle-timeout", "1")
    with Connection.to(server.endpoint) as silent, Connection.to(server.endpoint) as used:
        started = time.monotonic()
        assert used.call(HEALTH).status == 200
        assert silent.at_end()
        assert used.at_end()
        assert 0.9 < time.monotonic() - started < DEADLINE / 2


def test_requests_keep_a_connection_open_beyond_the_idle_timeout(start_weir):
    server = start_weir("--idle-timeout", "1")
    with Connection.to(server.endpoint) as silent, Connection.to(server.endpoint) as busy:
        # The silent connection is closed after the timeout; the busy one stays open.
        while not select.select([silent.socket], [], [], 0.05)[0]:
            assert busy.call(HEALTH).status == 200
        assert silent.at_end()
        assert busy.call(HEALTH).status == 200


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_slow_sender_is_cut_off_however_steadily_it_trickles(start_weir, part):
    server = start_weir("--read-timeout", "1")
    call = api_request(body=b"a" * 100_000)
    with Connection.to(server.endpoint) as connection:
        started = time.monotonic()
        sent = 0 if part == "head" else 1000
        connection.send(call[:sent])
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            while time.monotonic() - started < DEADLINE:
                connection.send(call[sent : sent + 1])
                sent += 1
                select.select([connection.socket], [], [], 0.02)
        assert 0.9 < time.monotonic() - started < DEADLINE / 2


def test_a_client_that_takes_no_answers_is_cut_off(start_weir):
    server = start_weir("--write-timeout", "1")
    with (
        Connection.to(server.endpoint, receive_buffer=4096) as connection,
        pytest.raises((ConnectionResetError, BrokenPipeError)),
    ):
        while True:
            connection.send(HEALTH * 1000)


def test_further_connections_wait_at_the_cap(start_weir):
    server = start_weir("--max-connections", "2")
    with Connection.to(server.endpoint) as first, Connection.to(server.endpoint) as second:
        assert first.call(HEALTH).status == 200
        assert second.call(HEALTH).status == 200
        with Connection.to(server.endpoint) as third:
            third.send(api_request())
            server.await_stderr("--max-connections")
            assert first.call(HEALTH).status == 200
            assert not select.select([third.socket], [], [], 0.3)[0]
            first.close()
            assert third.read().status == 200
            assert second.call(HEALTH).status == 200


def test_health_checks_have_a_place_at_the_cap(start_weir):
    server = start_weir("--max-connections", "1")
    with Connection.to(server.endpoint) as only:
        assert only.call(HEALTH).status == 200
        # More connections than may wait: those that have sent nothing make room.
        waiting = [Connection.to(server.endpoint) for _ in range(300)]
        for method in ("GET", "HEAD"):
            with Connection.to(server.endpoint) as probe:
                probe.send(request(method, "/_weir/health"))
                assert probe.read(head_only=method == "HEAD").status == 200
                assert probe.at_end()  # the connection cannot be used on beyond the limit
        for pieces in ([b"\r\n", HEALTH], [HEALTH[:3], HEALTH[3:9], HEALTH[9:]]):
            with Connection.to(server.endpoint) as probe:
                for piece in pieces:
                    probe.send(piece)
                    time.sleep(0.01)  # so that most pieces arrive one by one
                assert probe.read().status == 200
        assert only.call(HEALTH).status == 200
        for connection in waiting:
            connection.close()


def test_half_a_health_check_costs_no_time_at_the_cap(start_weir):
    server = start_weir("--max-connections", "1")
    with Connection.to(server.endpoint) as only, Connection.to(server.endpoint) as stalled:
        assert only.call(HEALTH).status == 200
        stalled.send(HEALTH[:9])
        before = server.cpu_seconds()
        # The server looks for the rest meanwhile. Were it busy, it would take all of the time.
        time.sleep(1)
        assert server.cpu_seconds() - before < 0.5
        stalled.send(HEALTH[9:])
        assert stalled.read().status == 200


def test_who_has_waited_longest_is_sent_away(start_weir):
    server = start_weir("--max-connections", "1")
    with Connection.to(server.endpoint) as only:
        assert only.call(HEALTH).status == 200
        waiting = []
        for _ in range(257):
            waiting.append(Connection.to(server.endpoint))
            waiting[-1].send(api_request())
        response = waiting[0].read()
        assert response.status == 503
        assert response.json()["__type"].endswith("#ServiceUnavailableException")
        assert waiting[0].at_end()
        only.close()
        assert waiting[1].read().status == 200
        for connection in waiting:
            connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_request_under_way_finish(start_weir, number):
    server = start_weir()
    call = api_request()
    with Connection.to(server.endpoint) as busy, Connection.to(server.endpoint) as idle:
        assert idle.call(HEALTH).status == 200
        assert busy.call(HEALTH).status == 200
        busy.send(call[:-1])
        server.send_signal(number)
        server.await_stderr("ending on signal")
        assert idle.at_end()
        with pytest.raises(ConnectionRefusedError):
            Connection.to(server.endpoint)
        response = busy.call(call[-1:])
        assert response.status == 200
        assert response.headers["connection"] == "close"
        assert busy.at_end()
        assert server.wait() == 0


def test_an_idle_server_ends_at_once(start_weir):
    server = start_weir("--drain-timeout", "600")
    assert server.stop() == 0


def test_a_request_that_does_not_finish_is_cut_off(start_weir):
    server = start_weir("--drain-timeout", "1")
    with Connection.to(server.endpoint) as connection:
        connection.call(HEALTH)
        connection.send(api_request()[:-1])
        assert server.stop() == 0
        assert connection.at_end()
    assert "1 connections are cut" in server.stderr


def test_a_second_signal_ends_the_server_at_once(start_weir):
    server = start_weir("--drain-timeout", "600")
    with Connection.to(server.endpoint) as connection:
        connection.call(HEALTH)
        connection.send(api_request()[:-1])
        server.send_signal(signal.SIGTERM)
        server.await_stderr("ending on signal")
        server.send_signal(signal.SIGTERM)
        assert server.wait() == 128 + signal.SIGTERM


# --- The end of standard input -------------------------------------------------------------------


def start_with_stdin(binary, cwd, stdin):
    """A server with --exit-with-stdin, and its ready line."""
    server = subprocess.Popen(
        [binary, "--port", "0", "--exit-with-stdin"],
        cwd=cwd,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return server, server.stdout.readline()


def test_a_server_can_end_with_its_standard_input(weir_binary, tmp_path):
    server, ready = start_with_stdin(weir_binary, tmp_path, subprocess.PIPE)
    with Connection("127.0.0.1", int(ready.rpartition(":")[2])) as connection:
        server.stdin.write("what is written there is dropped\n" * 10_000)
        server.stdin.flush()
        assert connection.call(HEALTH).status == 200
        _, log = server.communicate(timeout=DEADLINE)  # closes standard input
        assert connection.at_end()
    assert server.returncode == 0
    assert "ending at the end of standard input" in log


@pytest.mark.parametrize("stdin", ["/dev/null", __file__])
def test_a_server_ends_at_once_if_nothing_more_can_come(weir_binary, tmp_path, stdin):
    with open(stdin) as at_end:
        server, _ = start_with_stdin(weir_binary, tmp_path, at_end)
    server.communicate(timeout=DEADLINE)
    assert server.returncode == 0


def test_the_pipe_stays_as_it_was(weir_binary, tmp_path):
    # A flag of the open file, which all processes share that have it, a terminal's shell among them.
    reading, writing = os.pipe()
    server, _ = start_with_stdin(weir_binary, tmp_path, reading)
    assert os.get_blocking(reading)
    os.write(writing, b"x")
    os.close(writing)
    server.communicate(timeout=DEADLINE)
    assert server.returncode == 0
    assert os.get_blocking(reading)
    os.close(reading)


def test_a_server_in_the_background_leaves_the_terminal_alone(weir_binary, tmp_path):
    # With `set -m` the shell has the terminal, and its job not; a job that reads there is stopped.
    master, slave = pty.openpty()
    line = 'set -m; exec 3<&0; "$0" --port 0 --exit-with-stdin <&3 & wait'
    shell = subprocess.Popen(
        ["setsid", "--ctty", "bash", "-c", line, weir_binary],
        cwd=tmp_path,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    os.close(slave)
    port = int(shell.stdout.readline().rpartition(":")[2])
    os.write(master, b"a line\n")
    with Connection("127.0.0.1", port) as connection:
        for _ in range(3):
            assert connection.call(HEALTH).status == 200
    os.close(master)  # as a terminal whose window is closed
    shell.wait(timeout=DEADLINE)


# A process that starts a server, as a test runner does: it holds the other end of the server's pipe.
RUNNER = """
import signal, subprocess, sys
subprocess.Popen([*sys.argv[1:], "--port", "0", "--exit-with-stdin"], stdin=subprocess.PIPE)
signal.pause()
"""


def test_a_server_ends_with_a_process_that_was_killed(weir_binary, tmp_path):
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, weir_binary],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert b" ready on " in runner.stdout.readline()
    runner.kill()
    # Ends when the server, which has these pipes too, has ended.
    _, log = runner.communicate(timeout=DEADLINE)
    assert b"ending at the end of standard input" in log


def test_closed_standard_streams_are_not_mistaken_for_others(weir_binary, tmp_path):
    # Without them, a file of the data folder would be the one to which the log is written.
    line = 'exec "$0" --port 0 --data-dir data --exit-with-stdin <&- 2>&-'
    done = subprocess.run(
        ["bash", "-c", line, weir_binary],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        timeout=DEADLINE,
    )
    assert done.returncode == 0
    assert done.stdout.startswith(b"weir ")
    checked = subprocess.run([weir_binary, "data", "check", tmp_path / "data"], timeout=DEADLINE)
    assert checked.returncode == 0
