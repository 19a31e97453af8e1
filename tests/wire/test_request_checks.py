# SPDX-License-Identifier: Apache-2.0
"""The checks of a request before an operation sees it, in DynamoDB's order and with its texts."""

import pytest
from support.raw_http import AUTHORIZATION, api_request, request

CORAL = "com.amazon.coral.service#"
SERIALIZATION = {"__type": CORAL + "SerializationException"}
UNKNOWN_OPERATION = {"__type": CORAL + "UnknownOperationException"}
MISSING_TOKEN = {
    "__type": CORAL + "MissingAuthenticationTokenException",
    "message": "Request is missing Authentication Token",
}


def error(connection, call):
    response = connection.call(call)
    assert response.status == 400
    assert response.headers["content-type"] == "application/x-amz-json-1.0"
    return response.json()


def assert_not_found(response):
    assert response.status == 404
    assert response.body == b"<UnknownOperationException/>\n"
    assert response.headers["x-amz-crc32"] == "3552371480"  # as captured from AWS


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_not_found(connection, method):
    assert_not_found(connection.call(request(method)))


def test_options_with_an_origin_is_answered(connection):
    asked = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Headers": "x-amz-target, authorization",
        "Access-Control-Request-Method": "POST",
    }
    response = connection.call(request("OPTIONS", headers=asked))
    assert response.status == 200
    assert response.body == b""
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-max-age"] == "172800"
    assert response.headers["access-control-allow-headers"] == "x-amz-target, authorization"
    assert response.headers["access-control-allow-methods"] == "POST"


EXPOSED = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"
ORIGIN = {"Origin": "http://localhost:3000"}


def cors_headers(response):
    return {name for name in response.headers if name.startswith("access-control-")}


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (api_request(**ORIGIN), 200),
        (api_request(body=b"{", **ORIGIN), 400),
        (api_request(Content_Type="text/plain", **ORIGIN), 404),
        (request(headers=ORIGIN), 200),
        (request("PUT", headers=ORIGIN), 404),
    ],
    ids=["call", "error", "no such type", "health", "no such method"],
)
def test_answers_to_an_origin_allow_all_origins(connection, call, status):
    # Only an answer to a preflight has more headers: here, the requested method is not echoed.
    call = call.replace(b"Origin:", b"Access-Control-Request-Method: POST\r\nOrigin:")
    response = connection.call(call)
    assert response.status == status
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-expose-headers"] == EXPOSED
    assert len(cors_headers(response)) == 2


@pytest.mark.parametrize("call", [api_request(), request(), request("OPTIONS")])
def test_answers_without_an_origin_have_no_cors_headers(connection, call):
    assert not cors_headers(connection.call(call))


def test_a_preflight_is_told_only_what_it_asks_for(connection):
    response = connection.call(request("OPTIONS", headers=ORIGIN))
    assert response.status == 200
    assert cors_headers(response) == {
        "access-control-allow-origin",
        "access-control-expose-headers",
        "access-control-max-age",
    }


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-amz-json-1.0",
        "application/json",
        "application/json; charset=utf-8",
        " application/x-amz-json-1.0 ;",
    ],
)
def test_accepted_content_types(connection, content_type):
    response = connection.call(api_request(Content_Type=content_type))
    assert response.status == 200
    assert "TableNames" in response.json()


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-amz-json-1.1"])
def test_other_content_types_are_not_found(connection, content_type):
    assert_not_found(connection.call(api_request(Content_Type=content_type)))


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-amz-json-1.0"])
def test_without_a_body_any_content_type_will_do(connection, content_type):
    call = api_request(body=b"", Content_Type=content_type, Content_Length=0)
    assert error(connection, call) == SERIALIZATION


def test_json_is_checked_before_the_target(connection):
    assert error(connection, api_request(body=b"{", X_Amz_Target=None)) == SERIALIZATION


