# SPDX-License-Identifier: Apache-2.0
"""CreateTable: definitions of secondary indexes that are refused, with AWS's texts."""

import pytest
from errors import INVALID, ONE, VALIDATION, constraint, refused
from indexes import index, indexed, throughput
from raw_call import raw_call

KEYS = ("pk:S", "sk:S")
GSI = "globalSecondaryIndexes.1.member"
LSI = "localSecondaryIndexes.1.member"

LOCAL_NEEDS_SORT_KEY = (
    INVALID + "Table KeySchema does not have a range key, which is required when specifying a "
    "LocalSecondaryIndex")
SAME_NAME = "The KeySchema contains multiple key attributes with the same name"
FIRST_NO_HASH = "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
SECOND_NO_RANGE = "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"


def fields(**members):
    """An index with those members replaced. None removes a member."""
    name = members.pop("name", "one")
    changed = {**index(name, "g"), **members}
    return {member: value for member, value in changed.items() if value is not None}


def schema(*keys):
    return [{"AttributeName": name, "KeyType": role} for name, role in keys]


def include(*names):
    return {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(names)}


def undefined(keys, definitions):
    return (f"{INVALID}Some index key attributes are not defined in AttributeDefinitions. "
            f"Keys: [{keys}], AttributeDefinitions: [{definitions}]")


def unused(definitions, used):
    return (f"{INVALID}Some AttributeDefinitions are not used. "
            f"AttributeDefinitions: [{definitions}], keys used: [{used}]")


