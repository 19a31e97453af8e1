# SPDX-License-Identifier: Apache-2.0
"""Rules for DynamoDB Local: statements of which there are recordings of 2026, and which of a
statement's faults is reported first.
"""

import re

from .partiql_checks import BATCH_ERROR, IN_TRANSACTION, MALFORMED, PARTIQL, statements
from .rules import rules_for
from .transaction_checks import CANCELED, codes

# The texts are those of a batch's statements, too.
rule, text = rules_for("ddblocal", rf"{BATCH_ERROR}\.Message")


def deletes_nothing(case, difference):
    """Whether the failed conditions that the oracle lacks are all in DELETE statements."""
    found, ours, theirs = statements(case), codes(case.weir), codes(case.answer)
    theirs = ["DuplicateItem" if c == "ValidationError" and o == "DuplicateItem" else c
              for c, o in zip(theirs, ours, strict=False)]
    return len(ours) == len(theirs) == len(found) and all(
        one == other
        or (one == "ConditionalCheckFailed" and statement.upper().lstrip().startswith("DELETE"))
        for one, other, statement in zip(ours, theirs, found, strict=True)
    )


def names_an_attribute_twice(case, difference):
    """Whether a statement has two `=` conditions on one attribute."""
    found = re.findall(r'"?(\w+)"? *= *', statements(case)[0])
    return len(found) != len(set(found))


def filters_an_index(case, difference):
    """Whether the statement is a SELECT from an index with a condition."""
    [statement] = statements(case)
    from_index = re.search(r'\bfrom\s+"[\w-]+"\."[\w-]+".*\bwhere\b', statement, re.IGNORECASE)
    return from_index is not None


STATEMENT_RULES = [
    rule(
        "delete-of-nothing",
        "a conditional DELETE of an item that is not there fails its condition in a transaction that is"
        " canceled",
        "aws 2026; Dynoxide does so too",
        operations={"ExecuteTransaction"},
        path=r"error(\.CancellationReasons\[\d+\]\..*)?",
        check=deletes_nothing,
    ),
    rule(
        "keys-that-exclude-each-other",
        "a key attribute may be compared twice: nothing is found",
        "aws 2026; Dynoxide does so too",
        operations={"ExecuteStatement", "BatchExecuteStatement"},
        path="outcome",
        weir="OK",
        theirs="ValidationException: One or more parameter values were invalid: Condition parameter type"
        " does not match schema type",
        check=names_an_attribute_twice,
    ),
    text(
        "clauses-with-a-fault-each",
        "the SET and the WHERE clause have a fault each, or an operator and its operand",
        "no recording of which comes first",
        rf"{IN_TRANSACTION}(Unsupported operator in Update Expression.*|Incorrect number of operands.*"
        rf"|.*Incorrect operand type for operator or function; .*|{MALFORMED})",
        rf"{IN_TRANSACTION}(The arguments to AND/OR must be Expressions|Unsupported data type: .*"
        "|Unsupported operator in Update Expression.*|EXISTS can only be used in .*)",
        operations=PARTIQL,
    ),
    rule(
        "filter-by-what-an-index-lacks",
        "an attribute that an index does not show is not there; Local looks at the table's item",
        "developer guide, global secondary indexes: attribute projections",
        operations=PARTIQL,
        path="Items|Order",
        check=filters_an_index,
    ),
    rule(
        "key-of-an-update-in-a-batch",
        "an update of a key attribute is refused as such, and counts no key of the batch; Local looks for"
        " the item, or for duplicates, first",
        "aws 2026 has the text; Dynoxide does so too",
        operations={"BatchExecuteStatement"},
        path=r"Responses\[\d+\]\.Error\.(Code|Message)|outcome",
        weir="ValidationError|OK|One or more parameter values were invalid: Cannot update attribute .*",
        theirs="ConditionalCheckFailed|The conditional request failed|ValidationException: Provided list"
        " of item keys contains duplicates",
        check=lambda case, _: any(
            "Cannot update attribute" in response.get("Error", {}).get("Message", "")
            for response in case.weir.body["Responses"]
        ),
    ),
    text(
        "where-of-a-transaction",
        "a SELECT of a transaction names its key, and says so; or another statement is told first",
        "no recording of which comes first",
        rf"{IN_TRANSACTION}Select statements within ExecuteTransaction must specify the primary key in .*",
        rf"{IN_TRANSACTION}Must have WHERE clause in the statement when using ORDER BY clause\.",
        operations={"ExecuteTransaction"},
    ),
    text(
        "consistent-reads-of-an-index",
        "Local has the text of item operations",
        "aws 2026",
        "Strongly consistent read is not supported on Global Secondary Indexes",
        "Consistent reads are not supported on global secondary indexes",
        operations=PARTIQL,
    ),
    text(
        "name-or-clause",
        "the name of the table and a function of SET or the list of columns have a fault each",
        "no recording of which comes first",
        rf"{IN_TRANSACTION}Table name should be within .*",
        rf"{IN_TRANSACTION}(The first argument to SET_(ADD|DELETE) must equal the assignment value"
        "|Unsupported token in expression: DISTINCT)",
        operations=PARTIQL,
    ),
    rule(
        "operands-before-tables",
        "what is wrong with any statement of a transaction is told before a table is looked up",
        "aws 2026",
        operations={"ExecuteTransaction"},
        weir=rf"ValidationException: {IN_TRANSACTION}(Incorrect operand type|Incorrect number of"
        r"|The first operand must be distinct) .*",
        theirs="ResourceNotFoundException: .*",
    ),
    rule(
        "fault-or-condition-of-a-transaction",
        "a statement has a fault that only its item shows; Local tells of another's key first",
        "no recording of which comes first",
        operations={"ExecuteTransaction"},
        weir=CANCELED,
        theirs="ValidationException: Validation failed in TransactStatements.*: Select statements within"
        " ExecuteTransaction must specify the primary key in the where clause.*",
    ),
    rule(
        "duplicates-in-a-bag",
        "the numbers and their place are named",
        "aws 2026; Dynoxide does so too",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message",
        weir=r".*Input collection \[.*\] contains duplicates! under root.*",
        theirs=".*Input collection contains duplicates",
    ),
    text(
        "path-as-a-value",
        "a path is called Path, and the text ends with where it stands",
        "aws 2026, of other kinds of terms",
        r"Unsupported data type: Path under key root.* at .*",
        "Unsupported data type: PATH under key root.*",
        operations=PARTIQL,
    ),
    text(
        "names-before-operands",
        "an empty name, or a second name of a table, is told before the other fault of the statement",
        "aws 2026 has it of empty names; no recording of second names",
        "Path component cannot be an empty string|Aliasing is not supported",
        r"Incorrect operand type .*|Unsupported clause: .*|Where clause does not contain .*",
        operations=PARTIQL,
    ),
]
