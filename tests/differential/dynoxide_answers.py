# SPDX-License-Identifier: Apache-2.0
"""Rules for Dynoxide: the members of answers."""

import json
import re

from .rules import rules_for

rule, text = rules_for("dynoxide")

_DESCRIPTION = r"(TableDescription|Table)\."

# Members that only some operations have and that the generator adds to other operations.
_OWNERS = {
    "ScanIndexForward": {"Query"},
    "TableName": {"PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "Scan"},
    "Limit": {"Query", "Scan"},
    "Segment": {"Scan"},
    "TotalSegments": {"Scan"},
    "ExpressionAttributeValues": {"PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"},
}


def has_unknown_member(case, difference):
    return any(
        member in case.request.body and case.request.operation not in owners
        for member, owners in _OWNERS.items()
    )


def has_null(case, difference):
    return "null" in json.dumps(case.request.body)


def only_more_changes(case, difference):
    """Whether Dynoxide's events are Weir's and additional MODIFYs."""
    ours, theirs = (
        re.findall("INSERT|MODIFY|REMOVE", text[text.rindex("[") :]) for text in difference.texts()
    )
    rest = iter(theirs)
    extra = len(theirs) - len(ours)
    kept = all(event in rest for event in ours)
    return kept and extra > 0 and theirs.count("MODIFY") - ours.count("MODIFY") == extra


def reads_local_index(case, difference):
    index = case.request.schema.index(case.request.body.get("IndexName"))
    return index is not None and not index.is_global


ANSWERS = [
    rule(
        "record-size",
        "SizeBytes is the size of the keys and of the images that the record holds",
        "aws, with three recorded sizes",
        operations={"GetRecords"},
        path=r"record\.\w+\.change\.SizeBytes",
        weir=r"\d+",
        theirs=r"\d+",
    ),
    rule(
        "table-size",
        "a number takes a byte for each two digits, aligned on the decimal point",
        "aws 2026: two calculators and a bisection",
        operations={"DescribeTable"},
        path=_DESCRIPTION
        + r"(TableSizeBytes|(Global|Local)SecondaryIndexes\[\d\]\.IndexSizeBytes)",
        weir=r"\d+",
        theirs=r"\d+",
    ),
    rule(
        "no-deletion-protection",
        "every description has DeletionProtectionEnabled",
        "aws",
        path=_DESCRIPTION + "DeletionProtectionEnabled",
        weir="false",
        theirs=r"\(absent\)",
    ),
    rule(
        "no-warm-throughput",
        "every description of an existing table has WarmThroughput",
        "aws",
        operations={"DescribeTable"},
        path=_DESCRIPTION + "WarmThroughput",
        theirs=r"\(absent\)",
    ),
    rule(
        "no-on-demand-time",
        "DescribeTable tells since when a table is on demand",
        "aws",
        operations={"DescribeTable"},
        path=_DESCRIPTION
        + "(BillingMode|TableThroughputMode)Summary.LastUpdateToPayPerRequestDateTime",
        theirs=r"\(absent\)",
    ),
    rule(
        "all-old-of-nothing",
        "an item that was not there has no attributes to return",
        "API reference of UpdateItem, ReturnValues",
        operations={"UpdateItem"},
        path="Attributes",
        weir=r"\(absent\)",
        check=lambda case, difference: case.request.body["ReturnValues"] == "ALL_OLD"
        and difference.oracle.keys() == case.request.body["Key"].keys(),
    ),
    rule(
        "records-of-nothing",
        "a write that changes nothing makes no record",
        "aws",
        operations={"GetRecords"},
        path="events",
        check=only_more_changes,
    ),
    rule(
        "start-key-unchecked",
        "a start key that no item can have is refused",
        "aws 2026",
        operations={"Query", "Scan"},
        path="outcome|error",
        weir="ValidationException: The provided starting key is invalid",
        theirs="OK|ValidationException: One or more parameter values are not valid. The .*",
    ),
    rule(
        "unknown-members",
        "a member that the operation does not have is ignored",
        "aws",
        path="outcome|error",
        theirs="SerializationException: .*",
        check=has_unknown_member,
        resync=True,
    ),
    rule(
        "batch-element",
        "an element with both a put and a delete is refused",
        "aws 2026",
        operations={"BatchWriteItem"},
        path="outcome",
        weir=(
            "ValidationException: Supplied AttributeValue has more than one datatypes set, must .*"
        ),
        theirs="OK",
        resync=True,
    ),
    rule(
        "null-member",
        "a member that is null counts as absent, as does a null name or table",
        "aws 2026, which has it of members of a value; of names and tables no recording",
        path="outcome|error",
        theirs="ValidationException: (ExpressionAttributeValues contains invalid value: )?Supplied "
        r"AttributeValue is empty, must contain exactly one .*|ValidationException: (invalid type|"
        r"missing field).*",
        check=has_null,
        resync=True,
    ),
    rule(
        "no-fetch-for-local-index",
        "a local index fetches from the table what it does not project, at the table's cost",
        "developer guide, Local secondary indexes: Fetches; aws",
        operations={"Query", "Scan"},
        path=r"Items.*|Count|Members|Pages"
        r"|ConsumedCapacity\.((Table|LocalSecondaryIndexes\.\w+)\.)?CapacityUnits",
        check=reads_local_index,
    ),
    rule(
        "local-index-arm",
        "a read of a local index is charged to the index",
        "aws",
        operations={"Scan"},
        path=r"ConsumedCapacity\.(Table\.CapacityUnits|LocalSecondaryIndexes)",
        check=reads_local_index,
    ),
    rule(
        "filter-unprojected",
        "a filter on what an index does not project is refused",
        "DynamoDB Local does so too; aws 2026 has the text of PartiQL",
        operations={"Query", "Scan"},
        path="outcome",
        weir=r"ValidationException: One or more parameter values were invalid: (Global secondary|"
        r"Secondary) index \w+ does not project .*",
        theirs="OK",
    ),
    rule(
        "no-warm-throughput-of-index",
        "indexes have WarmThroughput",
        "aws",
        operations={"DescribeTable"},
        path=_DESCRIPTION + r"GlobalSecondaryIndexes\[\d\]\.WarmThroughput",
        theirs=r"\(absent\)",
    ),
    rule(
        "not-contains",
        "NOT_CONTAINS is false for an attribute that is absent or can contain nothing",
        "DynamoDB Local does so too; API reference of Condition: NOT_CONTAINS wants S, B or a set",
        path="outcome|error|Items.*|Count|Members|Pages|Order|LastEvaluatedKey.*|ScannedCount",
        check=lambda case, _: "NOT_CONTAINS" in json.dumps(case.request.body),
        resync=True,
    ),
    rule(
        "key-conditions-with-expressions",
        "KeyConditions beside a FilterExpression or ProjectionExpression are legal",
        "aws",
        operations={"Query"},
        path="outcome|error",
        theirs=r"ValidationException: Can not use both .*\{([\w, ]*, )?KeyConditions\}.*",
    ),
    rule(
        "older-checked-when-run",
        "faults of the older parameters are found before an item is looked at",
        "aws 2026; DynamoDB Local does so too",
        path="outcome",
        weir=(
            "ValidationException: (1 validation error detected: )?(The BETWEEN condition was"
            " provided .*|One or more parameter values were invalid: (ComparisonOperator |Invalid"
            " number of arg|AttributeValues inside|Duplicate value).*)"
        ),
        theirs="OK",
        resync=True,
    ),
    rule(
        "set-in-a-value-unchecked",
        "sets inside the values of an expression have to be right too",
        "aws 2026; DynamoDB Local does so too",
        path="outcome|error",
        weir=(
            "ValidationException: (1 validation error detected: )?(ExpressionAttributeValues contains"
            " invalid value: )?One or more parameter values were invalid: (An |Binary|Input"
            " collection).*"
        ),
        theirs=(
            "OK|ConditionalCheckFailedException: .*|ValidationException: One or more parameter"
            " values were invalid: (An |Binary|Input collection).*"
        ),
        resync=True,
    ),
    rule(
        "message-with-an-item",
        "the text of a failed condition that brings its item is spelt Message",
        "aws, recorded in October 2025 of DeleteItem",
        operations={"PutItem", "UpdateItem", "DeleteItem"},
        path="error.spelling",
        weir="Message",
        theirs="message",
        check=lambda case, _: "Item" in case.weir.body,
    ),
]
