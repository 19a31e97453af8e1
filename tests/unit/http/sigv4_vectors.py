# SPDX-License-Identifier: Apache-2.0
"""Prints the signatures that sigv4_test.cc expects, as botocore makes them.

Run it with build/venv/bin/python when a case is added there.
"""

import datetime
import unittest.mock

import botocore.auth
import botocore.awsrequest
import botocore.credentials

KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TIME = datetime.datetime(2015, 8, 30, 12, 36, 0)

# Name, method, URL, headers, body, service, session token.
CASES = [
    ("get-vanilla", "GET", "https://example.amazonaws.com/", {}, b"", "service", None),
    ("post-vanilla", "POST", "https://example.amazonaws.com/", {}, b"", "service", None),
    (
        "query-order",
        "GET",
        "https://example.amazonaws.com/?Param2=value2&Param1=value1",
        {},
        b"",
        "service",
        None,
    ),
    (
        "lambda",
        "POST",
        "http://localhost:3001/2015-03-31/functions/a%3Ab//./c/../invocations/?Qualifier=1&b&a=%20",
        {"Content-Type": "application/json", "X-Spaces": "  a   b ", "User-Agent": "weir"},
        b'{"a":1}',
        "lambda",
        "token/+=",
    ),
    ("s3", "PUT", "https://bucket.example.com/a%20b/../c//d", {}, b"body", "s3", None),
]


def main():
    for name, method, url, headers, body, service, token in CASES:
        credentials = botocore.credentials.Credentials("AKIDEXAMPLE", KEY, token)
        signer = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
        request = botocore.awsrequest.AWSRequest(method, url, headers=headers, data=body)
        with unittest.mock.patch("botocore.auth.get_current_datetime", return_value=TIME):
            signer(credentials, service, "us-east-1").add_auth(request)
        print(name, request.headers["Authorization"])


if __name__ == "__main__":
    main()
