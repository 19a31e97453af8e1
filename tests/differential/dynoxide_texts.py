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


def joins_more(case, difference):
    """Whether the oracle's text has all of Weir's constraints, and in addition only some on
    ConditionalOperator and the segments.
    """
    ours, theirs = _constraints(difference)
    more = {member for member, _ in theirs - ours}
    return ours < theirs and more <= {"conditionalOperator", "segment", "totalSegments"}


TEXTS = [
    text(
        "two-planted-values",
        "one fault was planted in the item and one in the values of an expression",
        "aws 2026, where the order of the two is known",
        r".*of type \wS contains duplicates\.",
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        check=lambda case, _: " " in case.request.fault,
    ),
    text(
        "key-among-the-older-updates-first",
        "an update of a key attribute is refused before the item is looked at",
        "DynamoDB Local",
        r"One or more parameter values were invalid: Cannot update attribute \w+\. This attribute is"
        r" part of the key",
        "Type mismatch for attribute to update",
        operations={"UpdateItem"},
        check=lambda case, _: "AttributeUpdates" in case.request.body,
    ),
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
        "value-before-use",
        "names and values without an expression are told before faults within them",
        "aws 2026",
        "ExpressionAttribute(Names|Values) can only be specified when using expressions.*",
        "Supplied AttributeValue .*",
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
    rule(
        "other-type-fault",
        "which of several wrong JSON types is told first is not recorded",
        "no recording",
        weir="SerializationException: .*",
        theirs="SerializationException: .*",
        check=lambda case, _: " " in case.request.fault,
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
        "select-of-all-projected",
        "the first fault of two is told; Dynoxide tells the other",
        "aws",
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
        "Cannot specify the ProjectionExpression when choosing to get .*",
        operations={"Query", "Scan"},
    ),
    text(
        "function-placement",
        "a function of the other kind of expression is known by name",
        "aws",
        r"(?P<kind>Invalid \w+Expression: )The function is not allowed .*; function: (?P<name>\w+)",
        r"{kind}(Invalid function name; function: {name}|Syntax .*)",
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
    rule(
        "joined-without-a-table",
        "without TableName the recorded text joins select, returnConsumedCapacity, tableName, limit",
        "aws 2026; of ConditionalOperator and the segments beside them there is no recording",
        operations={"Scan"},
        weir=r"ValidationException: \d validation errors? detected: .*Value null at 'tableName' .*",
        theirs=r"ValidationException: \d validation errors detected: .*",
        check=joins_more,
    ),
    text(
        "operator-of-one",
        "a ConditionalOperator that joins one condition is needless, whatever it is",
        "aws 2026",
        "ConditionalOperator can only be used when Filter or Expected has two or more elements",
        r"Value '.*' at 'conditionalOperator' failed to satisfy constraint: Member must satisfy .*",
        operations={"Query", "Scan", "PutItem", "UpdateItem", "DeleteItem"},
    ),
    text(
        "two-members-last",
        "of the faults of values, that of two members is told after those of sets and numbers",
        "aws 2026",
        r"One or more parameter values were invalid: (An|Binary|Null) .*|Number (over|under)flow\..*"
        r"|The parameter cannot be converted .*|Attempting to store more than .*",
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one .*",
    ),
    text(
        "echo-of-a-set",
        "the newer layer quotes the elements",
        "aws 2026",
        r"One or more parameter values were invalid: Input collection \[.*",
        r"One or more parameter values were invalid: Input collection \[.*",
    ),
    text(
        "same-definitions",
        "the table's own definitions are there",
        "aws",
        "One or more parameter values were invalid: Some index key attributes are not defined"
        " in .*",
        "Invalid KeySchema: Some index key attribute have no definition",
        operations={"CreateTable"},
    ),
    text(
        "start-index-key",
        "a start key's index keys are told by name",
        "aws",
        r"One or more parameter values were invalid: Type mismatch for Index Key \w+ Expected: .*",
        "The provided starting key is invalid",
        operations={"Query", "Scan"},
    ),
    rule(
        "value-as-attribute-type-operand",
        "attribute_type may be asked of a value",
        "DynamoDB Local takes it; no recording",
        path="outcome|error",
        theirs=rf"ValidationException: ({ENVELOPE})?Invalid \w+Expression: Syntax error; token: "
        r"\":\w+\", near: \"\( *:.*",
        check=lambda case, _: re.search(r"attribute_type\s*\(\s*:", json.dumps(case.request.body)),
        resync=True,
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
    rule(
        "size-as-operand",
        "size may be an operand of a function",
        "DynamoDB Local does so too; no recording",
        path="outcome|error",
        theirs=rf"ValidationException: ({ENVELOPE})?{_KINDS}Attribute name is a reserved keyword; "
        "reserved keyword: size",
        check=lambda case, _: re.search(r"\w+\(\s*size\s*\(", json.dumps(case.request.body)),
        resync=True,
    ),
    text(
        "start-in-another-partition",
        "a start key of another partition lies outside the query",
        "aws; of several key attributes no recording",
        "The provided starting key is outside query boundaries based on provided conditions",
        "The query can return at most one row and cannot be restarted",
        operations={"Query"},
    ),
    text(
        "start-key-or-condition",
        "the request has both faults",
        "no recording of which comes first",
        "The provided starting key is invalid",
        "Unsupported KeyConditions ComparisonOperator: .*",
        operations={"Query"},
    ),
    text(
        "empty-set-in-key",
        "the newer layer puts request faults of writes into the counted envelope",
        "aws 2026, which has it of numbers and of sets in items",
        r"(?P<text>One or more parameter values were invalid: .* not be empty)",
        "{text}",
        operations={"UpdateItem", "DeleteItem"},
    ),
    text(
        "value-before-between",
        "BETWEEN wants the key attribute first, and says so",
        "DynamoDB Local does so too; no recording",
        "Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute "
        "as its first operand",
        "Invalid KeyConditionExpression: unsupported operator with a value on the left",
        operations={"Query"},
    ),
    text(
        "index-name-or-operator",
        "the faults of members come before that of ConditionalOperator",
        "aws 2026",
        r"Value '.*' at 'indexName' failed to satisfy constraint: .*",
        r"Failed to satisfy constraint: Member must satisfy enum value set: \[ALL, OR\]",
        operations={"Query", "Scan"},
    ),
    text(
        "batch-of-several-tables",
        "two tables of a batch have a fault each; Dynoxide takes the tables in no fixed order",
        "no recording of which comes first",
        "Provided list of item keys contains duplicates",
        r"Invalid ProjectionExpression: .*|ExpressionAttribute\w+ .*|Value provided in .*",
        operations={"BatchGetItem"},
        check=lambda case, _: len(case.request.body["RequestItems"]) > 1,
    ),
    text(
        "duplicates-or-projection",
        "the request has both faults",
        "DynamoDB Local tells the duplicates first; no recording",
        "Provided list of item keys contains duplicates",
        r"Invalid ProjectionExpression: .*",
        operations={"BatchGetItem"},
        check=lambda case, _: len(case.request.body["RequestItems"]) == 1,
    ),
    text(
        "operator-or-select",
        "the request has both faults; ConditionalOperator comes before Select",
        "aws 2026",
        "ConditionalOperator can.*",
        r"Value '.*' at 'select' failed to satisfy constraint: .*",
        operations={"Query", "Scan"},
    ),
    text(
        "duplicates-in-a-list",
        "the newer layer's text for duplicates, also inside a list",
        "aws 2026",
        r"One or more parameter values were invalid: (?P<text>Input collection contains duplicates)\.",
        "{text}",
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
