// SPDX-License-Identifier: Apache-2.0
const named = (TableName) => ({
  TableName,
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
});

module.exports = {
  tables: [named('files'), named('users')],
  port: Number(process.env.DYNAMODB_PORT),
};
