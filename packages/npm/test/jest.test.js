// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { setEnvironment, start } from '../index.js';
import { filesIn, freePort, Program, projectFor, tool } from './support.js';

function jest(folder, env) {
  const args = [tool('jest/bin/jest.js'), '--ci', '--cacheDirectory', join(folder, 'cache')];
  return new Program(process.execPath, args, { cwd: folder, env });
}

test('the preset starts a server at the port, makes the tables and ends it', async (t) => {
  const folder = projectFor(t, 'jest');
  const before = filesIn(folder);
  const port = await freePort();
  const program = jest(folder, { DYNAMODB_PORT: port });
  assert.equal(await program.end(), 0, program.output);
  assert.match(program.stderr, /^Tests: +2 passed, 2 total$/m);
  await assert.rejects(fetch(`http://127.0.0.1:${port}`));
  assert.deepEqual(
    filesIn(folder).filter((name) => !name.startsWith('cache')),
    before,
  );
});

test('a server that is there is used, and only the tables of the configuration deleted', async (t) => {
  const weir = await start({ flags: ['--dynamodb-local'] });
  t.after(() => weir.stop());
  t.after(setEnvironment(weir.env));
  const { DynamoDB } = await import(tool('@aws-sdk/client-dynamodb/dist-cjs/index.js'));
  const client = new DynamoDB({});
  const folder = projectFor(t, 'jest');
  const { default: config } = await import(join(folder, 'jest-dynamodb-config.js'));
  for (const TableName of ['files', 'others']) {
    await client.createTable({ ...config.tables[0], TableName });
  }
  const program = jest(folder, { DYNAMODB_PORT: weir.port });
  assert.equal(await program.end(), 0, program.output);
  assert.deepEqual((await client.listTables({})).TableNames, ['others']);
});

test('all options of the configuration have their meaning', async (t) => {
  const folder = projectFor(t, 'jest');
  const program = jest(folder, {
    DYNAMODB_PORT: await freePort(),
    JEST_DYNAMODB_CONFIG: join(folder, 'other/config'),
    FAIL: '1',
  });
  assert.equal(await program.end(), 1);
  assert.match(program.stderr, /^Tests: +1 failed, 1 passed, 2 total$/m);
  assert.match(program.stderr, /^weir-dynamodb\/jest: ignored: installerConfig$/m);
  // The log is there because a test has failed, and it has what the options and the client did.
  assert.match(program.stderr, /listening on http:\/\/127\.0\.0\.2/);
  assert.match(program.stderr, /eu-central-1/);
});
