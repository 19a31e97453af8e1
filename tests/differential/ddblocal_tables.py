# SPDX-License-Identifier: Apache-2.0
"""Rules for DynamoDB Local: CreateTable, DescribeTable and DeleteTable."""

from .rules import ENVELOPE, rules_for

rule, text = rules_for("ddblocal")

_DESCRIPTION = r"(TableDescription|Table)\."
_INDEX = _DESCRIPTION + r"(Global|Local)SecondaryIndexes\[\d\]\."

TABLES = [
    rule(
        "active-at-once",
        "a new table is CREATING in the answer to CreateTable",
        "aws",
        operations={"CreateTable"},
        path=_DESCRIPTION + "TableStatus",
        weir="CREATING",
        theirs="ACTIVE",
    ),
    rule(
        "no-table-id",
        "every description has a TableId",
        "aws",
        path=_DESCRIPTION + "TableId",
        theirs=r"\(absent\)",
    ),
    rule(
        "throughput-changed-in-1970",
        "the times of changes are absent before the first change",
        "aws",
        path=_DESCRIPTION + "ProvisionedThroughput.Last(In|De)creaseDateTime",
        weir=r"\(absent\)",
        theirs=r"0\.0",
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
        "on-demand-time-in-create",
        "LastUpdateToPayPerRequestDateTime is not in the answer to CreateTable",
        "aws",
        operations={"CreateTable"},
        path=_DESCRIPTION + "BillingModeSummary.LastUpdateToPayPerRequestDateTime",
        weir=r"\(absent\)",
    ),
    rule(
        "no-throughput-mode-summary",
        "descriptions have the summary of the billing mode under its other name as well",
        "aws 2026",
        path=_DESCRIPTION + "TableThroughputModeSummary",
        theirs=r"\(absent\)",
    ),
    rule(
        "create-unchecked",
        "units beside PAY_PER_REQUEST, half a throughput and unknown enums are refused",
        "aws",
        operations={"CreateTable"},
        path="outcome",
        weir=(
            "ValidationException: (One or more parameter values were invalid: (Neither Read|Some"
            f" AttributeDefinitions are not used).*|{ENVELOPE}Value (null|'.*') at"
            " '(provisionedThroughput|streamSpecification|billing|keySchema).*)"
        ),
        theirs="OK",
    ),
    rule(
        "table-exists",
        "Local's own text",
        "aws",
        operations={"CreateTable"},
        weir="ResourceInUseException: Table already exists: .*",
        theirs="ResourceInUseException: Cannot create preexisting table",
    ),
    rule(
        "active-index-at-once",
        "a new index is CREATING in the answer to CreateTable",
        "aws",
        operations={"CreateTable"},
        path=_INDEX + "IndexStatus",
        weir="CREATING",
        theirs="ACTIVE",
    ),
    rule(
        "whole-items-in-index-size",
        "the size of an index is that of its entries, which hold what it projects",
        "API reference of GlobalSecondaryIndexDescription",
        operations={"DescribeTable"},
        path=_INDEX + "IndexSizeBytes",
        check=lambda _, difference: difference.weir < difference.oracle,
    ),
    rule(
        "bare-index-description",
        "indexes have WarmThroughput and the throughput that the table has",
        "aws",
        operations={"CreateTable", "DescribeTable"},
        path=_INDEX + r"(WarmThroughput|ProvisionedThroughput(\.NumberOfDecreasesToday)?)",
        theirs=r"\(absent\)",
    ),
]

