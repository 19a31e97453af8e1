// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { setEnvironment, start } from '../index.js';
import { freePort, Program, projectFor, tool, until } from './support.js';

const { DynamoDB } = await import(tool('@aws-sdk/client-dynamodb/dist-cjs/index.js'));

function serverless(folder, port, ...args) {
  return new Program(process.execPath, [tool('serverless/bin/serverless.js'), ...args], {
    cwd: folder,
    env: { DYNAMODB_PORT: port, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
  });
}

/** A server of the test's own, and a client of it. */
async function withClient(t) {
  const weir = await start();
  t.after(() => weir.stop());
  t.after(setEnvironment(weir.env));
  return { port: weir.port, client: new DynamoDB({}) };
}

async function assertSeeded(client) {
  assert.deepEqual((await client.listTables({})).TableNames, ['numbers', 'people']);
  const { Items } = await client.scan({ TableName: 'people' });
  const byId = Object.fromEntries(Items.map((item) => [item.id.S, item]));
  assert.deepEqual(byId, {
    plain: { id: { S: 'plain' }, nothing: { NULL: true }, bytes: { B: new Uint8Array([1, 2]) } },
    raw: { id: { S: 'raw' }, tags: { SS: ['a', 'b'] } },
  });
  assert.equal((await client.scan({ TableName: 'numbers' })).Count, 60);
}

test('start makes the tables as the stack would, and seeds them', async (t) => {
  const port = await freePort();
  const program = serverless(projectFor(t, 'serverless'), port, 'dynamodb', 'start');
  try {
    await until(
      'the last table',
      () => /table: numbers/.test(program.output),
      () => program.output,
    );
    const client = new DynamoDB({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    await assertSeeded(client);
    const TableName = 'people';
    const { Table } = await client.describeTable({ TableName });
    assert.equal(Table.StreamSpecification.StreamViewType, 'NEW_IMAGE');
    assert.equal(Table.BillingModeSummary.BillingMode, 'PAY_PER_REQUEST');
    assert.equal(Table.SSEDescription.Status, 'ENABLED');
    const { TimeToLiveDescription } = await client.describeTimeToLive({ TableName });
    assert.equal(TimeToLiveDescription.TimeToLiveStatus, 'ENABLED');
    const { ContinuousBackupsDescription } = await client.describeContinuousBackups({ TableName });
    const { PointInTimeRecoveryDescription: recovery } = ContinuousBackupsDescription;
    assert.equal(recovery.PointInTimeRecoveryStatus, 'ENABLED');
    const { Tags } = await client.listTagsOfResource({ ResourceArn: Table.TableArn });
    assert.deepEqual(Tags, [{ Key: 'team', Value: 'blue' }]);
    client.destroy();
  } finally {
    await program.stop('SIGTERM');
  }
  await assert.rejects(fetch(`http://127.0.0.1:${port}`));
  assert.match(program.stderr, /ignored by Weir: heapMax$/m);
  assert.match(program.stderr, /ignored in people: ContributorInsightsSpecification$/m);
});

test('start with noStart uses the server that runs, and migrate and seed do so alone', async (t) => {
  const { port, client } = await withClient(t);
  const folder = projectFor(t, 'serverless');
  for (const args of [['start', '--noStart'], ['migrate'], ['seed']]) {
    const program = serverless(folder, port, 'dynamodb', ...args);
    assert.equal(await program.end(), 0, program.output);
    await assertSeeded(client);
  }
  const unknown = serverless(folder, port, 'dynamodb', 'seed', '--seed=people,none');
  assert.equal(await unknown.end(), 1);
  assert.match(unknown.output, /custom\.dynamodb\.seed has no category none/);
});

test('migration files are written and executed', async (t) => {
  const { port, client } = await withClient(t);
  const folder = projectFor(t, 'serverless');
  const created = serverless(folder, port, 'dynamodb', 'create', '-n', 'orders');
  assert.equal(await created.end(), 0, created.output);
  const path = join(folder, 'dynamodb/orders.json');
  const migration = JSON.parse(readFileSync(path, 'utf8'));
  assert.equal(migration.Table.TableName, 'orders');
  const other = { Table: { ...migration.Table, TableName: 'other' } };
  writeFileSync(join(folder, 'dynamodb/other.json'), JSON.stringify(other));

  const one = serverless(folder, port, 'dynamodb', 'execute', '--name', 'orders');
  assert.equal(await one.end(), 0, one.output);
  assert.deepEqual((await client.listTables({})).TableNames, ['local-orders']);
  const { Items } = await client.scan({ TableName: 'local-orders' });
  assert.deepEqual(Items, [{ id: { S: 'first' } }]);

  const all = serverless(folder, port, 'dynamodb', 'executeAll');
  assert.equal(await all.end(), 0, all.output);
  assert.match(all.stderr, /table local-orders already exists/);
  assert.deepEqual((await client.listTables({})).TableNames, ['local-orders', 'local-other']);
});

test('a stage that is not listed gets no server', async (t) => {
  const port = await freePort();
  const folder = projectFor(t, 'serverless');
  const program = serverless(folder, port, 'dynamodb', 'start', '--stage', 'prod', '-d', 'data');
  assert.equal(await program.end(), 0, program.output);
  assert.match(program.stderr, /no start: stage prod is not one of dev/);
});

test('the options of start reach the server', async (t) => {
  const port = await freePort();
  const folder = projectFor(t, 'serverless');
  const args = ['-p', `${port}`, '-d', 'data', '--cors', 'https://app.example', '--docker'];
  const program = serverless(folder, 1, 'dynamodb', 'start', ...args);
  try {
    await until(
      'the last table',
      () => /table: numbers/.test(program.output),
      () => program.output,
    );
    const letsIn = async (origin) => {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const response = await fetch(`http://127.0.0.1:${port}`, { method: 'OPTIONS', headers });
      return response.headers.has('access-control-allow-origin');
    };
    assert.equal(await letsIn('https://app.example'), true);
    assert.equal(await letsIn('https://other.example'), false);
  } finally {
    await program.stop('SIGINT');
  }
  assert.match(program.stderr, /ignored by Weir: heapMax, docker$/m);
  assert.ok(existsSync(join(folder, 'data')));

  const optimized = serverless(folder, port, 'dynamodb', 'start', '--optimizeDbBeforeStartup');
  assert.equal(await optimized.end(), 1);
  assert.match(optimized.output, /optimizeDbBeforeStartup/);
});

test('serverless-offline starts the server, and ends with it', async (t) => {
  for (const command of [['offline'], ['offline', 'start']]) {
    const port = await freePort();
    const folder = projectFor(t, 'serverless');
    const args = [...command, '--config', 'offline.yml'];
    const program = serverless(folder, port, ...args);
    try {
      await until(
        'its start',
        () => /Starting Offline/.test(program.output),
        () => program.output,
      );
      assert.match(program.output, /table: numbers/);
      assert.equal((await fetch(`http://127.0.0.1:${port}`)).status, 400);
    } finally {
      await program.stop('SIGTERM');
    }
    await assert.rejects(fetch(`http://127.0.0.1:${port}`));
  }
});
