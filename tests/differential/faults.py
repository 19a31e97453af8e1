# SPDX-License-Identifier: Apache-2.0
"""Plants a fault in a request: wrong names, wrong types, missing and surplus members."""

from . import partiql_faults, transactions
from .request import Request
from .values import BadValues, Values

_ENUMS = (
    "ReturnConsumedCapacity", "ReturnItemCollectionMetrics", "ReturnValues", "Select",
    "ReturnValuesOnConditionCheckFailure",
)  # fmt: skip
_BAD_ENUM = ("X", "", "none", "all_old", "ALL", "TOTAL ")
_BATCHES = ("BatchGetItem", "BatchWriteItem")
_MEMBERS = {
    "PutItem": ("Item",),
    "UpdateItem": ("Key",),
    "DeleteItem": ("Key",),
    "GetItem": ("Key",),
    "Query": ("ExclusiveStartKey",),
    "Scan": ("ExclusiveStartKey",),
}
_EXPRESSION_OF = {
    "PutItem": "ConditionExpression",
    "DeleteItem": "ConditionExpression",
    "UpdateItem": "UpdateExpression",
    "GetItem": "ProjectionExpression",
    "Query": "FilterExpression",
    "Scan": "FilterExpression",
}


def _table_name(request, rng, schema):
    names = ("", "a", "ab", "no table", "none-such", "x" * 256, "ta/ble", "ÄÖÜ", None, 5)
    name = rng.choice(names)
    if name is None:
        request.body.pop("TableName", None)
    elif "RequestItems" in request.body:
        request.body["RequestItems"][str(name)] = next(iter(request.body["RequestItems"].values()))
    else:
        request.body["TableName"] = name


def _enum(request, rng, schema):
    members = [name for name in _ENUMS if name in request.body] or ["ReturnConsumedCapacity"]
    request.body[rng.choice(members)] = rng.choice(_BAD_ENUM)


def _return_values(request, rng, schema):
    request.body["ReturnValues"] = rng.choice(("ALL_NEW", "UPDATED_OLD", "UPDATED_NEW", "X"))


def _key(request, rng, schema):
    """A key (or the key within an item) that does not fit the table."""
    member = _MEMBERS.get(request.operation, ("Key",))[0]
    holder = request.body
    if "RequestItems" in request.body:
        holder, member = _batch_element(request.body["RequestItems"][schema.name], rng)
    elif member == "ExclusiveStartKey":
        holder.setdefault(member, Values(rng).key(schema))
        request.paged = False
    key = holder.get(member)
    if not isinstance(key, dict):
        return
    name, kind = rng.choice(schema.key)
    draw = rng.randrange(8)
    if draw == 0:
        key.pop(name, None)
    elif draw == 1:
        key["surplus"] = {"S": "a"}
    elif draw == 2:
        key[name] = Values(rng).key_value({"S": "N", "N": "B", "B": "S"}[kind])
    elif draw == 3:
        key[name] = {"S": ""} if kind == "S" else {"B": ""} if kind == "B" else {"N": "x"}
    elif draw == 4:
        key[name] = {kind: "k" * rng.choice((1024, 1028, 2048, 2052))} if kind == "S" else {"L": []}
    elif draw == 5:
        key[name] = rng.choice(({"NULL": True}, {"BOOL": True}, {"SS": ["a"]}, {"M": {}}))
    elif draw == 6:
        key.clear()
    else:
        key[name] = BadValues(rng).any()


def _batch_element(part, rng):
    if isinstance(part, dict):
        holder = {"Key": rng.choice(part["Keys"])} if part.get("Keys") else {}
        return holder, "Key"
    element = rng.choice(part) if part else {}
    if "PutRequest" in element:
        return element["PutRequest"], "Item"
    return element.get("DeleteRequest", {}), "Key"


def _bad_value(request, rng, schema):
    """A faulty value in the item or among the expression values."""
    body, bad = request.body, BadValues(rng)
    value = bad.any() if rng.random() < 0.7 else bad.wrong_json()
    if "ExpressionAttributeValues" in body and rng.random() < 0.7:
        values = body["ExpressionAttributeValues"]
        if isinstance(values, dict) and values:
            values[rng.choice(list(values))] = value
    elif isinstance(body.get("Item"), dict):
        body["Item"]["bad"] = value
    elif isinstance(body.get("Key"), dict):
        body["Key"][schema.hash_key[0]] = value


def _names(request, rng, schema):
    bad = rng.choice(
        ({}, {"#unused": "a"}, {"a": "b"}, {"#": "a"}, {"#e": ""}, {"#a b": "c"}, {"": "a"},
         {"#n": None}, [], "a", {"#n": 5})
    )  # fmt: skip
    names = request.body.get("ExpressionAttributeNames")
    if isinstance(names, dict) and isinstance(bad, dict) and bad:
        names.update(bad)
    else:
        request.body["ExpressionAttributeNames"] = bad


def _values(request, rng, schema):
    bad = rng.choice(
        ({}, {":unused": {"S": "a"}}, {"a": {"S": "b"}}, {":": {"S": "a"}}, {":a-": {"S": "a"}},
         {":n": None}, [], "a", {":n": 5}, {":n": {"S": None}})
    )  # fmt: skip
    values = request.body.get("ExpressionAttributeValues")
    if isinstance(values, dict) and isinstance(bad, dict) and bad:
        values.update(bad)
    else:
        request.body["ExpressionAttributeValues"] = bad


