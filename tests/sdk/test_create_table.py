# SPDX-License-Identifier: Apache-2.0
"""CreateTable: what it answers and what it refuses, with AWS's texts."""

import re

import pytest
from errors import INVALID, ONE, VALIDATION, constraint, refused
from tables import Table, definition
from values import B, N, S

LABEL = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$")


def create(client, name, *keys, **settings):
    """Creates a table and returns its description. The caller's `fresh_name` deletes it."""
    return client.create_table(**definition(name, *keys, **settings))["TableDescription"]


def test_reply_describes_an_on_demand_table_being_created(dynamodb, fresh_name, region):
    described = create(dynamodb, fresh_name, "pk:S")
    assert re.fullmatch(rf"arn:aws:dynamodb:{region}:\d{{12}}:table/{fresh_name}",
                        described["TableArn"])
    assert described.pop("TableArn")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", described.pop("TableId"))
    assert described.pop("CreationDateTime").timestamp() > 0
    assert described == {
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        "DeletionProtectionEnabled": False,
        "ItemCount": 0,
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "ProvisionedThroughput": {
            "NumberOfDecreasesToday": 0,
            "ReadCapacityUnits": 0,
            "WriteCapacityUnits": 0,
        },
        "TableName": fresh_name,
        "TableSizeBytes": 0,
        "TableStatus": "CREATING",
    }


def test_reply_describes_a_provisioned_table_being_created(dynamodb, fresh_name):
    described = create(dynamodb, fresh_name, "pk:S", units=(3, 7))
    assert described["ProvisionedThroughput"] == {
        "NumberOfDecreasesToday": 0,
        "ReadCapacityUnits": 3,
        "WriteCapacityUnits": 7,
    }
    assert "BillingModeSummary" not in described
    assert "WarmThroughput" not in described
    assert described["TableStatus"] == "CREATING"


def test_table_without_a_stream_has_no_stream_members(dynamodb, fresh_name):
    described = create(dynamodb, fresh_name, "pk:S")
    assert not described.keys() & {"StreamSpecification", "LatestStreamArn", "LatestStreamLabel"}


@pytest.mark.parametrize("explicit", [True, False])
def test_provisioned_is_the_default_billing_mode(dynamodb, fresh_name, explicit):
    parameters = definition(fresh_name, "pk:S", units=(5, 5))
    if explicit:
        parameters["BillingMode"] = "PROVISIONED"
    described = dynamodb.create_table(**parameters)["TableDescription"]
    assert described["ProvisionedThroughput"]["ReadCapacityUnits"] == 5


@pytest.mark.parametrize("kind, key", [("S", S("a")), ("N", N("1.5")), ("B", B(b"\x00\xff"))])
def test_partition_key_types(make_table, kind, key):
    table = make_table(f"k:{kind}")
    table.put({"k": key, "a": S("x")})
    assert table.get({"k": key}) == {"k": key, "a": S("x")}


@pytest.mark.parametrize("kind, low, high", [
    ("S", S("a"), S("b")),
    ("N", N(-1), N(2)),
    ("B", B(b"\x00"), B(b"\xff")),
])
def test_sort_key_types(make_table, kind, low, high):
    table = make_table("p:S", f"s:{kind}")
    for sort in (high, low):
        table.put({"p": S("a"), "s": sort, "copy": sort})
    for sort in (high, low):
        assert table.get({"p": S("a"), "s": sort})["copy"] == sort


@pytest.mark.parametrize("view", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"])
def test_stream_of_each_view_is_described_at_once(dynamodb, fresh_name, view):
    created = create(dynamodb, fresh_name, "pk:S", view=view)
    later = Table(dynamodb, fresh_name).describe()
    for described in (created, later):
        assert described["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": view}
        assert LABEL.match(described["LatestStreamLabel"])
        assert described["LatestStreamArn"] == (
            f"{described['TableArn']}/stream/{described['LatestStreamLabel']}")
    assert created["LatestStreamArn"] == later["LatestStreamArn"]


def test_stream_switched_off_explicitly_is_no_stream(dynamodb, fresh_name):
    parameters = definition(fresh_name, "pk:S")
    parameters["StreamSpecification"] = {"StreamEnabled": False}
    described = dynamodb.create_table(**parameters)["TableDescription"]
    assert "LatestStreamArn" not in described
    assert "StreamSpecification" not in described


def test_existing_name_is_refused(dynamodb, table):
    with refused("ResourceInUseException", f"Table already exists: {table.name}"):
        create(dynamodb, table.name, "pk:S")


def schema(*keys):
    return [{"AttributeName": name, "KeyType": role} for name, role in keys]


def attributes(*definitions):
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in definitions]


STREAM_VIEW_MISSING = (
    INVALID + "Table is being created with a stream enabled, UpdateViewType is required")
STREAM_VIEW_FORBIDDEN = (
    INVALID + "Table is being created with a stream disabled, UpdateViewType should not be "
    "specified")
UNITS_MISSING = (
    INVALID + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode "
    "is PROVISIONED")
UNITS_FORBIDDEN = (
    INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
    "BillingMode is PAY_PER_REQUEST")
