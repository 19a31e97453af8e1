// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { setEnvironment, start } from '../index.js';
import { assertGone, BINARY, freePort, isRunning, Program, serversIn, until } from './support.js';

async function started(t, options) {
  const weir = await start(options);
  t.after(() => weir.stop());
  return weir;
}

/** Sets a variable of this process until the test ends. */
function setVariable(t, name, value) {
  const takeBack = setEnvironment({ [name]: value });
  t.after(takeBack);
}

/** Calls an operation of the API as an SDK does, but without a signature, which Weir ignores. */
async function call(weir, operation, input) {
  const response = await fetch(weir.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, ' +
        'SignedHeaders=host;x-amz-date, Signature=0',
    },
    body: JSON.stringify(input),
  });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

const MUSIC = {
  TableName: 'Music',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
};

test('a server is ready when start resolves, and gone when stop does', async () => {
  const weir = await start();
  try {
    const health = await (await fetch(`${weir.url}/_weir/health`)).json();
    assert.deepEqual(health, { status: 'ok', version: weir.version });
    assert.equal(Number(new URL(weir.url).port), weir.port);
    assert.equal(weir.env.AWS_ENDPOINT_URL_DYNAMODB, weir.url);
    assert.ok(isRunning(weir.pid));
  } finally {
    await weir.stop();
  }
  await assertGone(weir);
  await weir.stop(); // A second time does nothing.
});

test('the clock is stopped, moved and resumed', async (t) => {
  const { clock } = await started(t);
  const at = (time) => ({ now: time, epochSeconds: Date.parse(time) / 1000, frozen: true });
  assert.deepEqual(await clock.freeze('2030-01-01'), at('2030-01-01T00:00:00.000000Z'));
  assert.deepEqual(await clock.advance(1500), at('2030-01-01T00:00:01.500000Z'));
  assert.deepEqual(await clock.advance('24h'), at('2030-01-02T00:00:01.500000Z'));
  assert.deepEqual(await clock.set(Date.UTC(2031)), at('2031-01-01T00:00:00.000000Z'));
  assert.deepEqual(await clock.now(), at('2031-01-01T00:00:00.000000Z'));
  assert.deepEqual(await clock.freeze(new Date('2032-01-01')), at('2032-01-01T00:00:00.000000Z'));
  assert.equal((await clock.resume()).frozen, false);
  await assert.rejects(clock.set('2020-01-01'), /2020-01-01|back/);
});

test('shards split, rotate and close, and all pages of them are listed', async (t) => {
  const weir = await started(t, { flags: ['--stream-shards', '1'] });
  const made = await call(weir, 'CreateTable', MUSIC);
  const shards = weir.shards('Music');
  const open = (list) => list.filter(({ State }) => State === 'OPEN').map(({ ShardId }) => ShardId);
  const [first] = open(await shards.list());
  assert.equal(open(await shards.split(first)).length, 2);
  assert.equal(open(await shards.rotate()).length, 2);
  assert.equal(open(await shards.set(5)).length, 5);
  const [closed] = open(await shards.list());
  assert.equal(open(await shards.close(closed)).length, 4);
  // A page has 1000 shards.
  await shards.set(250);
  for (let round = 0; round < 4; round += 1) await shards.rotate();
  const stream = weir.shards(made.TableDescription.LatestStreamArn);
  const all = await stream.list();
  assert.ok(all.length > 1000, `${all.length} shards`);
  assert.equal(new Set(all.map(({ ShardId }) => ShardId)).size, all.length);
  await assert.rejects(weir.shards('None').list(), /None/);
});

test('a reset takes the tables away', async (t) => {
  const weir = await started(t);
  await call(weir, 'CreateTable', MUSIC);
  await weir.reset();
  assert.deepEqual((await call(weir, 'ListTables', {})).TableNames, []);
});

test('a port among the flags is the one that is taken', async () => {
  const port = await freePort();
  for (const flags of [
    ['--port', `${port}`],
    [`--port=${port}`],
    ['-inMemory', '-port', `${port}`],
  ]) {
    const weir = await start({ flags });
    await weir.stop();
    assert.equal(weir.port, port);
  }
});

test("the user's variables for a server of his own are not passed on", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-npm-'));
  t.after(() => rmSync(folder, { recursive: true }));
  setVariable(t, 'WEIR_DATA_DIR', folder);
  setVariable(t, 'WEIR_LOG_LEVEL', 'trace');
  const weir = await started(t);
  await weir.reset();
  await call(weir, 'CreateTable', MUSIC);
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(weir.log, '');
});

test('the last 64 KiB of the log are kept', async (t) => {
  const weir = await started(t, { flags: ['--log-level', 'trace'] });
  const text = 'x'.repeat(100_000);
  await call(weir, 'ListTables', { Ignored: text });
  await weir.stop();
  assert.equal(weir.log.length, 64 * 1024);
});

test('a server that does not start fails with its log', async () => {
  await assert.rejects(start({ flags: ['--nonsense'] }), /exit code 2\n.*--nonsense/);
});