# Settings of `indexed` for a table with the keys pk and sk and the additional attribute g, and the
# text with which they are refused.
REFUSED = {
    "empty list of global indexes": (
        {"more": [], "members": {"GlobalSecondaryIndexes": []}},
        INVALID + "List of GlobalSecondaryIndexes is empty"),
    "empty list of local indexes": (
        {"more": [], "members": {"LocalSecondaryIndexes": []}},
        INVALID + "List of LocalSecondaryIndexes is empty"),
    "21 global indexes": (
        {"gsi": [index(f"one-{i}", "g") for i in range(21)]},
        INVALID + "GlobalSecondaryIndex count exceeds the per-table limit of 20"),
    "six local indexes": (
        {"lsi": [index(f"one-{i}", "pk", "g") for i in range(6)]},
        INVALID + "Number of LocalSecondaryIndexes exceeds per-table limit of 5"),
    "two global indexes of a name": (
        {"gsi": [index("one", "g"), index("one", "g", "pk")]},
        INVALID + "Duplicate index name: one"),
    "two local indexes of a name": (
        {"lsi": [index("one", "pk", "g"), index("one", "pk", "sk")]},
        INVALID + "Duplicate index name: one"),
    "a global and a local index of a name": (
        {"gsi": [index("one", "g")], "lsi": [index("one", "pk", "g")]},
        INVALID + "Duplicate index name: one"),

    "global key without definition": (
        {"more": [], "gsi": [index("one", "g")]}, undefined("g", "pk, sk")),
    "local key without definition": (
        {"more": [], "lsi": [index("one", "pk", "l")]}, undefined("pk, l", "pk, sk")),
    "definition that no key uses": (
        {"more": ["g:S", "x:S"], "gsi": [index("one", "g")]},
        unused("pk, sk, g, x", "g, sk, pk")),
    "definition for a projected attribute": (
        {"more": ["g:S", "x:S"], "lsi": [index("one", "pk", "g", ["x"])]},
        unused("pk, sk, g, x", "g, sk, pk")),

    "local index without sort key": (
        {"more": [], "lsi": [index("one", "pk")]},
        INVALID + "Index KeySchema does not have a range key for index: one"),
    "local index with another partition key": (
        {"lsi": [index("one", "g", "sk")]},
        INVALID + "Index KeySchema does not have the same leading hash key as table KeySchema for "
        "index: one. index hash key: g, table hash key: pk"),
    "local index with the table's sort key as partition key": (
        {"lsi": [index("one", "sk", "g")]},
        INVALID + "Index KeySchema does not have the same leading hash key as table KeySchema for "
        "index: one. index hash key: sk, table hash key: pk"),
    "local index that begins with a sort key": (
        {"lsi": [fields(KeySchema=schema(("pk", "RANGE"), ("g", "RANGE")))]}, FIRST_NO_HASH),
    "local index with two partition keys": (
        {"lsi": [index("one", "pk g")]}, SECOND_NO_RANGE),
    "global index that begins with a sort key": (
        {"gsi": [fields(KeySchema=schema(("g", "RANGE")))]}, FIRST_NO_HASH),
    "global index with its keys the wrong way round": (
        {"gsi": [fields(KeySchema=schema(("g", "RANGE"), ("pk", "HASH")))]}, FIRST_NO_HASH),
    "global index with one attribute as both keys": (
        {"gsi": [index("one", "g", "g")]}, SAME_NAME),

    "no projection type": (
        {"gsi": [fields(Projection={})]}, INVALID + "Unknown ProjectionType: null"),
    "names but no projection type": (
        {"gsi": [fields(Projection={"NonKeyAttributes": ["x"]})]},
        INVALID + "Unknown ProjectionType: null"),
    "no projection type of a local index": (
        {"lsi": [{**index("one", "pk", "g"), "Projection": {}}]},
        INVALID + "Unknown ProjectionType: null"),
    "ALL with names": (
        {"gsi": [fields(Projection={"ProjectionType": "ALL", "NonKeyAttributes": ["x"]})]},
        INVALID + "ProjectionType is ALL, but NonKeyAttributes is specified"),
    "KEYS_ONLY with names": (
        {"gsi": [fields(Projection={"ProjectionType": "KEYS_ONLY", "NonKeyAttributes": ["x"]})]},
        INVALID + "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"),
    "INCLUDE without names": (
        {"gsi": [fields(Projection={"ProjectionType": "INCLUDE"})]},
        INVALID + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"),

    "throughput on demand": (
        {"gsi": [index("one", "g", units=(1, 1))]},
        INVALID + "ProvisionedThroughput should not be specified for index: one when BillingMode "
        "is PAY_PER_REQUEST"),
    "no throughput of a provisioned index": (
        {"gsi": [index("one", "g"), index("two", "g", units=(1, 1)), index("three", "g")],
         "units": (1, 1)},
        INVALID + "ProvisionedThroughput is not specified for index: one,three"),
    "no write units": (
        {"gsi": [index("one", "g", units=(1, 0))], "units": (1, 1)},
        ONE + constraint("'0'", GSI + ".provisionedThroughput.writeCapacityUnits",
                         "have value greater than or equal to 1")),

    "unknown projection type": (
        {"gsi": [fields(Projection={"ProjectionType": "SOME"})]},
        ONE + constraint("'SOME'", GSI + ".projection.projectionType",
                         "satisfy enum value set: [ALL, INCLUDE, KEYS_ONLY]")),
    "unknown key type": (
        {"lsi": [fields(KeySchema=schema(("pk", "HASH"), ("g", "SORT")))]},
        ONE + constraint("'SORT'", LSI + ".keySchema.2.member.keyType",
                         "satisfy enum value set: [HASH, RANGE]")),
    "short name": (
        {"gsi": [fields(name="ab")]},
        ONE + constraint("'ab'", GSI + ".indexName", "have length greater than or equal to 3")),
    "long name": (
        {"lsi": [{**index("n" * 256, "pk", "g")}]},
        ONE + constraint(f"'{'n' * 256}'", LSI + ".indexName",
                         "have length less than or equal to 255")),
    "name with a blank": (
        {"gsi": [fields(name="by g")]},
        ONE + constraint("'by g'", GSI + ".indexName",
                         "satisfy regular expression pattern: [a-zA-Z0-9_.-]+")),
    "no key schema": (
        {"gsi": [fields(KeySchema=None)]},
        ONE + constraint("null", GSI + ".keySchema", "not be null")),
    "no projection": (
        {"lsi": [fields(Projection=None)]},
        ONE + constraint("null", LSI + ".projection", "not be null")),
    "no name": (
        {"gsi": [fields(IndexName=None)]},
        ONE + constraint("null", GSI + ".indexName", "not be null")),
    "empty key schema": (
        {"gsi": [fields(KeySchema=[])]},
        ONE + constraint("'[]'", GSI + ".keySchema", "have length greater than or equal to 1")),
    "no names to include": (
        {"gsi": [fields(Projection=include())]},
        ONE + constraint("'[]'", GSI + ".projection.nonKeyAttributes",
                         "have length greater than or equal to 1")),
}


@pytest.mark.parametrize("settings, message", REFUSED.values(), ids=REFUSED.keys())
def test_refused_definition(unchecked, fresh_name, settings, message):
    settings = {"more": ["g:S"], **settings}
    members = settings.pop("members", {})
    with refused(VALIDATION, message):
        unchecked.create_table(**{**indexed(fresh_name, *KEYS, **settings), **members})
    with refused("ResourceNotFoundException"):
        unchecked.describe_table(TableName=fresh_name)


def test_local_index_of_a_table_without_sort_key(unchecked, fresh_name):
    with refused(VALIDATION, LOCAL_NEEDS_SORT_KEY):
        unchecked.create_table(
            **indexed(fresh_name, "pk:S", more=["l:S"], lsi=[index("one", "pk", "l")]))


def test_three_keys_of_a_local_index(unchecked, fresh_name):
    """Only global indexes have several sort attributes."""
    with refused(VALIDATION) as refusal:
        unchecked.create_table(**indexed(
            fresh_name, *KEYS, more=["l:S"], lsi=[index("one", "pk", "sk l")]))
    assert refusal.message.startswith(ONE + "Value '[KeySchemaElement(attributeName=pk, ")
    assert refusal.message.endswith(
        f" at '{LSI}.keySchema' failed to satisfy constraint: Member must have length less than or "
        "equal to 2")


def test_all_null_members_are_counted(unchecked, fresh_name):
    with refused(VALIDATION) as refusal:
        unchecked.create_table(**{
            **indexed(fresh_name, *KEYS, more=["g:S"]), "GlobalSecondaryIndexes": [{}]})
    assert refusal.message.startswith("3 validation errors detected: ")
    for member in ("indexName", "keySchema", "projection"):
        assert constraint("null", f"{GSI}.{member}", "not be null") in refusal.message


@pytest.mark.parametrize("units", [(1_000_000_000_001, 1), (1, 1_000_000_000_001)])
def test_units_out_of_bounds(unchecked, fresh_name, units):
    name = "ReadCapacityUnits" if units[0] > 1 else "WriteCapacityUnits"
    with refused(VALIDATION) as refusal:
        unchecked.create_table(**indexed(
            fresh_name, *KEYS, more=["g:S"], gsi=[index("one", "g", units=units)], units=(1, 1)))
    assert refusal.message.startswith(
        f"Given value 1000000000001 for {name} is out of bounds")


@pytest.mark.parametrize("spread", ["global", "local", "both"])
def test_101_projected_attributes(unchecked, fresh_name, spread):
    """AWS documents the limit, but not the text."""
    names = [f"a{i}" for i in range(20)]
    gsi = [index(f"global-{i}", "g", wanted=names) for i in range(5)]
    lsi = [index(f"local-{i}", "pk", "g", names) for i in range(5)]
    settings = {
        "global": {"gsi": [*gsi, index("more", "g", wanted=["x"])]},
        "local": {"gsi": [index("more", "g", wanted=["x"])], "lsi": lsi},
        "both": {"gsi": gsi, "lsi": [index("more", "pk", "g", ["x"])]},
    }[spread]
    with refused(VALIDATION) as refusal:
        unchecked.create_table(**indexed(fresh_name, *KEYS, more=["g:S"], **settings))
    assert "100" in refusal.message


@pytest.mark.parametrize("names, path, rule", [
    ([""], ".1.member", "have length greater than or equal to 1"),
    (["x", "n" * 256], ".2.member", "have length less than or equal to 255"),
    ([f"a{i}" for i in range(21)], "", "have length less than or equal to 20"),
], ids=["empty", "long", "21"])
def test_names_to_include(unchecked, fresh_name, names, path, rule):
    with refused(VALIDATION) as refusal:
        unchecked.create_table(**indexed(
            fresh_name, *KEYS, more=["g:S"], gsi=[index("one", "g", wanted=names)]))
    assert refusal.message.startswith(ONE)
    assert refusal.message.endswith(
        f" at '{GSI}.projection.nonKeyAttributes{path}' failed to satisfy constraint: Member must "
        f"{rule}")


def test_throughput_of_a_local_index_is_unknown(endpoint, fresh_name):
    """LocalSecondaryIndex has no such member, and the service ignores members that it does not
    know.
    """
    local = {**index("one", "pk", "g"), "ProvisionedThroughput": throughput((0, 0))}
    status, answer = raw_call(
        endpoint, "CreateTable", indexed(fresh_name, *KEYS, more=["g:S"], lsi=[local]))
    assert status == 200, answer
