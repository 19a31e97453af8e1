# SPDX-License-Identifier: Apache-2.0
"""A kept-alive connection that speaks DynamoDB's JSON protocol. Faster than http.client."""

import json
import socket
import urllib.parse
from dataclasses import dataclass

DATA_API = "DynamoDB_20120810"
STREAMS_API = "DynamoDBStreams_20120810"
TIMEOUT = 60.0  # seconds; an answer that takes longer counts as missing

_AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=weirtest/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=" + "0" * 64
)


class ServerGone(Exception):
    """The server closed the connection, or did not answer in time."""


@dataclass
class Answer:
    status: int
    body: object  # decoded JSON, or text if it is not JSON

    @property
    def ok(self):
        return self.status == 200

    @property
    def error_type(self):
        return self._member("__type").rpartition("#")[2]

    @property
    def message(self):
        return self._member("message") or self._member("Message")

    def _member(self, name):
        return self.body.get(name) or "" if isinstance(self.body, dict) else ""

    def outcome(self):
        """`OK`, or the error's short type and text."""
        return "OK" if self.ok else f"{self.error_type}: {self.message}"


class Connection:
    """Sends a request with `send` and reads its answer with `receive`, in turn."""

    def __init__(self, endpoint):
        url = urllib.parse.urlsplit(endpoint)
        self._address = (url.hostname, url.port)
        self._host = url.netloc
        self._socket = None
        self._input = None

    def close(self):
        if self._socket:
            self._input.close()
            self._socket.close()
        self._socket = self._input = None

    def send(self, operation, body, api=DATA_API):
        data = json.dumps(body).encode()
        head = (
            f"POST / HTTP/1.1\r\nHost: {self._host}\r\n"
            "Content-Type: application/x-amz-json-1.0\r\n"
            f"X-Amz-Target: {api}.{operation}\r\nX-Amz-Date: 20260101T000000Z\r\n"
            f"Authorization: {_AUTHORIZATION}\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        try:
            if self._socket is None:
                self._socket = socket.create_connection(self._address, TIMEOUT)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._input = self._socket.makefile("rb")
            self._socket.sendall(head.encode() + data)
        except OSError as error:
            self.close()
            raise ServerGone(str(error)) from error

    def receive(self):
        try:
            status, headers = self._head()
            body = self._body(headers)
        except (OSError, ValueError) as error:
            self.close()
            raise ServerGone(str(error)) from error
        if headers.get("connection", "").lower() == "close":
            self.close()
        try:
            return Answer(status, json.loads(body) if body else None)
        except ValueError:
            return Answer(status, body.decode(errors="replace"))

    def call(self, operation, body, api=DATA_API):
        self.send(operation, body, api)
        return self.receive()

    def _line(self):
        line = self._input.readline(65536)
        if not line.endswith(b"\n"):
            raise OSError("the connection ended")
        return line.strip().decode("latin-1")

    def _head(self):
        status = int(self._line().split(" ", 2)[1])
        headers = {}
        while line := self._line():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return status, headers

    def _body(self, headers):
        if headers.get("transfer-encoding") != "chunked":
            return self._exactly(int(headers.get("content-length", 0)))
        body = b""
        while size := int(self._line(), 16):
            body += self._exactly(size)
            self._line()
        self._line()
        return body

    def _exactly(self, size):
        data = self._input.read(size)
        if len(data) != size:
            raise OSError("the connection ended")
        return data
