// SPDX-License-Identifier: Apache-2.0
// This file and second.test.js use the same server. Whichever is second finds the other's table.
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { expect, inject, test } from 'vitest';

import { table } from '../table.js';

test('all files use the server of the run', async ({ task }) => {
  const { pid, port, url } = inject('weir');
  expect(process.env.AWS_ENDPOINT_URL_DYNAMODB).toBe(url);
  const client = new DynamoDB({});
  await client.createTable(table(task.file.name.replace('/', '.')));
  const { TableNames } = await client.listTables({});
  process.stdout.write(`port ${port} has ${TableNames.length}\n`);
  if (process.env.HANG) {
    process.stderr.write(`server ${pid} ${port}\n`);
    await new Promise(() => {});
  }
  if (process.env.FAIL) throw new Error('as it was told to');
}, 60_000);
