# SPDX-License-Identifier: Apache-2.0
"""Rules for every oracle: where none of them answers as the service does."""

import re
from decimal import Decimal, InvalidOperation

from .comparison import plain_numbers
from .rules import rules_for
from .stages import both_of, earlier, in_one_stage

READ_UNITS = r"ConsumedCapacity\.((Table|(Global|Local)SecondaryIndexes\.\w+)\.)?CapacityUnits"


def same_number(case, difference):
    try:
        return Decimal(difference.weir) == Decimal(difference.oracle)
    except (InvalidOperation, TypeError):
        return False


def removes_only(case, difference):
    """Whether the UpdateExpression has only REMOVE clauses."""
    text = case.update_expression.strip().upper()
    return text.startswith("REMOVE") and not {"SET", "ADD", "DELETE"} & set(text.split())


def only_key(case, difference):
    """Whether after an update only the oracle has an item, and that is only the key."""
    key = case.request.body["Key"]
    return case.request.after is not None and difference.oracle.keys() == key.keys()


def starts_at_a_bound(case, difference):
    """Whether a value of the key condition equals one of the start key."""
    start = plain_numbers(case.request.body["ExclusiveStartKey"])
    sort = [value for name, value in start.items() if name != case.request.schema.hash_key[0]]
    values = list(case.request.body.get("ExpressionAttributeValues", {}).values())
    for condition in case.request.body.get("KeyConditions", {}).values():
        values += condition["AttributeValueList"]
    return any(plain_numbers(value) in sort for value in values)


def costs_by_partition(case, difference):
    """Whether the difference is that Weir counts one partition, or up to four of an on-demand
    table, and the oracle none.
    """
    unit = 1.0 if case.request.body.get("ConsistentRead") is True else 0.5
    partitions = 1 if case.request.schema.provisioned else 4
    return 0 < difference.weir - difference.oracle <= partitions * unit


def same_words(weir, oracle):
    """Whether the texts have the same placeholders, in whatever order."""
    words = [sorted(re.findall(r"[#:]\w+", text)) for text in (weir, oracle)]
    return words[0] == words[1]


def same_letters(weir, oracle):
    """Whether the texts differ only in the order of their names."""
    return sorted(re.findall(r"[\w.#]+", weir)) == sorted(re.findall(r"[\w.#]+", oracle))


def has_several_tables(case, difference):
    return len(case.request.body["RequestItems"]) > 1


_DIGITS = (
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
    "|DynamoDB only supports precision up to 38 digits"
    "|Attempting to store more than 38 significant digits in a Number"
)
_UPDATE_FAULTS = (
    "The document path provided in the update expression is invalid for update"
    "|The provided expression refers to an attribute that does not exist in the item"
    f"|An operand in the update expression has an incorrect data type|{_DIGITS}"
)


def deletes_only(case, difference):
    """Whether AttributeUpdates has only DELETEs. The oracle then has the bare key."""
    updates = case.request.body.get("AttributeUpdates") or {}
    return bool(updates) and all(update.get("Action") == "DELETE" for update in updates.values())


