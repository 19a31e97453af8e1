# SPDX-License-Identifier: Apache-2.0
"""The pytest plugin, in runs of their own."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import textwrap

import pytest

TABLE = """
    TABLE = dict(
        TableName="Music",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[dict(AttributeName="pk", KeyType="HASH")],
        AttributeDefinitions=[dict(AttributeName="pk", AttributeType="S")],
        StreamSpecification=dict(StreamEnabled=True, StreamViewType="KEYS_ONLY"),
    )
"""


def test_each_test_has_a_clean_slate_and_the_same_clients(pytester, run_pytest):
    pytester.makepyfile(
        TABLE
        + """
    import pytest

    clients = []

    @pytest.mark.parametrize("number", range(3))
    def test_clients(number, weir, dynamodb, dynamodbstreams, dynamodb_resource):
        weir.clock.freeze("2030-01-31")
        assert dynamodb.list_tables()["TableNames"] == []
        dynamodb.create_table(**TABLE)
        assert len(dynamodbstreams.list_streams()["Streams"]) == 1
        dynamodb_resource.Table("Music").put_item(Item={"pk": "key"})
        clients.append((dynamodb, dynamodbstreams, dynamodb_resource))
        assert all(made == clients[0] for made in clients)

    def test_clock(weir):
        assert not weir.clock.is_frozen
    """
    )
    run_pytest().assert_outcomes(passed=4)


def test_code_that_makes_its_own_clients_reaches_the_server(pytester, run_pytest, monkeypatch):
    pytester.makefile(".config", aws="[default]\nignore_configured_endpoint_urls = true\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", "aws.config")
    for name in ("PROFILE", "DEFAULT_PROFILE", "SESSION_TOKEN", "SECURITY_TOKEN"):
        monkeypatch.setenv(f"AWS_{name}", "of-the-user")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL_DYNAMODB", raising=False)
    pytester.makepyfile(
        """
    import os
    import boto3

    def aws():
        return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}

    before = aws()
    taken_away = (
        "AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_ENDPOINT_URL"
    ).split()

    def test_inside(weir):
        assert not set(taken_away) & set(os.environ)  # Or what follows may be sent to AWS.
        assert boto3.client("dynamodb").list_tables()["TableNames"] == []
        assert boto3.client("dynamodbstreams").list_streams()["Streams"] == []
        assert boto3.client("sts").get_caller_identity()["Account"] == "000000000000"
        assert os.environ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] == "false"
        assert os.environ["AWS_REGION"] == os.environ["AWS_DEFAULT_REGION"] == "us-east-1"

    def test_afterwards():
        assert set(taken_away) < set(before)
        assert aws() == before
    """
    )
    run_pytest().assert_outcomes(passed=2)


@pytest.mark.parametrize("plain", [True, False], ids=["nothing", "own"])
def test_a_proxy_gets_nothing_that_is_for_the_server(
    pytester, run_pytest, monkeypatch, proxied, plain
):
    if not plain:
        monkeypatch.setenv("NO_PROXY", "corp.example")
    pytester.makepyfile(
        """
    import os
    import urllib.request

    import boto3
    import pytest

    def without_proxy():
        return [os.environ.get(name) for name in ("NO_PROXY", "no_proxy")]

    before = without_proxy()
    own = [before[0]] if before[0] else []

    # The second has the clients that the first has made.
    @pytest.mark.parametrize("number", range(2))
    @pytest.mark.asyncio
    async def test_clients(
        number, weir, dynamodb, dynamodbstreams, dynamodb_resource,
        aio_dynamodb, aio_dynamodbstreams, aio_dynamodb_resource,
    ):
        assert without_proxy() == 2 * [",".join([*own, "127.0.0.1", "localhost", "127.0.0.2"])]
        assert weir.clock.now
        dynamodb.list_tables()
        dynamodbstreams.list_streams()
        assert list(dynamodb_resource.tables.all()) == []
        async with aio_dynamodb as client:
            await client.list_tables()
        async with aio_dynamodbstreams as client:
            await client.list_streams()
        async with aio_dynamodb_resource as resource:
            assert [table async for table in resource.tables.all()] == []
        boto3.client("dynamodb").list_tables()
        boto3.client("dynamodb", **weir.client_args()).list_tables()
        urllib.request.urlopen(f"http://localhost:{weir.port}/_weir/health").close()
        urllib.request.urlopen("http://elsewhere.example/").close()

    def test_afterwards():
        assert without_proxy() == before
    """
    )
    # The first is the one of the URL, and the second is localhost's.
    run_pytest("--weir-flags=--bind 127.0.0.2 --bind 127.0.0.1").assert_outcomes(passed=3)
    assert proxied == 2 * ["GET http://elsewhere.example/ HTTP/1.1"]


def test_a_list_of_hosts_for_no_proxy_keeps_its_meaning(pytester, run_pytest, proxied, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "corp.example")
    monkeypatch.setenv("no_proxy", "*")  # All hosts, if there is nothing else.
    pytester.makepyfile(
        """
    import os

    def test_it(weir, dynamodb):
        assert os.environ["NO_PROXY"] == "corp.example,127.0.0.1,localhost"
        assert os.environ["no_proxy"] == "*"
        dynamodb.list_tables()
    """
    )
    run_pytest().assert_outcomes(passed=1)
    assert proxied == []


def test_aioboto3_with_pytest_asyncio_and_with_anyio(pytester, run_pytest):
    pytester.makepyfile(
        TABLE
        + """
    import pytest

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    async def use(aio_dynamodb, aio_dynamodbstreams, aio_dynamodb_resource):
        async with aio_dynamodb as client:
            assert (await client.list_tables())["TableNames"] == []
            await client.create_table(**TABLE)
        async with aio_dynamodbstreams as client:
            assert len((await client.list_streams())["Streams"]) == 1
        async with aio_dynamodb_resource as resource:
            table = await resource.Table("Music")
            await table.put_item(Item={"pk": "key"})

    @pytest.mark.asyncio
    async def test_asyncio(aio_dynamodb, aio_dynamodbstreams, aio_dynamodb_resource):
        await use(aio_dynamodb, aio_dynamodbstreams, aio_dynamodb_resource)

    @pytest.mark.anyio
    async def test_anyio(aio_dynamodb, aio_dynamodbstreams, aio_dynamodb_resource):
        await use(aio_dynamodb, aio_dynamodbstreams, aio_dynamodb_resource)
    """
    )
    run_pytest("-W", "error::RuntimeWarning").assert_outcomes(passed=2)


def test_each_worker_of_xdist_has_a_server(pytester, run_pytest):
    pytester.makepyfile(
        TABLE
        + """
    import pathlib
    import pytest

    @pytest.mark.parametrize("number", range(8))
    def test_worker(number, weir, dynamodb, worker_id):
        dynamodb.create_table(**TABLE)
        pathlib.Path(f"{worker_id} {weir.pid}").touch()
    """
    )
    run_pytest("-n", "2").assert_outcomes(passed=8)
    servers = sorted(path.name.split() for path in pytester.path.glob("gw*"))
    assert [worker for worker, _ in servers] == ["gw0", "gw1"]
    assert servers[0][1] != servers[1][1]


def test_a_failure_shows_the_log(pytester, run_pytest):
    pytester.makepyfile(
        """
    import time
    import pytest

    def test_passes(weir):
        pass

    def test_fails(weir, dynamodb):
        with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
            dynamodb.describe_table(TableName="NotThere")
        deadline = time.monotonic() + 30
        while "NotThere" not in weir.log:  # It is written by another thread.
            assert time.monotonic() < deadline
            time.sleep(0.005)
        assert False

    def test_fails_without_a_server():
        assert False
    """
    )
    result = run_pytest("--weir-flags=--log-level trace")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*_ test_fails _*", "*- weir log -*", "*NotThere*"])
    assert str(result.stdout).count("- weir log -") == 1


def test_a_failure_shows_no_log_of_the_tests_before(pytester, run_pytest):
    pytester.makepyfile(
        """
    import time
    import pytest

    def describe(weir, dynamodb, name):
        with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
            dynamodb.describe_table(TableName=name)
        deadline = time.monotonic() + 30
        while name not in weir.log:  # It is written by another thread.
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def test_before(weir, dynamodb):
        describe(weir, dynamodb, "OfTheTestBefore")
        describe(weir, dynamodb, "OfItsEnd")

    def test_fails(weir, dynamodb):
        describe(weir, dynamodb, "OfTheTestThatFails")
        assert False
    """
    )
    result = run_pytest("--weir-flags=--log-level trace")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*- weir log -*", "*OfTheTestThatFails*"])
    assert "OfTheTestBefore" not in str(result.stdout)


def test_a_reset_that_fails_shows_the_log(pytester, run_pytest):
    pytester.makeconftest(
        """
    import time
    import pytest
    import weir

    class Failing(weir.Server):
        def reset(self):
            try:
                self.request("POST", "/_weir/not-there")
            finally:
                while "not-there" not in self.log:  # It is written by another thread.
                    time.sleep(0.005)

    @pytest.fixture(scope="session")
    def weir_server():
        with Failing("--log-level", "trace") as server:
            yield server
    """
    )
    pytester.makepyfile("def test_it(weir): pass")
    result = run_pytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*- weir log -*", "*POST /_weir/not-there*"])


def test_flags_may_name_the_port(pytester, run_pytest, free_port):
    pytester.makepyfile(f"def test_it(weir): assert weir.port == {free_port}")
    run_pytest(f"--weir-flags=--port {free_port}").assert_outcomes(passed=1)


def test_flags_of_the_ini_file_give_way_to_those_of_the_command_line(pytester, run_pytest):
    pytester.makeini("[pytest]\nweir_flags = --stream-shards 3")
    pytester.makepyfile(
        TABLE
        + """
    import pathlib

    def test_shards(weir, dynamodb):
        dynamodb.create_table(**TABLE)
        pathlib.Path("shards").write_text(str(len(weir.shards("Music"))))
    """
    )
    run_pytest().assert_outcomes(passed=1)
    assert (pytester.path / "shards").read_text() == "3"
    run_pytest("--weir-flags=--stream-shards 5").assert_outcomes(passed=1)
    assert (pytester.path / "shards").read_text() == "5"


def test_a_server_that_does_not_start_is_an_error_of_the_test(pytester, run_pytest):
    pytester.makepyfile("def test_it(weir): pass")
    result = run_pytest("--weir-flags=--no-such-flag")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*WeirError*", "*argument was not expected: --no-such-flag*"])


def test_a_fixture_of_the_same_name_takes_its_place(pytester, run_pytest):
    folder = pytester.mkpydir("simple")
    (folder / "conftest.py").write_text(
        """
