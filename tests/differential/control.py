# SPDX-License-Identifier: Apache-2.0
"""CreateTable, DescribeTable and DeleteTable: mostly refused requests.

The epoch creates its own tables by `Schema.definition`. The requests here ask for other tables,
which the epoch deletes after the request.
"""

import copy

from .schemas import random_schema

OPERATIONS = ("CreateTable", "DescribeTable", "DeleteTable")
EXTRA = "extra"


def _existing(body, rng):
    pass


def _definition_missing(body, rng):
    del body["AttributeDefinitions"][-1]


def _definition_surplus(body, rng):
    body["AttributeDefinitions"].append({"AttributeName": "surplus", "AttributeType": "S"})


def _definition_type(body, rng):
    body["AttributeDefinitions"][0]["AttributeType"] = rng.choice(("SS", "", "BOOL", "s"))


def _key_order(body, rng):
    body["KeySchema"].reverse()


def _key_type(body, rng):
    rng.choice(body["KeySchema"])["KeyType"] = rng.choice(("HASH", "RANGE", "X", ""))


def _key_same(body, rng):
    body["KeySchema"] = [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "pk", "KeyType": "RANGE"},
    ]


def _key_many(body, rng):
    body["KeySchema"] = [{"AttributeName": f"k{i}", "KeyType": "HASH"} for i in range(3)]


def _missing(body, rng):
    body.pop(rng.choice(("TableName", "KeySchema", "AttributeDefinitions")))


def _billing(body, rng):
    body["BillingMode"] = rng.choice(("PROVISIONED", "PAY_PER_REQUEST", "X"))


def _throughput(body, rng):
    units = rng.choice((0, -1, 1, 1000000000001, 10**13))
    body["ProvisionedThroughput"] = {"ReadCapacityUnits": units, "WriteCapacityUnits": 1}


def _throughput_half(body, rng):
    body["ProvisionedThroughput"] = {"ReadCapacityUnits": 1}


def _stream(body, rng):
    body["StreamSpecification"] = rng.choice(
        (
            {},
            {"StreamEnabled": True},
            {"StreamEnabled": False},
            {"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"},
            {"StreamEnabled": True, "StreamViewType": "X"},
        )
    )


def _name(body, rng):
    body["TableName"] = rng.choice(("", "ab", "a b c", "x" * 256, "ä" * 4))


_CREATE_FAULTS = (
    _existing, _definition_missing, _definition_surplus, _definition_type, _key_order, _key_type,
    _key_same, _key_many, _missing, _billing, _throughput, _throughput_half, _stream, _name,
)  # fmt: skip


def make(rng, schema, features):
    """(operation, body) of a request. DescribeTable mostly has `schema`'s table, CreateTable a new
    one.
    """
    operation = rng.choice(OPERATIONS + ("CreateTable", "CreateTable"))
    if operation != "CreateTable":
        names = ("none-such", "", "ab", "a b c", "x" * 256)
        if operation == "DescribeTable":
            names += (schema.name,) * 4
        name = rng.choice(names)
        return operation, {"TableName": name} if rng.random() < 0.95 else {}
    other = random_schema(rng, f"{schema.name}-{EXTRA}-{rng.randrange(10**6)}", features)
    body = copy.deepcopy(other.definition())
    if rng.random() < 0.6:
        fault = rng.choice(_CREATE_FAULTS)
        if fault is _existing:
            body = copy.deepcopy(schema.definition())
        fault(body, rng)
    return operation, body
