# SPDX-License-Identifier: Apache-2.0
"""The cases of tests/vectors/errors.json over the wire. tests/dynamodb/vectors_test.cc runs the same
file in the process."""

import json
import re
from pathlib import Path

import pytest
from support.raw_http import Connection, api_request

VECTORS = Path(__file__).parent.parent / "vectors" / "errors.json"


def read_vectors():
    """The file, with its marks for repetitions (`@70*x`) and tables (`@T1`) replaced."""
    text = re.sub(r"@(\d+)\*(.)", lambda mark: mark[2] * int(mark[1]), VECTORS.read_text())
    return json.loads(re.sub(r"@(T\d+)\b", r"vectors-\1", text))


_VECTORS = read_vectors()
_CASES = [
    pytest.param(case, id=f"{name}-{number}")
    for name, group in _VECTORS["groups"].items()
    for number, case in enumerate(group["cases"], start=1)
]


@pytest.fixture(scope="module")
def tables(endpoint):
    """The tables of the file, empty, as a connection to their server. Still empty after the last case,
    and deleted then."""
    with Connection.to(endpoint) as connection:
        for name, schema in _VECTORS["tables"].items():
            body = json.dumps({"TableName": f"vectors-{name}", **schema}).encode()
            assert connection.call(api_request("CreateTable", body)).status == 200
        yield connection
        for name in _VECTORS["tables"]:
            body = json.dumps({"TableName": f"vectors-{name}"}).encode()
            assert connection.call(api_request("Scan", body)).json()["Count"] == 0
            assert connection.call(api_request("DeleteTable", body)).status == 200


@pytest.mark.parametrize("case", _CASES)
def test_request_is_refused(tables, case):
    body = json.dumps(case["request"]).encode()
    answer = tables.call(api_request(case["operation"], body))
    assert answer.status == 400
    error = answer.json()
    assert error["__type"].partition("#")[2] == case["type"]
    assert error.get("message", error.get("Message")) == case["message"]
    assert error.get("CancellationReasons") == case.get("reasons")
