# SPDX-License-Identifier: Apache-2.0
"""Keep-alive, pipelining, bodies and old clients."""

import socket

import pytest
from support.raw_http import Connection, api_request, request

HEALTH = request(target="/_weir/health")
OTHER = request(target="/_weir/nothing")


def test_a_connection_serves_many_requests(connection):
    ids = set()
    for _ in range(50):
        response = connection.call(api_request())
        assert response.status == 200
        assert "connection" not in response.headers
        ids.add(response.headers["x-amzn-requestid"])
    assert len(ids) == 50


def test_connection_close_is_honoured(connection):
    response = connection.call(request(headers={"Connection": "close"}))
    assert response.status == 200
    assert response.headers["connection"] == "close"
    assert connection.at_end()


def test_what_follows_connection_close_is_not_answered(connection):
    # More than is read at once. If the socket were closed with unread bytes, the kernel would send
    # a reset, which can destroy the answer on its way.
    connection.send(request(headers={"Connection": "close"}) + HEALTH * 2000)
    assert connection.read().headers["connection"] == "close"
    assert connection.socket.recv(1) == b""


def test_pipelined_requests_are_answered_in_order(connection):
    connection.send((HEALTH + OTHER + api_request()) * 20)
    statuses = [connection.read().status for _ in range(60)]
    assert statuses == [200, 404, 200] * 20


def test_pipelined_answers_wait_for_a_reader(endpoint):
    # More than the kernel buffers on both sides. The server must stop reading while its answers are
    # not read, and must lose none of them.
    padding = {"X-Padding": "x" * 2000}
    pair = b"".join(request(target=to, headers=padding) for to in ("/_weir/health", "/_weir/none"))
    pairs = 15_000
    with Connection.to(endpoint, receive_buffer=4096) as connection:
        unsent = memoryview(pair * pairs)
        unsent = unsent[connection.send_what_fits(unsent) :]
        assert unsent, "all was taken although nothing was read"
        for _ in range(pairs):
            assert (connection.read().status, connection.read().status) == (200, 404)
            unsent = unsent[connection.send_what_fits(unsent) :]
        assert not unsent


def test_a_request_may_come_byte_by_byte(connection):
    for byte in api_request(body=b'{"Limit": 5}'):
        connection.send(bytes([byte]))
    assert connection.read().status == 200


def test_a_chunked_request_may_come_byte_by_byte(connection):
    head = api_request(body=b"", Transfer_Encoding="chunked")
    for byte in head + b"1\r\n{\r\n1;name=value\r\n}\r\n0\r\n\r\n":
        connection.send(bytes([byte]))
    assert connection.read().status == 200


def test_the_next_request_may_begin_in_the_same_segment(connection):
    call = api_request()
    connection.send(call + call[:40])
    assert connection.read().status == 200
    connection.send(call[40:])
    assert connection.read().status == 200


@pytest.mark.parametrize(
    "chunks",
    [
        b"2\r\n{}\r\n0\r\n\r\n",
        b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        b"0002\r\n{}\r\n0\r\n\r\n",
        b"2;extension=1\r\n{}\r\n0;last\r\n\r\n",
        b"2\r\n{}\r\n0\r\nX-Trailer: ignored\r\nX-Amz-Target: Other.Target\r\n\r\n",
    ],
)
def test_chunked_bodies(connection, chunks):
    head = api_request(body=b"", Transfer_Encoding="chunked")
    for _ in range(2):  # the second proves that nothing of the first is left unread
        response = connection.call(head + chunks)
        assert response.status == 200
        assert "TableNames" in response.json()


def test_expect_continue_is_answered_before_the_body_is_sent(connection):
    call = api_request(Expect="100-continue")
    head, body = call[:-2], call[-2:]
    connection.send(head)
    assert connection.read_interim() == 100
    assert connection.call(body).status == 200


def test_no_continue_for_a_body_that_is_already_there(connection):
    assert connection.call(api_request(Expect="100-continue")).status == 200


def test_no_continue_for_http_1_0(connection):
    call = request("POST", headers={"Expect": "100-continue", "Content-Length": 2}, version="1.0")
    connection.send(call)
    response = connection.call(b"{}")
    assert response.status != 100
    assert connection.at_end()


def test_http_1_0_closes_after_the_answer(connection):
    response = connection.call(request(headers={"Host": None}, version="1.0"))
    assert response.status == 200
    assert response.headers["connection"] == "close"
    assert connection.at_end()


def test_http_1_0_may_ask_to_keep_the_connection(connection):
    for _ in range(2):
        response = connection.call(request(headers={"Connection": "keep-alive"}, version="1.0"))
        assert response.status == 200
        assert response.headers["connection"] == "keep-alive"


def test_head_is_answered_without_a_body(connection):
    connection.send(request("HEAD", "/_weir/health") + HEALTH)
    head = connection.read(head_only=True)
    full = connection.read()
    assert (head.status, full.status) == (200, 200)
    assert head.headers["content-length"] == full.headers["content-length"]


def test_empty_lines_before_a_request_are_passed_over(connection):
    assert connection.call(b"\r\n\r\n" + HEALTH).status == 200
    assert connection.call(b"\r\n" + HEALTH).status == 200


def test_a_client_that_has_closed_its_side_still_gets_its_answers(connection):
    connection.send(HEALTH + HEALTH)
    connection.socket.shutdown(socket.SHUT_WR)
    assert [connection.read().status for _ in range(2)] == [200, 200]
    assert connection.at_end()


def test_header_names_are_case_insensitive(connection):
    call = api_request().replace(b"X-Amz-Target", b"x-aMZ-tARGET")
    assert connection.call(call).status == 200


def test_many_connections_at_once(endpoint):
    connections = [Connection.to(endpoint) for _ in range(200)]
    try:
        for connection in connections:
            connection.send(HEALTH + OTHER)
        for connection in connections:
            assert (connection.read().status, connection.read().status) == (200, 404)
    finally:
        for connection in connections:
            connection.close()
