# SPDX-License-Identifier: Apache-2.0
"""Rules for Dynoxide: faults that it finds later, does not find, or words in its own way."""

import json
import re

from .rules import ENVELOPE, rules_for

rule, text = rules_for("dynoxide")

_KINDS = r"Invalid (Condition|Filter|Update|Projection|KeyCondition)Expression: "
_STATIC = (
    "Incorrect operand type|The first operand must be|The BETWEEN operator|An expression attribute "
    "(name|value) used|Invalid attribute type name|List index is not|The document path has too many"
    "|Attribute name is a reserved|Incorrect number of operands|Operator or function requires"
    "|Invalid function name|The function is not allowed|The expression has redundant"
)


def same_but_blanks(case, difference):
    return "".join(difference.weir.split()) == "".join(difference.oracle.split())


def same_faults(case, difference):
    """Whether the two texts list the same faults in another order."""
    lists = [sorted(text.split(" detected: ", 1)[1].split("; ")) for text in difference.texts()]
    return lists[0] == lists[1]


def _constraints(difference):
    """[{(member, constraint)…} in Weir's text, and in the oracle's]."""
    pattern = r"at '([^']+)' failed to satisfy constraint: ((?:(?!; Value).)*)"
    return [set(re.findall(pattern, text)) for text in difference.texts()]


def some_of_the_faults(case, difference):
    """Whether each constraint in the oracle's text is also in Weir's."""
    ours, theirs = _constraints(difference)
    return bool(theirs) and theirs <= ours


