# SPDX-License-Identifier: Apache-2.0
"""Rules for DynamoDB Local: TransactWriteItems and TransactGetItems."""

from .comparison import MISSING
from .rules import OLDER, rules_for
from .transaction_checks import (
    CANCELED,
    TABLE_UNITS,
    TRANSACTION_UNITS,
    TRANSACTIONS,
    UPDATE_FAULT,
    actions,
    codes,
    counted_by_action,
    has_validation_error,
    messages,
)

rule, text = rules_for("ddblocal")

_REASON = r"error\.CancellationReasons\[\d+\]\.Message"
_KEY_FAULT = (
    "The number of conditions on the keys is invalid|Invalid attribute value type"
    "|One of the required keys was not given a value|Hash primary key values must be under .*"
    r"|One or more parameter values were invalid: Type mismatch for key( \w+)?"
)

TRANSACTION_RULES = [
    rule(
        "reason-of-a-condition",
        "the message of a failed condition has no full stop",
        "API reference of TransactWriteItems, TransactionCanceledException",
        operations=TRANSACTIONS,
        path=_REASON,
        weir="The conditional request failed",
        theirs=r"The conditional request failed\.",
    ),
    rule(
        "one-reason-for-all",
        "each action has a reason, in their order; Local tells this fault alone",
        "API reference of TransactWriteItems, TransactionCanceledException; Local does so elsewhere",
        operations={"TransactWriteItems"},
        weir=CANCELED,
        theirs=CANCELED,
        check=lambda case, _: codes(case.answer) == ["ValidationError"]
        and codes(case.weir).count("ValidationError") == 1
        and set(messages(case.answer)) <= set(messages(case.weir)),
    ),
    rule(
        "no-transaction-units",
        "figures of a transaction have ReadCapacityUnits or WriteCapacityUnits beside CapacityUnits",
        "aws",
        operations=TRANSACTIONS,
        path=TRANSACTION_UNITS,
        theirs=r"\(absent\)",
    ),
    rule(
        "delete-of-nothing-costs-twice",
        "a transaction charges each write twice, that of a missing item too; Local does so once",
        "aws 2026",
        operations={"TransactWriteItems"},
        path=TABLE_UNITS,
        check=lambda case, difference: 0
        < difference.weir - difference.oracle
        <= counted_by_action(case, difference).count("Delete"),
    ),
    rule(
        "units-of-a-condition-check",
        "a condition check is charged as a write of its item; Local charges a read",
        "aws 2026; Dynoxide does so too",
        operations={"TransactWriteItems"},
        path=TABLE_UNITS,
        check=lambda case, difference: counted_by_action(case, difference) == ["ConditionCheck"]
        and difference.oracle < difference.weir,
    ),
    rule(
        "units-of-one-action",
        "a table is charged for each action on it; Local's figure is that of one of them",
        "aws 2026; Dynoxide does so too",
        operations={"TransactWriteItems"},
        path=r"ConsumedCapacity\[\d+\]\.((Table|(Global|Local)SecondaryIndexes\.\w+)\.)?CapacityUnits"
        r"|ConsumedCapacity\[\d+\]\.(Global|Local)SecondaryIndexes(\.\w+)?",
        check=lambda case, difference: len(counted_by_action(case, difference)) > 1
        and (difference.oracle == MISSING or difference.oracle < difference.weir),
    ),
    rule(
        "index-units-once",
        "a transaction charges the table twice, its indexes once; Local charges those twice as well",
        "aws 2026",
        operations={"TransactWriteItems"},
        path=r"ConsumedCapacity\[\d+\]\.((Global|Local)SecondaryIndexes(\.\w+)?\.)?CapacityUnits"
        r"|ConsumedCapacity\[\d+\]\.(Global|Local)SecondaryIndexes(\.\w+)?",
        # An index whose entry does not change costs nothing, so it is not shown.
        check=lambda case, difference: any(schema.indexes for schema in case.state.schemas)
        and (difference.weir == MISSING or difference.weir < difference.oracle),
    ),
    rule(
        "values-of-a-put",
        "values beside a put that has no condition are passed over",
        "aws 2026",
        operations={"TransactWriteItems"},
        path="outcome|error",
        weir=rf"OK|{CANCELED}|ValidationException: .*",
        theirs="ValidationException: ExpressionAttributeValues can only be specified when using "
        "expressions: ConditionExpression is null",
        check=lambda case, _: any(
            kind == "Put" and "ExpressionAttributeValues" in members
            for kind, members in actions(case)
        ),
        resync=True,
    ),
    rule(
        "update-faults-cancel",
        "what only the item tells cancels the transaction, with a ValidationError for the action",
        "aws; Dynoxide does so too",
        operations=TRANSACTIONS,
        weir=CANCELED,
        theirs=f"ValidationException: ({UPDATE_FAULT})",
        check=has_validation_error,
    ),
    rule(
        "key-faults-cancel",
        "a key that does not fit cancels the transaction, with a ValidationError for the action",
        "aws 2026",
        operations=TRANSACTIONS,
        weir=CANCELED,
        theirs=f"(ValidationException|TransactionCanceledException): ({_KEY_FAULT})",
    ),
    rule(
        "key-or-key-path",
        "two actions have a fault: a key that does not fit, a path below a key attribute",
        "no recording of which comes first",
        operations={"TransactWriteItems"},
        weir=CANCELED,
        theirs=r"ValidationException: Key attributes must be scalars; list random access '\[\]' .*",
        check=has_validation_error,
    ),
    rule(
        "reason-of-a-key",
        "Local's own texts for a key that does not fit the schema",
        "aws",
        operations=TRANSACTIONS,
        path=_REASON,
        weir="The provided key element does not match the schema"
        r"|One or more parameter values were invalid: (Missing the key \w+ in the item"
        r"|Type mismatch for key \w+ expected: \w+ actual: \w+|Size of hashkey.*|Aggregated size.*)",
        theirs=_KEY_FAULT,
    ),
    rule(
        "key-path-unchecked-in-transactions",
        "a path below a key attribute is refused; Local looks at those of puts and updates only",
        "aws, of the item operations",
        operations={"TransactWriteItems"},
        path="outcome|error",
        weir=r"ValidationException: Key attributes must be scalars; list random access '\[\]' .*",
        theirs=rf"OK|{CANCELED}|ValidationException: ({UPDATE_FAULT}|{_KEY_FAULT})",
        resync=True,
    ),
    rule(
        "no-item-for-an-empty-projection",
        "a projection that finds nothing shows no item",
        "aws 2026",
        operations={"TransactGetItems"},
        path=r"Responses\[\d+\]\.Item",
        weir=r"\(absent\)",
        theirs=r"\{\}",
    ),
    rule(
        "one-item-late",
        "two actions on one item are refused before anything runs",
        "aws 2026",
        operations=TRANSACTIONS,
        path="outcome|error",
        weir="ValidationException: Transaction request cannot include multiple operations on one item",
        theirs=rf"OK|{CANCELED}|ValidationException: (Key attributes must be scalars.*|{UPDATE_FAULT}"
        rf"|{_KEY_FAULT})",
        resync=True,
    ),
    rule(
        "token-mismatch",
        "the error has a message",
        "API reference of TransactWriteItems; public issues quote it",
        operations=TRANSACTIONS,
        weir="IdempotentParameterMismatchException: Specified idempotent token was used with .*",
        theirs="IdempotentParameterMismatchException: ",
    ),
    text(
        "members-of-a-transaction",
        OLDER,
        "aws 2026",
        r"Value .* at '(transactItems|clientRequestToken).*' failed to satisfy constraint: .*",
        r"Value .* failed to satisfy constraint: .*|Member must have length less than or equal to .*"
        "|Invalid table/index name.*|Get Condition for key not in key list",
        operations=TRANSACTIONS,
    ),
    rule(
        "members-of-an-action-unchecked",
        "an action's members are checked before anything runs",
        "aws 2026",
        operations=TRANSACTIONS,
        path="outcome|error",
        weir=r"ValidationException: .*Value .* at 'transactItems\.\d+\.member\..*' failed to .*",
        theirs=rf"OK|{CANCELED}",
        resync=True,
    ),
    text(
        "set-of-placeholder-in-transactions",
        "the older layer's text for duplicates has the prefix in expression values as well",
        "aws",
        r"ExpressionAttributeValues contains invalid value: One or more parameter values were "
        r"invalid: Input collection .*",
        r"ExpressionAttributeValues contains invalid value: One or more parameter values were "
        r"invalid: Input collection .*",
        operations=TRANSACTIONS,
    ),
    text(
        "number-of-placeholder-in-transactions",
        OLDER,
        "aws 2026",
        r"ExpressionAttributeValues contains invalid value: (The parameter cannot be converted .*"
        r"|Attempting to store more .*)",
        r"ExpressionAttributeValues contains invalid value: (A value provided cannot be converted "
        r"into a number|DynamoDB only supports precision up to 38 digits) for key :\w*",
        operations=TRANSACTIONS,
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
