// SPDX-License-Identifier: Apache-2.0
// The plugin serverless-dynamodb-local in the project of the folder of the same name, as its users
// have it where another container is the server: `noStart`, with tables from the resources of the
// service and seeds. It uses version 2 of the AWS SDK.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { DynamoDB } from '@aws-sdk/client-dynamodb';

import { Program, withWeir } from './program.js';

const FOLDER = import.meta.dirname;

async function usePlugin(endpoint) {
  const command = join(FOLDER, 'node_modules/serverless/bin/serverless.js');
  const plugin = new Program(process.execPath, [command, 'dynamodb', 'start'], {
    cwd: join(FOLDER, 'serverless_dynamodb_local'),
    env: { WEIR_PORT: new URL(endpoint).port, SLS_NOTIFICATIONS_MODE: 'off' },
  });
  assert.equal(await plugin.end(), 0, plugin.output);
  const client = new DynamoDB({ endpoint, region: 'us-east-1' });
  assert.deepEqual((await client.listTables({})).TableNames, ['widgets']);
  const { Items } = await client.scan({ TableName: 'widgets' });
  const byId = Object.fromEntries(Items.map((item) => [item.id.S, item]));
  assert.deepEqual(byId, {
    plain: { id: { S: 'plain' }, sizes: { L: [{ N: '1' }, { N: '2.5' }] } },
    raw: { id: { S: 'raw' }, colours: { SS: ['green', 'red'] } },
  });
}

export const PLUGIN_CASES = {
  'serverless-dynamodb-local: start with noStart, migrate and seed': (command) =>
    withWeir(command, usePlugin),
};
