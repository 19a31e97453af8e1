# SPDX-License-Identifier: Apache-2.0
def test_an_order_is_kept(dynamodb):
    dynamodb.create_table(
        TableName="Orders",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
    )
    dynamodb.put_item(TableName="Orders", Item={"Id": {"S": "first"}})
    assert dynamodb.scan(TableName="Orders")["Count"] == 1
