# SPDX-License-Identifier: Apache-2.0
"""A server for tests."""

from __future__ import annotations

import http.client
import os
import types
import weakref
from typing import Any

from weir.binary import find_binary
from weir.clock import Clock
from weir.connection import Connection
from weir.errors import WeirError
from weir.process import Process
from weir.shards import Shards, list_shards

# Any will do, and all see the same tables.
REGION = "us-east-1"
KEY = "local"


class Server:
    """A `weir serve` with its data in memory that belongs to this process.

    It runs from the constructor to `stop()` or the end of a `with` block, at the longest as long as
    this process. Threads may share it. A forked child may use it, but only the process that started
    it can stop it.
    """

    def __init__(self, *flags: str, binary: str | os.PathLike[str] | None = None) -> None:
        """Returns when the server is ready, on a free port unless a flag names one.

        `flags` are flags of `weir serve`. `binary` is the file to start, in place of the one that
        WEIR_BINARY names or that is found.

        Raises WeirError if there is no binary, or if it does not become ready.
        """
        self._starter = os.getpid()
        self._process = Process(find_binary(binary), flags)
        self._connection = Connection(self._process.url)
        self.clock = Clock(self.request)
        _servers.add(self)

    @property
    def url(self) -> str:
        """The endpoint, such as http://127.0.0.1:43211."""
        return self._process.url

    @property
    def port(self) -> int:
        return self._process.port

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def version(self) -> str:
        """The version of the binary, such as 0.1.0."""
        return self._process.version

    @property
    def log(self) -> str:
        """The last 64 KiB of what the server has written to standard error."""
        return self._process.log.text

    @property
    def log_length(self) -> int:
        """How many bytes the server has written to standard error so far, for log_since."""
        return self._process.log.length

    def log_since(self, length: int) -> str:
        """The log without its first `length` bytes, or its last 64 KiB if that is more."""
        return self._process.log.since(length)

    def client_args(self) -> dict[str, str]:
        """Keyword arguments for boto3.client and boto3.resource, and for those of aioboto3."""
        return {
            "endpoint_url": self.url,
            "region_name": REGION,
            "aws_access_key_id": KEY,
            "aws_secret_access_key": KEY,
        }

    def reset(self) -> None:
        """Restores the state of a fresh start: no tables, no streams, the machine's time."""
        self.request("POST", "/_weir/reset")

    def shards(self, table: str) -> Shards:
        """All shards of the latest stream of `table`, as they are now."""
        return list_shards(self.request, table)

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a request to an endpoint below /_weir/, with `body` as JSON unless it is None.

        Returns the answer. Raises WeirError if it is an error, or if there is none.
        """
        try:
            status, answer = self._connection.request(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            code = self._process.await_exit_code()
            state = "runs" if code is None else f"has ended with exit code {code}"
            raise WeirError(
                f"{method} {path} got no answer ({error}). The server {state}. "
                f"The end of what it has logged:\n{self.log}"
            ) from error
        if status >= 400:
            raise WeirError(answer["message"], status)
        return answer

    def stop(self) -> None:
        """Ends the server. Does nothing if it has ended, and in a forked child."""
        if os.getpid() == self._starter:
            self._connection.close()
            self._process.stop()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        self.stop()

    def _leave_to_parent(self) -> None:
        """Makes this a guest in a forked child.

        The child gets a connection of its own, since two processes cannot take turns on one, and
        gives up the server's standard input, since it may live longer than the parent.
        """
        self._connection.close()
        self._connection = Connection(self.url)
        self._process.close_stdin()


_servers: weakref.WeakSet[Server] = weakref.WeakSet()


def _leave_all_to_parent() -> None:
    for server in _servers:
        server._leave_to_parent()


os.register_at_fork(after_in_child=_leave_all_to_parent)
