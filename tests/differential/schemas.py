# SPDX-License-Identifier: Apache-2.0
"""Random tables: key schema, billing, stream and (with the feature `indexes`) secondary indexes."""

from dataclasses import dataclass, field

KEY_TYPES = ("S", "S", "N", "B")
VIEWS = ("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES")


@dataclass
class Index:
    name: str
    hash_keys: list  # [(name, type)]
    range_keys: list
    projection: dict
    is_global: bool

    @property
    def key(self):
        return self.hash_keys + self.range_keys

    def definition(self, provisioned):
        result = {
            "IndexName": self.name,
            "KeySchema": _key_schema(self.hash_keys, self.range_keys),
            "Projection": self.projection,
        }
        if self.is_global and provisioned:
            result["ProvisionedThroughput"] = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
        return result


@dataclass
class Schema:
    name: str
    hash_key: tuple  # (name, type)
    range_key: tuple | None
    view: str | None
    provisioned: bool
    indexes: list = field(default_factory=list)

    @property
    def key(self):
        return [self.hash_key] + ([self.range_key] if self.range_key else [])

    @property
    def key_names(self):
        return {name for name, _ in self.key}

    @property
    def index_keys(self):
        """The key attributes of indexes that are not key attributes of the table."""
        found = {pair: None for index in self.indexes for pair in index.key}
        return [pair for pair in found if pair[0] not in self.key_names]

    def index(self, name):
        return next((index for index in self.indexes if index.name == name), None)

    def definition(self):
        """CreateTable's request."""
        attributes = dict(self.key + self.index_keys)
        request = {
            "TableName": self.name,
            "AttributeDefinitions": [
                {"AttributeName": name, "AttributeType": kind} for name, kind in attributes.items()
            ],
            "KeySchema": _key_schema([self.hash_key], [self.range_key] if self.range_key else []),
        }
        if self.provisioned:
            units = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
            request["ProvisionedThroughput"] = units
        else:
            request["BillingMode"] = "PAY_PER_REQUEST"
        if self.view:
            request["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": self.view}
        for is_global, member in (
            (True, "GlobalSecondaryIndexes"),
            (False, "LocalSecondaryIndexes"),
        ):
            found = [
                i.definition(self.provisioned) for i in self.indexes if i.is_global == is_global
            ]
            if found:
                request[member] = found
        return request


def _key_schema(hash_keys, range_keys):
    return [{"AttributeName": name, "KeyType": "HASH"} for name, _ in hash_keys] + [
        {"AttributeName": name, "KeyType": "RANGE"} for name, _ in range_keys
    ]


def random_schema(rng, name, features):
    hash_key = ("pk", rng.choice(KEY_TYPES))
    range_key = ("sk", rng.choice(KEY_TYPES)) if rng.random() < 0.75 else None
    view = rng.choice(VIEWS) if rng.random() < 0.6 else None
    schema = Schema(name, hash_key, range_key, view, provisioned=rng.random() < 0.5)
    if "indexes" in features and rng.random() < 0.7:
        schema.indexes = _random_indexes(rng, schema, "multikeys" in features)
    return schema


def _random_indexes(rng, schema, several_keys):
    # An attribute has one type, since all indexes share its definition.
    pool = [(f"g{i}", rng.choice(KEY_TYPES)) for i in range(1, 5)]
    indexes = []
    for number in range(rng.randint(1, 3)):
        names = rng.sample(pool, 4)
        hashes = rng.randint(1, 2) if several_keys else 1
        ranges = rng.randint(0, 2 if several_keys else 1)
        hash_keys, range_keys = names[:hashes], names[hashes : hashes + ranges]
        if rng.random() < 0.2 and not several_keys:
            hash_keys, range_keys = [schema.range_key or schema.hash_key], [names[0]]
        indexes.append(Index(f"gsi{number}", hash_keys, range_keys, _projection(rng), True))
    if schema.range_key:
        for number in range(rng.randint(0, 2)):
            key = [schema.hash_key], [rng.choice(pool)]
            indexes.append(Index(f"lsi{number}", *key, _projection(rng), False))
    return indexes


def _projection(rng):
    kind = rng.choice(("ALL", "KEYS_ONLY", "INCLUDE"))
    if kind != "INCLUDE":
        return {"ProjectionType": kind}
    names = rng.sample(("n1", "s1", "l1", "m1", "name"), rng.randint(1, 3))
    return {"ProjectionType": kind, "NonKeyAttributes": names}
