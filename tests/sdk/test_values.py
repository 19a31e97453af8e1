# SPDX-License-Identifier: Apache-2.0
"""Values: all ten types are stored and returned, and the texts for values that DynamoDB refuses."""

import pytest
from errors import INVALID, ONE, VALIDATION, refused
from raw_call import raw_call
from values import BOOL, BS, NS, NULL, SS, B, L, M, N, S, nested

KEY = {"pk": S("a")}
EMPTY_VALUE = (
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
TWO_TYPES = (
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
    "supported datatypes")
TOO_NESTED = (
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
    "beyond supported limit")


@pytest.mark.parametrize("value", [
    S("text"), S(""), S("\x00 \U0001f600 \u00e4 \" \\ / \u2028"), S(" padded "), S("x" * 50000),
    N(0), N("-1.5"),
    B(b"\x00\x01\xfe\xff"), B(b""), B(bytes(range(256)) * 40),
    BOOL(True), BOOL(False), NULL,
    L(), L(S("a"), N(1), NULL), L(L(), M()), M(), M(a=L(M(b=S("")))), M({"a.b #:\u00e4": N(1)}),
    SS("only"), NS(7), BS(b"only"), SS(""), BS(b""),
    nested(31, S("deep")), nested(31, N(1), L),
], ids=lambda value: str(value)[:40])
def test_round_trip(table, value):
    table.put({**KEY, "v": value})
    assert table.get(KEY) == {**KEY, "v": value}


@pytest.mark.parametrize("kind, given, expected", [
    ("SS", ["b", "a", "\u00e9", "B"], ["B", "a", "b", "\u00e9"]),
    ("BS", [b"\xff", b"\x00", b"a"], [b"\x00", b"a", b"\xff"]),
    ("NS", ["10", "9", "-1", "1.50"], ["-1", "1.5", "9", "10"]),
])
def test_sets_come_back_sorted(table, kind, given, expected):
    table.put({**KEY, "v": {kind: given}})
    assert table.get(KEY)["v"] == {kind: expected}


def test_attribute_names_are_kept_as_they_are(table):
    item = {**KEY, "A": N(1), "a": N(2), "a.b": N(3), " ": N(4), "\u00e4\U0001f600": N(5)}
    table.put(item)
    assert table.get(KEY) == item


@pytest.mark.parametrize("given, expected", [
    ("0", "0"), ("-0", "0"), ("0.000", "0"), ("0e10", "0"), ("00012", "12"), ("+3", "3"),
    (".5", "0.5"), ("-.5", "-0.5"), ("5.", "5"), ("1.50", "1.5"), ("100", "100"), ("1e2", "100"),
    ("1E+2", "100"), ("1.5e1", "15"), ("12e-3", "0.012"), ("-1e-2", "-0.01"),
    ("1e125", "1" + "0" * 125),
    ("-9.9999999999999999999999999999999999999e125", "-" + "9" * 38 + "0" * 88),
    ("1e-130", "0." + "0" * 129 + "1"),
    ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
    ("0.12345678901234567890123456789012345678", "0.12345678901234567890123456789012345678"),
    ("-1234567890123456789.0123456789012345678", "-1234567890123456789.0123456789012345678"),
    ("123456789012345678901234567890123456780000", "123456789012345678901234567890123456780000"),
    ("1.000000000000000000000000000000000000000000", "1"),
])
def test_number_normal_form(table, given, expected):
    table.put({**KEY, "v": N(given), "in": L(N(given)), "set": NS(given)})
    assert table.get(KEY) == {**KEY, "v": N(expected), "in": L(N(expected)), "set": NS(expected)}


OVERFLOW = (
    "Number overflow. Attempting to store a number with magnitude larger than supported range")
UNDERFLOW = (
    "Number underflow. Attempting to store a number with magnitude smaller than supported range")
TOO_PRECISE = "Attempting to store more than 38 significant digits in a Number"


def no_number(text):
    return f"The parameter cannot be converted to a numeric value: {text}"


REFUSED_NUMBERS = [
    ("1e126", OVERFLOW),
    ("-1e126", OVERFLOW),
    ("1e99999999999", OVERFLOW),
    ("0e126", OVERFLOW),
    ("1e-131", UNDERFLOW),
    ("-1e-131", UNDERFLOW),
    ("1e-99999999999", UNDERFLOW),
    ("0e-131", UNDERFLOW),
    ("123456789012345678901234567890123456789", TOO_PRECISE),
    ("0.123456789012345678901234567890123456789", TOO_PRECISE),
    ("1234567890123456789012345678901234567.89", TOO_PRECISE),
] + [(text, no_number(text)) for text in (
    "", "abc", "1 ", " 1", "1+2", "+e2", "1e", "--1", "1.2.3", "0x10", "NaN", "Infinity", "1,5",
    "-", ".", "1e1.5", "1e99999999999999999999")]


@pytest.mark.parametrize("text, message", REFUSED_NUMBERS, ids=[t for t, _ in REFUSED_NUMBERS])
def test_refused_number(table, text, message):
    for value in (N(text), L(N(text)), M(a=N(text)), NS(text)):
        with refused(VALIDATION, ONE + message):
            table.put({**KEY, "v": value})
    assert table.get(KEY) is None


@pytest.mark.parametrize("text, message", [("1e126", OVERFLOW), ("abc", no_number("abc"))])
def test_refused_number_in_an_expression_value(table, text, message):
    with refused(VALIDATION, ONE + message):
        table.update(KEY, "SET a = :v", {":v": N(text)})


@pytest.mark.parametrize("value, message", [
    (SS(), "An string set  may not be empty"),
    (NS(), "An number set  may not be empty"),
    (L(BS()), "Binary sets should not be empty"),
], ids=["SS", "NS", "BS in a list"])
def test_empty_set_in_an_expression_value(table, value, message):
    text = f"{ONE}ExpressionAttributeValues contains invalid value: {INVALID}{message} for key :v"
    with refused(VALIDATION, ONE + INVALID + message):
        table.update(KEY, "SET a = :v", {":v": value})
    with refused(VALIDATION, text):
        table.put(KEY, ConditionExpression="a = :v", ExpressionAttributeValues={":v": value})


@pytest.mark.parametrize("value, message", [
    (SS(), INVALID + "An string set  may not be empty"),
    (NS(), INVALID + "An number set  may not be empty"),
    (BS(), INVALID + "Binary sets should not be empty"),
    (SS("a", "b", "a"), INVALID + 'Input collection ["a", "b", "a"] contains duplicates.'),
    (NS(1, 2, "1.0"), INVALID + "Input collection contains duplicates."),
    (BS(b"a", b"a"), INVALID + 'Input collection ["YQ==","YQ=="]of type BS contains duplicates.'),
    ({"NULL": False}, INVALID + "Null attribute value types must have the value of true"),
], ids=["empty SS", "empty NS", "empty BS", "twice in SS", "twice in NS", "twice in BS", "NULL"])
def test_refused_value(table, value, message):
    with refused(VALIDATION, ONE + message):
        table.put({**KEY, "v": value})
    with refused(VALIDATION, ONE + message):
        table.put({**KEY, "v": L(M(a=value))})


@pytest.mark.parametrize("value, message", [
    ({}, EMPTY_VALUE),
    ({"S": "x", "N": "1"}, TWO_TYPES),
    ({"S": None}, EMPTY_VALUE),
    ({"X": "x"}, EMPTY_VALUE),
])
@pytest.mark.parametrize("wrap", [lambda value: value, L], ids=["top", "in a list"])
def test_value_without_exactly_one_type(table, endpoint, value, message, wrap):
    status, answer = raw_call(endpoint, "PutItem", {
        "TableName": table.name, "Item": {**KEY, "v": wrap(value)}})
    assert (status, answer["message"]) == (400, message)
    assert answer["__type"] == "com.amazon.coral.validate#ValidationException"


# Values that only AWS's older layer reads: values of several types, and strings for BOOL and NULL.
# If there is one, that layer reads the whole request. It has other texts, without an envelope.
IRREGULAR = [{"BOOL": "true"}, {"NULL": "yes"}, L({"BOOL": "f"}), M(a={"NULL": "T"})]


@pytest.mark.parametrize("irregular", IRREGULAR, ids=str)
@pytest.mark.parametrize("value, message", [
    (N("bad"), no_number("bad")),
    (N(""), "The parameter cannot be converted to a numeric value"),
    (N("1e126"), OVERFLOW),
    (SS(), INVALID + "An string set  may not be empty"),
    (SS("a", "a"), INVALID + "Input collection [a, a] contains duplicates."),
    (NS(1, 1), "Input collection contains duplicates"),
    ({"BS": ["YQ==", "YQ=="]},
     INVALID + "Input collection [YQ==, YQ==]of type BS contains duplicates."),
    ({"NULL": "no"}, INVALID + "Null attribute value types must have the value of true"),
    ({}, EMPTY_VALUE),
], ids=str)
def test_older_texts(table, endpoint, irregular, value, message):
    put = {"TableName": table.name, "Item": {**KEY, "v": value, "w": irregular}}
    status, answer = raw_call(endpoint, "PutItem", put)
    assert (status, answer["message"]) == (400, message)
    update = {"TableName": table.name, "Key": KEY, "UpdateExpression": "SET a = :v, b = :w",
              "ExpressionAttributeValues": {":v": value, ":w": irregular}}
    status, answer = raw_call(endpoint, "UpdateItem", update)
    assert (status, answer["message"]) == (
        400, f"ExpressionAttributeValues contains invalid value: {message} for key :v")
    assert table.get(KEY) is None


@pytest.mark.parametrize("value, message", [
    ({"S": "x", "SS": []}, INVALID + "An string set  may not be empty"),
    ({"N": "bad", "BS": []}, INVALID + "Binary sets should not be empty"),
    ({"N": "bad", "NULL": False}, no_number("bad")),
    ({"NS": ["1", ""], "S": "x"}, "The parameter cannot be converted to a numeric value"),
    ({"NULL": False, "S": "x"},
     INVALID + "Null attribute value types must have the value of true"),
    ({"SS": ["a", "a"], "S": "x"}, TWO_TYPES),
    ({"N": "1", "S": "x", "BOOL": True}, TWO_TYPES),
], ids=str)
def test_faults_in_a_value_of_several_types(table, endpoint, value, message):
    for wrapped in (value, L(value)):
        status, answer = raw_call(endpoint, "PutItem", {
            "TableName": table.name, "Item": {**KEY, "v": wrapped}})
        assert (status, answer["message"]) == (400, message)


@pytest.mark.parametrize("irregular, expected", [
    ({"BOOL": "Yes"}, BOOL(True)), ({"BOOL": "0"}, BOOL(False)), ({"NULL": "T"}, NULL)], ids=str)
def test_irregular_values_are_stored(table, endpoint, irregular, expected):
    status, _ = raw_call(endpoint, "PutItem", {
        "TableName": table.name, "Item": {**KEY, "v": irregular}})
    assert status == 200
    assert table.get(KEY)["v"] == expected


@pytest.mark.parametrize("value, message", [
    ({"N": 1}, "NUMBER_VALUE cannot be converted to String"),
    ({"S": 1.5}, "DECIMAL_VALUE cannot be converted to String"),
    ({"S": True}, "TRUE_VALUE cannot be converted to String"),
    ({"S": []}, "Unrecognized collection type class java.lang.String"),
    ({"S": {}}, "Start of structure or map found where not expected"),
    ({"BOOL": 1}, "NUMBER_VALUE cannot be converted to Boolean"),
    ({"BOOL": "maybe"}, "Unexpected token received from parser"),
    ({"B": "not base64!"}, None),
    ({"SS": "x"}, "Unexpected field type"),
    ({"L": {}}, "Start of structure or map found where not expected"),
])
def test_json_of_the_wrong_type(table, endpoint, value, message):
    status, answer = raw_call(endpoint, "PutItem", {
        "TableName": table.name, "Item": {**KEY, "v": value}})
    assert status == 400
    assert answer["__type"] == "com.amazon.coral.service#SerializationException"
    if message is not None:
        assert answer["Message"] == message


@pytest.mark.parametrize("text", ["x", "abc"])
def test_base64_of_a_wrong_length(table, endpoint, text):
    status, answer = raw_call(endpoint, "PutItem", {
        "TableName": table.name, "Item": {**KEY, "v": {"B": text}}})
    assert status == 400
    assert answer["Message"] == (
        f"Base64 encoded length is expected a multiple of 4 bytes but found: {len(text)}")


def test_null_members_count_as_absent(table, endpoint):
    status, _ = raw_call(endpoint, "PutItem", {
        "TableName": table.name, "ConditionExpression": None, "ReturnValues": None,
        "Item": {**KEY, "v": {"S": "x", "N": None}}})
    assert status == 200
    assert table.get(KEY) == {**KEY, "v": S("x")}


def test_unknown_members_are_ignored(table, endpoint):
    status, _ = raw_call(endpoint, "PutItem", {
        "TableName": table.name, "Item": KEY, "Unknown": {"a": [1]}})
    assert status == 200
    assert table.get(KEY) == KEY


@pytest.mark.parametrize("levels", [32, 40])
@pytest.mark.parametrize("container", [M, L])
def test_value_that_nests_too_deeply(table, levels, container):
    with refused(VALIDATION, ONE + TOO_NESTED):
        table.put({**KEY, "v": nested(levels, S("deep"), container)})


def test_empty_attribute_name(table):
    with refused(VALIDATION, ONE + "Empty attribute name"):
        table.put({**KEY, "": S("x")})
