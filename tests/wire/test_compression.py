# SPDX-License-Identifier: Apache-2.0
"""Compressed requests, and compressed answers for clients that ask for them.

Connection.read() compares x-amz-crc32 with the bytes that came. For a compressed answer it is the
CRC of the compressed bytes, as AWS's SDKs expect.
"""

import gzip
import json
import zlib

import pytest
from support.raw_http import Connection, api_request, request

MAX_BODY = 16 * 1024 * 1024
THRESHOLD = 4096  # answers up to this size are never compressed
SERIALIZATION = {"__type": "com.amazon.coral.service#SerializationException"}

LIST = b'{"Limit": 5}'
CODINGS = {"gzip": (gzip.compress, gzip.decompress), "deflate": (zlib.compress, zlib.decompress)}


def raw_deflate(data):
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


def compressed(body, coding="gzip", **headers):
    return api_request(body=body, Content_Encoding=coding, **headers)


def assert_lists_tables(response):
    assert response.status == 200
    assert "TableNames" in response.json()


@pytest.mark.parametrize("name", ["gzip", "GZIP", " gzip ", "deflate"])
def test_compressed_bodies_are_read(connection, name):
    compress = CODINGS[name.strip().lower()][0]
    for _ in range(2):  # the second proves that nothing of the first is left unread
        assert_lists_tables(connection.call(compressed(compress(LIST), name)))


def test_identity_is_no_coding(connection):
    assert_lists_tables(connection.call(compressed(LIST, "identity")))


def test_a_compressed_body_may_be_chunked(connection):
    body = gzip.compress(LIST)
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    head = compressed(b"", Transfer_Encoding="chunked")
    assert_lists_tables(connection.call(head + chunks))


@pytest.mark.parametrize("name", CODINGS)
def test_what_is_compressed_is_what_is_checked(connection, name):
    compress = CODINGS[name][0]
    response = connection.call(compressed(compress(b'{"Limit": "five"}'), name))
    assert response.status == 400
    assert response.json()["Message"] == "STRING_VALUE cannot be converted to Integer"
    response = connection.call(compressed(compress(b'{"Limit": '), name))
    assert (response.status, response.json()) == (400, SERIALIZATION)


def test_members_of_a_gzip_body_are_joined(connection):
    body = gzip.compress(LIST[:5]) + gzip.compress(b"") + gzip.compress(LIST[5:])
    assert_lists_tables(connection.call(compressed(body)))


@pytest.mark.parametrize("rest", [b"junk", b"\0" * 100, b"\x1f\x8b"])
def test_what_follows_a_gzip_body_is_ignored(connection, rest):
    assert_lists_tables(connection.call(compressed(gzip.compress(LIST) + rest)))


def test_a_deflate_body_is_its_first_stream(connection):
    whole = zlib.compress(LIST)
    assert_lists_tables(connection.call(compressed(whole + whole, "deflate")))
    halves = zlib.compress(LIST[:5]) + zlib.compress(LIST[5:])
    response = connection.call(compressed(halves, "deflate"))
    assert (response.status, response.json()) == (400, SERIALIZATION)


BROKEN = {
    "unknown coding": ("garbage", LIST),
    "brotli": ("br", LIST),
    "two codings": ("gzip, gzip", gzip.compress(gzip.compress(LIST))),
    "nothing": ("gzip", b""),
    "nothing deflated": ("deflate", b""),
    "not compressed": ("gzip", LIST),
    "not deflated": ("deflate", LIST),
    "cut": ("gzip", gzip.compress(LIST)[:-1]),
    "cut deflate": ("deflate", zlib.compress(LIST)[:-1]),
    "second member cut": ("gzip", gzip.compress(LIST) + gzip.compress(b" ")[:-1]),
    "wrong checksum": ("gzip", gzip.compress(LIST)[:-8] + b"\0" * 8),
    "deflate for gzip": ("gzip", zlib.compress(LIST)),
    "gzip for deflate": ("deflate", gzip.compress(LIST)),
    "deflate without its zlib frame": ("deflate", raw_deflate(LIST)),
}


@pytest.mark.parametrize(("coding", "body"), BROKEN.values(), ids=BROKEN.keys())
def test_a_body_that_cannot_be_decoded(connection, coding, body):
    # 500 as on AWS, which treats it as its own fault.
    response = connection.call(compressed(body, coding))
    assert response.status == 500
    assert response.json()["__type"] == "com.amazonaws.dynamodb.v20120810#InternalServerError"
    # The connection can still be used.
    assert_lists_tables(connection.call(api_request()))


def test_the_content_type_is_checked_before_the_coding(connection):
    response = connection.call(compressed(LIST, "garbage", Content_Type="text/plain"))
    assert response.status == 404


def test_a_decoded_body_of_16_mib_is_not_too_large(connection):
    body = LIST[:-1] + b" " * (MAX_BODY - len(LIST)) + b"}"
    assert len(body) == MAX_BODY
    for name, (compress, _) in CODINGS.items():
        assert_lists_tables(connection.call(compressed(compress(body), name)))


def test_a_longer_decoded_body_is_refused_with_413(connection):
    body = LIST[:-1] + b" " * (MAX_BODY - len(LIST) + 1) + b"}"
    for name, (compress, _) in CODINGS.items():
        response = connection.call(compressed(compress(body), name))
        assert (response.status, response.body) == (413, b"")
    assert_lists_tables(connection.call(api_request()))


