# SPDX-License-Identifier: Apache-2.0
"""A table with a stream, a few writes, and the changes read back from the stream.

It has no word about where the server is: boto3 takes that from AWS_ENDPOINT_URL_DYNAMODB and
AWS_ENDPOINT_URL_DYNAMODB_STREAMS, so the same program runs against AWS.
"""

import uuid

import boto3


def create_table(dynamodb):
    table = dynamodb.create_table(
        TableName=f"orders-{uuid.uuid4()}",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    table.wait_until_exists()
    table.reload()
    return table


def write(table, ids):
    for order in ids:
        table.put_item(Item={"id": order, "state": "new"})
    for order in ids:
        table.update_item(
            Key={"id": order},
            UpdateExpression="SET #state = :state",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":state": "paid"},
        )
    table.delete_item(Key={"id": ids[0]})


def shards(streams, arn):
    """All shards of the stream, page by page."""
    page = {}
    while page.get("LastEvaluatedShardId") or not page:
        start = page.get("LastEvaluatedShardId")
        more = {"ExclusiveStartShardId": start} if start else {}
        page = streams.describe_stream(StreamArn=arn, **more)["StreamDescription"]
        yield from page["Shards"]


def records(streams, arn):
    """Every record that the stream holds now, shard after shard."""
    for shard in shards(streams, arn):
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator)
            if not page["Records"]:
                break  # An open shard never ends; nothing more is in it yet.
            yield from page["Records"]
            iterator = page.get("NextShardIterator")


def main():
    table = create_table(boto3.resource("dynamodb"))
    ids = ["a", "b", "c"]
    write(table, ids)
    stored = {order: table.get_item(Key={"id": order}).get("Item") for order in ids}
    print("stored:", stored)

    seen = []
    for record in records(boto3.client("dynamodbstreams"), table.latest_stream_arn):
        change = record["dynamodb"]
        print(record["eventName"], change.get("OldImage"), "->", change.get("NewImage"))
        seen.append(record["eventName"])
    table.delete()

    expected = {"INSERT": 3, "MODIFY": 3, "REMOVE": 1}
    if {name: seen.count(name) for name in expected} != expected:
        raise SystemExit(f"expected {expected}, the stream has {seen}")
    print(f"all {len(seen)} changes were in the stream")


if __name__ == "__main__":
    main()
