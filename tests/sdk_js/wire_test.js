// SPDX-License-Identifier: Apache-2.0
// The wire as the SDK sees it: default settings, headers, CRC32, connections, retries, sizes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';

import {
  DynamoDB,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBStreams } from '@aws-sdk/client-dynamodb-streams';

import { recordAnswers } from './support/answers.js';
import { clientOf, endpoint, REGION } from './support/clients.js';
import { invalid } from './support/errors.js';
import { relayTo } from './support/relay.js';
import { definition, freshName, makeTable, sharedTable } from './support/tables.js';
import { S } from './support/values.js';
import { WeirServer } from './support/weir_server.js';

const KEY = { pk: S('a') };

/** Sets environment variables, or removes those that are undefined, until the test `t` ends. */
function setEnvironment(t, variables) {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    const set = (to) => {
      if (to === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = to;
      }
    };
    set(value);
    t.after(() => set(before));
  }
}

describe('A client with default settings', () => {
  it('works with commands', async (t) => {
    const table = await makeTable(t);
    await table.put({ ...KEY, v: S('x') });
    const client = clientOf(t, {}, DynamoDBClient);
    const reply = await client.send(new GetItemCommand({ TableName: table.name, Key: KEY }));
    assert.deepEqual(reply.Item, { ...KEY, v: S('x') });
    assert.equal(reply.$metadata.httpStatusCode, 200);
    assert.equal(reply.$metadata.attempts, 1);
  });

  it('finds its server and keys in the environment', async (t) => {
    setEnvironment(t, {
      AWS_PROFILE: undefined,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'fromenvironment',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    });
    const table = await makeTable(t);
    const client = new DynamoDB({});
    t.after(() => client.destroy());
    const { Table: described } = await client.describeTable({ TableName: table.name });
    assert.equal(described.TableName, table.name);
  });

  for (const region of ['us-east-1', 'local', 'us-fake-1']) {
    it(`sees the same tables from the region ${region}`, async (t) => {
      const table = await makeTable(t);
      await table.put(KEY);
      const credentials = { accessKeyId: 'another-key_1', secretAccessKey: 'x' };
      const client = clientOf(t, { region, credentials });
      const reply = await client.getItem({ TableName: table.name, Key: KEY });
      assert.deepEqual(reply.Item, KEY);
    });
  }

  it('gives a new table the ARN of its region', async (t) => {
    const client = clientOf(t, { region: 'ap-southeast-2' });
    const name = freshName(t);
    const created = await client.createTable(definition(name, ['pk:S'], { view: 'KEYS_ONLY' }));
    const { TableArn: arn, LatestStreamArn: stream } = created.TableDescription;
    assert.match(arn, new RegExp(`^arn:aws:dynamodb:ap-southeast-2:\\d{12}:table/${name}$`));
    assert.ok(stream.startsWith(`${arn}/stream/`));
  });
});

describe('An answer', () => {
  const table = sharedTable(['pk:S'], [{ ...KEY, v: S('𝄞 '.repeat(1000)) }]);
  const good = (client) => client.getItem({ TableName: table.name, Key: KEY });
  const bad = (client) => client.getItem({ TableName: table.name, Key: {} });

  async function answerOf(t, call, Client = DynamoDB) {
    const client = clientOf(t, { maxAttempts: 1 }, Client);
    const answers = recordAnswers(client);
    const outcome = await call(client).catch((error) => error);
    assert.equal(answers.length, 1);
    return { ...answers[0], outcome };
  }

  for (const [title, call, status, Client] of [
    ['a success', good, 200],
    ['an error', bad, 400],
    ['an error of the streams', (client) => client.listStreams({ Limit: 0 }), 400, DynamoDBStreams],
  ]) {
    it(`has the headers of AWS on ${title}`, async (t) => {
      const answer = await answerOf(t, call, Client);
      assert.equal(answer.status, status);
      assert.equal(Number(answer.headers['x-amz-crc32']), crc32(answer.body));
      assert.equal(Number(answer.headers['content-length']), answer.body.length);
      assert.equal(answer.headers['content-type'], 'application/x-amz-json-1.0');
      assert.match(answer.headers['x-amzn-requestid'], /^[0-9A-Z]{52}$/);
      // The SDK gives the id to its caller both with a result and with an error.
      assert.equal(answer.outcome.$metadata.requestId, answer.headers['x-amzn-requestid']);
    });
  }

  it('gives the full type of an error, and its text as `message` in lower case', async (t) => {
    const { body, outcome } = await answerOf(t, bad);
    const parsed = JSON.parse(body);
    assert.equal(parsed.__type, 'com.amazon.coral.validate#ValidationException');
    assert.equal(parsed.message, outcome.message);
    assert.equal(outcome.name, 'ValidationException');
  });

  it('has its own id each time', async (t) => {
    const client = clientOf(t);
    const ids = new Set();
    for (let count = 0; count < 5; count += 1) ids.add((await good(client)).$metadata.requestId);
    assert.equal(ids.size, 5);
  });
});