def test_the_bound_is_for_all_members_together(connection):
    half = gzip.compress(b" " * (MAX_BODY // 2))
    assert_lists_tables(connection.call(compressed(gzip.compress(b"{}") + half)))
    assert connection.call(compressed(half * 2 + gzip.compress(b"{}"))).status == 413


def resident(process):
    """The most memory that a process has ever had, in bytes."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_a_bomb_takes_no_more_memory_than_a_plain_body(start_weir):
    server = start_weir("--threads", "1")
    bomb = gzip.compress(bytes(1 << 30), 9)
    with Connection.to(server.endpoint) as connection:
        before = resident(server.process)
        for _ in range(3):
            assert connection.call(compressed(bomb)).status == 413
        assert resident(server.process) - before < 2 * MAX_BODY


def test_many_empty_members_are_worked_off(connection):
    body = gzip.compress(b"", 1) * 100_000 + gzip.compress(LIST)
    assert_lists_tables(connection.call(compressed(body)))


@pytest.fixture(scope="module")
def long_answer(endpoint):
    """The function get_text, while there is a table with the items that it asks for."""
    create = {
        "TableName": "Compression",
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    with Connection.to(endpoint) as connection:

        def call(operation, body):
            response = connection.call(api_request(operation, json.dumps(body).encode()))
            assert response.status == 200, response.body

        call("CreateTable", create)
        for size in SIZES:
            item = {"k": {"S": str(size)}, "text": {"S": "x" * size}}
            call("PutItem", {"TableName": "Compression", "Item": item})
        yield get_text
        call("DeleteTable", {"TableName": "Compression"})


# Lengths of an item's text: two for which the whole answer has THRESHOLD bytes and one more, and a
# much greater one.
OVERHEAD = len(b'{"Item":{"text":{"S":""}}}')
AT_THRESHOLD = THRESHOLD - OVERHEAD
SIZES = [AT_THRESHOLD, AT_THRESHOLD + 1, 300_000]


def get_text(size, accept_encoding, **headers):
    body = {
        "TableName": "Compression",
        "Key": {"k": {"S": str(size)}},
        "ProjectionExpression": "#t",
        "ExpressionAttributeNames": {"#t": "text"},
    }
    body = json.dumps(body).encode()
    return api_request("GetItem", body, Accept_Encoding=accept_encoding, **headers)


@pytest.mark.parametrize("name", CODINGS)
def test_long_answers_are_compressed_when_asked(connection, long_answer, name):
    decompress = CODINGS[name][1]
    for size in SIZES[1:]:
        response = connection.call(long_answer(size, name))
        assert response.status == 200
        assert response.headers["content-encoding"] == name
        assert response.headers["content-type"] == "application/x-amz-json-1.0"
        assert int(response.headers["content-length"]) < size / 30
        assert decompress(response.body) == b'{"Item":{"text":{"S":"%b"}}}' % (b"x" * size)


@pytest.mark.parametrize(
    "accepted", [None, "", "identity", "br", "gzip;q=0", "*;q=0", "identity;q=0"]
)
def test_answers_are_plain_unless_asked(connection, long_answer, accepted):
    response = connection.call(long_answer(300_000, accepted))
    assert "content-encoding" not in response.headers
    assert len(response.json()["Item"]["text"]["S"]) == 300_000


@pytest.mark.parametrize(
    ("accepted", "name"),
    [
        ("gzip, deflate, br", "gzip"),
        ("gzip;q=1.0,deflate;q=0.6,identity;q=0.3", "gzip"),  # Ruby's Net::HTTP
        ("*", "gzip"),
        ("gzip;q=0, *", "deflate"),
        ("gzip;q=0.2, deflate;q=0.3", "deflate"),
    ],
)
def test_the_client_chooses(connection, long_answer, accepted, name):
    response = connection.call(long_answer(300_000, accepted))
    assert response.headers["content-encoding"] == name
    assert len(json.loads(CODINGS[name][1](response.body))["Item"]["text"]["S"]) == 300_000


@pytest.mark.parametrize(("first", "second"), [("identity", "gzip"), ("gzip", "identity")])
def test_the_first_of_several_headers_counts(connection, long_answer, first, second):
    call = long_answer(300_000, first)
    head, body = call.split(b"\r\n\r\n", 1)
    response = connection.call(
        head + b"\r\nAccept-Encoding: " + second.encode() + b"\r\n\r\n" + body
    )
    assert response.headers.get("content-encoding") == (first if first == "gzip" else None)


def test_short_answers_are_plain(connection, long_answer):
    response = connection.call(long_answer(AT_THRESHOLD, "gzip"))
    assert len(response.body) == THRESHOLD
    assert "content-encoding" not in response.headers


def test_errors_are_plain(connection):
    # A long error answer: the service echoes the value.
    body = json.dumps({"TableName": "x" * 10_000}).encode()
    response = connection.call(api_request("DeleteTable", body, Accept_Encoding="gzip"))
    assert response.status == 400
    assert len(response.body) > THRESHOLD
    assert "content-encoding" not in response.headers
    assert response.json()["__type"].endswith("#ValidationException")


def test_both_ways_at_once(connection, long_answer):
    call = long_answer(300_000, "gzip")
    head, body = call.split(b"\r\n\r\n", 1)
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    body = gzip.compress(body)
    lines += [b"Content-Encoding: gzip", b"Content-Length: %d" % len(body)]
    response = connection.call(b"\r\n".join(lines) + b"\r\n\r\n" + body)
    assert response.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(response.body))["Item"]["text"]["S"]) == 300_000


def test_health_checks_are_plain(connection):
    response = connection.call(request(headers={"Accept-Encoding": "gzip"}))
    assert response.status == 200
    assert "content-encoding" not in response.headers
