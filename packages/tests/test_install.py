# SPDX-License-Identifier: Apache-2.0
"""install.sh, with a release in a folder instead of one on the network."""

import hashlib
import os
import platform
import subprocess
import tarfile

import pytest
from conftest import PACKAGES


@pytest.fixture
def release(binary, version, tmp_path):
    """A folder with the files of a release that install.sh reads."""
    folder = tmp_path / "release"
    folder.mkdir()
    name = f"weir-{version}-linux-{platform.machine()}"
    with tarfile.open(folder / f"{name}.tar.gz", "w:gz", compresslevel=1) as archive:
        archive.add(binary, f"{name}/weir")
    write_sums(folder)
    return folder


def write_sums(folder):
    lines = []
    for path in sorted(folder.glob("*.tar.gz")):
        lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    (folder / "SHA256SUMS").write_text("".join(lines))


def install(release, *arguments, **variables):
    return subprocess.run(
        ["sh", PACKAGES / "install.sh", "--url", f"file://{release}", *arguments],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_binary_is_installed(release, version, tmp_path):
    folder = tmp_path / "a folder" / "bin"
    done = install(release, "--to", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"weir {version} is installed as {folder}/weir\n")
    assert "is not on the PATH" in done.stdout
    assert [path.name for path in folder.iterdir()] == ["weir"]
    shown = subprocess.run([folder / "weir", "--version"], capture_output=True, text=True)
    assert shown.stdout == f"weir {version}\n"


def test_a_relative_folder_is_that_of_the_caller(release, tmp_path):
    script = PACKAGES / "install.sh"
    command = ["sh", script, "--url", f"file://{release}", "--to", "bin"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "bin/weir").exists()


def test_it_goes_into_the_home_folder(release, tmp_path):
    done = install(release, HOME=str(tmp_path), PATH=f"{tmp_path}/.local/bin:{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / ".local/bin/weir").exists()
    assert "PATH" not in done.stdout


def test_a_binary_that_cannot_run_is_a_failure(release, version, tmp_path):
    [archive] = release.glob("*.tar.gz")
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 1\n")
    with tarfile.open(archive, "w:gz") as changed:
        changed.add(broken, f"{archive.name.removesuffix('.tar.gz')}/weir")
    write_sums(release)
    done = install(release, "--to", tmp_path / "bin")
    assert done.returncode == 1
    assert "can't be run" in done.stderr


def test_a_binary_that_runs_is_replaced(release, binary, tmp_path):
    assert install(release, "--to", tmp_path / "bin").returncode == 0
    command = [tmp_path / "bin/weir", "--port", "0", "--exit-with-stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert b" ready on " in server.stdout.readline()
        assert install(release, "--to", tmp_path / "bin").returncode == 0
        server.stdin.close()
        assert server.wait(timeout=60) == 0


def test_an_archive_that_was_changed_is_not_installed(release, tmp_path):
    [archive] = release.glob("*.tar.gz")
    changed = bytearray(archive.read_bytes())
    changed[len(changed) // 2] ^= 1
    archive.write_bytes(changed)
    done = install(release, "--to", tmp_path / "bin")
    assert done.returncode == 1
    assert "does not have the checksum" in done.stderr
    assert not (tmp_path / "bin").exists()


def test_sums_without_the_archive_are_refused(release, tmp_path):
    (release / "SHA256SUMS").write_text("")
    done = install(release, "--to", tmp_path / "bin")
    assert done.returncode == 1
    assert "names no single archive" in done.stderr


def test_a_release_that_is_not_there_is_refused(tmp_path):
    done = install(tmp_path / "nothing", "--to", tmp_path / "bin")
    assert done.returncode == 1
    assert "cannot download" in done.stderr


def test_the_address_is_needed_until_a_release_fills_it_in(tmp_path):
    script = PACKAGES / "install.sh"
    done = subprocess.run(["sh", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "--url" in done.stderr
