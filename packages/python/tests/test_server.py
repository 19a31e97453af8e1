# SPDX-License-Identifier: Apache-2.0
"""weir.Server: how it starts, what it says when it cannot, and how it ends."""

import os
import pathlib
import select
import signal
import subprocess
import sys
import threading

import boto3
import pytest

import weir
import weir.binary
import weir.process


def _script(path, *lines):
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


def _make_table(server, name="Music", **settings):
    boto3.client("dynamodb", **server.client_args()).create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        **settings,
    )


def test_it_is_ready_when_the_constructor_returns(server, binary):
    assert server.url == f"http://127.0.0.1:{server.port}"
    health = server.request("GET", "/_weir/health")
    assert health == {"status": "ok", "version": server.version}
    assert os.readlink(f"/proc/{server.pid}/exe") == str(binary)
    # Ctrl-C in a terminal is a signal for the group of the tests.
    assert os.getpgid(server.pid) != os.getpgid(0)


def test_it_ends_with_the_block_also_when_that_fails(is_running, is_listening):
    with pytest.raises(ZeroDivisionError), weir.Server() as server:
        1 / 0  # noqa: B018
    assert not is_running(server.pid)
    assert not is_listening(server.port)
    server.stop()  # A second time does nothing.


def test_reset_leaves_no_table(server):
    _make_table(server, DeletionProtectionEnabled=True)
    server.reset()
    dynamodb = boto3.client("dynamodb", **server.client_args())
    assert dynamodb.list_tables()["TableNames"] == []


def test_flags_reach_the_server():
    with weir.Server("--stream-shards", "3") as server:
        _make_table(
            server, StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
        )
        assert len(server.shards("Music")) == 3


@pytest.mark.parametrize("flags", ["--port {}", "--port={}", "-port {}", "-port={}"])
def test_a_flag_may_name_the_port(free_port, flags):
    with weir.Server(*flags.format(free_port).split()) as server:
        assert server.port == free_port


def test_what_follows_the_ready_line_is_read():
    # DynamoDB Local's own text follows it.
    with weir.Server("--dynamodb-local") as server:
        server.reset()


def test_an_error_at_the_start_shows_the_log():
    with pytest.raises(weir.WeirError) as caught:
        weir.Server("--no-such-flag")
    assert caught.value.status is None
    assert "ended without a ready line, exit code 2" in caught.value.message
    assert "The following argument was not expected: --no-such-flag" in caught.value.message


