# SPDX-License-Identifier: Apache-2.0
"""Rules for DynamoDB Local: texts of its older validation layer about values and keys."""

from .rules import OLDER, rules_for

rule, text = rules_for("ddblocal")

VALUES = [
    text(
        "key-misfit",
        "Local's own texts for a key that does not fit the schema",
        "aws",
        "The provided key element does not match the schema",
        r"(The number of conditions on the keys is invalid|Invalid attribute value type"
        r"|One or more parameter values were invalid: Type mismatch for key|One of the required"
        r" keys "
        r"was not given a value)",
    ),
    text(
        "item-key-misfit",
        "Local's own texts for a key that does not fit the schema",
        "aws",
        r"One or more parameter values were invalid: (Missing the key \w+ in the item"
        r"|Type mismatch for key \w+ expected: \w actual: \w+)",
        r"(One of the required keys was not given a value|Invalid attribute value type"
        r"|One or more parameter values were invalid: Type mismatch for key( \w+)?)",
    ),
    text(
        "key-size",
        "Local's own text for a key that is too long",
        "aws",
        r"One or more parameter values were invalid: (Size of hashkey|Aggregated size of all"
        r" range).*",
        r"Hash primary key values must be under 2048 bytes, and range primary key values must be "
        r"under 1024 bytes",
    ),
    text(
        "start-key-misfit",
        OLDER,
        "aws 2026",
        "The provided starting key is invalid",
        r"(Exclusive Start Key must have same size as table's key schema|Type mismatch for"
        r" attribute "
        r"to update|The provided starting key is invalid: The provided key element does not match"
        r" the "
        r"schema)",
        operations={"Query", "Scan"},
    ),
    text(
        "number",
        OLDER,
        "aws",
        r"The parameter cannot be converted to a numeric value(: .*)?",
        "A value provided cannot be converted into a number",
    ),
    text(
        "arithmetic",
        "a result of more than 38 digits is answered as an overflow",
        "aws",
        "Number overflow. Attempting to store a number with magnitude larger than supported range",
        "DynamoDB only supports precision up to 38 digits",
        operations={"UpdateItem", "ExecuteStatement"},
    ),
    text(
        "digits",
        OLDER,
        "aws",
        "Attempting to store more than 38 significant digits in a Number",
        "DynamoDB only supports precision up to 38 digits",
    ),
    text(
        "value-of-placeholder",
        OLDER,
        "aws 2026",
        r"(?P<text>(Number|One or more parameter values were invalid): .*|Number .*)",
        r"ExpressionAttributeValues contains invalid value: {text} for key :\w*",
    ),
    text(
        "number-of-placeholder",
        OLDER,
        "aws 2026",
        r"(The parameter cannot be converted to a numeric value(: .*)?|Attempting to store"
        r" more .*)",
        r"ExpressionAttributeValues contains invalid value: (A value provided cannot be converted "
        r"into a number|DynamoDB only supports precision up to 38 digits) for key :\w*",
    ),
    text(
        "number-of-start-key",
        "as value-of-start-key",
        "aws 2026",
        r"The provided starting key is invalid: (The parameter cannot be converted to .*|Att.*)",
        "A value provided cannot be converted into a number|DynamoDB only supports precision .*",
        operations={"Query", "Scan"},
    ),
    text(
        "empty-start-key",
        "Local's own longer text",
        "aws 2026",
        r"(?P<text>The provided starting key is invalid)",
        r"{text}: One or more parameter values are not valid\. The AttributeValue for a key .*",
        operations={"Query", "Scan"},
    ),
    text(
        "duplicates",
        OLDER,
        "aws 2026",
        r"One or more parameter values were invalid: Input collection .*",
        r"(ExpressionAttributeValues contains invalid value: )?(One or more parameter values were "
        r"invalid: )?Input collection .*contains duplicates\.?( for key :\w+)?",
    ),
    text(
        "start-index-key",
        "Local's own texts",
        "aws",
        r"One or more parameter values were invalid: Type mismatch for Index Key \w+ Expected: .*",
        "Type mismatch for attribute to update|Exclusive Start Key must have same size as table's"
        " key schema|The provided starting key is invalid",
        operations={"Query", "Scan"},
    ),
    text(
        "comparison-operator",
        OLDER,
        "aws 2026",
        "One or more parameter values were invalid: Invalid comparison operator",
        "Comparison type does not exist in DynamoDB",
    ),
    text(
        "attribute-twice",
        OLDER,
        "aws",
        "One or more parameter values were invalid: Duplicate value in attribute name: .*",
        "Cannot have two attributes with the same name",
    ),
    text(
        "type-of-an-action",
        "the type is told by its short name",
        "aws",
        r"(?P<text>One or more parameter values were invalid: (ADD|DELETE) action (is|with value"
        r" is) not "
        r"supported for the type )\w+",
        r"{text}\w+",
        operations={"UpdateItem"},
    ),
    text(
        "not-indexable",
        "Local's own texts",
        "aws",
        "Attempted conditional constraint is not an indexable operation",
        "Only scalar types can be used as Range Key values|Unsupported KeyConditions .*",
        operations={"Query"},
    ),
]
