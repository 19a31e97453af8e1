# SPDX-License-Identifier: Apache-2.0
"""Fixtures for the tests of what needs no package manager of a language: install.sh, the Debian
package, the action for GitHub."""

import pathlib
import subprocess

import pytest

PACKAGES = pathlib.Path(__file__).resolve().parents[1]


def pytest_addoption(parser):
    parser.addoption("--weir", required=True, metavar="PATH", help="the binary")
    parser.addoption("--node", required=True, metavar="PATH", help="the program node")


@pytest.fixture(scope="session")
def binary(request):
    return pathlib.Path(request.config.getoption("--weir")).resolve()


@pytest.fixture(scope="session")
def version(binary):
    shown = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True)
    return shown.stdout.split()[1]


@pytest.fixture(scope="session")
def node(request):
    return pathlib.Path(request.config.getoption("--node")).resolve()
