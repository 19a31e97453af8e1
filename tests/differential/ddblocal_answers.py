# SPDX-License-Identifier: Apache-2.0
"""Rules for DynamoDB Local: the members of answers, and faults that it does not find."""


from .common_rules import READ_UNITS
from .rules import ENVELOPE, rules_for

rule, text = rules_for("ddblocal")


def missing_keys_are_free(case, difference):
    """Whether the oracle charges nothing for the keys of a batch that have no item."""
    request = case.request.body["RequestItems"]
    number = int(difference.path.split("[")[1].split("]")[0])
    name = sorted(c["TableName"] for c in case.answer.body["ConsumedCapacity"])[number]
    missing = len(request[name]["Keys"]) - len(case.answer.body["Responses"].get(name, []))
    unit = 1.0 if request[name].get("ConsistentRead") in (True, "true", "yes") else 0.5
    return missing > 0 and difference.weir - difference.oracle == missing * unit


def projects_less(case):
    index = case.request.schema.index(case.request.body.get("IndexName"))
    return index is not None and index.projection["ProjectionType"] != "ALL"


def fetches(case):
    """Whether a local index may be read for attributes that it does not have."""
    body = case.request.body
    return projects_less(case) and (
        "ProjectionExpression" in body
        or "AttributesToGet" in body
        or body.get("Select") == "ALL_ATTRIBUTES"
    )


def has_no_action(case, difference):
    body = case.request.after or case.request.body
    return any("Action" not in update for update in (body.get("AttributeUpdates") or {}).values())


def deletes_cost_twice(case, difference):
    deletes = sum(
        "DeleteRequest" in write
        for writes in case.request.body["RequestItems"].values()
        for write in writes
    )
    return 0 < difference.oracle - difference.weir <= deletes


_BATCH_UNITS = r"ConsumedCapacity\[\d\]\.(Table\.)?CapacityUnits"