describe('Connections', () => {
  const table = sharedTable(['pk:S'], [KEY]);
  const get = (client) => client.getItem({ TableName: table.name, Key: KEY });
  const fail = (client) => client.getItem({ TableName: table.name, Key: {} });

  it('are kept alive, also after errors', async (t) => {
    const relay = await relayTo(t);
    const client = clientOf(t, { endpoint: relay.endpoint, maxAttempts: 1 });
    for (let count = 0; count < 20; count += 1) {
      await get(client);
      await invalid(fail(client), 'The provided key element does not match the schema');
    }
    assert.equal(relay.accepted, 1);
  });

  it('serve many requests at once', async (t) => {
    const relay = await relayTo(t);
    const client = clientOf(t, { endpoint: relay.endpoint, maxAttempts: 1 });
    const calls = Array.from({ length: 200 }, () => get(client));
    for (const reply of await Promise.all(calls)) assert.deepEqual(reply.Item, KEY);
    // The SDK opens at most 50 connections and reuses them.
    assert.ok(relay.accepted <= 50, `${relay.accepted}`);
  });

  it('that the server closed for being idle are replaced without an error', async (t) => {
    if (!process.env.WEIR_BINARY) return t.skip('needs a server of its own');
    const server = await WeirServer.start(process.env.WEIR_BINARY, ['--idle-timeout', '1']);
    t.after(async () => assert.equal(await server.stop(), 0));
    const relay = await relayTo(t, server.endpoint);
    const client = clientOf(t, { endpoint: relay.endpoint, maxAttempts: 1 });
    await client.send(new ListTablesCommand({}));
    const [socket] = relay.open;
    await new Promise((resolve) => socket.once('close', resolve));
    await client.send(new ListTablesCommand({}));
    assert.equal(relay.accepted, 2);
  });
});

describe('Retries', () => {
  const table = sharedTable(['pk:S'], [KEY]);

  for (const fault of ['refuse', 'break']) {
    it(`succeed when the first two connections ${fault}`, async (t) => {
      const relay = await relayTo(t);
      relay[fault] = 2;
      const client = clientOf(t, { endpoint: relay.endpoint });
      const reply = await client.getItem({ TableName: table.name, Key: KEY });
      assert.deepEqual(reply.Item, KEY);
      assert.equal(reply.$metadata.attempts, 3);
      assert.equal(relay.accepted, 3);
    });
  }

  it('make a put again when its answer breaks off, and the item is as after one put', async (t) => {
    const relay = await relayTo(t);
    relay.break = 1;
    const client = clientOf(t, { endpoint: relay.endpoint });
    const Item = { pk: S('put'), v: S('x') };
    // The server carried out the first attempt, so the second one finds the item of the first.
    const reply = await client.putItem({ TableName: table.name, Item, ReturnValues: 'ALL_OLD' });
    assert.equal(reply.$metadata.attempts, 2);
    assert.deepEqual(reply.Attributes, Item);
  });

  it('are not made for the errors of a request', async (t) => {
    const client = clientOf(t);
    const call = client.getItem({ TableName: table.name, Key: {} });
    const error = await invalid(call);
    assert.equal(error.$metadata.attempts, 1);
    assert.equal(error.$retryable, undefined);
  });
});

describe('Bodies', () => {
  it('of 10 MB go both ways', async (t) => {
    const table = await makeTable(t, ['pk:S', 'sk:S']);
    const client = clientOf(t, { maxAttempts: 1 });
    const value = S('ä'.repeat(200_000));
    const items = Array.from({ length: 25 }, (_, number) => ({
      ...KEY,
      sk: S(`${number}`),
      value,
    }));
    const RequestItems = { [table.name]: items.map((Item) => ({ PutRequest: { Item } })) };
    assert.deepEqual((await client.batchWriteItem({ RequestItems })).UnprocessedItems, {});
    const Keys = items.map(({ pk, sk }) => ({ pk, sk }));
    const reply = await client.batchGetItem({ RequestItems: { [table.name]: { Keys } } });
    const found = reply.Responses[table.name];
    assert.equal(found.length, 25);
    for (const item of found) assert.equal(item.value.S, value.S);
  });

  it('of more than 16 MB are refused, and the client goes on', async (t) => {
    const table = await makeTable(t);
    const client = clientOf(t, { maxAttempts: 1 });
    const Item = { ...KEY, v: S('x'.repeat(17 * 1024 * 1024)) };
    const call = client.putItem({ TableName: table.name, Item });
    await assert.rejects(call, (error) => error.$metadata?.httpStatusCode === 413);
    const reply = await client.getItem({ TableName: table.name, Key: KEY });
    assert.equal(reply.Item, undefined);
  });
});
