# SPDX-License-Identifier: Apache-2.0
import socket

import pytest
from support.raw_http import Connection


@pytest.fixture
def connection(endpoint):
    """A fresh connection to the server under test."""
    with Connection.to(endpoint) as opened:
        yield opened


@pytest.fixture
def silent_listener():
    """The port of a listener on 127.0.0.1 that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
