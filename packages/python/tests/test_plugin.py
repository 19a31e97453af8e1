# SPDX-License-Identifier: Apache-2.0
"""The pytest plugin, in runs of their own."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import textwrap

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
    monkeypatch.setenv("AWS_PROFILE", "of-the-user")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-the-user")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL_DYNAMODB", raising=False)
    pytester.makepyfile(
        """
    import os
    import boto3

    def aws():
        return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}

    before = aws()

    def test_inside(weir):
        assert boto3.client("dynamodb").list_tables()["TableNames"] == []
        assert boto3.client("dynamodbstreams").list_streams()["Streams"] == []
        assert boto3.client("sts").get_caller_identity()["Account"] == "000000000000"
        assert os.environ["AWS_REGION"] == os.environ["AWS_DEFAULT_REGION"] == "us-east-1"
        assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"} & set(os.environ)

    def test_afterwards():
        assert before["AWS_PROFILE"] == "of-the-user"
        assert aws() == before
    """
    )
    run_pytest().assert_outcomes(passed=2)


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
    import pytest

    def test_passes(weir):
        pass

    def test_fails(weir, dynamodb):
        with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
            dynamodb.describe_table(TableName="NotThere")
        deadline = weir.clock.now.timestamp() + 30
        while "NotThere" not in weir.log:  # It is written by another thread.
            assert weir.clock.now.timestamp() < deadline
        assert False

    def test_fails_without_a_server():
        assert False
    """
    )
    result = run_pytest("--weir-flags=--log-level trace")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*_ test_fails _*", "*- weir log -*", "*NotThere*"])
    assert str(result.stdout).count("- weir log -") == 1


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