@pytest.mark.parametrize(
    "target",
    [
        None,
        "ListTables",
        "DynamoDB_20120810",
        "DynamoDB_20120810.",
        "DynamoDB_20120810.NoSuchOperation",
        "DynamoDB_20111205.ListTables",
        "DynamoDBStreams_20120810.ListTables",
        "DynamoDB_20120810.ListStreams",
        "dynamodb_20120810.listtables",
    ],
)
def test_unknown_targets(connection, target):
    assert error(connection, api_request(X_Amz_Target=target)) == UNKNOWN_OPERATION


def test_the_target_is_checked_before_authentication(connection):
    call = api_request(X_Amz_Target="DynamoDB_20120810.NoSuchOperation", Authorization=None)
    assert error(connection, call) == UNKNOWN_OPERATION


@pytest.mark.parametrize("authorization", [None, "", "Basic QTpC", "Bearer x", "aws4-hmac"])
def test_no_authentication(connection, authorization):
    assert error(connection, api_request(Authorization=authorization)) == MISSING_TOKEN


def test_authentication_is_checked_before_the_members(connection):
    call = api_request(body=b'{"Limit": "ten"}', Authorization=None)
    assert error(connection, call) == MISSING_TOKEN


def test_authentication_in_the_query_and_in_the_header(connection):
    call = api_request().replace(b"POST / ", b"POST /?X-Amz-Algorithm=AWS4-HMAC-SHA256 ", 1)
    assert error(connection, call) == {
        "__type": CORAL + "InvalidSignatureException",
        "message": "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as "
        "HTTP header.",
    }


NO_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "


@pytest.mark.parametrize(
    ("header", "date", "missing"),
    [
        ("AWS4-HMAC-SHA256", "20261101T120000Z", ["Credential", "Signature", "SignedHeaders"]),
        ("AWS4-HMAC-SHA256", None, ["Credential", "Signature", "SignedHeaders"]),
        ("AWS4-HMAC-SHA256 Credential=a", "20261101T120000Z", ["Signature", "SignedHeaders"]),
        ("AWS4-HMAC-SHA256 Signature=a", "20261101T120000Z", ["Credential", "SignedHeaders"]),
        ("AWS4-HMAC-SHA256 Signature=a, Credential=b", "20261101T120000Z", ["SignedHeaders"]),
        (AUTHORIZATION, None, []),
    ],
)
def test_incomplete_authorization_header(connection, header, date, missing):
    message = "".join(f"Authorization header requires '{name}' parameter. " for name in missing)
    message += NO_DATE if date is None else ""
    assert error(connection, api_request(Authorization=header, X_Amz_Date=date)) == {
        "__type": CORAL + "IncompleteSignatureException",
        "message": f"{message}Authorization={header}",
    }


def test_a_date_header_stands_in_for_x_amz_date(connection):
    call = api_request(X_Amz_Date=None, Date="Sun, 01 Nov 2026 12:00:00 GMT")
    assert connection.call(call).status == 200


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("X-Amz-Algorithm", ["Algorithm", "Credential", "Signature", "SignedHeaders", "Date"]),
        ("X-Amz-Algorithm=a", ["Credential", "Signature", "SignedHeaders", "Date"]),
        ("X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Date=c", ["Signature", "SignedHeaders"]),
    ],
)
def test_incomplete_authentication_in_the_query(connection, query, missing):
    call = api_request(Authorization=None).replace(b"POST / ", f"POST /?{query} ".encode(), 1)
    message = "".join(
        f"AWS query-string parameters must include 'X-Amz-{name}'. " for name in missing
    )
    assert error(connection, call) == {
        "__type": CORAL + "IncompleteSignatureException",
        "message": message + "Re-examine the query-string parameters.",
    }


@pytest.mark.parametrize("region", ["us-east-1", "local", "ddblocal", "us-fake-1"])
@pytest.mark.parametrize("key", ["AKIDEXAMPLE", "a-key-with-dashes", ""])
def test_any_region_and_any_key_are_accepted(connection, region, key):
    authorization = AUTHORIZATION.replace("us-east-1", region).replace("AKIDEXAMPLE", key)
    response = connection.call(api_request(Authorization=authorization))
    assert response.status == 200
    assert "TableNames" in response.json()