def _drop_substitution(request, rng, schema):
    for member in ("ExpressionAttributeValues", "ExpressionAttributeNames"):
        entries = request.body.get(member)
        if isinstance(entries, dict) and entries:
            del entries[rng.choice(list(entries))]
            if not entries:
                del request.body[member]
            return


def _drop_expression(request, rng, schema):
    for member in [name for name in request.body if name.endswith("Expression")][:1]:
        del request.body[member]


def _expression_type(request, rng, schema):
    member = _EXPRESSION_OF.get(request.operation, "ProjectionExpression")
    request.body[member] = rng.choice((5, True, [], {}, "", " ", "a" * 4097, None))


def _number(request, rng, schema):
    member = rng.choice(("Limit", "Limit", "Segment", "TotalSegments"))
    request.body[member] = rng.choice((0, -1, 1000001, 1, 5, "1", 1.5, 2**31, True, None, [], {}))
    request.paged = False


def _boolean(request, rng, schema):
    member = rng.choice(("ConsistentRead", "ScanIndexForward"))
    request.body[member] = rng.choice((0, 1, "true", "yes", "maybe", [], {}, None))


def _select(request, rng, schema):
    request.body["Select"] = rng.choice(
        ("ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "ALL_ATTRIBUTES", "COUNT", "X", 1)
    )


def _index_name(request, rng, schema):
    request.body["IndexName"] = rng.choice(("none-such", "", "ab", "a b c", "x" * 256, 5))


def _batch(request, rng, schema):
    """A fault in the number of a batch's elements, or duplicates, or wrong elements."""
    items = request.body["RequestItems"]
    part = items.get(schema.name) or next(iter(items.values()))
    draw = rng.randrange(7)
    is_get = isinstance(part, dict)
    elements = part.get("Keys", []) if is_get else part
    if draw == 0:
        request.body["RequestItems"] = rng.choice(({}, [], "a", None, {"none-such": part}))
    elif draw == 1:
        elements.clear()
    elif draw == 2 and elements:
        elements.append(elements[0])
    elif draw == 3:
        elements.extend(elements * 100)
    elif draw == 4:
        elements.append(rng.choice(({}, "a", [], 5, {"PutRequest": {}}, {"DeleteRequest": {}})))
    elif draw == 5 and not is_get and elements:
        key = Values(rng).key(schema)
        elements[0].update({"PutRequest": {"Item": key}, "DeleteRequest": {"Key": key}})
    else:
        request.body.pop("RequestItems")


def _member_type(request, rng, schema):
    member = rng.choice(list(request.body) or ["TableName"])
    request.body[member] = rng.choice((5, 1.5, True, "a", [], {}, ["a"], {"a": "b"}, None))
    request.paged = False


def _action(request, rng, schema):
    """Plants a fault of an item operation in one action of a transaction."""
    action = transactions.action_of(request, rng)
    if action is None:
        return
    part = Request(*action)
    fault = rng.choice(_ANY + (_key, _bad_value))
    fault(part, rng, schema)


_ANY = (_table_name, _enum, _key, _bad_value, _names, _values, _drop_substitution)
_ANY += (_drop_expression, _expression_type, _member_type)
_BY_OPERATION = {
    "PutItem": _ANY + (_return_values, _key, _bad_value, _bad_value),
    "DeleteItem": _ANY + (_return_values,),
    "UpdateItem": _ANY + (_key, _bad_value),
    "GetItem": _ANY + (_boolean, _key),
    "Query": _ANY + (_number, _boolean, _select, _index_name, _key),
    "Scan": _ANY + (_number, _number, _select, _index_name, _key),
    "BatchGetItem": (_batch, _batch, _key, _table_name, _enum, _member_type),
    "BatchWriteItem": (_batch, _batch, _key, _table_name, _enum, _member_type),
    "TransactWriteItems": (_action,) * 6
    + (transactions.list_fault, transactions.token_fault, transactions.return_values_fault, _enum)
    + (_member_type,),
    "TransactGetItems": (_action,) * 5 + (transactions.list_fault, _enum, _member_type),
    "ExecuteStatement": partiql_faults.STATEMENT + (_enum, _member_type),
    "BatchExecuteStatement": partiql_faults.LIST + (_enum, _member_type),
    "ExecuteTransaction": partiql_faults.LIST + (transactions.token_fault, _enum, _member_type),
}


def plant(request, rng, schema):
    """Changes `request`. Its `fault` then names the fault."""
    if not isinstance(request.body.get("RequestItems", {}), dict):
        return
    if "RequestItems" not in request.body and request.operation in _BATCHES:
        return
    fault = rng.choice(_BY_OPERATION[request.operation])
    if "RequestItems" in request.body and schema.name not in request.body["RequestItems"]:
        fault = _enum
    fault(request, rng, schema)
    request.fault = f"{request.fault} {fault.__name__.lstrip('_')}".strip()
    request.then = None
    if request.operation == "ExecuteStatement":
        request.sort_key = None  # the statement may read in another order now, or in none
