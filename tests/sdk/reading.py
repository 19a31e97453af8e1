# SPDX-License-Identifier: Apache-2.0
"""Query and Scan: filled tables that a module's tests share, short calls, and paging."""

import contextlib

from tables import Table, definition, unique_name

# The most items that BatchWriteItem takes.
BATCH = 25


def put_all(client, name, items):
    """Puts the items in batches. Sends unprocessed items again."""
    writes = [{"PutRequest": {"Item": item}} for item in items]
    while writes:
        batch, writes = writes[:BATCH], writes[BATCH:]
        left = client.batch_write_item(RequestItems={name: batch})["UnprocessedItems"]
        writes += left.get(name, [])


@contextlib.contextmanager
def filled(client, items, *keys, units=None):
    """A Table with the keys "pk:S" ("sk:N") and `items`. It is deleted when the block ends."""
    table = Table(client, unique_name())
    client.create_table(**definition(table.name, *keys, units=units))
    table.await_active()
    try:
        put_all(client, table.name, items)
        yield table
    finally:
        table.drop()


def query(table, condition, values=None, **parameters):
    """One Query. `condition` is its KeyConditionExpression, `values` the values of all its
    expressions.
    """
    parameters.setdefault("ConsistentRead", True)
    if values is not None:
        parameters["ExpressionAttributeValues"] = values
    return table.client.query(
        TableName=table.name, KeyConditionExpression=condition, **parameters)


def scan(table, **parameters):
    parameters.setdefault("ConsistentRead", True)
    return table.client.scan(TableName=table.name, **parameters)


def pages(read, *arguments, **parameters):
    """The pages of `query` or `scan`, following LastEvaluatedKey to the end."""
    while True:
        page = read(*arguments, **parameters)
        yield page
        if "LastEvaluatedKey" not in page:
            return
        last = page["LastEvaluatedKey"]
        assert last != parameters.get("ExclusiveStartKey"), "the same page again and again"
        parameters["ExclusiveStartKey"] = last


def column(page, name="sk"):
    """The attribute `name` of each item of the page, without its type."""
    return [next(iter(item[name].values())) for item in page["Items"]]
