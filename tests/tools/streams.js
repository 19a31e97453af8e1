// SPDX-License-Identifier: Apache-2.0
// Readers of streams that list the shards once, when they start, and know nothing of child shards.
// One is dynamodb-streams-readable by itself. The other is serverless-offline-dynamodb-streams,
// which contains it, and calls the handlers of a Serverless project (the folder serverless) with
// the records of a table. After a day has passed, at once or in short steps, both must still get
// what is written.
//
// The framework is osls, which continues version 3 of the Serverless Framework and keeps the name
// of its command. Version 4 is not used, because it downloads itself at its first start and takes
// an account.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreams } from '@aws-sdk/client-dynamodb-streams';
import readStream from 'dynamodb-streams-readable';

import { advanceClock, Program, until, withWeir } from './program.js';

const FOLDER = import.meta.dirname;
const TableName = 'Music';

// The steps of each add up to more than the 24 hours that a record is kept. An iterator expires
// after 15 minutes. The short steps are shorter than that, so they never end the iterator of a
// reader that keeps reading, as these do.
const DAYS = { 'a jump of a day': ['25h'], 'a day of short steps': Array(108).fill('14m') };

async function createTable(client) {
  const { TableDescription } = await client.createTable({
    TableName,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  });
  return TableDescription.LatestStreamArn;
}

/**
 * Writes one item before the first step and one after each step; returns the keys. After each
 * write, `awaitRecord` is called with the item's key, and waits for the item's record.
 */
async function writeOver(steps, endpoint, client, awaitRecord) {
  const ids = ['0', ...steps.map((_, at) => `${at + 1}`)];
  for (const id of ids) {
    if (id !== '0') await advanceClock(endpoint, steps[id - 1]);
    await client.putItem({ TableName, Item: { id: { S: id } } });
    await awaitRecord(id);
  }
  return ids;
}

async function useReadable(steps, endpoint) {
  const settings = { endpoint, region: 'us-east-1' };
  const client = new DynamoDB(settings);
  const arn = await createTable(client);
  const read = [];
  let written;
  let fault;
  const reader = readStream(new DynamoDBStreams(settings), arn, { readInterval: 20 });
  reader.on('data', (records) => read.push(...records.map((one) => one.dynamodb.Keys.id.S)));
  reader.on('error', (error) => (fault = error));
  try {
    written = await writeOver(steps, endpoint, client, (id) =>
      until(`the record of ${id}`, () => {
        if (fault) throw fault;
        return read.includes(id);
      }),
    );
  } finally {
    reader.close();
  }
  assert.deepEqual(read, written);
}

/** Starts `serverless offline`, whose handler prints the keys of the records it is called with. */
function startServerless(endpoint, folder) {
  const command = join(FOLDER, 'node_modules/serverless/bin/serverless.js');
  return new Program(process.execPath, [command, 'offline'], {
    cwd: join(FOLDER, 'serverless'),
    env: { WEIR_ENDPOINT: endpoint, CHECKPOINTS: join(folder, 'checkpoints.json') },
  });
}

async function useServerless(steps, endpoint) {
  const client = new DynamoDB({ endpoint, region: 'us-east-1' });
  await createTable(client);
  const folder = await mkdtemp(join(tmpdir(), 'weir-tools-'));
  const serverless = startServerless(endpoint, folder);
  let written;
  try {
    written = await writeOver(steps, endpoint, client, (id) =>
      until(
        `the handler's call for ${id}`,
        () => {
          if (serverless.hasEnded) throw new Error(`serverless ended:\n${serverless.output}`);
          return serverless.stdout.includes(`handled INSERT ${id}\n`);
        },
        () => serverless.output,
      ),
    );
  } finally {
    await serverless.stop();
    await rm(folder, { recursive: true });
  }
  const handled = serverless.stdout.match(/^handled .*$/gm);
  assert.deepEqual(
    handled,
    written.map((id) => `handled INSERT ${id}`),
  );
}

export const STREAM_CASES = {};
for (const [name, steps] of Object.entries(DAYS)) {
  STREAM_CASES[`streams: dynamodb-streams-readable, ${name}`] = (command) =>
    withWeir(command, (endpoint) => useReadable(steps, endpoint));
  STREAM_CASES[`streams: serverless-offline-dynamodb-streams, ${name}`] = (command) =>
    withWeir(command, (endpoint) => useServerless(steps, endpoint));
}