DEFINITIONS_UNUSED = (
    INVALID + "Number of attributes in KeySchema does not exactly match number of attributes "
    "defined in AttributeDefinitions")

# Changes of a valid request (None removes the member), and the text with which it is refused.
REFUSED = {
    "no attribute definitions": (
        {"AttributeDefinitions": None},
        ONE + constraint("null", "attributeDefinitions", "not be null")),
    "no key schema": (
        {"KeySchema": None},
        ONE + constraint("null", "keySchema", "not be null")),
    "unknown key type": (
        {"KeySchema": schema(("pk", "SORT"))},
        ONE + constraint("'SORT'", "keySchema.1.member.keyType",
                         "satisfy enum value set: [HASH, RANGE]")),
    "unknown attribute type": (
        {"AttributeDefinitions": attributes(("pk", "BOOL"))},
        ONE + constraint("'BOOL'", "attributeDefinitions.1.member.attributeType",
                         "satisfy enum value set: [B, N, S]")),
    "unknown billing mode": (
        {"BillingMode": "FREE"},
        ONE + constraint("'FREE'", "billingMode",
                         "satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]")),
    "three keys": (
        {"KeySchema": schema(("pk", "HASH"), ("b", "RANGE"), ("c", "RANGE"))},
        ONE + constraint(
            "'[KeySchemaElement(attributeName=pk, keyType=HASH), "
            "KeySchemaElement(attributeName=b, keyType=RANGE), "
            "KeySchemaElement(attributeName=c, keyType=RANGE)]'",
            "keySchema", "have length less than or equal to 2")),
    "no write units": (
        {"BillingMode": None,
         "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 0}},
        ONE + constraint("'0'", "provisionedThroughput.writeCapacityUnits",
                         "have value greater than or equal to 1")),
    "provisioned without units": ({"BillingMode": "PROVISIONED"}, UNITS_MISSING),
    "default billing without units": ({"BillingMode": None}, UNITS_MISSING),
    "on demand with units": (
        {"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
        UNITS_FORBIDDEN),
    "units out of bounds": (
        {"BillingMode": "PROVISIONED",
         "ProvisionedThroughput": {
             "ReadCapacityUnits": 1000000000001, "WriteCapacityUnits": 1}},
        "Given value 1000000000001 for ReadCapacityUnits is out of bounds"),
    "fewer definitions than keys": (
        {"KeySchema": schema(("pk", "HASH"), ("b", "RANGE"))},
        "Invalid KeySchema: Some index key attribute have no definition"),
    "empty definitions": (
        {"AttributeDefinitions": []},
        "Invalid KeySchema: Some index key attribute have no definition"),
    "key without definition": (
        {"AttributeDefinitions": attributes(("b", "S"))},
        INVALID + "Some index key attributes are not defined in AttributeDefinitions. "
        "Keys: [pk], AttributeDefinitions: [b]"),
    "same name twice": (
        {"KeySchema": schema(("pk", "HASH"), ("pk", "RANGE")),
         "AttributeDefinitions": attributes(("pk", "S"), ("b", "S"))},
        "Both the Hash Key and the Range Key element in the KeySchema have the same name"),
    "same name twice as hash": (
        {"KeySchema": schema(("pk", "HASH"), ("pk", "HASH")),
         "AttributeDefinitions": attributes(("pk", "S"), ("b", "S"))},
        "Both the Hash Key and the Range Key element in the KeySchema have the same name"),
    "first key is no hash": (
        {"KeySchema": schema(("pk", "RANGE"))},
        "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
    "second key is no range": (
        {"KeySchema": schema(("pk", "HASH"), ("b", "HASH")),
         "AttributeDefinitions": attributes(("pk", "S"), ("b", "S"))},
        "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"),
    "definition that no key uses": (
        {"AttributeDefinitions": attributes(("pk", "S"), ("b", "S"))}, DEFINITIONS_UNUSED),
    "stream without a view": (
        {"StreamSpecification": {"StreamEnabled": True}}, STREAM_VIEW_MISSING),
    "view without a stream": (
        {"StreamSpecification": {"StreamEnabled": False, "StreamViewType": "NEW_IMAGE"}},
        STREAM_VIEW_FORBIDDEN),
    "empty stream specification": (
        {"StreamSpecification": {}},
        ONE + constraint("null", "streamSpecification.streamEnabled", "not be null")),
    "short name": (
        {"TableName": "ab"},
        ONE + constraint("'ab'", "tableName", "have length greater than or equal to 3")),
    "no name": (
        {"TableName": None},
        "The parameter 'TableName' is required but was not present in the request"),
}


@pytest.mark.parametrize("change, message", REFUSED.values(), ids=REFUSED.keys())
def test_refused_definition(unchecked, fresh_name, change, message):
    parameters = {**definition(fresh_name, "pk:S"), **change}
    parameters = {name: value for name, value in parameters.items() if value is not None}
    with refused(VALIDATION, message):
        unchecked.create_table(**parameters)


def test_refused_definition_makes_no_table(unchecked, fresh_name):
    with refused(VALIDATION):
        unchecked.create_table(**definition(fresh_name, "pk:BOOL"))
    with refused("ResourceNotFoundException"):
        unchecked.describe_table(TableName=fresh_name)
