# SPDX-License-Identifier: Apache-2.0
"""Rules for DynamoDB Local: members of requests, their envelope and texts in its older layer."""

from .rules import ENVELOPE, OLDER, WRAPPED, rules_for

rule, text = rules_for("ddblocal")

_ENUM = (
    r"(Value '(?P<value>.*)' at '[\w.]+' f|F)ailed to satisfy constraint: Member must satisfy enum.*"
)

_BAD_NAME = (
    r"Invalid table/index name\.  Table/index names must be between 3 and 255 "
    r"characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '\.'"
)

MEMBERS = [
    text(
        "select-before-the-key-conditions",
        "the request has both faults: Select does not fit the other members, and an operator of"
        " KeyConditions finds no keys",
        "aws 2026, of Select and the other members of the request",
        "1 validation error detected: (ALL_PROJECTED_ATTRIBUTES can be used only when .*|Must specify"
        " the AttributesToGet or ProjectionExpression when .*)",
        "Attempted conditional constraint is not an indexable operation",
        operations={"Query"},
    ),
    rule(
        "envelope-of-writes",
        "the newer layer puts request faults of writes into the counted envelope",
        "aws 2026",
        operations=WRAPPED,
        weir=f"ValidationException: {ENVELOPE}(?P<text>.*)",
        theirs="ValidationException: {text}",
    ),
    rule(
        "envelope-of-select",
        "Query and Scan put the faults of Select into the envelope",
        "aws 2026",
        operations={"Query", "Scan"},
        weir=f"ValidationException: {ENVELOPE}(?P<text>(Cannot|Must) specify the .*|ALL_PROJ.*)",
        theirs="ValidationException: {text}",
    ),
    rule(
        "envelope-of-members",
        "every member fault is counted; Local leaves the envelope out of those of null members",
        "aws 2026",
        weir=f"ValidationException: {ENVELOPE}(?P<text>Value null at .*)",
        theirs="ValidationException: {text}",
    ),
    rule(
        "no-envelope-in-update",
        "UpdateItem's faults of two enums come bare on the newer layer",
        "aws 2026",
        operations={"UpdateItem"},
        weir=(
            "ValidationException: (?P<text>Value '.*' at 'return(ConsumedCapacity|ValuesOn"
            "ConditionCheckFailure)' failed to satisfy .*)"
        ),
        theirs=f"ValidationException: {ENVELOPE}{{text}}",
    ),
    rule(
        "failure-status",
        "a faulty request is answered with status 400; Local fails on it",
        "aws",
        path="status",
        weir="400",
        theirs="500",
        check=lambda case, _: case.answer.error_type == "InternalFailure",
    ),
    rule(
        "failure-text",
        "as failure-status",
        "aws",
        theirs=(
            "InternalFailure: The request processing has failed because of an unknown error, "
            "exception or failure."
        ),
    ),
    rule(
        "json-converted",
        "numbers, booleans and texts are not converted into each other",
        "aws",
        path="error|outcome",
        weir=r"SerializationException: (NUMBER|DECIMAL|TRUE|FALSE|STRING)_VALUE cannot be "
        "converted to .*",
        resync=True,
    ),
    rule(
        "enum-unchecked",
        "a word that is none of an enum's is refused",
        "aws 2026",
        path="error|outcome",
        weir=rf"ValidationException: (\d validation errors? detected: )?{_ENUM}",
        theirs="OK|(ConditionalCheckFailed|TransactionCanceled)Exception: .*",
        resync=True,
    ),
    text(
        "return-values",
        OLDER,
        "aws 2026",
        r"(Failed to satisfy constraint: Member must satisfy enum value set: \[ALL_OLD,"
        r" UPDATED_OLD, "
        r"ALL_NEW, UPDATE_NEW, NONE\]|ReturnValues can only be ALL_OLD or NONE)",
        "Return values set to invalid value",
    ),
    text(
        "table-name",
        OLDER,
        "aws 2026",
        r"(Value (?P<a>'.*' )?at '([tT]ableName|requestItems)' failed to satisfy constraint: .*)",
        _BAD_NAME,
    ),
    rule(
        "two-faults-of-a-name",
        OLDER,
        "aws 2026",
        path="error",
        weir=r"ValidationException: 2 validation errors detected: Value '.*' at 'tableName' .*",
        theirs="ValidationException: " + _BAD_NAME,
    ),
    text(
        "no-name",
        OLDER,
        "aws",
        r"(The parameter 'TableName' is required but was not present in the request"
        r"|Value null at 'tableName' failed to satisfy constraint: Member must not be null)",
        _BAD_NAME,
    ),
    text(
        "null-item",
        OLDER,
        "aws 2026",
        "Value null at 'item' failed to satisfy constraint: Member must not be null",
        "Item to put in PutItem cannot be null",
    ),
    text(
        "empty-key-of-batch",
        "Local's own text",
        "aws",
        "The provided key element does not match the schema",
        "The list of keys in RequestItems for BatchGetItem may not contain null or empty values: .*"
        "|Item to put in PutItem cannot be null|Cannot have null key for .*",
        operations={"BatchGetItem", "BatchWriteItem"},
    ),
    text(
        "segments",
        "Local's own texts",
        "aws",
        r"The (TotalSegments|Segment) parameter is required but was not present .*",
        r"If (total segments is|segment is) specified, .*",
        operations={"Scan"},
    ),
    text(
        "segment-bounds",
        "Local takes TotalSegments for the bound of Segment",
        "aws 2026",
        r"Value at '(Total)?Segments?' failed to satisfy constraint: .*|The Segment parameter is "
        r"zero-based .*",
        r"Value '-?\d+' at 'segment' failed to satisfy constraint: Member must have value less"
        r" than or "
        r"equal to -?\d+",
        operations={"Scan"},
    ),
    text(
        "too-many-keys",
        OLDER,
        "aws 2026",
        r"Value at 'RequestItems\..*\.member\.Keys' failed to .* less than or equal to 100",
        "Provided list of item keys contains duplicates",
    ),
    text(
        "no-requests",
        OLDER,
        "aws 2026",
        r"(Value null at 'requestItems' failed to .*|The requestItems parameter is required for .*"
        r"|Value at 'RequestItems' failed to .*)",
        r"Batch(Get|Write)Item (must have some|cannot have a null or no) requests set",
    ),
    text(
        "empty-batch",
        OLDER,
        "aws 2026",
        r"(Value '.*' at 'requestItems' failed to satisfy constraint: Map value must .*"
        r"|Value at 'RequestItems\..*\.member\.Keys' failed to .*)",
        r"(The batch write request list for a table cannot be null or empty: .*"
        r"|The list of keys in RequestItems for BatchGetItem is required: .* has empty list"
        r"|Too many items requested for the Batch(Get|Write)Item call)",
    ),
    text(
        "null-key",
        OLDER,
        "aws 2026",
        r"Value null at 'key' failed to satisfy constraint: Member must not be null",
        "Cannot have null key for GetItem, DeleteItem, or UpdateItem",
    ),
    text(
        "select-word",
        OLDER,
        "aws 2026",
        r"Value '.*' at 'select' failed to satisfy constraint: Member must satisfy enum .*",
        "Select must be ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES, COUNT, or SPECIFIC_ATTRIBUTES",
    ),
    text(
        "limit",
        OLDER,
        "aws 2026",
        r"Value at 'Limit' failed to satisfy constraint: Member must have value greater than or"
        r" equal "
        "to 1",
        "Limit must be greater than or equal to 1",
    ),
    text(
        "index-name",
        "Local does not check the form of IndexName",
        "API reference of Query",
        r"Value '(?P<name>.*)' at 'indexName' failed to satisfy constraint: .*",
        r"The table does not have the specified index: {name}",
    ),
    rule(
        "index-name-empty",
        "as index-name",
        "API reference of Query",
        weir="ValidationException: 2 validation errors detected: Value '' at 'indexName' .*",
        theirs="ValidationException: The table does not have the specified index: ",
    ),
    rule(
        "missing-table",
        "Local's own text",
        "aws",
        weir=r"ResourceNotFoundException: Requested resource not found.*",
        theirs="ResourceNotFoundException: Cannot do operations on a non-existent table",
    ),
    rule(
        "one-of-joined-faults",
        "all member faults are told",
        "aws 2026",
        weir=r"ValidationException: \d validation errors detected: .*",
        theirs=(
            rf"ValidationException: ({ENVELOPE})?(Value .*|{_BAD_NAME}|Batch.* requests set"
            "|The batch write request list .*|Item to"
            r" put .*)"
        ),
    ),
    text(
        "unknown-action",
        OLDER,
        "aws 2026",
        r"Member must satisfy enum value set: \[ADD, DELETE, PUT\]' for Action",
        r"(Value '.*' at '.*' failed to satisfy constraint: )?Member must satisfy enum value"
        r" set: .*",
        operations={"UpdateItem"},
    ),
    rule(
        "empty-updates-mix",
        "parameters that are there and empty count as well",
        "aws",
        operations={"UpdateItem"},
        path="outcome|error",
        weir=".*Can not use both expression and non-expression parameters in the same request: .*",
        check=lambda case, _: case.request.body.get("AttributeUpdates") == {},
        resync=True,
    ),
    text(
        "action-before-enum",
        "member faults come before those of AttributeUpdates",
        "aws 2026",
        r"(Value '.*' at '\w+' f|F)ailed to satisfy constraint: Member must satisfy enum value set: .*",
        r"Member must satisfy enum value set: \[ADD, DELETE, PUT\]",
        operations={"UpdateItem"},
    ),
]