TABLE_TEXTS = [
    text(
        name,
        "Local's own text for the same fault",
        "aws",
        weir,
        theirs,
        operations={"CreateTable", "DeleteTable", "DescribeTable"},
    )
    for name, weir, theirs in (
        (
            "key-without-definition",
            "Invalid KeySchema: Some index key attribute have no definition",
            r"(Range|Hash) Key not specified in Attribute Definitions\.  Type unknown\."
            "|No Attribute Schema Defined|Two keys can not have the same name",
        ),
        (
            "index-key-without-definition",
            (
                "One or more parameter values were invalid: Some index key attributes are not"
                " defined in .*"
            ),
            r"Attribute \w+ is not defined in AttributeDefinitions|Local Secondary Index range key"
            r" not "
            r"specified in Attribute Definitions\. ?Type unknown\.",
        ),
        (
            "unused-definitions",
            "One or more parameter values were invalid: Some AttributeDefinitions are not used.*",
            (
                "The number of attributes in key schema must match the number of attributes defined"
                " in .*"
            ),
        ),
        (
            "definitions-count",
            (
                "One or more parameter values were invalid: Number of attributes in KeySchema does"
                " not exactly match number of attributes defined in AttributeDefinitions"
            ),
            "The number of attributes in key schema must match the number of attributes defined in "
            r"attribute definitions\.",
        ),
        (
            "key-schema-size",
            r"Value '.*' at 'keySchema' failed to satisfy constraint: Member must have "
            "length less than or equal to 2",
            (
                r"Key Schema too big\.  Key Schema must at most consist of the hash and range key"
                r" of a table"
            ),
        ),
        (
            "same-names",
            "Both the Hash Key and the Range Key element in the KeySchema have the same name",
            "Two keys can not have the same name",
        ),
        (
            "throughput-bounds",
            r"Value .* at 'provisionedThroughput\.\w+' failed to satisfy constraint: .*",
            "Table read and write throughput must be at least 1, and cannot be null",
        ),
        (
            "null-definitions",
            (
                "Value null at 'attributeDefinitions' failed to satisfy constraint: Member "
                "must not be null"
            ),
            "No Attribute Schema Defined",
        ),
        (
            "null-key-schema",
            "Value null at 'keySchema' failed to satisfy constraint: Member must not be null",
            r"No defined key schema\.  A key schema containing at least a hash key must be .*",
        ),
        (
            "null-stream",
            (
                "Value null at 'streamSpecification.streamEnabled' failed to satisfy "
                "constraint: Member must not be null"
            ),
            "Stream StreamEnabled was null",
        ),
        (
            "stream-view-of-none",
            (
                "One or more parameter values were invalid: Table is being created with "
                "a stream disabled, UpdateViewType should not be specified"
            ),
            (
                r"Invalid StreamViewType: Stream StreamEnabled was false but a StreamViewType was"
                r" present\."
            ),
        ),
        (
            "stream-without-view",
            (
                "One or more parameter values were invalid: Table is being created with "
                "a stream enabled, UpdateViewType is required"
            ),
            "Invalid StreamViewType: .*",
        ),
        (
            "first-key",
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
            r"No Hash Key specified in schema\.  All Dynamo DB tables must have exactly one"
            r" hash key"
            r"|Invalid key order\. Hash Key must be specified first in key schema, Range Key must"
            r" be .*",
        ),
        (
            "second-key",
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
            r"Too many hash keys specified\.  All Dynamo DB tables must have exactly one hash key",
        ),
        (
            "no-throughput",
            (
                "One or more parameter values were invalid: ReadCapacityUnits and "
                "WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
            ),
            "No provisioned throughput specified for the (table|global secondary index)",
        ),
        (
            "much-throughput",
            r"Given value \d+ for ReadCapacityUnits is out of bounds",
            r"Cannot increase provisioned throughput to more than [\d,]+ units per table",
        ),
        (
            "key-type",
            r"Value '.*' at 'keySchema\.\d\.member\.keyType' failed to satisfy constraint: .*",
            r"No Hash Key specified in schema\.  All Dynamo DB tables must have exactly one"
            r" hash key"
            r"|Invalid key order\. .*|Member must satisfy enum value set: .*",
        ),
        (
            "attribute-type",
            r"Value '.*' at 'attributeDefinitions\.\d\.member\.attributeType' failed .*",
            "Member must satisfy enum value set: .*",
        ),
        (
            "name-missing",
            "The parameter 'TableName' is required but was not present in the request",
            "Value null at 'tableName' failed to satisfy constraint: Member must not be null",
        ),
    )
]
