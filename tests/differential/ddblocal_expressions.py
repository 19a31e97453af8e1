# SPDX-License-Identifier: Apache-2.0
"""Rules for DynamoDB Local: expressions and placeholders, and their texts in its older layer."""

from .rules import ENVELOPE, OLDER, rules_for

rule, text = rules_for("ddblocal")

EXPRESSIONS = [
    text(
        "delete-types",
        "the newer layer names one set of types for ADD and DELETE",
        "aws 2026",
        r"(?P<text>Invalid UpdateExpression: Incorrect operand type for operator or function; "
        r"operator: DELETE, operand type: )(?P<type>\w+), typeSet: ALLOWED_FOR_ADD_OPERAND",
        r"{text}({type}|BOOLEAN), typeSet: ALLOWED_FOR_DELETE_OPERAND",
    ),
    text(
        "add-boolean",
        "the newer layer calls the type BOOL",
        "aws 2026",
        r"(?P<text>Invalid UpdateExpression: Incorrect operand type for operator or function; "
        r"operator: ADD, operand type: )BOOL, typeSet: ALLOWED_FOR_ADD_OPERAND",
        r"{text}BOOLEAN, typeSet: ALLOWED_FOR_ADD_OPERAND",
    ),
    text(
        "values-without-expression",
        OLDER,
        "aws 2026",
        r"ExpressionAttributeValues can only be specified when using expressions",
        r"ExpressionAttributeValues can only be specified when using expressions: "
        r"(UpdateExpression and )?ConditionExpression (is|are) null",
    ),
    text(
        "values-without-expression-in-query",
        OLDER,
        "aws 2026",
        r"ExpressionAttributeValues can only be specified when using expressions: "
        r"FilterExpression is null and KeyConditionExpression is null",
        r"ExpressionAttributeValues can only be specified when using expressions: "
        r"FilterExpression and KeyConditionExpression are null",
    ),
    text(
        "expression-size",
        OLDER,
        "aws 2026",
        r"(?P<text>Invalid \w+Expression: Expression size has exceeded the maximum allowed size;)",
        r"{text} expression size: \d+",
    ),
    text(
        "attribute-type-operand",
        "the set of types has no order; Local lists internal ones too",
        "aws",
        r"(?P<text>Invalid \w+Expression: Incorrect operand type for operator or function;"
        r" operator "
        r"or function: attribute_type, operand type: )\{[A-Z,]+\}",
        r"{text}\{[A-Z,]+\}",
    ),
    text(
        "missed-key",
        "Local's text without the name",
        "aws",
        r"(?P<text>Query condition missed key schema element): \w+",
        "{text}",
    ),
    text(
        "empty-filter",
        "an empty expression is one still; Local takes it for none",
        "aws",
        r"Invalid (Filter|Projection)Expression: The expression can not be empty;",
        r"ExpressionAttribute(Names|Values) can only be specified when using expressions.*",
    ),
    rule(
        "placeholder-in-a-path",
        "a value placeholder is no part of a path; Local reads it as one, and fails",
        "aws: Syntax error",
        path="error",
        weir=(
            rf"ValidationException: ({ENVELOPE})?(?P<kind>Invalid \w+Expression: )Syntax error;"
            r" token: "
            r"\":\w+\", near: \"\. *:.*"
        ),
        theirs="ValidationException: {kind}.*",
    ),
    text(
        "parentheses-before-syntax",
        "redundant parentheses are told when they are read",
        "DynamoDB Local itself, where the fault after them is another",
        r"(?P<kind>Invalid \w+Expression: )The expression has redundant parentheses;",
        r"{kind}Syntax error; .*",
    ),
    rule(
        "null-name",
        "an entry that is null counts as absent",
        "no recording; Local has a text of its own",
        path="outcome|error",
        theirs=(
            r"ValidationException: ExpressionAttributeNames contains invalid value: null for key .*"
        ),
        resync=True,
    ),
]
