# SPDX-License-Identifier: Apache-2.0
"""Requests that are too large or not HTTP, and what happens to their connections."""

import pytest
from support.raw_http import Connection, api_headers, api_request, request

MAX_HEAD = 16 * 1024
MAX_BODY = 16 * 1024 * 1024


def refused(connection, data, status):
    """Sends `data`. Expects `status` and the end of the connection."""
    response = connection.call(data)
    assert response.status == status
    assert response.headers["connection"] == "close"
    assert connection.at_end()
    return response


def request_with_head_of(size):
    base = request(target="/_weir/health", headers={"X-Padding": ""})
    return request(target="/_weir/health", headers={"X-Padding": "x" * (size - len(base))})


def test_a_head_of_16_kib_is_served(connection):
    call = request_with_head_of(MAX_HEAD)
    assert len(call) == MAX_HEAD
    assert connection.call(call).status == 200


def test_a_longer_head_is_refused_with_400(connection):
    refused(connection, request_with_head_of(MAX_HEAD + 1), 400)


def test_a_longer_head_is_refused_before_it_ends(connection):
    refused(connection, request_with_head_of(2 * MAX_HEAD)[: MAX_HEAD + 1], 400)


def test_a_longer_head_in_many_pieces_is_refused(connection):
    connection.send(b"GET /_weir/health HTTP/1.1\r\nHost: localhost\r\n")
    lines = b"".join(b"X-Header-%d: %s\r\n" % (i, b"x" * 80) for i in range(200))
    refused(connection, lines, 400)


def test_a_request_line_above_16_kib_is_refused_with_400(connection):
    refused(connection, request(target="/" + "x" * MAX_HEAD), 400)


def test_a_body_of_16_mib_is_not_too_large(connection):
    call = request("POST", headers=api_headers(), body=b"a" * MAX_BODY)
    response = connection.call(call)
    assert response.status == 400
    assert response.json() == {"__type": "com.amazon.coral.service#SerializationException"}


def test_a_longer_body_is_refused_by_its_declared_length(connection):
    response = refused(connection, api_request(body=b"", Content_Length=MAX_BODY + 1), 413)
    assert response.body == b""
    assert response.headers["transfer-encoding"] == "chunked"  # as AWS's front end answers


def test_a_client_that_sends_the_whole_body_first_still_reads_the_413(connection):
    refused(connection, api_request(body=b"a" * (MAX_BODY + 1)), 413)


def test_a_longer_chunked_body_is_refused(connection):
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    connection.send(api_request(body=b"", Transfer_Encoding="chunked") + chunk * 16)
    refused(connection, b"1\r\na\r\n0\r\n\r\n", 413)


def test_a_huge_chunk_is_refused_by_its_declared_length(connection):
    head = api_request(body=b"", Transfer_Encoding="chunked")
    refused(connection, head + b"ffffffffffff\r\n", 413)


def test_no_continue_for_a_body_that_is_refused(connection):
    call = api_request(body=b"", Content_Length=MAX_BODY + 1, Expect="100-continue")
    refused(connection, call, 413)


MALFORMED = {
    "no HTTP": b"hello\r\n\r\n",
    "no version": b"GET /\r\nHost: localhost\r\n\r\n",
    "no target": b"GET HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "bad method": b"GE T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "bad version": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "bare line feeds": b"GET / HTTP/1.1\nHost: localhost\n\n",
    "header without colon": b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
    "blank before the colon": b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
    "control character": b"GET / HTTP/1.1\r\nHost: local\x00host\r\n\r\n",
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "bad length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: two\r\n\r\n",
    "negative length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "length and chunked": (
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    ),
    "bad chunk size": (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n"
    ),
    "chunk longer than its size": (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n"
    ),
    "endless chunk extension": (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 40_000
    ),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_requests_are_refused_with_400(connection, data):
    refused(connection, data, 400)


def test_a_tls_client_is_refused_at_once(connection):
    # The beginning of a ClientHello: an https:// endpoint was configured.
    refused(connection, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32), 400)


def test_other_transfer_codings_are_not_implemented(connection):
    refused(connection, api_request(body=b"", Transfer_Encoding="gzip, chunked"), 501)


def test_requests_before_a_malformed_one_are_answered(connection):
    connection.send(request(target="/_weir/health") + b"\x00\r\n\r\n")
    assert connection.read().status == 200
    assert connection.read().status == 400
    assert connection.at_end()


def test_a_refusal_does_not_touch_other_connections(endpoint, connection):
    with Connection.to(endpoint) as other:
        assert other.call(request(target="/_weir/health")).status == 200
        refused(connection, b"nonsense\r\n\r\n", 400)
        assert other.call(request(target="/_weir/health")).status == 200
