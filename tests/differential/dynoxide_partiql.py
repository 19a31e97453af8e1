# SPDX-License-Identifier: Apache-2.0
"""Rules for Dynoxide: ExecuteStatement, BatchExecuteStatement and ExecuteTransaction.

Its grammar has only a part of DynamoDB's, and accepts some texts that DynamoDB refuses. Whether
Weir parses a statement as DynamoDB does is tested with DynamoDB Local, which has the service's
parser.
"""

import re

from .comparison import MISSING
from .partiql_checks import (
    BATCH_ERROR,
    IN_TRANSACTION,
    MALFORMED,
    PARTIQL,
    fault_of,
    has_documents,
    statements,
)
from .rules import rules_for
from .transaction_checks import CANCELED, codes

rule, text = rules_for("dynoxide")

# The figures of a table, or of one of its indexes.
_CHARGE = r"\.((Table\.)?CapacityUnits|(Global|Local)SecondaryIndexes(\.[\w-]+\.CapacityUnits)?)"
_OWN_WORDS = rf"{MALFORMED}|EXISTS can only be used in ExecuteTransaction write requests\."


def reads_less(case, difference):
    """Whether Dynoxide cannot parse this statement of the batch."""
    return re.fullmatch(_OWN_WORDS, fault_of(case.answer, difference.path), re.DOTALL)


def reads_more(case, difference):
    """Whether Weir cannot parse this statement of the batch."""
    malformed = rf"{MALFORMED}|Duplicate (keys in tuple|identifiers in select).*"
    return re.fullmatch(malformed, fault_of(case.weir, difference.path), re.DOTALL)


def charges_less(case, difference):
    """Whether a statement of the batch failed, and the oracle has a smaller figure or none."""
    ours, theirs = difference.weir, difference.oracle
    responses = case.weir.body["Responses"] + case.answer.body["Responses"]
    if not any("Error" in response for response in responses):
        return False
    if theirs == MISSING or isinstance(theirs, list):
        return len(ours) > len(theirs) or theirs == MISSING
    return ours > theirs


def charges_refused(case, difference):
    """Whether a statement of the batch was refused, and the oracle has a larger figure."""
    refused = any(
        r.get("Error", {}).get("Code") == "ValidationError" for r in case.weir.body["Responses"]
    )
    ours, theirs = difference.weir, difference.oracle
    if isinstance(ours, list):
        return refused and len(ours) < len(theirs)
    return refused and ours < theirs


