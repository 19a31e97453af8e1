# SPDX-License-Identifier: Apache-2.0
"""A client for any DynamoDB server: one socket, no SDK, cheap enough to write five million items.
"""

import json
import re
import socket

DEADLINE = 60.0  # seconds for one answer; a server that takes longer cannot do the load
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
HEAD = (
    "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.0\r\n"
    "X-Amz-Target: {target}\r\nX-Amz-Date: 20261101T120000Z\r\n"
    "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/dynamodb/"
    "aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=" + "0" * 64 + "\r\n"
    "Content-Length: {length}\r\n\r\n"
)
STREAM_OPERATIONS = {"ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"}


class CannotServe(Exception):
    """The server refused, closed the connection or took too long. The text has its answer."""


def request_bytes(operation, body):
    """The bytes of a call; `body` is bytes."""
    service = "DynamoDBStreams" if operation in STREAM_OPERATIONS else "DynamoDB"
    target = f"{service}_20120810.{operation}"
    return HEAD.format(target=target, length=len(body)).encode() + body


class Client:
    """One connection, which a `with` block closes at its end. Not thread-safe."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._input = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def call(self, operation, **body):
        """The answer as JSON. CannotServe if its status is not 200."""
        return json.loads(self.call_raw(operation, json.dumps(body).encode()))

    def call_raw(self, operation, body):
        """Sends a request with the bytes `body`. Returns the body of its answer as bytes."""
        self.send(request_bytes(operation, body))
        return self.read(operation)

    def send(self, data):
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise CannotServe(f"the connection broke: {error}") from error

    def read(self, operation):
        """The body of the next answer. CannotServe, with the name `operation`, if its status is not
        200.
        """
        try:
            head, body = self._read()
        except OSError as error:
            raise CannotServe(f"{operation}: no answer: {error}") from error
        if not head.startswith(b"HTTP/1.1 200"):
            raise CannotServe(f"{operation}: {body[:300].decode(errors='replace')}")
        return body

    def _read(self):
        parts, size = [self._input], len(self._input)
        while b"\r\n\r\n" not in parts[0]:
            parts[0] += self._receive()
        head, _, rest = parts[0].partition(b"\r\n\r\n")
        if CHUNKED.search(head):
            return head, self._read_chunks(rest)
        match = LENGTH.search(head)
        wanted = int(match[1]) if match else 0
        parts, size = [rest], len(rest)
        while size < wanted:
            parts.append(self._receive())
            size += len(parts[-1])
        body = b"".join(parts)
        self._input = body[wanted:]
        return head, body[:wanted]

    def _read_chunks(self, data):
        body = b""
        while True:
            while b"\r\n" not in data:
                data += self._receive()
            line, _, data = data.partition(b"\r\n")
            size = int(line, 16)
            while len(data) < size + 2:
                data += self._receive()
            body += data[:size]
            data = data[size + 2 :]
            if size == 0:
                self._input = data
                return body

    def _receive(self):
        data = self._socket.recv(1 << 20)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data
