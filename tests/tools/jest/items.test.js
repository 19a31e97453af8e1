// SPDX-License-Identifier: Apache-2.0
const { DynamoDB } = require('@aws-sdk/client-dynamodb');

const client = new DynamoDB({
  endpoint: `http://localhost:${process.env.WEIR_PORT}`,
  region: 'local-env',
  credentials: { accessKeyId: 'fakeMyKeyId', secretAccessKey: 'fakeSecretAccessKey' },
});

test('the tables of the configuration are there', async () => {
  const { TableNames } = await client.listTables({});
  expect(TableNames).toEqual(['files', 'users']);
});

test('an item comes back as it was put', async () => {
  const item = { id: { S: '1' }, hello: { S: 'world' } };
  await client.putItem({ TableName: 'files', Item: item });
  const { Item } = await client.getItem({ TableName: 'files', Key: { id: { S: '1' } } });
  expect(Item).toEqual(item);
});
