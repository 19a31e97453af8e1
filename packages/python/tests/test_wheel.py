# SPDX-License-Identifier: Apache-2.0
"""build.py, and what is in a virtual environment after the wheel's installation."""

import email
import os
import pathlib
import signal
import subprocess
import sys
import sysconfig
import zipfile

import pytest
from conftest import REPOSITORY

BUILD = REPOSITORY / "packages" / "python" / "build.py"

# The start of a binary for aarch64, which is as much as build.py looks at.
AARCH64 = b"\x7fELF" + bytes(14) + (183).to_bytes(2, "little") + bytes(44)


def _build(binary, out, *, arch, check=True, **environment):
    """Runs build.py. Returns the path that it prints, or with check=False how it ended."""
    command = [sys.executable, "-B", str(BUILD), "--version", "1.2.3", "--binary", str(binary)]
    ended = subprocess.run(
        [*command, "--arch", arch, "--out", str(out)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if not check:
        return ended
    assert ended.returncode == 0, ended.stderr
    return pathlib.Path(ended.stdout.rstrip("\n"))


def _serve(command):
    """Starts a server and ends it. Returns its exit code, the signals that its process ignored, as
    a line of /proc, and the file that it ran.
    """
    with subprocess.Popen(
        [*command, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        assert b" ready on " in server.stdout.readline()
        executable = os.readlink(f"/proc/{server.pid}/exe")
        status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
        server.send_signal(signal.SIGTERM)
        server.communicate()
    ignored = next(line for line in status.splitlines() if line.startswith("SigIgn"))
    return server.returncode, ignored, executable


@pytest.fixture
def aarch64(tmp_path):
    binary = tmp_path / "weir"
    binary.write_bytes(AARCH64)
    return binary


@pytest.fixture(scope="module")
def environment_with_wheel(binary, tmp_path_factory):
    """The folder of a virtual environment that has the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("venv")
    wheel = _build(binary, folder / "dist", arch=os.uname().machine)
    python = folder / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-index", wheel],
        check=True,
    )
    return folder


def test_the_same_input_gives_the_same_bytes(aarch64, tmp_path):
    first = _build(aarch64, tmp_path / "first", arch="aarch64", SOURCE_DATE_EPOCH="1700000000")
    aarch64.touch()  # A new date is no difference.
    second = _build(aarch64, tmp_path / "second", arch="aarch64", SOURCE_DATE_EPOCH="1700000000")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        # 2023-11-14 22:13:20 UTC
        assert {member.date_time[:3] for member in archive.infolist()} == {(2023, 11, 14)}


def test_the_wheel_says_what_it_is_for(aarch64, tmp_path):
    wheel = _build(aarch64, tmp_path / "dist", arch="aarch64")
    systems = "manylinux2014_aarch64.musllinux_1_1_aarch64"
    assert wheel.name == f"weir_dynamodb-1.2.3-py3-none-{systems}.whl"
    with zipfile.ZipFile(wheel) as archive:
        folder = "weir_dynamodb-1.2.3.dist-info"
        about = email.message_from_bytes(archive.read(f"{folder}/WHEEL"))
        metadata = email.message_from_bytes(archive.read(f"{folder}/METADATA"))
        names = set(archive.namelist())
        license_text = archive.read(f"{folder}/licenses/LICENSE")
        mode = archive.getinfo("weir/bin/weir").external_attr >> 16
        assert archive.read("weir/bin/weir") == AARCH64
    assert about["Root-Is-Purelib"] == "false"
    assert about.get_all("Tag") == [
        "py3-none-manylinux2014_aarch64",
        "py3-none-musllinux_1_1_aarch64",
    ]
    assert metadata["Name"] == "weir-dynamodb"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.9"
    assert metadata["Requires-Dist"] is None
    assert metadata.get_payload().startswith("# weir-dynamodb")
    assert license_text == (REPOSITORY / "LICENSE").read_bytes()
    assert mode & 0o111 == 0o111
    assert "weir/py.typed" in names


def test_a_binary_for_another_architecture_is_refused(aarch64, tmp_path):
    ended = _build(aarch64, tmp_path / "dist", arch="x86_64", check=False)
    assert ended.returncode == 1
    assert "is not a Linux binary for x86_64" in ended.stderr
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize("command", [["weir"], ["python", "-m", "weir"]])
def test_the_command_is_the_binary(environment_with_wheel, binary, command):
    folder = environment_with_wheel / "bin"
    command = [str(folder / command[0]), *command[1:]]
    printed = subprocess.check_output([*command, "--version"])
    assert printed == subprocess.check_output([binary, "--version"])
    assert subprocess.run([*command, "--no-such-flag"], stderr=subprocess.DEVNULL).returncode == 2
    ended, ignored_by_command, executable = _serve(command)
    assert ended == 0
    assert executable.endswith("/weir/bin/weir")
    # Python itself ignores some, and a program that it becomes would inherit that.
    assert ignored_by_command == _serve([binary])[1]


@pytest.fixture
def run_in_environment(environment_with_wheel, tmp_path, monkeypatch):
    """run(*arguments): what a pytest with the wheel says of the tests in tmp_path."""
    # The wheel's environment has no pytest, so it borrows this one's.
    monkeypatch.setenv("PYTHONPATH", sysconfig.get_path("purelib"))
    monkeypatch.delenv("WEIR_BINARY")
    command = [environment_with_wheel / "bin" / "python", "-m", "pytest", "-q"]

    def run(*arguments):
        ended = subprocess.run(
            [*command, "-p", "no:cacheprovider", *arguments, tmp_path],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        return ended.stdout + ended.stderr

    return run


def test_pytest_finds_the_plugin_and_the_binary(run_in_environment, tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import os\n"
        "def test_it(weir, dynamodb):\n"
        "    assert dynamodb.list_tables()['TableNames'] == []\n"
        "    assert os.readlink(f'/proc/{weir.pid}/exe').endswith('/weir/bin/weir')\n"
    )
    assert "1 passed" in run_in_environment()


def test_pytest_without_the_plugin(run_in_environment, tmp_path, monkeypatch):
    (tmp_path / "test_it.py").write_text(
        "import weir as package\n"
        "def test_server():\n"
        "    with package.Server() as server:\n"
        "        server.reset()\n"
        "def test_fixture(weir): pass\n"
    )
    assert "unrecognized arguments: --weir-flags" in run_in_environment(
        "-p", "no:weir", "--weir-flags=--simple-streams"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nweir_flags = --simple-streams\n")
    said = run_in_environment("-p", "no:weir")
    assert "fixture 'weir' not found" in said
    assert "PytestConfigWarning: Unknown config option: weir_flags" in said
    assert "1 passed, 1 warning, 1 error" in said
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    assert "fixture 'weir' not found" in run_in_environment()
    assert "2 passed" in run_in_environment("-p", "weir")
