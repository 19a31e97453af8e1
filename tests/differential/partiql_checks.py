# SPDX-License-Identifier: Apache-2.0
"""Checks for the rules about PartiQL of both oracles."""

import re

PARTIQL = {"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"}
MALFORMED = "Statement wasn't well formed, can't be processed: .*"
IN_TRANSACTION = r"(Validation failed in TransactStatements\[\d+\]: )?"
BATCH_ERROR = r"Responses\[\d+\]\.Error"


def response_of(answer, path):
    """The element of Responses that the path is in."""
    return answer.body["Responses"][int(re.search(r"Responses\[(\d+)\]", path)[1])]


def fault_of(answer, path):
    """The message of the error of that element; empty if it has none."""
    return response_of(answer, path).get("Error", {}).get("Message", "")


def has_documents(case, difference):
    """Whether a parameter is a list or a map."""
    parameters = case.request.body.get("Parameters")
    return isinstance(parameters, list) and any(
        isinstance(value, dict) and value.keys() & {"L", "M"} for value in parameters
    )


def statements(case):
    """All statements of the request that are strings."""
    body = case.request.body
    found = [body]
    for member in ("Statements", "TransactStatements"):
        if isinstance(body.get(member), list):
            found += [element for element in body[member] if isinstance(element, dict)]
    return [f["Statement"] for f in found if isinstance(f.get("Statement"), str)]


def changes_twice(case, difference):
    """Whether the statement with the fault has several assignments."""
    number = re.search(r"Responses\[(\d+)\]", difference.path)
    statement = statements(case)[int(number[1]) if number else 0]
    return len(re.findall(r"\bset\b|\bremove\b|,", statement, re.IGNORECASE)) > 1