def common_rules(oracle):
    rule, text = rules_for(oracle)
    return [
        rule(
            "number-text",
            "the service answers plain decimals; Local keeps what was sent inside and large"
            " exponents",
            "aws",
            path=r".*\.(N|NS\[\d+\])",
            check=same_number,
        ),
        rule(
            "remove-only-creates",
            "REMOVE alone on a missing item creates nothing",
            "aws",
            operations={"UpdateItem"},
            path="Attributes",
            weir=r"\(absent\)",
            check=removes_only,
            resync=True,
        ),
        rule(
            "remove-only-created",
            "as remove-only-creates; seen in the table",
            "aws",
            operations={"GetItem"},
            path="Item",
            weir=r"\(absent\)",
            check=only_key,
            resync=True,
        ),
        rule(
            "remove-only-path",
            "REMOVE alone on a missing item does nothing, nested paths too",
            "aws",
            operations={"UpdateItem"},
            path="outcome",
            weir="OK",
            theirs=(
                "ValidationException: The document path provided in the update expression is "
                "invalid for update"
            ),
            check=removes_only,
        ),
        rule(
            "key-of-the-only-row",
            "a query with the whole key cannot be restarted, so a key to go on from is of no use",
            "aws",
            operations={"Query"},
            path="LastEvaluatedKey",
            weir=r"\(absent\)",
            check=lambda case, _: 1 <= case.request.body.get("Limit", 0) < 2,
        ),
        rule(
            "key-at-the-limit",
            "a page that Limit ends has a key, even if it holds the last item",
            "aws: the service does both",
            operations={"Query"},
            path="LastEvaluatedKey",
            theirs=r"\(absent\)",
            check=lambda case, _: int(case.request.body.get("Limit", 0))
            == case.weir.body["ScannedCount"],
        ),
        rule(
            "long-start-key",
            "no item can have so long a key",
            "aws",
            operations={"Query", "Scan"},
            path="outcome|error",
            weir="ValidationException: The provided starting key is invalid",
            check=lambda case, _: any(
                len(str(value)) > 1000 for value in case.request.body["ExclusiveStartKey"].values()
            ),
        ),
        rule(
            "scan-of-partitions",
            "a scan costs at least half a unit, or one, for each partition that it reads",
            "aws",
            operations={"Scan", "ExecuteStatement"},
            path=READ_UNITS,
            check=costs_by_partition,
        ),
        rule(
            "lazy-if-not-exists",
            "the second operand of if_not_exists is not looked up where the first one is there",
            "unknown; no recording",
            operations={"UpdateItem"},
            path="outcome",
            weir="OK",
            theirs=(
                "ValidationException: The provided expression refers to an attribute that does not "
                "exist in the item"
            ),
            check=lambda case, _: "if_not_exists" in case.update_expression,
            resync=True,
        ),
        rule(
            "start-key-of-segment",
            "which segment a key is in is each server's own",
            "aws",
            operations={"Scan"},
            path="outcome|error",
            weir=(
                "OK|ValidationException: (The provided starting key is invalid: Invalid "
                "ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment"
                r"|One or more parameter values were invalid: Global secondary index \w+ does not"
                " project).*"
            ),
            theirs="OK|ValidationException: Exclusive start key must lie within the segment",
        ),
        rule(
            "start-at-the-bound",
            "a start key at the closed end of the sort condition lies inside it",
            "aws: outside is refused",
            operations={"Query"},
            path="outcome",
            weir="OK",
            theirs=(
                "ValidationException: The provided starting key does not match the range key "
                "predicate"
            ),
            check=starts_at_a_bound,
        ),
        rule(
            "whole-key-restart",
            "a hash-only table has one row a query, so a start key is refused",
            "aws",
            operations={"Query"},
            path="outcome",
            weir="ValidationException: The provided exclusive start key is invalid: Exclusive.*",
            theirs="OK",
        ),
        text(
            "unused-order",
            "the placeholders are one set",
            "aws",
            r"(?P<text>Value provided in ExpressionAttribute(Names|Values) unused in expressions:"
            r" keys: )"
            r"\{.*\}",
            r"{text}\{.*\}",
            check=lambda case, difference: same_words(*difference.texts()),
        ),
        text(
            "start-outside",
            "which of the texts is told is settled by recorded answers",
            "aws",
            r"(The provided starting key is outside query boundaries based on provided conditions"
            r"|The query can return at most one row and cannot be restarted)",
            "The provided starting key does not match the range key predicate",
            operations={"Query"},
        ),
        text(
            "bounds",
            "the bounds are the same; how a number is spelt in a text is unknown",
            "no recording",
            r"(?P<text>Invalid \w+Expression: The BETWEEN operator requires upper bound to be"
            r" greater "
            r"than or equal to lower bound; lower bound operand: AttributeValue: )\{N:.*",
            r"{text}\{N:.*",
        ),
        text(
            "update-faults",
            "the item has both faults; which one the service tells first is unknown",
            "no recording",
            rf"(?P<ours>{_UPDATE_FAULTS})",
            rf"(?!{{ours}}$)({_UPDATE_FAULTS})",
            operations={"UpdateItem"},
        ),
        text(
            "computed-digits-later",
            "a result of more than 38 digits is found after all that needs only the request",
            "aws 2026",
            r"Key attributes must be scalars.*|.* This attribute is part of the key"
            r"|Invalid \w+Expression: .*|Value provided in .*",
            _DIGITS,
            operations={"UpdateItem"},
        ),
        text(
            "not-projected",
            "the attributes are one set",
            "no recording of their order",
            r"(?P<text>One or more parameter values were invalid: (Global secondary|Secondary)"
            r" index \w+ "
            r"does not project (one or more filter attributes: )?)(?P<rest>.*)",
            r"{text}.*",
            operations={"Query", "Scan", "ExecuteStatement"},
            check=lambda case, difference: same_letters(*difference.texts()),
        ),
        text(
            "definitions-of-indexes",
            "the attributes are sets",
            "no recording of their order",
            r"(?P<text>One or more parameter values were invalid: Some (AttributeDefinitions are"
            r" not "
            r"used|index key attributes are not defined).*\. )\w.*",
            r"{text}.*",
            operations={"CreateTable"},
            check=lambda case, difference: same_letters(*difference.texts()),
        ),
        text(
            "first-table",
            "two tables of the batch have a fault; the order of a map is nobody's",
            "no recording",
            r"Invalid ProjectionExpression: .*|Value provided in .*|ExpressionAttributeNames .*",
            r"Invalid ProjectionExpression: .*|Value provided in .*|ExpressionAttributeNames .*"
            r"|Unexpected token in ProjectionExpression: .*",
            operations={"BatchGetItem"},
            check=has_several_tables,
        ),
        rule(
            "one-row-restart",
            "with the sort key given by =, a start key is refused whatever it is",
            "aws",
            operations={"Query"},
            path="outcome",
            weir=(
                "ValidationException: The query can return at most one row and cannot be restarted"
            ),
            theirs="OK",
        ),
        rule(
            "order-of-faults",
            "the request has several faults; Weir's comes first in AWS's order",
            "aws 2026",
            check=lambda case, difference: earlier(*difference.texts()),
        ),
        text(
            "operator-or-value",
            "the request has both faults: a needless ConditionalOperator, and a value or name",
            "no recording of which comes first",
            "ConditionalOperator can(not be used without Filter or| only be used when Filter or) "
            "Expected.*",
            r"The parameter cannot be converted .*|A value provided cannot be .*|Number (over|under).*"
            r"|Attempting to store more than .*|One or more parameter values were invalid: (An|Binary"
            r"|Null|Input) .*|Input collection .*|ExpressionAttribute\w+ can only be specified .*"
            r"|DynamoDB only supports prec.*",
        ),
        text(
            "no-key-conditions",
            "KeyConditions without an element lacks the partition key",
            "no recording",
            r"Query condition missed key schema element: \w+",
            "Conditions must be at least length 1|Either the KeyConditions or "
            "KeyConditionExpression parameter must be specified in the request.",
            operations={"Query"},
            check=lambda case, _: case.request.body.get("KeyConditions") == {},
        ),
        text(
            "value-of-start-key",
            "value faults of a start key are told as such",
            "aws 2026",
            r"The provided starting key is invalid: (?P<text>.*)",
            r"{text}",
            operations={"Query", "Scan"},
        ),
        rule(
            "integers-of-scan",
            "Scan's integers are named in Pascal case and not echoed",
            "aws 2026",
            operations={"Scan"},
            weir=r"ValidationException: 1 validation error detected: Value at '\w(?P<rest>\w+)' "
            r"(?P<fault>failed to .*)",
            theirs=(
                r"ValidationException: 1 validation error detected: Value '\d+' at '\w{rest}'"
                r" {fault}"
            ),
        ),
        text(
            "order-of-type-names",
            "the valid types are a set",
            "aws",
            r"(?P<text>Invalid \w+Expression: Invalid attribute type name found; type: .*, valid"
            r" types: )"
            r"\{[A-Z,]+\}",
            r"{text}\{[A-Z,]+\}",
        ),
        rule(
            "delete-only-creates",
            "DELETE of an attribute of a missing item causes nothing to happen",
            "API reference of UpdateItem, AttributeUpdates",
            operations={"UpdateItem"},
            path="Attributes",
            weir=r"\(absent\)",
            check=deletes_only,
            resync=True,
        ),
        text(
            "two-older-faults",
            "the request has both faults; a map of conditions has no order",
            "no recording",
            ".*",
            ".*",
            check=lambda case, difference: both_of("older parameters", *difference.texts()),
        ),
        rule(
            "no-attributes-to-get",
            "an empty list is refused",
            "aws 2026, of GetItem; API reference of Query and Scan: at least one",
            operations={"GetItem", "Query", "Scan"},
            path="outcome",
            weir=r"ValidationException: .*Value '\[\]' at 'attributesToGet' failed to satisfy .*",
            theirs="OK",
        ),
        text(
            "two-planted-faults",
            "two faults of one kind were planted in the request; each server tells another",
            "aws 2026, where the order of the two is known",
            ".*",
            ".*",
            check=lambda case, difference: " " in case.request.fault
            and in_one_stage(*difference.texts()),
        ),
    ]
