// SPDX-License-Identifier: Apache-2.0
// This file and second.test.js make a table of the same name, and each waits until the other has
// made its own, so that both are there at the same time.
import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { expect, test, vi } from 'vitest';

import { table } from '../table.js';

const client = new DynamoDB({});
const names = async () => (await client.listTables({})).TableNames;

test('each file has its own table', async ({ task, weir }) => {
  process.stdout.write(`server ${weir.pid} ${weir.port}\n`);
  expect(await names()).toEqual([]);
  await client.createTable(table('Same'));
  writeFileSync(`made-${basename(task.file.name)}`, '');
  const both = ['made-first.test.js', 'made-second.test.js'];
  await vi.waitUntil(() => both.every((name) => existsSync(name)), { timeout: 20_000 });
  expect(await names()).toEqual(['Same']);
}, 30_000);

test('each test has an empty server', async ({ weir }) => {
  expect(await names()).toEqual([]);
  expect(process.env.AWS_ENDPOINT_URL_DYNAMODB).toBe(weir.url);
  if (process.env.FAIL) throw new Error('as it was told to');
});
