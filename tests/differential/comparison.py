# SPDX-License-Identifier: Apache-2.0
"""Compares two answers member by member, and reports where they differ."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MISSING = "(absent)"
_SETS = {"SS", "NS", "BS"}

# Lists whose order AWS does not define, by the last named member of their path.
_UNORDERED = {"AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"}
_UNORDERED |= {"NonKeyAttributes"}

# Members whose values each server makes up. They are replaced by a word if they have AWS's form.
_OWN = {
    "TableArn": r"arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table/[\w.-]+",
    "IndexArn": r"arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table/[\w.-]+/index/[\w.-]+",
    "TableId": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "CreationDateTime": r"\d{10}(\.\d+)?([eE]9)?|\d\.\d+[eE]9",
    "LastUpdateToPayPerRequestDateTime": r"\d{10}(\.\d+)?|\d\.\d+[eE]9",
    "LatestStreamArn": r"arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table/[\w.-]+/stream/[\dT:.-]+",
    # AWS's form, or Dynoxide's: seconds.
    "LatestStreamLabel": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}|\d{10}\.\d+",
}


@dataclass
class Difference:
    path: str
    weir: object
    oracle: object

    def texts(self):
        return tuple(
            value if isinstance(value, str) else json.dumps(value, sort_keys=True)
            for value in (self.weir, self.oracle)
        )


def canonical(value, name="", scan=False):
    """The JSON value with sets and unordered lists sorted, and volatile members replaced."""
    if isinstance(value, dict):
        if len(value) == 1:
            kind = next(iter(value))
            if kind in _SETS and isinstance(value[kind], list):
                return {kind: sorted(value[kind], key=str)}
        if name == "Responses":  # BatchGetItem: the items of a table have no order
            return {table: canonical(items, "Items", True) for table, items in value.items()}
        return {key: canonical(inner, key, scan) for key, inner in value.items()}
    if isinstance(value, list):
        result = [canonical(inner, "", scan) for inner in value]
        if name in _UNORDERED or (scan and name == "Items"):
            result.sort(key=_sort_text)
        elif name == "ConsumedCapacity":
            result.sort(key=lambda inner: str(inner.get("TableName")))
        return result
    if name in _OWN and re.fullmatch(_OWN[name], str(value)):
        return f"(a {name})"
    return value


def _sort_text(value):
    """A sort key that is equal for equal items, however a server spells their numbers."""
    return json.dumps(plain_numbers(value), sort_keys=True)


def plain_numbers(value):
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get("N"), str):
            return {"N": plain_number(value["N"])}
        return {name: plain_numbers(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain_numbers(inner) for inner in value]
    return value


def plain_number(text):
    """One spelling for equal numbers. A text that is not a number stays as it is."""
    try:
        return str(Decimal(text).normalize() + 0)
    except InvalidOperation:
        return text


def differences_of(weir, oracle, path=""):
    """All places where two canonical values differ."""
    if isinstance(weir, dict) and isinstance(oracle, dict):
        for name in weir | oracle:
            inner = f"{path}.{name}" if path else name
            yield from differences_of(weir.get(name, MISSING), oracle.get(name, MISSING), inner)
    elif isinstance(weir, list) and isinstance(oracle, list) and len(weir) == len(oracle):
        for number, pair in enumerate(zip(weir, oracle, strict=False)):
            yield from differences_of(*pair, f"{path}[{number}]")
    elif weir != oracle or isinstance(weir, bool) != isinstance(oracle, bool):
        yield Difference(path, weir, oracle)


def error_differences(weir, oracle):
    """The differences of two error answers: status, type, text, the prefix of the type, the
    spelling of `message`, and other members.
    """
    if weir.status != oracle.status:
        yield Difference("status", weir.status, oracle.status)
    if weir.outcome() != oracle.outcome():
        yield Difference("error", weir.outcome(), oracle.outcome())
        return
    bodies = [a.body if isinstance(a.body, dict) else {"text": a.body} for a in (weir, oracle)]
    if weir.error_type == oracle.error_type:
        yield from differences_of(*(body.get("__type", MISSING) for body in bodies), "error.type")
    if weir.message == oracle.message:
        spelt = ["Message" if "Message" in body else "message" for body in bodies]
        yield from differences_of(*spelt, "error.spelling")
    rest = [
        {k: canonical(v) for k, v in body.items() if k not in ("__type", "message", "Message")}
        for body in bodies
    ]
    yield from differences_of(*rest, "error")


def is_unordered(request):
    """Whether AWS defines no order for the items of the answer: those of scans, and items with
    equal keys in an index. The order that reads of indexes and PartiQL do have is compared
    separately (epoch.py).
    """
    in_index = request.operation == "Query" and "IndexName" in request.body
    return request.operation in ("Scan", "ExecuteStatement") or in_index


def compare(request, weir, oracle):
    """The differences between two answers to one request."""
    if weir.ok and oracle.ok:
        if weir.body == oracle.body:
            return []
        scan = is_unordered(request)
        bodies = (canonical(weir.body, scan=scan), canonical(oracle.body, scan=scan))
        return list(differences_of(*bodies))
    if weir.ok != oracle.ok:
        return [Difference("outcome", weir.outcome(), oracle.outcome())]
    return list(error_differences(weir, oracle))