def test_variables_of_another_server_are_not_passed_on(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("WEIR_PORT", "not a port")
    with weir.Server() as server:
        _make_table(server)
    assert list(tmp_path.iterdir()) == []


def test_weir_binary_must_be_there(tmp_path, monkeypatch, binary):
    monkeypatch.setattr(weir.binary, "PACKAGED", binary)
    monkeypatch.setenv("WEIR_BINARY", str(tmp_path / "missing"))
    with pytest.raises(weir.WeirError, match="missing, and there is no such file"):
        weir.Server()


def test_weir_binary_goes_before_the_package_and_that_before_the_path(tmp_path, monkeypatch):
    named = _script(tmp_path / "named")
    packaged = _script(tmp_path / "packaged")
    on_path = _script(tmp_path / "weir")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(weir.binary, "PACKAGED", packaged)
    monkeypatch.setenv("WEIR_BINARY", str(named))
    assert weir.binary.find_binary() == named
    monkeypatch.delenv("WEIR_BINARY")
    assert weir.binary.find_binary() == packaged
    packaged.unlink()
    assert weir.binary.find_binary() == on_path
    on_path.unlink()
    with pytest.raises(weir.WeirError, match="Install the wheel weir-dynamodb"):
        weir.binary.find_binary()


def test_the_argument_binary_goes_before_all(tmp_path, monkeypatch, binary):
    monkeypatch.setenv("WEIR_BINARY", str(tmp_path / "missing"))
    with weir.Server(binary=binary) as server:
        assert os.readlink(f"/proc/{server.pid}/exe") == str(binary)
    with pytest.raises(weir.WeirError, match="argument binary names .*/none, and there is no such"):
        weir.Server(binary=str(tmp_path / "none"))


def test_names_of_binaries_are_relative_to_the_working_directory(monkeypatch, binary):
    monkeypatch.chdir(binary.parent)
    monkeypatch.setenv("WEIR_BINARY", binary.name)
    for arguments in ({}, {"binary": binary.name}, {"binary": f"../{binary.parent.name}/weir"}):
        with weir.Server(**arguments) as server:
            assert os.readlink(f"/proc/{server.pid}/exe") == str(binary)


def test_a_file_that_is_no_program(tmp_path, monkeypatch):
    file = tmp_path / "weir"
    file.write_bytes(b"\x7fELF of another machine")
    file.chmod(0o755)
    monkeypatch.setenv("WEIR_BINARY", str(file))
    with pytest.raises(weir.WeirError, match="weir cannot be started: .*Exec format error"):
        weir.Server()


def test_a_program_that_is_not_weir(tmp_path, monkeypatch):
    # It says what is wrong first: it is ended as soon as it has printed a line.
    other = _script(tmp_path / "other", "echo trouble >&2", "echo hello", "exec cat")
    monkeypatch.setenv("WEIR_BINARY", str(other))
    with pytest.raises(weir.WeirError, match=r"(?s)printed b'hello\\n', exit code -15.*trouble"):
        weir.Server()


def test_a_program_that_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(weir.process, "START_DEADLINE", 0.1)
    monkeypatch.setenv("WEIR_BINARY", str(_script(tmp_path / "silent", "exec cat")))
    with pytest.raises(weir.WeirError, match="printed no ready line within 0.1 seconds"):
        weir.Server()


def test_a_server_that_ignores_sigterm_is_killed(tmp_path, monkeypatch, is_running):
    monkeypatch.setattr(weir.process, "STOP_DEADLINE", 0.1)
    deaf = _script(
        tmp_path / "deaf",
        "trap '' TERM",
        "echo weir 0.0.0 ready on http://127.0.0.1:1",
        "exec sleep 600",
    )
    monkeypatch.setenv("WEIR_BINARY", str(deaf))
    server = weir.Server()
    server.stop()
    assert server._process.await_exit_code() == -signal.SIGKILL
    assert not is_running(server.pid)


def test_the_end_of_the_log_is_kept(await_that):
    with weir.Server("--log-level", "trace") as server:
        for number in range(100):
            with pytest.raises(weir.WeirError):
                server.request("POST", "/_weir/clock", {f"member {number}": "x" * 2000})

        def has_the_last():
            return "member 99" in server.log

        await_that(has_the_last)
        assert "member 0" not in server.log
        assert len(server.log) == 64 * 1024


def test_the_log_since_a_length(tmp_path):
    log = weir.process.Log()
    file = tmp_path / "log"

    def write(text):
        file.write_bytes(text)
        log.follow(file.open("rb"))

    write(b"before ")
    begin = log.length
    assert log.since(begin) == ""
    write(b"since")
    assert log.since(begin) == "since"
    # With the begin still there, and when it has left.
    kept = weir.process.LOG_BYTES
    write(b"x" * (kept - 6) + b"!")
    assert log.since(begin) == "since" + "x" * (kept - 6) + "!"
    write(b"xyz")
    assert log.since(begin) == log.text
    assert log.text.startswith("ce" + "x" * 99)
    assert len(log.text) == kept
    assert log.text.endswith("!xyz")


def test_an_idle_connection_is_opened_again():
    with weir.Server("--idle-timeout", "1") as server:
        server.reset()
        closed = server._connection._http.sock
        assert select.select([closed], [], [], 30)[0], "the server did not close the connection"
        server.reset()
        assert server._connection._http.sock is not closed


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next(server):
    _make_table(
        server, StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    )
    server._connection._http.timeout = 0.05
    with pytest.raises(weir.WeirError, match=r"got no answer \(timed out\)\. The server runs"):
        server.request("POST", "/_weir/records", {"TableName": "Music", "WaitSeconds": 1})
    server._connection._http.timeout = 30
    assert server.request("GET", "/_weir/health")["status"] == "ok"


def test_threads_share_a_server(server):
    texts = []

    def ask(number):
        for _ in range(50):
            with pytest.raises(weir.WeirError) as caught:
                server.request("GET", f"/_weir/shards?table=Table{number}")
            texts.append((number, caught.value.message))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 400
    assert all(f"Table{number} " in text for number, text in texts)


def test_an_error_of_the_server_has_its_status(server):
    with pytest.raises(weir.WeirError) as caught:
        server.shards("Nope")
    assert caught.value.status == 400
    assert str(caught.value) == "Requested resource not found: Table: Nope not found"


def test_a_server_that_has_ended_is_named_in_the_error(server):
    server.reset()
    os.kill(server.pid, signal.SIGKILL)
    with pytest.raises(weir.WeirError, match="The server has ended with exit code -9") as caught:
        while True:  # Until the system has closed the connections.
            server.reset()
    assert caught.value.status is None


def test_a_server_that_is_about_to_end_is_named_as_ended(tmp_path):
    ending = _script(
        tmp_path / "ending",
        "echo weir 0.0.0 ready on http://127.0.0.1:1",  # Nobody listens there.
        "sleep 0.3",
        "exit 3",
    )
    with (
        weir.Server(binary=ending) as server,
        pytest.raises(weir.WeirError, match="The server has ended with exit code 3"),
    ):
        server.reset()


def test_a_forked_child_uses_the_server_and_leaves_it_to_its_parent(server, is_running):
    server.reset()  # The parent's connection is open.
    child = os.fork()
    if child == 0:
        try:
            _ = server.clock.now
            server.stop()
            process = server._process._popen
            os._exit(0 if process.returncode is None and process.stdin.closed else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert is_running(server.pid)
    server.reset()


def test_the_main_module_without_a_binary_says_so(monkeypatch):
    # The sources have none, and neither WEIR_BINARY nor the PATH may lead it into a circle.
    sources = pathlib.Path(weir.__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", str(sources))
    ended = subprocess.run(
        [sys.executable, "-B", "-m", "weir", "--version"], capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("weir: this installation has no binary.")
