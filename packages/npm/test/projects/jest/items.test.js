// SPDX-License-Identifier: Apache-2.0
const { DynamoDB } = require('@aws-sdk/client-dynamodb');

const client = new DynamoDB({}); // The preset has set the variables.

test('the tables of the configuration are there and empty', async () => {
  const { TableNames } = await client.listTables({});
  expect(TableNames.filter((name) => name !== 'others')).toEqual(['files', 'users']);
  const { Count } = await client.scan({ TableName: 'files' });
  expect(Count).toBe(0);
});

test('an item comes back as it was put', async () => {
  const item = { id: { S: '1' }, hello: { S: 'world' } };
  await client.putItem({ TableName: 'files', Item: item });
  const { Item } = await client.getItem({ TableName: 'files', Key: { id: { S: '1' } } });
  expect(Item).toEqual(item);
  if (process.env.FAIL) throw new Error('as it was told to');
  if (process.env.HANG) {
    console.log('in the middle');
    await new Promise(() => {});
  }
}, 60_000);
