# SPDX-License-Identifier: Apache-2.0
"""`start_python(files, handler)` and `start_node(files, handler)` start a function's process."""

import pathlib
import shutil
import sys

import pytest
from fake_runtime_api import Function, write_code

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BOOTSTRAPS = REPOSITORY / "runtimes" / "code"


def node_program():
    own = REPOSITORY / "build" / "node" / "bin" / "node"
    found = str(own) if own.is_file() else shutil.which("node")
    assert found, "there is no node in PATH or build/node"
    return found


@pytest.fixture
def start(tmp_path):
    functions = []

    def start_function(command, files, handler, environment=None):
        folder = tmp_path / str(len(functions)) / "code"
        folder.mkdir(parents=True)
        write_code(folder, files)
        functions.append(Function(command, folder, handler, environment))
        return functions[-1]

    yield start_function
    for function in functions:
        function.stop()


@pytest.fixture
def start_python(start):
    def start_function(files, handler="app.handler", environment=None, flags=()):
        files = {"app.py": files} if isinstance(files, str) else files
        return start([sys.executable, *flags, str(BOOTSTRAPS / "bootstrap.py")], files, handler, environment)

    return start_function


@pytest.fixture
def start_node(start):
    def start_function(files, handler="index.handler", environment=None):
        files = {"index.js": files} if isinstance(files, str) else files
        return start([node_program(), str(BOOTSTRAPS / "bootstrap.mjs")], files, handler, environment)

    return start_function
