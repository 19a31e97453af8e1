# SPDX-License-Identifier: Apache-2.0
"""Transactions (feature `transactions`): TransactWriteItems and TransactGetItems."""

import copy

from .expressions import Expressions
from .request import Request
from .values import Values

# The operation whose members an action has; its faults are planted in the action.
OPERATION_OF = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "DeleteItem",
    "Get": "GetItem",
}

# Numbers of actions. Mostly few, since each may fail, and one that fails cancels all.
COUNTS = (1, 1, 2, 2, 2, 3, 3, 4, 6)


def _places(maker):
    """Distinct (schema, key) pairs of the epoch's tables; sometimes one of them twice."""
    rng, places = maker.rng, {}
    for _ in range(rng.choice(COUNTS)):
        schema = rng.choice(maker.schemas)
        key = maker.values.key(schema)
        places[schema.name, repr(key)] = (schema, key)
    places = list(places.values())
    if rng.random() < 0.02:
        places.append(rng.choice(places))
    return places


def _condition(maker, body, expressions, chance):
    rng = maker.rng
    if rng.random() >= chance:
        return
    body["ConditionExpression"] = (
        rng.choice(("attribute_exists(pk)", "attribute_not_exists(pk.a)", "pk <> :no"))
        if rng.random() < 0.4
        else expressions.condition()
    )
    if body["ConditionExpression"] == "pk <> :no":
        expressions.values[":no"] = {"S": "no such key"}
    if rng.random() < 0.4:
        body["ReturnValuesOnConditionCheckFailure"] = rng.choice(("ALL_OLD", "ALL_OLD", "NONE"))


def _write_action(maker, schema, key):
    """{kind: members} of one action, mostly one that succeeds."""
    rng, body = maker.rng, {"TableName": schema.name}
    kind = rng.choices(("Put", "Update", "Delete", "ConditionCheck"), (35, 35, 15, 15))[0]
    expressions = Expressions(rng, schema)
    if kind == "Put":
        body["Item"] = {**maker.values.item(schema), **key}
        if rng.random() < 0.08:
            body["Item"]["pad"] = maker.values.padding()
    else:
        body["Key"] = key
    if kind == "Update":
        body["UpdateExpression"] = expressions.update()
    _condition(maker, body, expressions, 1.0 if kind == "ConditionCheck" else 0.2)
    part = maker.finish(Request("", body), expressions, chance=0.04)
    return {kind: part.body}, part.fault


def _again(rng, request):
    """The request once more, or another one with its token."""
    body = copy.deepcopy(request.body)
    draw = rng.random()
    if draw < 0.3:
        body["ReturnConsumedCapacity"] = rng.choice(("TOTAL", "INDEXES", "NONE"))
    elif draw < 0.45:
        body["TransactItems"].reverse()
    elif draw < 0.6:
        (action,) = body["TransactItems"][0].values()
        action["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return Request(request.operation, body, request.schema)


def make_write(maker, schema):
    rng = maker.rng
    actions = [_write_action(maker, *place) for place in _places(maker)]
    body = {"TransactItems": [action for action, _ in actions]}
    maker.common(body, schema, write=True)
    request = Request("TransactWriteItems", body, schema)
    request.fault = " ".join(fault for _, fault in actions if fault)
    if rng.random() < 0.2:
        body["ClientRequestToken"] = f"{rng.getrandbits(100):025x}"
        if rng.random() < 0.7:
            request.then = _again(rng, request)
    return request


def make_get(maker, schema):
    rng, gets, faults = maker.rng, [], []
    for table, key in _places(maker):
        body = {"TableName": table.name, "Key": key}
        expressions = Expressions(rng, table)
        maker.projection(body, expressions)
        part = maker.finish(Request("", body), expressions, chance=0.05)
        gets.append({"Get": part.body})
        faults += [part.fault] if part.fault else []
    body = {"TransactItems": gets}
    maker.common(body, schema, write=False)
    return Request("TransactGetItems", body, schema, " ".join(faults))


# --- Faults ---


def action_of(request, rng):
    """(operation, members) of one of the actions; None if the list has none."""
    actions = request.body.get("TransactItems")
    chosen = rng.choice(actions) if isinstance(actions, list) and actions else None
    if not isinstance(chosen, dict) or not chosen:
        return None  # an earlier fault
    kind, body = next(iter(chosen.items()))
    return (OPERATION_OF[kind], body) if isinstance(body, dict) and kind in OPERATION_OF else None


def list_fault(request, rng, schema):
    """Plants a fault in the list of actions: their number, duplicates, or wrong elements."""
    actions = request.body.get("TransactItems")
    if not isinstance(actions, list):
        return  # an earlier fault
    key = Values(rng).key(schema)
    odd = (
        {}, None, "a", 5, [], {"Put": None}, {"Update": {}}, {"Get": {}}, {"X": {}},
        {"Put": {"TableName": schema.name}}, {"Get": {"TableName": schema.name}},
        {"Update": {"TableName": schema.name, "Key": key}},
        {"ConditionCheck": {"TableName": schema.name, "Key": key}},
        {"Delete": {"Key": key}}, {"Get": {"Key": key}},
        {"Delete": {"TableName": schema.name, "Key": key},
         "ConditionCheck": {"TableName": schema.name, "Key": key, "ConditionExpression": "a = a"}},
    )  # fmt: skip
    draw = rng.randrange(6)
    if draw == 0:
        request.body["TransactItems"] = rng.choice(([], "a", {}, 5))
    elif draw == 1:
        request.body.pop("TransactItems")
    elif draw == 2:
        actions.extend(copy.deepcopy(actions) * rng.choice((1, 100)))
    else:
        actions.insert(rng.randint(0, len(actions)), rng.choice(odd))


def token_fault(request, rng, schema):
    longest = "ü" * 11 + f"{rng.getrandbits(100):025x}"
    request.body["ClientRequestToken"] = rng.choice(("", "t" * 37, 5, None, [], longest))


def return_values_fault(request, rng, schema):
    action = action_of(request, rng)
    if action:
        words = ("ALL_NEW", "X", "", "all_old", 5, "UPDATED_OLD")
        action[1]["ReturnValuesOnConditionCheckFailure"] = rng.choice(words)
