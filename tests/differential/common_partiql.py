# SPDX-License-Identifier: Apache-2.0
"""Rules about PartiQL that hold for both oracles."""

from .partiql_checks import BATCH_ERROR, PARTIQL, changes_twice, fault_of
from .rules import rules_for
from .transaction_checks import UPDATE_FAULT


def partiql_rules(oracle):
    rule, _ = rules_for(oracle)
    return [
        rule(
            "faults-of-an-update",
            "the update has both faults that only the item can tell",
            "no recording of which comes first",
            operations=PARTIQL,
            path=rf"error|{BATCH_ERROR}\.Message",
            weir=f"(ValidationException: )?({UPDATE_FAULT})",
            theirs=f"(ValidationException: )?({UPDATE_FAULT})",
            check=changes_twice,
        ),
        rule(
            "filter-of-an-index",
            "a keyed read of an index wants what it filters by to be projected",
            "aws 2026",
            operations=PARTIQL,
            path="outcome|error",
            weir="ValidationException: One or more parameter values were invalid: Secondary index .* does"
            " not project one or more filter attributes: .*",
        ),
        rule(
            "table-that-is-not-there",
            "a statement that did not run tells no table",
            "aws 2026",
            operations={"BatchExecuteStatement"},
            path=r"Responses\[\d+\]\.TableName",
            weir=r"\(absent\)",
            check=lambda case, difference: fault_of(case.weir, difference.path) != "",
        ),
    ]