TEXTS = [
    rule(
        "checked-when-run",
        "expressions are checked whole before an item is looked at",
        "aws 2026; DynamoDB Local does so too",
        path="outcome",
        weir=f"ValidationException: ({ENVELOPE})?{_KINDS}({_STATIC}).*",
        theirs="OK",
        resync=True,
    ),
    rule(
        "unused-unchecked",
        "placeholders that no expression uses are refused",
        "aws",
        path="outcome",
        weir=(
            f"ValidationException: ({ENVELOPE})?(Value provided in ExpressionAttribute.* unused "
            "in .*|ExpressionAttribute(Names|Values) contains invalid key: Syntax error; .*)"
        ),
        theirs="OK",
        resync=True,
    ),
    rule(
        "key-path-unchecked",
        "a path below a key attribute is refused, in conditions, filters and projections too",
        "aws",
        path="outcome",
        weir=r"ValidationException: Key attributes must be scalars; list random access '\[\]' .*",
        theirs="OK",
        resync=True,
    ),
    rule(
        "blanks-near-a-token",
        "the text near a token is the source from the token before it, blanks included",
        "aws; DynamoDB Local does so too",
        weir=rf"ValidationException: ({ENVELOPE})?{_KINDS}Syntax error; token: .*",
        check=same_but_blanks,
    ),
    rule(
        "syntax",
        "a text that does not parse is a Syntax error; Dynoxide's parser stops elsewhere or says so"
        " in other words",
        "aws; DynamoDB Local agrees in token and text",
        weir=rf"ValidationException: ({ENVELOPE})?(?P<kind>{_KINDS})Syntax error; token: .*",
        theirs=(
            rf"ValidationException: ({ENVELOPE})?(({{kind}})?(Syntax error; token: .*|Expected .*"
            r"|Unexpected .*|Incorrect number of operands .*|Invalid function name.*"
            r"|The function is not allowed.*|The expression has redundant .*))"
        ),
    ),
    rule(
        "key-condition-prefix",
        "faults of key conditions have the prefix",
        "aws",
        operations={"Query"},
        weir="ValidationException: Invalid KeyConditionExpression: (?P<text>.*)",
        theirs="ValidationException: {text}",
    ),
    rule(
        "own-words",
        "Dynoxide's JSON reader answers in its own words",
        "aws",
        theirs=r"\w+: (missing field|invalid type|expected \w+ (for|in) \w+|invalid base64|invalid "
        r"value|invalid length|unknown variant).*",
    ),
    rule(
        "one-type-for-all",
        "the text names the JSON type that was sent",
        "aws",
        weir="SerializationException: .*",
        theirs="SerializationException: TRUE_VALUE cannot be converted to String",
    ),
    text(
        "table-name",
        "since 2026 a short name is a member fault there too",
        "aws; for the two operations inferred from CreateTable",
        r"Value '.*' at 'tableName' failed to satisfy constraint: .*",
        "TableName must be at least 3 characters long and at most 255 characters long",
        operations={"DescribeTable", "DeleteTable"},
    ),
    rule(
        "two-faults-of-a-name",
        "as table-name",
        "aws",
        operations={"DescribeTable", "DeleteTable"},
        weir="ValidationException: 2 validation errors detected: Value '.*' at 'tableName' .*",
        theirs=(
            "ValidationException: TableName must be at least 3 characters long and at most 255 "
            "characters long"
        ),
    ),
    text(
        "echo-of-a-map",
        "the echo is Java's toString, with buffers and all members",
        "aws 2026",
        r"Value '.*' at 'requestItems' failed to satisfy constraint: Map .*",
        r"Value '.*' at 'requestItems' failed to satisfy constraint: Map .*",
        operations={"BatchGetItem", "BatchWriteItem"},
    ),
    text(
        "word-binary",
        "the type's name is written in capitals",
        "aws",
        r"(?P<a>Invalid UpdateExpression: Incorrect operand type for operator or function;"
        r" operator: "
        r"\w+, operand type: )BINARY(?P<b>.*)",
        "{a}Binary{b}",
        operations={"UpdateItem"},
    ),
    text(
        "shape-of-placeholder",
        "in values of UpdateItem, DeleteItem and Query the placeholder is named",
        "aws 2026",
        r"ExpressionAttributeValues contains invalid value: (?P<text>Supplied AttributeValue .*)"
        r" for "
        r"key :\w*",
        "{text}",
        operations={"UpdateItem", "DeleteItem", "Query"},
    ),
    text(
        "empty-placeholder",
        "DynamoDB Local has this text for an empty key of a map",
        "no recording",
        "ExpressionAttribute(Names|Values) contains invalid key: The expression attribute map"
        " contains an empty key;",
        "ExpressionAttribute(Names|Values) contains invalid key: Syntax error; .*",
    ),
    text(
        "key-condition-words",
        "Dynoxide reads key conditions by a grammar of its own",
        "aws",
        r"Invalid (KeyConditionExpression: .*|(condition|operator used) in"
        r" KeyConditionExpression: .*)"
        "|KeyConditionExpressions? cannot contain nested operations",
        r"(Expected|Unexpected) .*|Attribute name is a reserved .*|Invalid KeyConditionExpression:"
        r" Syntax error; .*",
        operations={"Query"},
    ),
    text(
        "filter-prefix",
        "faults of expressions have their prefix",
        "aws",
        r"Invalid \w+Expression: (?P<text>An expression attribute .*|Attribute name is .*)",
        "{text}",
    ),
    text(
        "other-fault-of-an-expression",
        "which of several faults of one expression is told first is not recorded",
        "no recording; DynamoDB Local tells the same as Weir",
        rf"(?P<kind>Invalid \w+Expression: )({_STATIC}).*",
        rf"{{kind}}({_STATIC}|Syntax error).*|An expression attribute .*",
    ),
    text(
        "same-names",
        "the key schema is looked at before the definitions",
        "aws has both texts, and no order of the two",
        "Both the Hash Key and the Range Key element in the KeySchema have the same name",
        "Invalid KeySchema: Some index key attribute have no definition",
        operations={"CreateTable"},
    ),
    rule(
        "create-unchecked",
        "unknown enums and streams without a view are refused",
        "aws",
        operations={"CreateTable"},
        path="outcome",
        weir=(
            f"ValidationException: ({ENVELOPE}Value '.*' at '(streamSpecification|billing).* enum"
            " .*|One or more parameter values were invalid: Table is being created with a"
            " stream .*)"
        ),
        theirs="OK",
    ),
    rule(
        "order-of-joined-faults",
        "length comes before pattern, and members come in the recorded order",
        "aws 2026",
        weir=r"ValidationException: \d validation errors? detected: .*",
        theirs=r"ValidationException: \d validation errors? detected: .*",
        check=same_faults,
    ),
    rule(
        "list-among-keys",
        "a list in place of a map is told as such; of one inside a list there is no recording",
        "aws",
        operations={"BatchGetItem"},
        weir="SerializationException: Unrecognized collection type java.util.Map<.*",
        theirs="SerializationException: class sun.reflect.generics.*",
    ),
    text(
        "segment-bounds",
        "the text has both numbers",
        "aws",
        r"(?P<text>The Segment parameter is zero-based and must be less than parameter"
        r" TotalSegments).*",
        "{text}",
        operations={"Scan"},
    ),
    text(
        "computed-digits",
        "a result of more than 38 digits is answered as an overflow",
        "aws",
        "Number overflow. Attempting to store a number with magnitude larger than supported range",
        "Attempting to store more than 38 significant digits in a Number",
        operations={"UpdateItem"},
    ),
    text(
        "expression-size",
        "the newer layer leaves the size out",
        "aws 2026",
        r"(?P<text>Invalid \w+Expression: Expression size has exceeded the maximum allowed size;)",
        r"{text} expression size: \d+",
    ),
    text(
        "start-key-of-hash",
        "Dynoxide leaves the key out",
        "aws",
        r"The provided (exclusive start key is invalid: ExclusiveStartKey: .*|starting key is"
        r" outside "
        "query boundaries based on provided conditions)",
        "The provided exclusive start key is invalid",
        operations={"Query"},
    ),
    text(
        "index-name",
        "the form of IndexName is checked with the members",
        "API reference of Query; its place among them is inferred",
        "Value '.*' at 'indexName' failed to satisfy constraint: .*",
        "The table does not have the specified index: .*|Consistent reads are not supported on .*"
        "|Value '.*' at 'select' failed to .*",
        operations={"Query", "Scan"},
    ),
    rule(
        "operand-in-parentheses",
        "an operand may stand in parentheses",
        "DynamoDB Local takes it; no recording",
        path="outcome|error",
        theirs=rf"ValidationException: ({ENVELOPE})?Invalid \w+Expression: (Syntax error; token: "
        r"\"[()]\", near: .*|The expression has redundant parentheses;)",
        check=lambda case, _: re.search(
            r"\(\s*[#:]?[\w.\[\]#]+\s*\)", json.dumps(case.request.body)
        ),
        resync=True,
    ),
    rule(
        "one-of-joined-faults",
        "all member faults are told, an index name's among them, and maps as Java writes them",
        "aws 2026",
        weir=r"ValidationException: \d validation errors? detected: .*",
        theirs=r"ValidationException: \d validation errors? detected: .*",
        check=some_of_the_faults,
    ),
    text(
        "function-name-as-attribute",
        "a function's name without parentheses is an attribute",
        "DynamoDB Local takes it so; no recording",
        ".*",
        r"Invalid \w+Expression: Syntax error; token: .*, near: "
        r"\"[ =]*(if_not_exists|list_append|size|contains|begins_with|attribute_\w+)\"",
    ),
    rule(
        "underscore-in-front",
        "a name in an expression starts with a letter",
        "aws; DynamoDB Local does so too",
        path="outcome",
        weir=rf"ValidationException: ({ENVELOPE})?{_KINDS}Syntax error; token: \"_+\", near: .*",
        theirs="OK",
        resync=True,
    ),
    text(
        "empty-set-of-an-update",
        "UpdateItem does not name the placeholder of an empty set",
        "aws 2026",
        r"(?P<text>One or more parameter values were invalid: .* (may|should) not be empty)",
        "ExpressionAttributeValues contains invalid value: {text} for key :.*",
        operations={"UpdateItem"},
    ),
]
