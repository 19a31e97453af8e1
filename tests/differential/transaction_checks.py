# SPDX-License-Identifier: Apache-2.0
"""What rules about transactions look at, for both oracles."""

import re

TRANSACTIONS = {"TransactWriteItems", "TransactGetItems", "ExecuteTransaction"}
CANCELED = "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons.*"
# Of the service's own members, with which it tells the two kinds of units of a transaction apart.
TRANSACTION_UNITS = (
    r"ConsumedCapacity\[\d+\]\.((Table|(Global|Local)SecondaryIndexes\.\w+)\.)?(Read|Write)"
    "CapacityUnits"
)
TABLE_UNITS = r"ConsumedCapacity\[\d+\]\.(Table\.)?CapacityUnits"

# What only the item that an update finds can tell.
UPDATE_FAULT = (
    "The document path provided in the update expression is invalid for update"
    "|The provided expression refers to an attribute that does not exist in the item"
    "|An operand in the update expression has an incorrect data type"
    "|Number (over|under)flow.*|Attempting to store more than 38 significant digits in a Number"
    "|DynamoDB only supports precision up to 38 digits|Item size to update has exceeded .*"
)


def reasons(answer):
    return answer.body.get("CancellationReasons") or []


def codes(answer):
    return [reason.get("Code") for reason in reasons(answer)]


def messages(answer):
    return [reason.get("Message") for reason in reasons(answer)]


def actions(case):
    """[(kind, members)…] of those actions that have the shape of one."""
    found = case.request.body.get("TransactItems")
    return [
        (kind, members)
        for action in (found if isinstance(found, list) else [])
        if isinstance(action, dict)
        for kind, members in action.items()
        if isinstance(members, dict)
    ]


def has_validation_error(case, difference):
    return "ValidationError" in codes(case.weir)


def changes_a_key(case, difference):
    """Weir tells of an update that changes a key attribute."""
    return any("Cannot update attribute" in str(message) for message in messages(case.weir))


def same_first_validation_error(case, difference):
    """Both name the same action first among those with a ValidationError."""
    ours, theirs = codes(case.weir), codes(case.answer)
    return (
        "ValidationError" in ours
        and "ValidationError" in theirs
        and ours.index("ValidationError") == theirs.index("ValidationError")
    )


def several_faults(case, difference):
    """Weir names one ValidationError and keeps silent about the rest, the oracle names more."""
    ours, theirs = codes(case.weir), codes(case.answer)
    return (
        len(ours) == len(theirs)
        and "ValidationError" in ours
        and len([code for code in theirs if code != "None"]) > 1
    )


def counted_by_action(case, difference):
    """How many actions there are on the table that this figure is about."""
    number = int(re.search(r"\[(\d+)\]", difference.path)[1])
    name = sorted(c["TableName"] for c in case.weir.body["ConsumedCapacity"])[number]
    return [kind for kind, members in actions(case) if members.get("TableName") == name]
