# SPDX-License-Identifier: Apache-2.0
"""Checks for the rules about transactions of both oracles."""

import re

TRANSACTIONS = {"TransactWriteItems", "TransactGetItems", "ExecuteTransaction"}
CANCELED = "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons.*"
# The service's members that give the units of a transaction by their kind, read or write.
TRANSACTION_UNITS = (
    r"ConsumedCapacity\[\d+\]\.((Table|(Global|Local)SecondaryIndexes\.\w+)\.)?(Read|Write)"
    "CapacityUnits"
)
TABLE_UNITS = r"ConsumedCapacity\[\d+\]\.(Table\.)?CapacityUnits"

# The texts of faults of an update that show only with the item.
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
    """[(kind, members)…] of the actions that are well-formed."""
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
    """Whether Weir reports an update that changes a key attribute."""
    return any("Cannot update attribute" in str(message) for message in messages(case.weir))


def same_first_validation_error(case, difference):
    """Whether both servers give the first ValidationError to the same action."""
    ours, theirs = codes(case.weir), codes(case.answer)
    return (
        "ValidationError" in ours
        and "ValidationError" in theirs
        and ours.index("ValidationError") == theirs.index("ValidationError")
    )


def several_faults(case, difference):
    """Whether Weir reports one ValidationError alone, where the oracle reports more."""
    ours, theirs = codes(case.weir), codes(case.answer)
    return (
        len(ours) == len(theirs)
        and "ValidationError" in ours
        and len([code for code in theirs if code != "None"]) > 1
    )


def counted_by_action(case, difference):
    """The kinds of the actions on the table that this figure is for."""
    number = int(re.search(r"\[(\d+)\]", difference.path)[1])
    name = sorted(c["TableName"] for c in case.weir.body["ConsumedCapacity"])[number]
    return [kind for kind, members in actions(case) if members.get("TableName") == name]
