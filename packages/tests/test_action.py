# SPDX-License-Identifier: Apache-2.0
"""The action for GitHub, run as its runner runs it: by files and variables."""

import os
import subprocess
import urllib.error
import urllib.request

import pytest
from conftest import PACKAGES

FILES = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STATE")


class Job:
    """What the runner has for a job: a folder, and the files through which steps talk to it."""

    def __init__(self, node, folder):
        self.node = node
        self.folder = folder
        self.variables = {name: str(folder / name) for name in FILES} | {"RUNNER_TEMP": str(folder)}
        for name in FILES:
            (folder / name).touch()

    def told(self, name):
        """What the steps have written to a file, by name."""
        lines = (self.folder / name).read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def run(self, script, **inputs):
        state = {f"STATE_{name}": value for name, value in self.told("GITHUB_STATE").items()}
        inputs = {f"INPUT_{name.upper()}": str(value) for name, value in inputs.items()}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return subprocess.run(
            [self.node, PACKAGES / "action" / script],
            env=clean | self.variables | state | inputs,
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def job(node, tmp_path):
    job = Job(node, tmp_path)
    yield job
    job.run("stop.js")


def answers(endpoint):
    try:
        with urllib.request.urlopen(f"{endpoint}/_weir/health", timeout=10) as answer:
            return answer.status == 200
    except urllib.error.URLError:
        return False


def test_the_server_runs_until_the_end_of_the_job(job, binary):
    done = job.run("start.js", binary=binary, port=0, flags="--log-level debug")
    assert done.returncode == 0, done.stdout + done.stderr
    endpoint = job.told("GITHUB_OUTPUT")["endpoint"]
    assert answers(endpoint)
    told = job.told("GITHUB_ENV")
    assert told["AWS_ENDPOINT_URL_DYNAMODB"] == endpoint
    assert told["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] == endpoint
    assert told["AWS_ACCESS_KEY_ID"] == "local"
    stopped = job.run("stop.js")
    assert stopped.returncode == 0, stopped.stderr
    assert not answers(endpoint)
    assert "GET /_weir/health" in stopped.stdout or "ending on signal" in stopped.stdout


def test_credentials_of_the_job_stay(job, binary):
    job.variables["AWS_ACCESS_KEY_ID"] = "AKIAREAL"
    assert job.run("start.js", binary=binary, port=0).returncode == 0
    told = job.told("GITHUB_ENV")
    assert "AWS_ACCESS_KEY_ID" not in told
    assert told["AWS_REGION"] == "us-east-1"


def test_a_server_that_does_not_start_fails_the_step(job, binary):
    done = job.run("start.js", binary=binary, port=0, flags="--no-such-flag")
    assert done.returncode == 1
    assert "::error::weir ended with exit code 2" in done.stdout
    assert "--no-such-flag" in done.stdout


def test_a_release_that_is_not_there_fails_the_step(job, binary, tmp_path):
    done = job.run("start.js", url=f"file://{tmp_path}/nothing")
    assert done.returncode == 1
    assert "cannot download" in done.stderr


def test_an_action_of_the_same_repository_needs_a_release(job):
    job.variables |= {"GITHUB_SERVER_URL": "https://host.example", "GITHUB_ACTION_REPOSITORY": ""}
    done = job.run("start.js")
    assert done.returncode == 1
    assert "name one by url, or a binary" in done.stdout


def test_settings_of_the_job_are_not_those_of_the_server(job, binary, tmp_path):
    job.variables["WEIR_DATA_DIR"] = str(tmp_path / "data")
    assert job.run("start.js", binary=binary, port=0).returncode == 0
    assert not (tmp_path / "data").exists()


def test_the_end_of_a_job_without_a_server_is_no_fault(job):
    assert job.run("stop.js").returncode == 0