import pytest
import weir

@pytest.fixture(scope="session")
def weir_server():
    with weir.Server("--simple-streams") as server:
        yield server
"""
    )
    for path, shards in ((folder, 1), (pytester.path, 4)):
        (path / "test_shards.py").write_text(
            textwrap.dedent(TABLE)
            + f"""
def test_shards(weir, dynamodb):
    dynamodb.create_table(**TABLE)
    assert len(weir.shards("Music")) == {shards}
"""
        )
    run_pytest().assert_outcomes(passed=2)


def test_the_example_of_the_readme(pytester, run_pytest):
    readme = pathlib.Path(__file__).resolve().parents[1] / "README.md"
    example = re.search(r"```python\n(.*?)```", readme.read_text(), re.DOTALL)[1]
    (pytester.path / "test_example.py").write_text(example)
    run_pytest().assert_outcomes(passed=1)


def test_what_must_be_installed_is_named(pytester, run_pytest):
    pytester.makeconftest("import sys; sys.modules['boto3'] = sys.modules['aioboto3'] = None")
    pytester.makepyfile(
        """
    def test_boto3(dynamodb): pass
    def test_aioboto3(aio_dynamodb): pass
    def test_neither(weir): weir.reset()
    """
    )
    result = run_pytest()
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines_random(
        [
            "*This fixture needs boto3: pip install boto3",
            "*This fixture needs aioboto3: pip install aioboto3",
        ]
    )


def test_a_killed_run_leaves_nothing(pytester, monkeypatch, await_that, is_running, is_listening):
    pytester.makepyfile(
        """
    import pathlib
    import sys

    def test_hangs(weir, dynamodb):
        dynamodb.list_tables()
        print(f"serving {weir.pid} {weir.port}", file=sys.__stdout__, flush=True)
        sys.__stdin__.read()
    """
    )
    temporary = pytester.mkdir("temporary")
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    before = set(pytester.path.rglob("*"))
    command = [sys.executable, "-m", "pytest", "-s", "-p", "weir.pytest_plugin"]
    with subprocess.Popen(
        [*command, "-p", "no:cacheprovider"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as run:
        line = next(line for line in run.stdout if b"serving" in line)
        pid, port = map(int, line.split()[-2:])
        assert is_running(pid)
        assert is_listening(port)
        run.send_signal(signal.SIGKILL)

    def has_ended():
        return not is_running(pid)

    try:
        await_that(has_ended)
    finally:
        if not has_ended():
            os.kill(pid, signal.SIGKILL)
    assert not is_listening(port)
    assert set(pytester.path.rglob("*")) == before
    assert list(pathlib.Path(temporary).iterdir()) == []
