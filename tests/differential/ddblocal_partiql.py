# SPDX-License-Identifier: Apache-2.0
"""Rules for DynamoDB Local: ExecuteStatement, BatchExecuteStatement and ExecuteTransaction."""

import re

from .partiql_checks import (
    BATCH_ERROR,
    IN_TRANSACTION,
    MALFORMED,
    PARTIQL,
    has_documents,
    statements,
)
from .rules import rules_for
from .transaction_checks import CANCELED, changes_a_key, codes

# The texts are those of a batch's statements, too.
rule, text = rules_for("ddblocal", rf"{BATCH_ERROR}\.Message")


def duplicates_as_validation_errors(case, difference):
    """Whether the codes differ only in that the oracle has ValidationError for DuplicateItem."""
    ours = ["ValidationError" if c == "DuplicateItem" else c for c in codes(case.weir)]
    return ours == codes(case.answer)


def names_paths(case, difference):
    """Whether the response's statement selects a column that is a path."""
    number = int(re.search(r"\[(\d+)\]", difference.path)[1])
    columns = re.match(r"\s*select(.*?)\bfrom\b", statements(case)[number], re.IGNORECASE | re.DOTALL)
    return columns is not None and re.search(r"[.\[]", columns[1]) is not None


PARTIQL_RULES = [
    rule(
        "no-figures-of-statements",
        "statements are charged as the operations that they stand for; Local answers no figures",
        "API reference of ExecuteStatement, ReturnConsumedCapacity; aws 2026",
        operations=PARTIQL,
        path=r"ConsumedCapacity|Members",
        weir=r'\[?\{.*"CapacityUnits": .*|\["ConsumedCapacity", "Items"(?P<next>(, "NextToken")?)\]',
        theirs=r'\(absent\)|\["Items"{next}\]',
    ),
    rule(
        "malformed-statement",
        "what is wrong with the statement is told; Local echoes the statement",
        "aws 2026",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message",
        weir=rf"(ValidationException: )?{IN_TRANSACTION}{MALFORMED}",
        theirs=rf"(ValidationException: )?{IN_TRANSACTION}{MALFORMED}",
    ),
    rule(
        "name-of-duplicates",
        "the error is called DuplicateItemException",
        "API reference of ExecuteStatement, Errors",
        operations={"ExecuteStatement"},
        weir="DuplicateItemException: (?P<text>.*)",
        theirs="DuplicateItem: {text}",
    ),
    rule(
        "reason-of-duplicates",
        "the code of an insert of what is there is DuplicateItem",
        "API reference of ExecuteTransaction, TransactionCanceledException",
        operations={"ExecuteTransaction"},
        path=r"error(\.CancellationReasons\[\d+\]\.Code)?",
        weir=rf"{CANCELED}|DuplicateItem",
        theirs=rf"{CANCELED}|ValidationError",
        check=duplicates_as_validation_errors,
    ),
    rule(
        "key-of-a-write-cancels",
        "a write without a whole key cancels the transaction, with a reason for the statement",
        "aws 2026",
        operations={"ExecuteTransaction"},
        weir=CANCELED,
        theirs="TransactionCanceledException: ValidationError .*",
    ),
    rule(
        "item-of-exists",
        "a failed EXISTS shows the item where ReturnValuesOnConditionCheckFailure asks for it",
        "API reference of ParameterizedStatement",
        operations={"ExecuteTransaction"},
        path=r"error\.CancellationReasons\[\d+\]\.Item",
        theirs=r"\(absent\)",
    ),
    text(
        "members-of-statements",
        "the members are checked before a statement is looked at",
        "aws 2026",
        r"(Value .* at '(statements|transactStatements|statement|parameters|limit|nextToken"
        r"|clientRequestToken|return\w+).*' failed to satisfy constraint: .*)",
        ".*",
        operations=PARTIQL,
    ),
    rule(
        "members-of-statements-joined",
        "as members-of-statements",
        "aws 2026",
        operations=PARTIQL,
        weir=r"ValidationException: \d+ validation errors detected: .*",
        theirs="ValidationException: .*",
    ),
    rule(
        "members-of-statements-unchecked",
        "as members-of-statements",
        "aws 2026",
        operations=PARTIQL,
        path="outcome|error",
        weir=r"ValidationException: \d+ validation errors? detected: Value .* failed to satisfy .*",
        theirs="OK|(ConditionalCheckFailed|DuplicateItem|ResourceNotFound|TransactionCanceled"
        "|IdempotentParameterMismatch).*",
        resync=True,
    ),
    rule(
        "form-of-a-name",
        "Local tells the form of a table's name in some statements, and its absence in others",
        "no recording",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.(Code|Message)",
        weir=rf"(ValidationException: )?{IN_TRANSACTION}(Table name should be within .*|Path component"
        " cannot be an empty string)|ValidationError",
        theirs="(ResourceNotFoundException: )?(Cannot do operations on .*|Requested resource .*)"
        "|ResourceNotFound"
        "|TransactionCanceledException: .*",
    ),
    rule(
        "no-such-table-in-a-statement",
        "Local's own text",
        "aws",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message|error\.CancellationReasons\[\d+\]\.Message",
        weir=r"(ResourceNotFoundException: )?Requested resource not found",
        theirs=r"(ResourceNotFoundException: )?Cannot do operations on a non-existent table",
    ),
    rule(
        "value-of-one-statement",
        "a parameter's fault is one of its statement; the other statements run",
        "Dynoxide does so too; no recording",
        operations={"BatchExecuteStatement"},
        path="outcome|error",
        weir="OK|ValidationException: Provided list of item keys contains duplicates",
        theirs="ValidationException: (The supplied Item .*|Supplied AttributeValue .*"
        "|A value provided cannot be .*"
        "|Number (over|under)flow.*|One or more parameter values were invalid: .*|DynamoDB only .*"
        "|Input collection .*|The parameter cannot be .*)",
        resync=True,
    ),
    rule(
        "next-token-of-a-write",
        "a token that no read has given is refused, also beside a write",
        "no recording; Dynoxide refuses it in other words",
        operations={"ExecuteStatement"},
        path="outcome|error",
        weir="ValidationException: Invalid NextToken",
        theirs=".*",
        resync=True,
    ),
    rule(
        "position-of-a-set-function",
        "the text has the position, as that of the second argument",
        "aws 2026, of the second argument",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message",
        weir=r"(?P<text>.*The first argument to SET_(ADD|DELETE) must equal the assignment value) at .*",
        theirs="{text}",
    ),
    rule(
        "position-of-a-function",
        "the text has the position",
        "aws 2026",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message",
        weir=r"(?P<text>.*Unrecognized function: \w+) at .*",
        theirs="{text}",
    ),
    text(
        "kind-of-a-statement",
        "kinds of expressions are called as in the parser's tree",
        "aws 2026 has Id",
        rf"{IN_TRANSACTION}Unsupported operation: (Id|Lit|IsType)",
        rf"{IN_TRANSACTION}Unsupported operation: (VariableReference|Literal|Typed)",
        operations=PARTIQL,
    ),
    text(
        "kind-of-a-value",
        "as kind-of-a-statement",
        "aws 2026 has Parameter",
        rf"{IN_TRANSACTION}Unsupported data type: \w+ (?P<rest>under .*)",
        rf"{IN_TRANSACTION}Unsupported data type: \w+ {{rest}}",
        operations=PARTIQL,
    ),
    text(
        "kind-of-an-element",
        "as kind-of-a-statement; an element of a list is named [i]",
        "aws 2026 has Parameter under key root[0]",
        rf"{IN_TRANSACTION}Unsupported data type: \w+ under key root.* at (?P<place>.*)",
        rf"{IN_TRANSACTION}Unsupported data type: \w+ under key root.* at {{place}}",
        operations=PARTIQL,
    ),
    text(
        "kind-of-a-key",
        "as kind-of-a-statement",
        "aws 2026 has Id and Parameter",
        rf"(?P<text>{IN_TRANSACTION}Tuple keys must be of type String. Actual type:) \w+ (?P<rest>under"
        r" root.*)( at .*)",
        r"{text} \w+ {rest}( at .*)?",
        operations=PARTIQL,
    ),
    rule(
        "missing-table-cancels",
        "a missing table cancels the transaction, with a reason for the statement",
        "aws 2026",
        operations={"ExecuteTransaction"},
        weir=CANCELED,
        theirs="ResourceNotFoundException: .*",
        check=lambda case, _: "ResourceNotFound" in codes(case.weir),
    ),
    rule(
        "columns-of-single-reads",
        "a column is named by the path's end; in batches and transactions Local cuts the paths out, as"
        " a projection expression does",
        "aws 2026, of ExecuteStatement; Dynoxide does so everywhere",
        operations={"BatchExecuteStatement", "ExecuteTransaction"},
        path=r"Responses\[\d+\]\.Item(\..*)?",
        check=names_paths,
    ),
    rule(
        "key-of-a-missing-item",
        "the update changes a key attribute, of an item that is not there",
        "no recording of which is told; Dynoxide tells the key",
        operations={"ExecuteTransaction"},
        path=r"error(\.CancellationReasons\[\d+\]\.(Code|Message))?",
        theirs=rf"{CANCELED}|ConditionalCheckFailed|The conditional request failed",
        check=changes_a_key,
    ),
    rule(
        "empty-map-of-a-failed-item",
        "the item is shown as it is; Local loses the M of an empty map",
        "aws",
        operations=PARTIQL,
        path=rf"({BATCH_ERROR}|error\.CancellationReasons\[\d+\])\.Item\..*\.M",
        weir=r"\{\}",
        theirs=r"\(absent\)",
    ),
    rule(
        "descending-pages",
        "all pages of a read are in its order; Local sometimes begins a descending one at the front",
        "API reference of Query, ScanIndexForward; Dynoxide does so too",
        operations={"ExecuteStatement"},
        path=r"Order.*",
        check=lambda case, _: "Limit" in case.request.body
        and re.search(r"\bdesc\b", statements(case)[0], re.IGNORECASE) is not None,
    ),
    text(
        "prefix-of-a-transaction",
        "a fault of a statement has the statement's number before it",
        "aws 2026",
        r"Validation failed in TransactStatements\[\d+\]: (?P<text>.*)",
        "{text}",
        operations={"ExecuteTransaction"},
    ),
    text(
        "faults-of-two-statements",
        "a statement is faulty, and they are not of one kind",
        "no recording of which comes first",
        r"(Validation failed in TransactStatements\[\d+\]: |ExecuteTransaction API does not ).*",
        r"(Validation failed in TransactStatements\[\d+\]: |ExecuteTransaction API does not ).*"
        rf"|Unsupported operation: \w+|{MALFORMED}",
        operations={"ExecuteTransaction"},
        check=lambda case, _: len(case.request.body["TransactStatements"]) > 1,
    ),
    text(
        "name-or-operand",
        "the table's name is not in its form, and an operand has no fitting type",
        "no recording of which comes first",
        rf"{IN_TRANSACTION}Table name should be within .*",
        rf"{IN_TRANSACTION}Incorrect operand type for operator or function; .*",
        operations=PARTIQL,
    ),
    rule(
        "documents-never-resume",
        "with a list or map among the parameters a token fits no request",
        "aws 2026",
        operations={"ExecuteStatement"},
        path="outcome",
        weir="ValidationException: NextToken does not match request",
        theirs="OK",
        check=has_documents,
    ),
    text(
        "no-bags-at",
        "the text has no position",
        "aws 2026",
        rf"(?P<text>{IN_TRANSACTION}Empty bags are not supported)",
        r"{text} at \d+:\d+:\d+",
        operations=PARTIQL,
    ),
    text(
        "no-such-index-in-a-statement",
        "the text has no name",
        "aws 2026",
        rf"(?P<text>{IN_TRANSACTION}The table does not have the specified index)",
        "{text}: .*",
        operations=PARTIQL,
    ),
    rule(
        "no-operation-of-a-batch",
        "Local's own text",
        "no recording; alone, Local has Weir's text",
        operations={"BatchExecuteStatement"},
        path=rf"{BATCH_ERROR}\.Message",
        weir="Unsupported operation: .*|Statement wasn't well formed, .*",
        theirs="Invalid operation. Only select, insert, update and delete operations are valid",
    ),
    rule(
        "select-in-a-batch",
        "a batch reads by whole keys only, and says so",
        "aws 2026",
        operations={"BatchExecuteStatement"},
        path=rf"{BATCH_ERROR}\.Message",
        # Or another fault of the statement. No recording shows which comes first.
        weir="Select statements within BatchExecuteStatement must specify the primary key in .*"
        "|Key attribute's data type should match .*|Incorrect operand type .*",
        theirs="Only single item select is supported|Must have WHERE clause in the statement when .*",
    ),
    rule(
        "which-key",
        "several key attributes do not fit, or a clause does not either; which is told first is not"
        " recorded",
        "no recording",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message|error\.CancellationReasons\[\d+\]\.Message",
        weir=rf"(ValidationException: )?{IN_TRANSACTION}(Key attribute's data type should match .*"
        "|Key value must be of type S, N, or B. .*|Invalid returning clause: .*)",
        theirs=rf"(ValidationException: )?{IN_TRANSACTION}(Key attribute's data type should match .*"
        "|One or more parameter values were invalid: Condition parameter type does not match .*)"
        rf"|{CANCELED}",
    ),
    rule(
        "malformed-among-others",
        "a statement that is none is told by itself, whatever the others are",
        "no recording",
        operations={"BatchExecuteStatement"},
        path="outcome",
        weir="OK",
        theirs="ValidationException: Read and write requests together in the same batch is not .*",
        check=lambda case, _: any("Error" in r for r in case.weir.body["Responses"]),
        resync=True,
    ),
    text(
        "no-statement-of-a-transaction",
        "Local's own text",
        "aws 2026",
        rf"{IN_TRANSACTION}(EXISTS can only be used in ExecuteTransaction .*|{MALFORMED}|Unsupported .*)",
        "Unsupported operation in transaction.",
        operations={"ExecuteTransaction"},
    ),
    text(
        "other-languages",
        "DROP, CREATE and the like are no keywords of DynamoDB's statements",
        "aws 2026 has Unexpected keyword; Local's text has no recording",
        rf"{IN_TRANSACTION}{MALFORMED}",
        rf"{IN_TRANSACTION}Unsupported operation: \w+",
        operations=PARTIQL,
    ),
]