test('a binary that is none of Weir is an error', async () => {
  await assert.rejects(
    start({ binary: '/bin/true' }),
    /\/bin\/true did not start: it ended before/,
  );
  await assert.rejects(start({ binary: '/bin/echo' }), /not a ready line: serve --port 0/);
  await assert.rejects(start({ binary: '/nowhere/weir' }), /ENOENT/);
});

test('a binary that WEIR_BINARY names must be there, whatever is on the PATH', async (t) => {
  setVariable(t, 'WEIR_BINARY', '/nowhere/weir');
  await assert.rejects(start(), /WEIR_BINARY names \/nowhere\/weir/);
});

test('a binary without a folder is a file of the working directory', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-npm-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'other'));
  const script = `#!/bin/sh\nexec ${BINARY} "$@"\n`;
  writeFileSync(join(folder, 'weir'), script, { mode: 0o755 });
  writeFileSync(join(folder, 'other/weir'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  const text = `
    const { start } = await import(${JSON.stringify(new URL('../index.js', import.meta.url))});
    await (await start()).stop();
    await (await start({ binary: 'weir' })).stop();`;
  const args = ['--input-type=module', '--eval', text];
  const PATH = `${join(folder, 'other')}:${process.env.PATH}`;
  for (const name of ['weir', './weir']) {
    const env = { PATH, WEIR_BINARY: name };
    const program = new Program(process.execPath, args, { cwd: folder, env });
    assert.equal(await program.end(), 0, program.output);
  }
});

test('without WEIR_BINARY and a package, the binary on the PATH is taken', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-npm-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const script = `#!/bin/sh\nexec ${BINARY} "$@"\n`;
  writeFileSync(join(folder, 'weir'), script, { mode: 0o755 });
  setVariable(t, 'WEIR_BINARY', undefined);
  setVariable(t, 'PATH', `/nowhere:${folder}`);
  await started(t);
});

test('a request to a server that has ended fails with its log', async (t) => {
  const weir = await started(t, { flags: ['--log-level', 'debug'] });
  await until('its log', () => weir.log !== '');
  process.kill(weir.pid, 'SIGKILL');
  await assert.rejects(weir.reset(), /weir does not answer: [^\n]+\n.*listening on/);
});

const TAKEN_AWAY = [
  'AWS_ENDPOINT_URL',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
];

test('what sends requests elsewhere is taken away, in this process and in others', async (t) => {
  for (const name of TAKEN_AWAY) setVariable(t, name, 'of the user');
  const weir = await started(t);
  const expected = {
    AWS_ENDPOINT_URL_DYNAMODB: weir.url,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: weir.url,
    AWS_ENDPOINT_URL_STS: weir.url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
  };
  const seen = (env) =>
    Object.fromEntries(
      [...Object.keys(expected), ...TAKEN_AWAY]
        .filter((name) => name in env)
        .map((name) => [name, env[name]]),
    );
  const text = 'process.stdout.write(JSON.stringify(process.env))';
  const program = new Program(process.execPath, ['--eval', text], { env: weir.env });
  assert.equal(await program.end(), 0, program.output);
  assert.deepEqual(seen(JSON.parse(program.stdout)), expected);
  const takeBack = setEnvironment(weir.env);
  assert.deepEqual(seen(process.env), expected);
  takeBack();
  for (const name of TAKEN_AWAY) assert.equal(process.env[name], 'of the user');
});

test('setEnvironment takes back what it has set', (t) => {
  setVariable(t, 'AWS_PROFILE', 'mine');
  setVariable(t, 'AWS_REGION', undefined);
  const takeBack = setEnvironment({ AWS_PROFILE: undefined, AWS_REGION: 'us-east-1' });
  assert.equal('AWS_PROFILE' in process.env, false);
  assert.equal(process.env.AWS_REGION, 'us-east-1');
  takeBack();
  assert.equal(process.env.AWS_PROFILE, 'mine');
  assert.equal('AWS_REGION' in process.env, false);
});

const SCRIPT = `
  const { start } = await import(${JSON.stringify(new URL('../index.js', import.meta.url))});
  const weir = await start({ foreground: process.argv[1] === 'foreground' });
  await weir.reset();
  console.log('server', weir.pid, weir.port);
`;
const evaluate = (...args) =>
  new Program(process.execPath, ['--input-type=module', '--eval', SCRIPT, ...args]);

test('a server does not keep Node alive, and ends with it', async () => {
  const program = evaluate();
  assert.equal(await program.end(), 0, program.output);
  await assertGone(serversIn(program.stdout)[0]);
});

test('a server in the foreground keeps Node alive until it ends', async () => {
  const program = evaluate('foreground');
  await until(
    'the server',
    () => serversIn(program.stdout).length > 0,
    () => program.output,
  );
  const [server] = serversIn(program.stdout);
  process.kill(server.pid, 'SIGTERM');
  assert.equal(await program.end(), 0, program.output);
  assert.match(program.stderr, /ending on signal 15/);
});