def fetches_from_the_table(case, difference):
    """Whether the statement is a SELECT from a local index with a condition, and the oracle finds
    fewer items.
    """
    [statement] = statements(case)
    from_index = re.search(r'\bfrom\s+"[\w-]+"\."lsi\d".*\bwhere\b', statement, re.IGNORECASE)
    return from_index is not None and len(case.weir.body["Items"]) > len(case.answer.body["Items"])


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
    text(
        "short-name-of-an-index",
        "the name of an index is checked before it is looked up",
        "DynamoDB Local 3.3",
        r"Table name should be within the length \[3, 255\] .*",
        "The table does not have the specified index.*",
        operations={"ExecuteStatement"},
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
        r"|Changing item's .*|Unexpected from source|MISSING must .*|IN operator must .*|Path component .*"
        r"|Unrecognized function: .*)",
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
        # Another fault of the statement. No recording shows which comes first.
        "|ValidationException: (The first operand must be distinct from|Incorrect operand type for"
        "|Unexpected path component) .*"
        rf"|{CANCELED}",
    ),
    rule(
        "attempts-are-free",
        "a statement of a batch that fails its condition is charged",
        "aws 2026",
        operations={"BatchExecuteStatement"},
        path=rf"ConsumedCapacity(\[\d+\]({_CHARGE})?)?",
        check=charges_less,
    ),
    rule(
        "refused-statements-are-free",
        "a statement of a batch that is refused before it runs costs nothing",
        "aws 2026; DynamoDB Local does so too",
        operations={"BatchExecuteStatement"},
        path=rf"ConsumedCapacity(\[\d+\]{_CHARGE})?",
        check=charges_refused,
    ),
    rule(
        "missing-table-by-itself",
        "where a table is missing nothing runs, so that no condition fails",
        "aws 2026",
        operations={"ExecuteTransaction"},
        weir=CANCELED,
        theirs=CANCELED,
        check=lambda case, _: "ResourceNotFound" in codes(case.weir)
        and "ConditionalCheckFailed" in codes(case.answer),
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
    rule(
        "turned-comparison",
        "a comparison with the value first is told as it is written",
        "DynamoDB Local does so too",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message",
        weir=r"(?P<text>.*Incorrect operand type for operator or function; operator or function: )[<>]=?,"
        r" (?P<rest>.*)",
        theirs=r"{text}[<>]=?, {rest}",
    ),
    rule(
        "token-of-a-whole-key",
        "a read of one item has no further page; Dynoxide gives a token, which with a list or map among"
        " the parameters fits no request",
        "DynamoDB Local gives none; aws 2026 has the latter",
        operations={"ExecuteStatement"},
        path="outcome",
        weir="OK",
        theirs="ValidationException: NextToken does not match request",
        check=has_documents,
    ),
    rule(
        "faulty-statement-by-itself",
        "a faulty statement of a batch is told by itself, whatever kind or key it has",
        "DynamoDB Local does so too",
        operations={"BatchExecuteStatement"},
        path="outcome",
        weir="OK",
        theirs="ValidationException: (Read and write requests together in the same batch is not "
        "supported.|Provided list of item keys contains duplicates)",
        check=lambda case, _: any("Error" in r for r in case.weir.body["Responses"]),
        resync=True,
    ),
    text(
        "next-token",
        "a token that no read has given is refused as such",
        "aws 2026 has both texts",
        r"Invalid NextToken|.*Incorrect operand type for operator or function; .*",
        "NextToken does not match request|NextToken is only valid on a SELECT statement"
        # The statement has both faults. No recording shows which comes first.
        "|One or more parameter values were invalid: .*",
        operations={"ExecuteStatement"},
    ),
    text(
        "form-of-a-token",
        "the members are checked before a token is read",
        "aws 2026",
        "Value '.*' at 'nextToken' failed to satisfy constraint: .*",
        ".*",
        operations={"ExecuteStatement"},
    ),
    rule(
        "table-of-a-failed-statement",
        "a statement that ran and failed tells its table",
        "aws 2026",
        operations={"BatchExecuteStatement"},
        path=r"Responses\[\d+\]\.TableName",
        theirs=r"\(absent\)",
        check=lambda case, difference: fault_of(case.answer, difference.path) != "",
    ),
    rule(
        "boolean-as-text",
        "a text is taken for a boolean where it says one",
        "aws, of other operations",
        operations=PARTIQL,
        path="outcome|error",
        theirs="SerializationException: Unexpected token received from parser",
        check=lambda case, _: isinstance(case.request.body.get("ConsistentRead"), str),
        resync=True,
    ),
    text(
        "exists-by-itself",
        "EXISTS by itself is told as such",
        "DynamoDB Local does so too; aws 2026 has the text",
        rf"{IN_TRANSACTION}EXISTS can only be used in ExecuteTransaction write requests.",
        ".*",
        operations=PARTIQL,
    ),
    rule(
        "select-in-a-batch",
        "a select of a batch has two faults",
        "no recording of which comes first",
        operations={"BatchExecuteStatement"},
        path=rf"{BATCH_ERROR}\.Message",
        theirs="Select statements within BatchExecuteStatement must specify the primary key in .*",
    ),
    rule(
        "key-before-the-statement",
        "what a statement says is judged before its keys are held against the table",
        "DynamoDB Local does so too",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message|error\.CancellationReasons\[\d+\]\.Message",
        theirs=rf"(ValidationException: )?{IN_TRANSACTION}(Key attribute's data type should match .*"
        "|The provided key element does not match the schema)",
    ),
    rule(
        "table-before-the-statement",
        "what a statement says is judged before its table is looked for",
        "DynamoDB Local does so too",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.(Code|Message)",
        weir=r"(ValidationException: )?(?!Requested resource).*",
        theirs="(ResourceNotFoundException: )?Requested resource not found|ResourceNotFound",
    ),
    rule(
        "key-of-an-insert",
        "an insert without a key attribute is told in PartiQL's words",
        "DynamoDB Local does so too",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message|error\.CancellationReasons\[\d+\]\.Message",
        weir=r"(ValidationException: )?Key attribute should be present in the item: Key (?P<key>\w+)",
        theirs=r"(ValidationException: )?One or more parameter values were invalid: Missing the key"
        r" {key} in the item",
    ),
    rule(
        "duplicates-among-what-is-read",
        "two statements of a batch on one item are refused; Dynoxide does not read one of the two",
        "aws 2026",
        operations={"BatchExecuteStatement"},
        path="outcome",
        weir="ValidationException: Provided list of item keys contains duplicates",
        theirs="OK",
        check=lambda case, _: any("Error" in r for r in case.answer.body["Responses"]),
        resync=True,
    ),
    rule(
        "statements-checked-when-run",
        "a statement is judged whole before the transaction runs",
        "aws 2026; DynamoDB Local does so too",
        operations={"ExecuteTransaction"},
        path="outcome|error",
        weir=r"ValidationException: Validation failed in TransactStatements\[\d+\]: .*",
        theirs=rf"OK|{CANCELED}",
        resync=True,
    ),
    text(
        "faults-of-two-statements",
        "two statements have a fault, or one is faulty and of the other kind",
        "no recording of which comes first",
        r"(Validation failed in TransactStatements\[\d+\]: |ExecuteTransaction API does not ).*",
        r"(Validation failed in TransactStatements\[\d+\]: |ExecuteTransaction API does not ).*",
        operations={"ExecuteTransaction"},
        check=lambda case, _: len(case.request.body["TransactStatements"]) > 1,
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
        "what-a-local-index-lacks",
        "a statement's filter sees attributes that a local index fetches from its table",
        "DynamoDB Local does so too",
        operations={"ExecuteStatement"},
        path="Items",
        check=fetches_from_the_table,
    ),
    rule(
        "no-where",
        "a table, a name and a comparison: a comparison of a SELECT, not a second name",
        "DynamoDB Local does so too",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message",
        weir=rf"(ValidationException: )?{IN_TRANSACTION}EXISTS can only be used in ExecuteTransaction .*",
        theirs=rf"(ValidationException: )?{IN_TRANSACTION}Aliasing is not supported",
    ),
    text(
        "two-operators-with-a-fault",
        "two operators of a condition have a fault each",
        "DynamoDB Local tells Weir's first; no recording",
        rf"{IN_TRANSACTION}Incorrect operand type .*",
        rf"{IN_TRANSACTION}The first operand must be distinct .*",
        operations=PARTIQL,
    ),
    rule(
        "path-or-attribute-of-an-update",
        "two assignments of a transaction have a fault with the item",
        "DynamoDB Local tells Weir's first; no recording",
        operations={"ExecuteTransaction"},
        path=r"error\.CancellationReasons\[\d+\]\.Message",
        weir="The document path provided in the update expression is invalid for update",
        theirs="The provided expression refers to an attribute that does not exist in the item",
    ),
    rule(
        "place-of-duplicates",
        "the place within the item is named",
        "aws 2026",
        operations=PARTIQL,
        path=rf"error|{BATCH_ERROR}\.Message",
        weir=r"(?P<text>.*Input collection .* contains duplicates! under root).*",
        theirs="{text}",
    ),
    text(
        "number-of-parameters-first",
        "parameters that do not fit the statement are told before what is wrong with an operator",
        "DynamoDB Local does so too",
        rf"{IN_TRANSACTION}Number of parameters in request and statement don't match\.",
        rf"{IN_TRANSACTION}The first operand must be distinct from .*",
        operations=PARTIQL,
    ),
]
