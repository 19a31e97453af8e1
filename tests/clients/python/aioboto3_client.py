# SPDX-License-Identifier: Apache-2.0
"""Uses the server through aioboto3, whose calls run at the same time: resources, waiters,
paginators and streams on aiohttp."""

import asyncio
from decimal import Decimal

import aioboto3
from boto3.dynamodb.conditions import Attr, Key
from harness import equal, raises, run

SESSION = aioboto3.Session()


async def with_table(use, name):
    """Calls `use` with a new table, and deletes the table afterwards."""
    async with SESSION.resource("dynamodb") as dynamodb:
        table = await dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "shelf", "KeyType": "HASH"},
                       {"AttributeName": "number", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": "shelf", "AttributeType": "S"},
                                  {"AttributeName": "number", "AttributeType": "N"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        await table.wait_until_exists()
        await use(table)
        await table.delete()
        await table.wait_until_not_exists()


def on_table(use):
    """Makes a test of a function that takes a table, which is named after it."""
    def test():
        asyncio.run(with_table(use, use.__name__))
    test.__doc__ = use.__doc__
    return test


@on_table
async def concurrent_updates(table):
    """A hundred updates at the same time are all counted."""
    async def add():
        await table.update_item(Key={"shelf": "A", "number": 1}, UpdateExpression="ADD stock :one",
                                ExpressionAttributeValues={":one": 1})

    await asyncio.gather(*(add() for _ in range(100)))
    read = await table.get_item(Key={"shelf": "A", "number": 1}, ConsistentRead=True)
    equal(read["Item"], {"shelf": "A", "number": Decimal(1), "stock": Decimal(100)})


@on_table
async def condition(table):
    """Of two puts at the same time that exclude each other, one fails with the other's item."""
    async def put(maker):
        await table.put_item(Item={"shelf": "A", "number": 1, "maker": maker},
                             ConditionExpression=Attr("shelf").not_exists(),
                             ReturnValuesOnConditionCheckFailure="ALL_OLD")

    results = await asyncio.gather(put("one"), put("two"), return_exceptions=True)
    [error] = [result for result in results if result is not None]
    equal(type(error).__name__, "ConditionalCheckFailedException")
    winner = "one" if results[0] is None else "two"
    equal(error.response["Item"]["maker"], {"S": winner})


@on_table
async def pages(table):
    """The batch writer splits its requests, and the paginator reads all pages."""
    async with table.batch_writer() as batch:
        for number in range(60):
            await batch.put_item(Item={"shelf": "A", "number": number, "even": number % 2 == 0})
    found = []
    async for page in table.meta.client.get_paginator("query").paginate(
        TableName=table.name,
        KeyConditionExpression=Key("shelf").eq("A") & Key("number").gte(10),
        FilterExpression=Attr("even").eq(True),
        PaginationConfig={"PageSize": 7},
    ):
        found += [int(item["number"]) for item in page["Items"]]
    equal(found, list(range(10, 60, 2)))


@on_table
async def stream(table):
    """The records of a stream come in the order of the writes."""
    for number in range(5):
        await table.put_item(Item={"shelf": "A", "number": number})
    numbers = []
    arn = await table.latest_stream_arn
    async with SESSION.client("dynamodbstreams") as streams:
        description = (await streams.describe_stream(StreamArn=arn))["StreamDescription"]
        for shard in description["Shards"]:
            iterator = await streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
            answer = await streams.get_records(ShardIterator=iterator["ShardIterator"])
            images = [record["dynamodb"]["NewImage"] for record in answer["Records"]]
            numbers += [image["number"]["N"] for image in images]
    equal(numbers, ["0", "1", "2", "3", "4"])


@on_table
async def cancelled_transaction(table):
    """A cancelled transaction has its reasons."""
    client = table.meta.client
    put = {"TableName": table.name, "Item": {"shelf": "A", "number": 1}}
    with raises(client.exceptions.TransactionCanceledException) as raised:
        await client.transact_write_items(TransactItems=[
            {"Put": put},
            {"ConditionCheck": {"TableName": table.name, "Key": {"shelf": "A", "number": 2},
                                "ConditionExpression": "attribute_exists(shelf)"}},
        ])
    reasons = [reason["Code"] for reason in raised.error.response["CancellationReasons"]]
    equal(reasons, ["None", "ConditionalCheckFailed"])


@on_table
async def missing_table(table):
    """A table that is not there is the client's ResourceNotFoundException."""
    client = table.meta.client
    with raises(client.exceptions.ResourceNotFoundException):
        await client.scan(TableName="missing")


if __name__ == "__main__":
    run([concurrent_updates, condition, pages, stream, cancelled_transaction, missing_table])
