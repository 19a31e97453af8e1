# SPDX-License-Identifier: Apache-2.0
"""Legacy parameters (feature `legacy`): Expected, AttributeUpdates, KeyConditions, ..."""

from .values import ATTRIBUTES, TYPES, Values, order

NAMES = tuple(ATTRIBUTES)
COMPARISONS = {
    "EQ": TYPES, "NE": TYPES, "LT": "SNB", "LE": "SNB", "GT": "SNB", "GE": "SNB",
    "BETWEEN": "SNB", "IN": "SNB", "BEGINS_WITH": "SB", "CONTAINS": "SNB", "NOT_CONTAINS": "SNB",
    "NULL": (), "NOT_NULL": (),
}  # fmt: skip


def _condition(rng, values, attribute):
    """{ComparisonOperator, AttributeValueList} for that attribute, mostly valid."""
    operator = rng.choice(list(COMPARISONS))
    if rng.random() < 0.02:
        operator = rng.choice(("X", "", "eq"))
    kinds = COMPARISONS.get(operator, TYPES)
    condition = {"ComparisonOperator": operator}
    if not kinds and rng.random() < 0.97:
        return condition
    kind = ATTRIBUTES.get(attribute, "S")
    if kind not in kinds and rng.random() < 0.95:
        kind = rng.choice(tuple(kinds) or ("S",))
    count = {"BETWEEN": 2, "IN": rng.randint(1, 3)}.get(operator, 1)
    if rng.random() < 0.04:
        count = rng.choice((0, 1, 2, 3))
    operands = [values.of(kind) for _ in range(count)]
    if operator == "BETWEEN" and kind in ("S", "N", "B") and rng.random() < 0.95:
        operands.sort(key=order)
    if rng.random() < 0.02 and operands:
        operands[-1] = values.any()
    condition["AttributeValueList"] = operands
    return condition


def _conditions(rng, values, schema):
    names = rng.sample(NAMES, rng.choice((1, 1, 2, 3)))
    return {name: _condition(rng, values, name) for name in names}


def _expected(rng, values):
    result = {}
    for name in rng.sample(NAMES, rng.choice((1, 1, 2, 3))):
        draw = rng.random()
        if draw < 0.2:
            result[name] = {"Exists": False}
        elif draw < 0.45:
            result[name] = {"Value": values.for_attribute(name)}
            if rng.random() < 0.3:
                result[name]["Exists"] = True
        elif draw < 0.5:
            result[name] = rng.choice(
                ({}, {"Exists": True}, {"Exists": False, "Value": {"S": "a"}},
                 {"Value": {"S": "a"}, "AttributeValueList": [{"S": "a"}]},
                 {"AttributeValueList": [{"S": "a"}]}, {"ComparisonOperator": "LT"},
                 {"Exists": True, "ComparisonOperator": "EQ", "Value": {"S": "a"}})
            )  # fmt: skip
        else:
            result[name] = _condition(rng, values, name)
    return result


def _operator(body, rng, conditions):
    if rng.random() < 0.3 and (conditions is None or len(conditions) > 1 or rng.random() < 0.1):
        body["ConditionalOperator"] = rng.choice(("AND", "OR", "OR"))
    if rng.random() < 0.01:
        body["ConditionalOperator"] = rng.choice(("X", "", "and"))


def _attribute_updates(rng, values, schema):
    updates = {}
    for name in rng.sample(NAMES, rng.randint(0, 4)):
        kind = ATTRIBUTES[name]
        actions = ("PUT", "PUT", "DELETE") + (
            ("ADD",) * 2 if kind in ("N", "SS", "NS", "BS", "L") else ()
        )
        update = {"Action": rng.choice(actions)}
        if rng.random() < 0.02:
            update["Action"] = rng.choice(("X", "ADD", "put"))
        if update["Action"] != "DELETE" or (kind in ("SS", "NS", "BS") and rng.random() < 0.6):
            update["Value"] = values.for_attribute(name)
        if update["Action"] == "PUT" and rng.random() < 0.05:
            del update["Action"]
        if rng.random() < 0.02:
            update.pop("Value", None)
        updates[name] = update
    if rng.random() < 0.01:
        updates["pk"] = {"Value": {"S": "a"}}
    return updates


def _mix(body, rng):
    """Sometimes adds an expression to the legacy parameters."""
    if rng.random() < 0.03:
        member = "UpdateExpression" if "AttributeUpdates" in body else "ConditionExpression"
        body[member] = "SET n1 = n2" if member == "UpdateExpression" else "attribute_exists(pk)"


def add_to_write(request, rng, schema):
    values, body = Values(rng), request.body
    expected = _expected(rng, values) if rng.random() < 0.55 else None
    if expected is not None:
        body["Expected"] = expected
        _operator(body, rng, expected)
        if rng.random() < 0.4:
            body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if request.operation == "UpdateItem" and rng.random() < 0.95:
        body["AttributeUpdates"] = _attribute_updates(rng, values, schema)
    _mix(body, rng)
    return request


def add_attributes_to_get(request, rng):
    names = rng.sample(NAMES + ("pk", "sk"), rng.randint(1, 4))
    if rng.random() < 0.05:
        names = rng.choice(([], ["a", "a"], ["pk", "pk"]))
    request.body["AttributesToGet"] = names
    if rng.random() < 0.03:
        request.body["ProjectionExpression"] = "n1"
    return request


def _key_conditions(rng, values, key):
    (name, kind), *rest = key
    conditions = {
        name: {"ComparisonOperator": "EQ", "AttributeValueList": [values.key_value(kind)]}
    }
    if rest and rng.random() < 0.6:
        name, kind = rest[0]
        operator = rng.choice(("EQ", "LT", "LE", "GT", "GE", "BETWEEN", "BEGINS_WITH"))
        if rng.random() < 0.04:
            operator = rng.choice(("NE", "IN", "CONTAINS", "NULL", "X"))
        if operator == "BEGINS_WITH" and kind == "N" and rng.random() < 0.9:
            operator = "EQ"
        count = 2 if operator == "BETWEEN" else 0 if operator == "NULL" else 1
        operands = [values.key_value(kind) for _ in range(count)]
        if operator == "BETWEEN" and rng.random() < 0.95:
            operands.sort(key=order)
        conditions[name] = {"ComparisonOperator": operator, "AttributeValueList": operands}
    return conditions


def add_to_read(request, rng, schema, index):
    values, body = Values(rng), request.body
    is_query = request.operation == "Query"
    if is_query:
        body["KeyConditions"] = _key_conditions(rng, values, (index or schema).key)
    if rng.random() < 0.5:
        conditions = _conditions(rng, values, schema)
        body["QueryFilter" if is_query else "ScanFilter"] = conditions
        _operator(body, rng, conditions)
    if rng.random() < 0.3 and body.get("Select") in (None, "SPECIFIC_ATTRIBUTES"):
        add_attributes_to_get(request, rng)
    if rng.random() < 0.02:
        body["FilterExpression"] = "attribute_exists(n1)"
    return request
