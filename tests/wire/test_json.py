# SPDX-License-Identifier: Apache-2.0
"""JSON on the wire: texts that are not JSON, odd but legal JSON, and values of wrong types."""

import json
import time

import pytest
from support.raw_http import Connection, api_request

CORAL = "com.amazon.coral.service#SerializationException"
NO_JSON = {"__type": CORAL}
MAX_BODY = 16 * 1024 * 1024


def error(connection, operation, body):
    response = connection.call(api_request(operation, body))
    assert response.status == 400
    return response.json()


CORRECT = b'{"TableName": "abc", "Item": {"p": {"S": "x"}, "n": {"N": "-1.5e3"}}, "x": [true, null]}'


def test_no_beginning_of_json_is_json(connection):
    for size in range(1, len(CORRECT)):
        assert error(connection, "PutItem", CORRECT[:size]) == NO_JSON, CORRECT[:size]


BAD_TEXTS = ["{", "}", "][", "}{", "hello", "7seven", '"a":"b"', '{"a"}', '{"a":}', '{"a":1,}', "{,}", "{{}}", "[1,]", "[1,2", "{3:1}", "{a:1}", "{'a':1}", '{"a":01}', '{"a":+1}', '{"a":.5}', '{"a":1.}', '{"a":1e}', '{"a":0x1}', '{"a":NaN}', '{"a":Infinity}', '{"a":True}', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":"\\u12g4"}', "{}{}", "{}x", '{"a":1}}', "/**/{}", "{}//c", "#{}", '{"a":1;}']  # noqa: E501


@pytest.mark.parametrize("body", BAD_TEXTS)
def test_what_is_not_json(connection, body):
    assert error(connection, "ListTables", body.encode()) == NO_JSON


@pytest.mark.parametrize("byte", list(range(0x20)))
def test_control_characters_must_be_escaped(connection, byte):
    body = b'{"ExclusiveStartTableName": "a%cc"}' % byte
    assert error(connection, "ListTables", body) == NO_JSON


# https://www.rfc-editor.org/rfc/rfc3629#section-3
BAD_UTF8 = {
    "lone continuation": b"\x80",
    "cut": b"\xc3",
    "cut of three": b"\xe2\x82",
    "cut of four": b"\xf0\x9f\x98",
    "no continuation": b"\xc3a",
    "overlong slash": b"\xc0\xaf",
    "overlong of three": b"\xe0\x80\xaf",
    "overlong of four": b"\xf0\x80\x80\xaf",
    "surrogate": b"\xed\xa0\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80",
    "never a byte": b"\xff",
    "Latin-1": "ä".encode("latin-1"),
}


@pytest.mark.parametrize("data", BAD_UTF8.values(), ids=BAD_UTF8.keys())
def test_what_is_not_utf8(connection, data):
    for body in (b'{"x": "%b"}' % data, b'{"%b": 1}' % data, data, b"{}" + data):
        assert error(connection, "ListTables", body) == NO_JSON


@pytest.mark.parametrize("text", [r"\ud800", r"\udc00", r"\ud800A", r"\udc00\ud800"])
def test_escapes_that_are_no_characters(connection, text):
    assert error(connection, "ListTables", b'{"x": "%b"}' % text.encode()) == NO_JSON


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings(connection, encoding):
    assert error(connection, "ListTables", '{"Limit": 5}'.encode(encoding)) == NO_JSON


@pytest.mark.parametrize("body", [b"7", b'"{}"', b"null", b"true", b"[]", b"[{}]", b"-0.0"])
def test_what_is_json_but_no_object(connection, body):
    assert error(connection, "ListTables", body) == NO_JSON


@pytest.fixture(scope="module")
def names(endpoint):
    """Three tables' names, in order."""
    tables = ["Json-a", "Json-b", "Json-c"]
    with Connection.to(endpoint) as connection:
        for name in tables:
            body = {
                "TableName": name,
                "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
            }
            made = connection.call(api_request("CreateTable", json.dumps(body).encode()))
            assert made.status == 200, made.body
        yield tables
        for name in tables:
            body = json.dumps({"TableName": name}).encode()
            assert connection.call(api_request("DeleteTable", body)).status == 200


def answer(connection, operation, body):
    response = connection.call(api_request(operation, body.encode()))
    assert response.status == 200, response.body
    return response.json()


START = '"ExclusiveStartTableName":"Json-"'

ODD = {
    "blanks": f' \t\r\n{{ \n"Limit"\t:\r2 , {START}\n}} \r\n\t',
    "byte order mark": "\ufeff" + f'{{"Limit":2,{START}}}',
    "escaped name": rf'{{"\u004cimit":2,{START}}}',
    "all escaped": r'{"Limit":2,"ExclusiveStartTableName":"\u004a\u0073\u006F\u006e\u002d"}',
    "exponent": f'{{"Limit":2e0,{START}}}',
    "negative exponent": f'{{"Limit":200E-2,{START}}}',
    "fraction": f'{{"Limit":2.9999,{START}}}',
    "twice": f'{{"Limit":1,"Limit":2,{START}}}',
    "null first": f'{{"Limit":null,{START},"Limit":2}}',
    "unknown members": f'{{"":[{{"":{{}}}}],"limit":1,"Limit ":1,"X":-0.0e-0,{START},"Limit":2}}',
    "unknown of every type": f'{{"a":1,"b":"x","c":true,"d":null,"e":[1,[]],{START},"Limit":2}}',
    "deep but unknown": '{{"X":{}{},"Limit":2,{}}}'.format("[" * 198, "]" * 198, START),
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_odd_but_legal(connection, names, body):
    assert answer(connection, "ListTables", body)["TableNames"] == names[:2]


def test_null_takes_back_what_was_given_before(connection, names):
    listed = answer(connection, "ListTables", f'{{"Limit":1,{START},"Limit":null}}')
    assert listed["TableNames"][: len(names)] == names
    assert error(connection, "DescribeTable", b'{"TableName":"Json-a","TableName":null}')


def test_the_last_of_equal_names_counts_at_every_level(connection, names):
    put = (
        '{"TableName":"Json-x","Item":{"k":{"S":"x"}},"TableName":"Json-a","Item":{"k":{"S":"x"},'
        '"v":{"S":"first"},"k":{"N":"5"},"v":{"M":{"a":{"N":"1"},"a":{"N":"2"}}},'
        '"k":{"S":"y","S":"z"},"s":{"SS":["a"],"SS":["b"]}}}'
    )
    answer(connection, "PutItem", put)
    get = (
        '{"TableName":"Json-a","Key":{"k":{"S":"y"},"k":{"S":"z"}},"ProjectionExpression":"#v, #s",'
        '"ExpressionAttributeNames":{"#v":"k","#s":"s","#v":"v"}}'
    )
    assert answer(connection, "GetItem", get) == {
        "Item": {"v": {"M": {"a": {"N": "2"}}}, "s": {"SS": ["b"]}}
    }
    update = (
        '{"TableName":"Json-a","Key":{"k":{"S":"z"}},"UpdateExpression":"SET v = :v",'
        '"ExpressionAttributeValues":{":v":{"N":"1"},":v":{"N":"2"}},"ReturnValues":"UPDATED_NEW"}'
    )
    assert answer(connection, "UpdateItem", update) == {"Attributes": {"v": {"N": "2"}}}
    batch = (
        '{"RequestItems":{"Json-a":{"Keys":[{"k":{"S":"no"}}]},"Json-b":null,'
        '"Json-a":{"Keys":[{"k":{"S":"z"}}],"ProjectionExpression":"v"}}}'
    )
    got = answer(connection, "BatchGetItem", batch)
    assert got["Responses"] == {"Json-a": [{"v": {"N": "2"}}]}


def test_texts_come_back_as_they_were(connection, names):
    text = '"\\/\b\f\n\r\t\x00\x1f\x7f\u2028 \u00e4 \u20ac \U0001f600'
    for form in (json.dumps(text), json.dumps(text, ensure_ascii=False)):
        put = f'{{"TableName":"Json-b","Item":{{"k":{{"S":"t"}},{form}:{{"S":{form}}}}}}}'
        answer(connection, "PutItem", put)
        got = answer(connection, "GetItem", '{"TableName":"Json-b","Key":{"k":{"S":"t"}}}')
        assert got["Item"] == {"k": {"S": "t"}, text: {"S": text}}


@pytest.mark.parametrize("depth", [4101, 30_000, MAX_BODY // 2])
def test_what_nests_too_deeply_is_no_json(connection, depth):
    assert error(connection, "ListTables", b"[" * depth + b"]" * depth) == NO_JSON
    objects = depth // 5
    if objects > 4100:
        body = b'{"":' * objects + b"1" + b"}" * objects
        assert error(connection, "ListTables", body) == NO_JSON


def test_two_thousand_levels_of_values_are_read(connection):
    """They are too many levels, but AWS reads them and reports that (recorded in October 2026)."""
    levels = 2000
    value = b'{"L":[' * levels + b'{"N":"1"}' + b"]}" * levels
    body = b'{"TableName":"Deep","Item":{"p":{"S":"x"},"l":' + value + b"}}"
    refused = error(connection, "PutItem", body)
    assert refused["__type"].endswith("#ValidationException")
    assert "nested levels beyond supported limit" in refused["message"]


def test_hostile_bodies_of_the_largest_size(connection):
    def body_of(begin, piece, end):
        return begin + piece * ((MAX_BODY - len(begin) - len(end)) // len(piece)) + end

    started = time.monotonic()
    for body in (
        body_of(b'{"a":0', b',"a":0', b"}"),
        body_of(b'{"TableName":"abc","Key":{"a":{"S":""}', b',"a":{}', b"}}"),
        body_of(b'{"TableName":"abc","Key":{"a":{"L":[{}', b",{}", b"]}}}"),
        body_of(b'{"TableName":"abc","ExpressionAttributeNames":{"#":"a"', b',"#":"a"', b"}}"),
        body_of(b'{"RequestItems":{"abc":null', b',"abc":null', b"}}"),
        body_of(b'{"a":"', rb"\u0000", b'"}'),
        body_of(b'{"a":', b"1", b"}"),
    ):
        for operation in ("GetItem", "BatchGetItem"):
            assert connection.call(api_request(operation, body)).status == 400
    # Far more than it takes. A reader that takes quadratic time would need hours.
    assert time.monotonic() - started < 40


PACKAGE = "com.amazonaws.dynamodb.v20120810."
START_FOUND = "Start of structure or map found where not expected"
COLLECTION = "Unrecognized collection type "

# Faults that a client gets as {"__type": …, "Message": …}, one of each family of texts.
# tests/unit/dynamodb/request_types_test.cc has the tables with all of them.
WRONG_TYPES = [
    ("ListTables", '{"Limit":"5"}', "STRING_VALUE cannot be converted to Integer"),
    ("ListTables", '{"Limit":true}', "TRUE_VALUE cannot be converted to Integer"),
    ("ListTables", '{"Limit":[]}', COLLECTION + "class java.lang.Integer"),
    ("ListTables", '{"Limit":{}}', START_FOUND),
    ("GetItem", '{"TableName":5}', "NUMBER_VALUE cannot be converted to String"),
    ("GetItem", '{"TableName":5.5}', "DECIMAL_VALUE cannot be converted to String"),
    ("GetItem", '{"ConsistentRead":1}', "NUMBER_VALUE cannot be converted to Boolean"),
    ("GetItem", '{"ConsistentRead":"maybe"}', "Unexpected token received from parser"),
    ("GetItem", '{"Key":"k"}', "Unexpected field type"),
    ("GetItem", '{"Key":[]}',
     f"{COLLECTION}java.util.Map<java.lang.String, {PACKAGE}AttributeValue>"),
    ("GetItem", '{"Key":{"k":"v"}}', "Unexpected value type in payload"),
    ("GetItem", '{"Key":{"k":[]}}', f"{COLLECTION}class {PACKAGE}AttributeValue"),
    ("GetItem", '{"Key":{"k":{"B":5}}}',
     "only base-64-encoded strings are convertible to bytes"),
    ("GetItem", '{"Key":{"k":{"B":"abc"}}}',
     "Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
    ("GetItem", '{"Key":{"k":{"B":"a==="}}}', "Invalid last non-pad Base64 character dectected"),
    ("CreateTable", '{"KeySchema":{}}', START_FOUND),
    ("CreateTable", '{"KeySchema":[5]}', "Unexpected value type in payload"),
    ("CreateTable", '{"ProvisionedThroughput":{"ReadCapacityUnits":"5"}}',
     "STRING_VALUE cannot be converted to Long"),
]


@pytest.mark.parametrize(("operation", "body", "message"), WRONG_TYPES)
def test_wrong_types(connection, operation, body, message):
    assert error(connection, operation, body.encode()) == {"__type": CORAL, "Message": message}
