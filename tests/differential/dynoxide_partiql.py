# SPDX-License-Identifier: Apache-2.0
"""Rules for Dynoxide: ExecuteStatement, BatchExecuteStatement and ExecuteTransaction.

Its grammar is a part of DynamoDB's, and takes some texts that are none of it. Whether Weir reads a
statement as DynamoDB does is seen by DynamoDB Local, whose parser is the service's.
"""

import re

from .partiql_checks import (
    BATCH_ERROR,
    IN_TRANSACTION,
    MALFORMED,
    PARTIQL,
    fault_of,
    statements,
)
from .rules import rules_for
from .transaction_checks import CANCELED

rule, text = rules_for("dynoxide")

_OWN_WORDS = rf"{MALFORMED}|EXISTS can only be used in ExecuteTransaction write requests\."


def reads_less(case, difference):
    """Dynoxide cannot read this statement of the batch."""
    return re.fullmatch(_OWN_WORDS, fault_of(case.answer, difference.path), re.DOTALL)


def reads_more(case, difference):
    """Weir cannot read this statement of the batch."""
    return re.fullmatch(MALFORMED, fault_of(case.weir, difference.path), re.DOTALL)


PARTIQL_RULES = [
    rule(
        "part-of-the-grammar",
        "functions in SET, quoted names as operands, EXISTS before a write and further forms are part"
        " of the language",
        "developer guide, PartiQL reference; DynamoDB Local reads them",
        operations=PARTIQL,
        path="outcome|error",
        theirs=rf"ValidationException: {IN_TRANSACTION}({_OWN_WORDS})",
        resync=True,
    ),
    rule(
        "part-of-the-grammar-in-a-batch",
        "as part-of-the-grammar",
        "developer guide, PartiQL reference; DynamoDB Local reads them",
        operations={"BatchExecuteStatement"},
        path=r"Responses\[\d+\](\..*)?",
        check=reads_less,
        resync=True,
    ),
    rule(
        "takes-what-is-malformed",
        "a text that is no statement is refused",
        "DynamoDB Local does so too",
        operations=PARTIQL,
        path="outcome|error",
        weir=rf"ValidationException: {IN_TRANSACTION}({MALFORMED}|Aliasing is not .*|Unsupported .*"
        r"|Duplicate (keys|identifiers) .*|Tuple keys must .*|Only select from .*|Unexpected path .*"
        r"|Select projection .*|The (left|second|first) .*|WHERE clause must .*|Empty bags .*"
        r"|MISSING must .*|IN operator must .*|Path component .*|Unrecognized function: .*)",
        resync=True,
    ),
    rule(
        "takes-what-is-malformed-in-a-batch",
        "as takes-what-is-malformed",
        "DynamoDB Local does so too",
        operations={"BatchExecuteStatement"},
        path=r"Responses\[\d+\](\..*)?",
        check=reads_more,
        resync=True,
    ),
    rule(
        "reads-and-writes-in-a-batch",
        "a batch is of reads or of writes",
        "aws 2026",
        operations={"BatchExecuteStatement"},
        path="outcome|error",
        weir="ValidationException: Read and write requests together in the same batch is not supported.",
        resync=True,
    ),
    rule(
        "form-of-a-name",
        "DynamoDB Local tells the form of a table's name in selects",
        "no recording",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.(Code|Message)",
        weir=rf"(ValidationException: )?{IN_TRANSACTION}Table name should be within .*|ValidationError",
        theirs="(ResourceNotFoundException: )?Requested resource not found|ResourceNotFound"
        rf"|{CANCELED}",
    ),
    rule(
        "attempts-are-free",
        "a statement of a batch that fails its condition is charged",
        "aws 2026",
        operations={"BatchExecuteStatement"},
        path=r"ConsumedCapacity(\[\d+\]\.(Table\.)?CapacityUnits)?",
        check=lambda case, difference: any("Error" in r for r in case.weir.body["Responses"])
        and (difference.oracle == "(absent)" or difference.weir > difference.oracle),
    ),
    text(
        "order-by-with-one-key",
        "ORDER BY a sort key needs the partition key in it only if several partitions are read",
        "DynamoDB Local; the text itself says so",
        ".*",
        "Must have hash key in ORDER BY clause when more than one hash key condition specified .*",
        operations=PARTIQL,
    ),
    rule(
        "order-by-with-one-key-read",
        "as order-by-with-one-key",
        "DynamoDB Local; the text itself says so",
        operations=PARTIQL,
        path="outcome",
        weir="OK",
        theirs="ValidationException: Must have hash key in ORDER BY clause when more than one .*",
    ),
    text(
        "turned-comparison",
        "a comparison with the value first is told as it is written",
        "DynamoDB Local does so too",
        r"(?P<text>.*Incorrect operand type for operator or function; operator or function: )[<>]=?,"
        r" (?P<rest>.*)",
        r"{text}[<>]=?, {rest}",
        operations=PARTIQL,
    ),
    text(
        "next-token",
        "a token that no read has given is refused as such",
        "aws 2026 has both texts",
        "Invalid NextToken",
        "NextToken does not match request|NextToken is only valid on a SELECT statement",
        operations={"ExecuteStatement"},
    ),
    rule(
        "json-of-statements",
        "which of the JSON faults of a statement is told",
        "aws, of the same shapes in other operations",
        operations=PARTIQL,
        weir="SerializationException: .*",
        theirs="SerializationException: .*|ValidationException: .*",
    ),
    rule(
        "exists-alone",
        "a transaction may hold conditions only",
        "DynamoDB Local takes it; no recording",
        operations={"ExecuteTransaction"},
        path="outcome|error",
        theirs=rf"ValidationException: {IN_TRANSACTION}.*EXISTS.*",
        check=lambda case, _: any("EXISTS" in statement.upper() for statement in statements(case)),
        resync=True,
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
]
