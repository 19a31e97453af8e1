# SPDX-License-Identifier: Apache-2.0
"""Rules about transactions that hold for both oracles."""

from .rules import rules_for
from .transaction_checks import (
    CANCELED,
    TRANSACTIONS,
    UPDATE_FAULT,
    actions,
    codes,
    same_first_validation_error,
    several_faults,
)

# Texts of faults that one action of a request can have by itself.
_FAULT_OF_ONE = (
    r"Invalid \w+Expression: .*|ExpressionAttribute.*|Value provided in .*|Invalid Request: .*"
    r"|TransactItems can only .*|Supplied AttributeValue .*|Number (over|under)flow.*"
    r"|The parameter cannot be converted .*|A value provided cannot be .*|Attempting to store more .*"
    r"|DynamoDB only supports .*|Input collection .*"
    r"|One or more parameter values were invalid: (An|Binary|Null|Input) .*"
)


def removes_only(case, difference):
    """Whether an update has only REMOVE clauses."""
    return any(
        kind == "Update" and str(members.get("UpdateExpression")).strip().upper().startswith("REMOVE")
        for kind, members in actions(case)
    )


def has_several_actions(case, difference):
    return len(actions(case)) > 1


def transaction_rules(oracle):
    rule, text = rules_for(oracle)
    return [
        rule(
            "one-validation-error",
            "of several ValidationErrors only the first is told, and no other reason",
            "aws 2026",
            operations=TRANSACTIONS,
            weir=CANCELED,
            theirs=CANCELED,
            check=lambda case, difference: several_faults(case, difference)
            or same_first_validation_error(case, difference),
        ),
        rule(
            "remove-only-path-in-transactions",
            "REMOVE alone on a missing item does nothing, nested paths too",
            "aws, of UpdateItem",
            operations={"TransactWriteItems"},
            path="outcome|error",
            weir=rf"OK|{CANCELED}",
            theirs=rf"ValidationException: ({UPDATE_FAULT})|{CANCELED}",
            check=lambda case, difference: removes_only(case, difference)
            and (
                case.answer.error_type == "ValidationException"
                or "ValidationError" in codes(case.answer)
            ),
            resync=True,
        ),
        rule(
            "lazy-if-not-exists-in-transactions",
            "the second operand of if_not_exists is not looked up where the first one is there",
            "unknown; no recording",
            operations={"TransactWriteItems"},
            path="outcome|error",
            weir=rf"OK|{CANCELED}",
            theirs="ValidationException: The provided expression refers to an attribute that does not"
            rf" exist in the item|{CANCELED}",
            check=lambda case, difference: any(
                "if_not_exists" in str(members.get("UpdateExpression"))
                for _, members in actions(case)
            )
            and "ValidationError" not in codes(case.weir),
            resync=True,
        ),
        rule(
            "empty-token",
            "a token has at least one character",
            "API reference of TransactWriteItems",
            operations=TRANSACTIONS,
            path="outcome|error",
            weir=r"ValidationException: .*Value '' at 'clientRequestToken' failed to satisfy .*",
            resync=True,
        ),
        text(
            "faults-of-two-actions",
            "two actions have a fault of the request; the first action's is told here",
            "no recording of several",
            rf"(?P<ours>{_FAULT_OF_ONE})",
            rf"(?!{{ours}}$)({_FAULT_OF_ONE})",
            operations=TRANSACTIONS,
            check=has_several_actions,
        ),
    ]
