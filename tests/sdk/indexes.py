# SPDX-License-Identifier: Apache-2.0
"""Tables with secondary indexes: definitions, and tables that a module's tests share."""

import contextlib

from reading import put_all
from tables import Table, definition, unique_name


def projection(wanted):
    """A Projection. `wanted` is a ProjectionType, or the names that INCLUDE adds."""
    if isinstance(wanted, str):
        return {"ProjectionType": wanted}
    return {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(wanted)}


def index(name, partition, sort="", wanted="ALL", units=None):
    """An element of GlobalSecondaryIndexes or LocalSecondaryIndexes.

    `partition` and `sort` name the key attributes, several separated by blanks. `units` is (read,
    write).
    """
    element = {
        "IndexName": name,
        "KeySchema": [
            {"AttributeName": key, "KeyType": role}
            for names, role in ((partition, "HASH"), (sort, "RANGE")) for key in names.split()
        ],
        "Projection": projection(wanted),
    }
    if units is not None:
        element["ProvisionedThroughput"] = throughput(units)
    return element


def throughput(units):
    return {"ReadCapacityUnits": units[0], "WriteCapacityUnits": units[1]}


def indexed(name, *keys, more=(), gsi=(), lsi=(), view=None, units=None):
    """CreateTable's parameters for a table with the keys "pk:S" and perhaps "sk:N".

    `more` defines the other key attributes of the indexes ("g:S"); `gsi` and `lsi` are the
    global and the local indexes.
    """
    parameters = definition(name, *keys, view=view, units=units)
    for attribute in more:
        attribute_name, kind = attribute.split(":")
        parameters["AttributeDefinitions"].append(
            {"AttributeName": attribute_name, "AttributeType": kind})
    if gsi:
        parameters["GlobalSecondaryIndexes"] = list(gsi)
    if lsi:
        parameters["LocalSecondaryIndexes"] = list(lsi)
    return parameters


@contextlib.contextmanager
def indexed_table(client, *keys, items=(), **settings):
    """An ACTIVE Table, defined by `indexed`, with `items`. It is deleted when the block ends."""
    table = Table(client, unique_name())
    client.create_table(**indexed(table.name, *keys, **settings))
    table.await_active()
    try:
        put_all(client, table.name, list(items))
        yield table
    finally:
        table.drop()


def query_index(table, name, condition, values, **parameters):
    """One Query of an index. It is eventually consistent, the only way to read global indexes."""
    return table.client.query(
        TableName=table.name, IndexName=name, KeyConditionExpression=condition,
        ExpressionAttributeValues=values, **parameters)


def scan_index(table, name, **parameters):
    return table.client.scan(TableName=table.name, IndexName=name, **parameters)


def contents(table, name):
    """All entries of an index, in an order that depends only on the items."""
    items = []
    parameters = {}
    while True:
        page = scan_index(table, name, **parameters)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return sorted(items, key=repr_of)
        parameters["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def repr_of(item):
    return sorted((name, repr(value)) for name, value in item.items())
