# SPDX-License-Identifier: Apache-2.0
"""The order in which the service looks for faults in a request that has several.

Source: recorded answers (aws 2026). The order of neighbouring places is partly inferred. Each text
has a place in that order, so that two servers that report different faults of one request can be
compared by the places.
"""

import functools
import re

_EXPRESSIONS = ("KeyCondition", "Condition", "Filter", "Projection", "Update")
_EXPRESSION = r"Invalid (?P<kind>\w+)Expression: "

# The order within one expression.
_IN_EXPRESSION = (
    r"The expression can not be empty;",
    r"Expression size has exceeded .*",
    r"Syntax error; .*",
    r"The expression has redundant parentheses;",
    r"Invalid function name; .*",
    r"The function is not allowed .*|.*can only be used once .*",
    r"Attribute name is a reserved keyword; .*",
    r"An expression attribute name used .*",
    r"An expression attribute value used .*",
    r"Incorrect number of operands .*",
    r"Operator or function requires a document path; .*|The document path has too many .*"
    r"|List index is not within .*|Two document paths .*",
    r"Incorrect operand type .*|Invalid attribute type name found; .*",
    r"The first operand must be distinct .*",
    r"The BETWEEN operator requires .*",
    r".*",
)

# The stages of a request, each with a pattern for its texts.
_STAGES = (
    (
        "member",
        r"Value .* failed to satisfy constraint: .*|Failed to satisfy constraint: .*"
        r"|Member must satisfy enum value set: .*|The requestItems parameter is required .*"
        r"|Too many items requested .*|Invalid Request: TransactWriteRequest should contain .*"
        r"|TransactItems can only contain one of .*"
        r"|Batch(Get|Write)Item (must have|cannot have).*|Item to put in .*|Cannot have null key .*"
        r"|The list of keys in RequestItems for BatchGetItem is required: .*"
        r"|Invalid table/index name\..*|Select must be .*|Limit must be .*",
    ),
    # No recording shows where the faults in a start key's values come; Weir finds them here.
    (
        "value shape",
        (
            r"Supplied AttributeValue .*|The provided starting key is invalid: (?!Invalid"
            r" Exclusive|One or more parameter values are not).*"
        ),
    ),
    ("mixing", r"Can not use both expression and non-expression .*"),
    ("substitutions without expression", r"ExpressionAttribute\w+ can only be specified .*"),
    (
        "bad value",
        r"(ExpressionAttributeValues contains invalid value: )?"
        r"(The parameter cannot be converted .*|A value provided cannot be .*|Number (over|under).*"
        r"|Attempting to store more than .*|One or more parameter values were invalid:"
        r" (An|Binary|Null"
        r"|Input) .*|Input collection .*|Supplied AttributeValue .*|DynamoDB only supports prec.*)",
    ),
    (
        "older parameters",
        r"One or more parameter values were invalid: (Invalid number of arg|ComparisonOperator |"
        r"AttributeValues inside|Value (must|cannot|or|and) |Exists and|AttributeValueList"
        r" can|Invalid "
        r"comparison|Only DELETE|DELETE action|ADD action|Duplicate value).*|The BETWEEN condition"
        r" was .*"
        r"|ConditionalOperator can.*|Comparison type does .*|Cannot have two .*|Attempted"
        r" conditional .*"
        r"|Only scalar types .*|Unsupported KeyConditions .*",
    ),
    (
        "Select",
        r"Cannot specify the .*|ALL_PROJECTED_ATTRIBUTES can be .*|Must specify the Attributes.*",
    ),
    ("segments", r"The (Total)?Segments? parameter is .*|If (total segments|segment) is .*"),
    # Local has the second text also for words that are no ReturnValues.
    ("return values", r"ReturnValues can only be .*|Return values set to .*"),
    ("neither key condition", r"Either the KeyConditions or KeyConditionExpression .*"),
    ("names", r"ExpressionAttributeNames (must not be empty|contains invalid .*)"),
    ("values", r"ExpressionAttributeValues (must not be empty|contains invalid .*)"),
    (
        "expression",
        _EXPRESSION + ".*|Invalid (operator used|condition) in KeyCondition.*"
        "|KeyConditionExpressions? (cannot|must).*"
        "|(Expected|Unexpected) .*|Attribute name is a reserved .*"
        "|An expression attribute (name|value) used .*",
    ),
    ("unused", r"Value provided in ExpressionAttribute\w+ unused in expressions: .*"),
    ("item size", r"Item size has exceeded .*|Transaction payload size .*"),
    ("one item", r"Transaction request cannot include multiple operations on one item"),
    ("table", r"Requested resource not found.*|Cannot do operations on a non-existent table"),
    ("index", r"The table does not have the specified index: .*"),
    ("consistent read", r"Consistent reads are not supported on .*"),
    ("all attributes", r"One or more parameter values were invalid: Select type .*"),
    (
        "start key",
        r"The provided starting key is invalid.*|Exclusive Start Key must have same size .*"
        r"|Exclusive start key must lie .*"
        r"|One or more parameter values were invalid: Type mismatch for Index Key .*",
    ),
    (
        "key",
        r"The provided key element does not match the schema|The number of conditions on the .*"
        r"|Invalid attribute value type|One of the required keys was not given .*"
        r"|One or more parameter values were invalid: (Missing the key|Type mismatch for"
        r" key|Size of"
        r"|Aggregated size|Condition parameter type).*|One or more parameter values are not"
        r" valid\. .*"
        r"|Hash primary key values must be .*|Query condition missed .*|Query key condition not .*"
        # Local's text for empty KeyConditions, which lack the partition key.
        r"|Conditions must be at least length 1"
        r"|Type mismatch for attribute to update|The number of query conditions .*"
        r"|Provided list of item keys contains .*|The list of keys in RequestItems .* empty keys"
        r"|The supplied Item contains .*|(HASH|RANGE) key attributes? .* must have equality .*",
    ),
    (
        "projected",
        r"One or more parameter values were invalid: (Global secondary index \w+ does"
        r" not|"
        r"Secondary index \w+ does not).*",
    ),
    # A change of the key belongs here, too: it is found without the item.
    (
        "key path",
        r"Key attributes must be scalars.*|Filter Expression can only contain .*"
        r"|One or more parameter values were invalid: Cannot update .*",
    ),
    (
        "starting point",
        r"The provided (exclusive )?start.*|The query can return at most one row .*",
    ),
    ("condition", r"The conditional request failed"),
    (
        "update",
        r"The document path provided .*|The provided expression refers .*|An operand in the .*"
        r"|Item size to update .*",
    ),
)