ANSWERS = [
    rule(
        "capital-message",
        "the service writes message, and Message for few errors",
        "aws",
        path="error.spelling",
        weir="message",
        theirs="Message",
    ),
    rule(
        "unasked-capacity",
        "ConsumedCapacity is answered only where ReturnConsumedCapacity asks for it",
        "API reference of DeleteItem",
        operations={"DeleteItem"},
        path="ConsumedCapacity",
        weir=r"\(absent\)",
        theirs=r'\{"CapacityUnits": [\d.]+, "TableName": "[^"]+"\}',
    ),
    rule(
        "empty-query-is-free",
        "a query that finds nothing costs the least read: half a unit, or one",
        "aws",
        operations={"Query"},
        path=READ_UNITS,
        weir=r"0\.5|1\.0",
        theirs=r"0\.0",
    ),
    rule(
        "missing-keys-are-free",
        "a key without an item costs the least read, in batches too",
        "aws",
        operations={"BatchGetItem"},
        path=_BATCH_UNITS,
        check=missing_keys_are_free,
    ),
    rule(
        "batch-deletes-cost-twice",
        "a delete costs the larger of the two items once, as in DeleteItem (and as Local there)",
        "aws",
        operations={"BatchWriteItem"},
        path=_BATCH_UNITS,
        check=deletes_cost_twice,
    ),
    rule(
        "null-value-of-placeholder",
        "a value without a type has one text, also if it is null",
        "aws 2026, which has it of empty values",
        path="error",
        weir=(
            "ValidationException: (ExpressionAttributeValues contains invalid value: )?Supplied "
            "AttributeValue is empty, must contain exactly one of the supported datatypes.*"
        ),
        theirs=(
            "ValidationException: ExpressionAttributeValues contains invalid value: The supplied "
            r"Item contains a null AttributeValue for key :\w*"
        ),
    ),
    rule(
        "scan-fetches-free",
        "what a scan of a local index fetches costs, as what a query fetches (and as Local there)",
        "API reference of Scan, Select",
        operations={"Scan"},
        path=READ_UNITS,
        check=lambda case, difference: fetches(case) and difference.oracle < difference.weir,
    ),
    text(
        "select-or-key-type",
        "the request has both faults; that of Select comes first",
        "aws 2026",
        "Must specify the AttributesToGet or .*|Cannot specify the .*|ALL_PROJECTED_ATTRIBUTES can .*",
        r"Only scalar types can be used as (Range|Hash) Key values",
        operations={"Query"},
    ),
    rule(
        "overhead-of-entries",
        "a read of an index is charged for what its entries show; Local adds something to each",
        "developer guide, global and local secondary indexes: Read capacity units",
        operations={"Query", "Scan"},
        path=READ_UNITS,
        check=lambda case, difference: "IndexName" in case.request.body
        and 0 < difference.oracle - difference.weir <= 1,
    ),
    text(
        "operator-in-the-mix",
        "ConditionalOperator is one of the older parameters, and so in their list",
        "aws",
        r"(?P<start>Can not use both .*\{.*), ConditionalOperator(?P<end>\} Expression .*)",
        "{start}{end}",
    ),
    rule(
        "size-is-reserved",
        "SIZE is in AWS's list of reserved words",
        "developer guide, ReservedWords",
        path="outcome",
        weir=".*Attribute name is a reserved keyword; reserved keyword: [sS][iI][zZ][eE]",
        theirs="OK",
        resync=True,
    ),
    rule(
        "names-without-expression-unchecked",
        "names or values without any expression are refused, empty ones too",
        "aws 2026",
        path="outcome",
        weir=(
            f"ValidationException: ({ENVELOPE})?ExpressionAttribute(Names|Values) can only be "
            "specified when using expressions.*"
        ),
        theirs="OK",
        resync=True,
    ),
    rule(
        "crash",
        "Local failed; the request is whole",
        "Local's own InternalFailure",
        path="outcome",
        weir="OK",
        theirs="InternalFailure: The request processing has failed because of an unknown error, .*",
        resync=True,
    ),
    rule(
        "empty-map-in-image",
        "images hold the item as it is; Local loses the M of an empty map",
        "aws",
        operations={"GetRecords"},
        path=r"record\..*\.M",
        weir=r"\{\}",
        theirs=r"\(absent\)",
    ),
    rule(
        "no-collection-metrics",
        "a table with local indexes answers ItemCollectionMetrics where they are asked for",
        "API reference of PutItem, ReturnItemCollectionMetrics",
        operations={
            "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems",
        },  # fmt: skip
        path=r"ItemCollectionMetrics(\.[\w-]+)?",
        theirs=r"\(absent\)",
        check=lambda case, _: any(not i.is_global for s in case.state.schemas for i in s.indexes),
    ),
    rule(
        "filter-of-an-index-sees-all",
        "a scan of an index sees what the index projects",
        "developer guide, Global secondary indexes: Scanning",
        operations={"Scan"},
        path="Items|Count|Members|Pages",
        check=lambda case, _: case.request.body.keys() & {"FilterExpression", "ScanFilter"}
        and case.weir.body["Count"] != case.answer.body["Count"]
        and projects_less(case),
    ),
    rule(
        "batch-units-of-an-index",
        "an entry that changes without its key costs the larger of the two once",
        "aws",
        operations={"BatchWriteItem", "PutItem", "UpdateItem", "DeleteItem"},
        path=r"ConsumedCapacity(\[\d\])?\."
        r"((Global|Local)SecondaryIndexes(\.\w+)?(\.CapacityUnits)?|CapacityUnits)",
        check=lambda case, _: any(s.indexes for s in case.state.schemas),
    ),
    rule(
        "action-by-default",
        "an update without Action is a PUT; Local passes it and those behind it over",
        "API reference of AttributeValueUpdate: by default, PUT",
        operations={"UpdateItem", "GetItem"},
        path=r"(Item|Attributes)(\..*)?",
        check=has_no_action,
        resync=True,
    ),
    rule(
        "whole-list-for-an-element",
        "UPDATED_OLD and UPDATED_NEW give the addressed elements of a list only",
        "aws",
        operations={"UpdateItem"},
        path=r"Attributes\..*",
        check=lambda case, _: str(case.request.body["ReturnValues"]).startswith("UPDATED_")
        and "[" in case.update_expression,
    ),
]
