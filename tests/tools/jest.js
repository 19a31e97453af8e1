// SPDX-License-Identifier: Apache-2.0
// The preset of @shelf/jest-dynamodb, in the project of the folder jest. It lists the tables of the
// server on the port of its configuration, and waits until that server answers a GET of / with 400.
// If the status is another one, it waits for ever. Then it makes the tables, and deletes them after
// the tests. It never reads the body of the answer to that GET, so jest ends only when the server
// closes the connection, which DynamoDB Local does after 30 seconds.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { DynamoDB } from '@aws-sdk/client-dynamodb';

import { Program, withWeir } from './program.js';

const FOLDER = import.meta.dirname;

async function useJest(endpoint) {
  const command = join(FOLDER, 'node_modules/jest/bin/jest.js');
  const jest = new Program(process.execPath, [command, '--ci'], {
    cwd: join(FOLDER, 'jest'),
    env: { WEIR_PORT: new URL(endpoint).port, DEBUG: 'jest-dynamodb' },
  });
  assert.equal(await jest.end(), 0, jest.output);
  assert.match(jest.stderr, /^Tests: +2 passed, 2 total$/m);
  // If the preset had started a server of its own, the test would have used that server, not Weir.
  assert.doesNotMatch(jest.stderr, /spinning up/);
  const { TableNames } = await new DynamoDB({ endpoint, region: 'us-east-1' }).listTables({});
  assert.deepEqual(TableNames, []);
}

export const JEST_CASES = {
  'jest: the preset of @shelf/jest-dynamodb': (command) => withWeir(command, useJest),
};
