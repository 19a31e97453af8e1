// SPDX-License-Identifier: Apache-2.0
// What the JavaScript programs share: runs their tests, and makes tables for the libraries that make
// none.

import { DynamoDB, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';

export const client = new DynamoDB({});
export const documents = DynamoDBDocument.from(client);

/** Milliseconds. Only for a library that waits for ever. */
const TIMEOUT = 60_000;

async function within(milliseconds, promise) {
  let timer;
  const expired = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took over ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Calls the functions, by their tests' names; prints `passed TEST` or `FAILED TEST: why` for each, and
 * ends the process.
 */
export async function run(tests) {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    try {
      await within(TIMEOUT, test());
      console.log(`passed ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${name}: ${String(error.message).replaceAll('\n', ' ')}`);
      console.error(error);
    }
  }
  process.exit(failed === 0 ? 0 : 1);
}

/**
 * Makes a table with the string keys `pk` and `sk` and a global index `gsi1` with the keys `gsi1pk`
 * and `gsi1sk`, as single-table designs have them, and waits until it can be used.
 */
export async function createTable(TableName) {
  const keys = ['pk', 'sk', 'gsi1pk', 'gsi1sk'];
  const schema = (hash, range) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  await client.createTable({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: schema('pk', 'sk'),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'gsi1',
        KeySchema: schema('gsi1pk', 'gsi1sk'),
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  await waitUntilTableExists({ client, maxWaitTime: TIMEOUT / 1000 }, { TableName });
}

/** The numbers from `first` to before `end`. */
export function range(first, end) {
  return Array.from({ length: end - first }, (_, index) => first + index);
}
