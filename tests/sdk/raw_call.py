# SPDX-License-Identifier: Apache-2.0
"""API calls over plain HTTP, for tests of what boto3 hides: null members, number formats."""

import json
import urllib.error
import urllib.request

API = "DynamoDB_20120810"
STREAMS_API = "DynamoDBStreams_20120810"

_AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=weirtest/20260101/eu-central-1/dynamodb/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=" + "0" * 64
)


def raw_call(endpoint, operation, body, api=API):
    """Sends `body` and returns (HTTP status, decoded answer). Numbers in the answer are left as
    text.
    """
    request = urllib.request.Request(
        endpoint + "/",
        data=json.dumps(body).encode(),
        headers={
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"{api}.{operation}",
            "X-Amz-Date": "20260101T000000Z",
            "Authorization": _AUTHORIZATION,
        },
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            status, text = error.code, error.read()
    return status, json.loads(text, parse_int=str, parse_float=str)
