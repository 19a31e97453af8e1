# SPDX-License-Identifier: Apache-2.0
"""Actions of TransactWriteItems and TransactGetItems, and checks of canceled transactions."""

import contextlib

from errors import refused

CANCELED = "TransactionCanceledException"
CONDITION_FAILED = "The conditional request failed"
NONE = {"Code": "None"}


def _action(kind, table, members, condition, values, more):
    """`table` is a Table or a name."""
    action = {"TableName": getattr(table, "name", table), **members, **more}
    if condition is not None:
        action["ConditionExpression"] = condition
    if values is not None:
        action["ExpressionAttributeValues"] = values
    return {kind: action}


def put(table, item, condition=None, values=None, **more):
    return _action("Put", table, {"Item": item}, condition, values, more)


def update(table, key, expression, values=None, condition=None, **more):
    return _action("Update", table, {"Key": key, "UpdateExpression": expression},
                   condition, values, more)


def delete(table, key, condition=None, values=None, **more):
    return _action("Delete", table, {"Key": key}, condition, values, more)


def check(table, key, condition="attribute_exists(pk)", values=None, **more):
    return _action("ConditionCheck", table, {"Key": key}, condition, values, more)


def get(table, key, projection=None, **more):
    if projection is not None:
        more["ProjectionExpression"] = projection
    return _action("Get", table, {"Key": key}, None, None, more)


def write(client, *actions, **parameters):
    """One TransactWriteItems. Returns the reply without its metadata."""
    reply = client.transact_write_items(TransactItems=list(actions), **parameters)
    return {name: value for name, value in reply.items() if name != "ResponseMetadata"}


def read(client, *gets, **parameters):
    """The items of one TransactGetItems; None for a missing item."""
    reply = client.transact_get_items(TransactItems=list(gets), **parameters)
    assert all(response.keys() <= {"Item"} for response in reply["Responses"])
    return [response.get("Item") for response in reply["Responses"]]


def failed(item=None):
    """The reason of a condition that did not hold."""
    reason = {"Code": "ConditionalCheckFailed", "Message": CONDITION_FAILED}
    return reason if item is None else {**reason, "Item": item}


def invalid(message):
    return {"Code": "ValidationError", "Message": message}


@contextlib.contextmanager
def canceled(*reasons):
    """Expects the block to end in TransactionCanceledException with exactly these reasons."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    with refused(CANCELED, "Transaction cancelled, please refer cancellation reasons for specific "
                 f"reasons [{codes}]") as refusal:
        yield refusal
    assert refusal.response["CancellationReasons"] == list(reasons)
    assert refusal.response["ResponseMetadata"]["HTTPStatusCode"] == 400
