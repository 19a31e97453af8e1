# SPDX-License-Identifier: Apache-2.0
"""Rules for Dynoxide: TransactWriteItems and TransactGetItems."""

import re

from .rules import rules_for
from .transaction_checks import (
    CANCELED,
    TRANSACTIONS,
    UPDATE_FAULT,
    actions,
    changes_a_key,
    codes,
)

rule, text = rules_for("dynoxide")

_REQUEST_FAULT = (
    r"Invalid \w+Expression: .*|Value provided in ExpressionAttribute\w+ unused .*|Expression"
    r"Attribute\w+ (must|can|contains) .*"
)


def names_the_fault(case, difference):
    """Whether the oracle reports a ValidationError, or a failed condition before it found one."""
    return bool({"ValidationError", "ConditionalCheckFailed"} & set(codes(case.answer)))


def has_key_only(case, difference):
    """Whether the member is a key attribute of the item."""
    get = actions(case)[int(re.search(r"\[(\d+)\]", difference.path)[1])][1]
    return difference.path.rsplit(".", 1)[-1] in get["Key"]


TRANSACTION_RULES = [
    rule(
        "expressions-cancel",
        "faults of expressions are told before anything runs, and not as reasons",
        "aws 2026; DynamoDB Local does so too",
        operations=TRANSACTIONS,
        weir=f"ValidationException: ({_REQUEST_FAULT})",
        theirs=CANCELED,
        check=names_the_fault,
    ),
    rule(
        "key-of-an-update-unseen",
        "an update that sets a key attribute is refused; Dynoxide overlooks it behind other clauses",
        "aws, of UpdateItem; DynamoDB Local does so too",
        operations={"TransactWriteItems"},
        path="outcome",
        weir=CANCELED,
        theirs="OK",
        check=changes_a_key,
        resync=True,
    ),
    rule(
        "key-of-an-update-later",
        "that is a fault of the request; Dynoxide tells another action's, which only the item has",
        "DynamoDB Local does so too; no recording",
        operations={"TransactWriteItems"},
        weir=CANCELED,
        theirs=CANCELED,
        check=lambda case, difference: changes_a_key(case, difference)
        and names_the_fault(case, difference),
    ),
    rule(
        "key-path-in-transactions",
        "as expressions-cancel, of a path below a key attribute",
        "DynamoDB Local does so in puts and updates; no recording",
        operations=TRANSACTIONS,
        path="outcome|error",
        weir=r"ValidationException: Key attributes must be scalars; list random access '\[\]' .*",
        theirs=rf"OK|{CANCELED}",
        resync=True,
    ),
    rule(
        "empty-key-cancels",
        "an empty key value is told before anything runs, and not as a reason",
        "aws 2026",
        operations=TRANSACTIONS,
        weir="ValidationException: One or more parameter values are not valid. The AttributeValue for"
        " a key attribute cannot contain an empty .*",
        theirs=CANCELED,
        check=names_the_fault,
    ),
    rule(
        "reasons-of-an-update",
        "the item has both faults; which one the service tells first is unknown",
        "no recording",
        operations={"TransactWriteItems"},
        path=r"error\.CancellationReasons\[\d+\]\.Message",
        weir=f"{UPDATE_FAULT}|.*Cannot update attribute .*",
        theirs=UPDATE_FAULT,
    ),
    rule(
        "keys-in-a-projection",
        "a projection shows what it names",
        "API reference of TransactGetItems",
        operations={"TransactGetItems"},
        path=r"Responses\[\d+\]\.Item\.\w+",
        weir=r"\(absent\)",
        check=has_key_only,
    ),
    rule(
        "no-collection-metrics",
        "a table with local indexes answers ItemCollectionMetrics where they are asked for",
        "API reference of TransactWriteItems, ReturnItemCollectionMetrics",
        operations={"TransactWriteItems"},
        path=r"ItemCollectionMetrics(\..*)?",
        theirs=r"\(absent\)",
    ),
    rule(
        "token-in-bytes",
        "a token has at most 36 characters; Dynoxide counts bytes",
        "API reference of TransactWriteItems",
        operations=TRANSACTIONS,
        path="outcome|error",
        theirs=r"ValidationException: .*Value 'ü+[0-9a-f]+' at 'clientRequestToken' failed to satisfy .*",
        resync=True,
    ),
    rule(
        "token-mismatch",
        "the error has a message",
        "API reference of TransactWriteItems; public issues quote it",
        operations=TRANSACTIONS,
        weir="IdempotentParameterMismatchException: Specified idempotent token was used with .*",
        theirs="IdempotentParameterMismatchException: An error occurred .*",
    ),
    rule(
        "substitutions-unchecked",
        "names and values need an expression, and a put may have values only",
        "aws 2026; DynamoDB Local does so too",
        operations=TRANSACTIONS,
        path="outcome|error",
        weir="ValidationException: ExpressionAttribute(Names|Values) (can only be specified when using"
        " expressions|must not be empty).*",
        theirs=rf"OK|{CANCELED}",
        resync=True,
    ),
    text(
        "value-of-placeholder-in-transactions",
        "the older layer, which answers transactions, names the placeholder",
        "aws 2026",
        r"ExpressionAttributeValues contains invalid value: (?P<text>.*) for key :\w*",
        "{text}",
        operations=TRANSACTIONS,
    ),
    rule(
        "json-of-actions",
        "which of the JSON faults of an action is told",
        "aws, of the same shapes in other operations",
        operations=TRANSACTIONS,
        weir="SerializationException: .*",
        theirs="SerializationException: (sequence|Unexpected field type)"
        "|ValidationException: Invalid Request: TransactWriteRequest should contain .*",
    ),
    text(
        "expression-size-in-transactions",
        "the older layer tells the size",
        "aws",
        r"(?P<text>Invalid \w+Expression: Expression size has exceeded .*;) expression size: \d+",
        "{text}",
        operations=TRANSACTIONS,
    ),
]
