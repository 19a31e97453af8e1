# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 over a plain socket, so that a test controls every byte.

Every answer that is read is checked for what all of Weir's answers must have: request id, CRC-32 of
the body, Date, Server and a length.
"""

import json
import re
import socket
import urllib.parse
import zlib

DEADLINE = 20.0  # seconds; only a broken server makes a test wait that long

REQUEST_ID = re.compile(r"^[0-9A-Z]{26}VV4KQNSO5AEMVJF66Q9ASUAAJG$")
DATE = re.compile(r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$")


class Response:
    """Status, headers (lower-case names) and body (after chunked coding) of an answer."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)


class Connection:
    """A TCP connection to a server; closes at the end of a `with` block."""

    def __init__(self, host, port, receive_buffer=None):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(DEADLINE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect((host, port))
        self._input = b""

    @classmethod
    def to(cls, endpoint, **options):
        url = urllib.parse.urlsplit(endpoint)
        return cls(url.hostname, url.port, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def send_what_fits(self, data):
        """Sends without waiting for room. Returns how many bytes were sent."""
        self.socket.setblocking(False)
        sent = 0
        try:
            while sent < len(data):
                sent += self.socket.send(data[sent : sent + 65536])
        except BlockingIOError:
            pass
        finally:
            self.socket.settimeout(DEADLINE)
        return sent

    def at_end(self):
        """Waits until the server closes the connection. True if it sends nothing before that."""
        if self._input:
            return False
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def read_interim(self):
        """Reads an interim (1xx) answer. Returns its status."""
        status, headers = self._read_head()
        assert 100 <= status < 200 and not headers, (status, headers)
        return status

    def read(self, head_only=False):
        """Reads one answer. `head_only` is for the answer to a HEAD request."""
        status, headers = self._read_head()
        body = b"" if head_only else self._read_body(headers)
        assert REQUEST_ID.match(headers["x-amzn-requestid"]), headers
        assert DATE.match(headers["date"]), headers
        assert headers["server"], headers
        if not head_only:
            assert headers["x-amz-crc32"] == str(zlib.crc32(body)), (headers, body)
        return Response(status, headers, body)

    def call(self, data):
        self.send(data)
        return self.read()

    def _fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError(f"the server closed the connection after {self._input!r}")
        self._input += data

    def _take(self, size):
        while len(self._input) < size:
            self._fill()
        data, self._input = self._input[:size], self._input[size:]
        return data

    def _take_line(self):
        while b"\r\n" not in self._input:
            self._fill()
        line, self._input = self._input.split(b"\r\n", 1)
        return line.decode("ascii")

    def _read_head(self):
        version, status, *_ = self._take_line().split(" ", 2)
        assert version == "HTTP/1.1", version
        headers = {}
        while line := self._take_line():
            name, value = line.split(": ", 1)
            assert name.lower() not in headers, f"{name} twice"
            headers[name.lower()] = value
        return int(status), headers

    def _read_body(self, headers):
        if headers.get("transfer-encoding") != "chunked":
            return self._take(int(headers["content-length"]))
        assert "content-length" not in headers, headers
        body = b""
        while size := int(self._take_line(), 16):
            body += self._take(size)
            assert self._take_line() == ""
        assert self._take_line() == ""
        return body


def request(method="GET", target="/", headers=None, body=b"", version="1.1"):
    """The bytes of a request. Adds Host and, for a body, Content-Length, unless `headers` has them.
    A header of None is left out.
    """
    lines = {"Host": "localhost"}
    lines.update(headers or {})
    names = {name.lower() for name in lines}
    if body and not names & {"content-length", "transfer-encoding"}:
        lines["Content-Length"] = str(len(body))
    head = f"{method} {target} HTTP/{version}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return head.encode() + b"\r\n" + body


AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host;x-amz-date;x-amz-target, Signature=" + "0" * 64
)


def api_headers(operation="ListTables", **replaced):
    """The headers of a well-formed call. Arguments replace headers; None removes one
    (X_Amz_Target=None).
    """
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        "X-Amz-Date": "20261101T120000Z",
        "Authorization": AUTHORIZATION,
    }
    headers.update({name.replace("_", "-"): value for name, value in replaced.items()})
    return headers


def api_request(operation="ListTables", body=b"{}", **replaced):
    """The bytes of a well-formed call of `operation`."""
    return request("POST", headers=api_headers(operation, **replaced), body=body)