@functools.cache
def _compiled():
    return (
        [(name, re.compile(pattern, re.DOTALL)) for name, pattern in _STAGES],
        [re.compile(pattern, re.DOTALL) for pattern in _IN_EXPRESSION],
        re.compile(_EXPRESSION),
    )


def place_of(outcome):
    """(name, place in the order) of an outcome `Type: text`; None if the text has no known place.
    """
    kind, _, text = outcome.partition(": ")
    if kind == "SerializationException":
        return "serialization", (-1,)
    text = re.sub(r"^\d+ validation errors? detected: ", "", text)
    stages, in_expression, expression = _compiled()
    for number, (name, pattern) in enumerate(stages):
        if not pattern.fullmatch(text):
            continue
        match = expression.match(text)
        if name == "expression" and "in ProjectionExpression" in text:  # a text of Dynoxide
            return "Projection fault", (number, _EXPRESSIONS.index("Projection"))
        if name == "expression" and "KeyConditionExpression" in text and not match:
            return "KeyCondition shape", (number, 0, len(_IN_EXPRESSION))
        if name != "expression" or not match:
            return name, (number,)
        rest = text[match.end() :]
        fault = next(i for i, p in enumerate(in_expression) if p.fullmatch(rest))
        return f"{match['kind']} fault {fault}", (number, _EXPRESSIONS.index(match["kind"]), fault)
    return None


def both_of(stage, weir, oracle):
    """Whether both faults are of that stage."""
    places = place_of(weir), place_of(oracle)
    return all(place is not None and place[0] == stage for place in places)


def in_one_stage(weir, oracle):
    places = place_of(weir), place_of(oracle)
    return None not in places and places[0][0] == places[1][0]


def earlier(weir, oracle):
    """Whether Weir's fault comes before the oracle's in the service's order."""
    ours, theirs = place_of(weir), place_of(oracle)
    return ours is not None and theirs is not None and ours[1] < theirs[1]
