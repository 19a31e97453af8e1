// SPDX-License-Identifier: Apache-2.0
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';

test('an order is kept', async () => {
  const client = new DynamoDB({});
  await client.createTable({
    TableName: 'Orders',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'S' }],
  });
  await client.putItem({ TableName: 'Orders', Item: { Id: { S: 'first' } } });
  expect((await client.scan({ TableName: 'Orders' })).Count).toBe(1);
});
