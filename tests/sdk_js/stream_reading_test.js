// SPDX-License-Identifier: Apache-2.0
// ListStreams, DescribeStream, GetShardIterator and GetRecords: pages, iterators, refusals.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dynamodb, streams } from './support/clients.js';
import { constraint, invalid, NOT_FOUND, ONE, refused, VALIDATION } from './support/errors.js';
import { describeShards, readFrom, readStream, shardIterator } from './support/stream_reader.js';
import { body, makeTable } from './support/tables.js';
import { N, S } from './support/values.js';

const KEY = { pk: S('a') };
// With provisioned capacity of 5 reads and 5 writes, the stream has one shard.
const ONE_SHARD = {
  view: 'NEW_IMAGE',
  ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
};

/** A table whose one shard holds `count` records, with the stream's ARN and the shard's id. */
async function withRecords(t, count) {
  const table = await makeTable(t, ['pk:S'], ONE_SHARD);
  for (let number = 0; number < count; number += 1) await table.put({ ...KEY, n: N(number) });
  const arn = await table.streamArn();
  await readStream(arn, count);
  const [shard, ...more] = await describeShards(arn);
  assert.equal(more.length, 0);
  return { table, arn, shardId: shard.ShardId };
}

const values = (records) => records.map((record) => Number(record.dynamodb.NewImage.n.N));

describe('DescribeStream', () => {
  it('describes an enabled stream', async (t) => {
    const { table, arn, shardId } = await withRecords(t, 1);
    const description = (await streams.describeStream({ StreamArn: arn })).StreamDescription;
    const { Shards: shards, CreationRequestDateTime: created, ...rest } = description;
    assert.deepEqual(rest, {
      StreamArn: arn,
      StreamLabel: arn.split('/stream/')[1],
      StreamStatus: 'ENABLED',
      StreamViewType: 'NEW_IMAGE',
      TableName: table.name,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    });
    assert.ok(created instanceof Date);
    assert.equal(shards.length, 1);
    assert.match(shardId, /^shardId-[0-9]{20}-[0-9a-f]{8}$/);
    assert.deepEqual(Object.keys(shards[0].SequenceNumberRange), ['StartingSequenceNumber']);
  });

  it('pages through the shards in the order of their ids', async (t) => {
    const table = await makeTable(t, ['pk:S'], { view: 'KEYS_ONLY' });
    const arn = await table.streamArn();
    const all = (await describeShards(arn)).map((shard) => shard.ShardId);
    const paged = (await describeShards(arn, { Limit: 1 })).map((shard) => shard.ShardId);
    assert.deepEqual(paged, all);
    assert.deepEqual(all, all.toSorted());
    const last = await streams.describeStream({
      StreamArn: arn,
      ExclusiveStartShardId: all.at(-1),
    });
    assert.deepEqual(last.StreamDescription.Shards, []);
  });

  it('finds no children of an open shard', async (t) => {
    const { arn, shardId } = await withRecords(t, 0);
    const { StreamDescription: description } = await streams.describeStream({
      StreamArn: arn,
      ShardFilter: { Type: 'CHILD_SHARDS', ShardId: shardId },
    });
    assert.deepEqual(description.Shards, []);
  });

  it('shows the end of a disabled stream, which stays readable', async (t) => {
    const { table, arn, shardId } = await withRecords(t, 2);
    await dynamodb.updateTable({
      TableName: table.name,
      StreamSpecification: { StreamEnabled: false },
    });
    await table.awaitActive();
    const { StreamDescription: description } = await streams.describeStream({ StreamArn: arn });
    assert.match(description.StreamStatus, /^DISABL(ING|ED)$/);
    const [shard] = await describeShards(arn);
    assert.ok(shard.SequenceNumberRange.EndingSequenceNumber);
    const page = await streams.getRecords({ ShardIterator: await shardIterator(arn, shardId) });
    assert.deepEqual(values(page.Records), [0, 1]);
    // The shard is closed and all its records are read, so there is no next iterator.
    assert.equal(page.NextShardIterator, undefined);
  });

  it('refuses an unknown stream', async (t) => {
    const { arn } = await withRecords(t, 0);
    const unknown = `${arn.slice(0, -1)}${arn.endsWith('0') ? 1 : 0}`;
    await refused(
      streams.describeStream({ StreamArn: unknown }),
      NOT_FOUND,
      `Requested resource not found: Stream: ${unknown} not found`,
    );
  });

  for (const parameters of [{ StreamArn: 'nonsense' }, {}, { StreamArn: 'nonsense', Limit: 0 }]) {
    it(`refuses ${JSON.stringify(parameters)}`, () =>
      refused(streams.describeStream(parameters), VALIDATION));
  }
});

describe('ListStreams', () => {
  it('lists the streams of a table, and of all tables in pages', async (t) => {
    const tables = [];
    for (let count = 0; count < 3; count += 1) {
      tables.push(await makeTable(t, ['pk:S'], { view: 'KEYS_ONLY' }));
    }
    const arns = await Promise.all(tables.map((table) => table.streamArn()));
    const own = await streams.listStreams({ TableName: tables[0].name });
    assert.deepEqual(own.Streams, [
      {
        StreamArn: arns[0],
        TableName: tables[0].name,
        StreamLabel: arns[0].split('/stream/')[1],
      },
    ]);
    assert.equal(own.LastEvaluatedStreamArn, undefined);
    const listed = [];
    let last;
    do {
      const page = await streams.listStreams({ Limit: 2, ExclusiveStartStreamArn: last });
      assert.ok(page.Streams.length <= 2);
      listed.push(...page.Streams.map((stream) => stream.StreamArn));
      last = page.LastEvaluatedStreamArn;
    } while (last);
    for (const arn of arns) assert.equal(listed.filter((one) => one === arn).length, 1);
  });

  it('is empty for a table without a stream', async (t) => {
    const table = await makeTable(t);
    assert.deepEqual(body(await streams.listStreams({ TableName: table.name })), { Streams: [] });
  });

  for (const limit of [0, 101]) {
    it(`refuses Limit ${limit}`, () => refused(streams.listStreams({ Limit: limit }), VALIDATION));
  }
});

describe('GetShardIterator', () => {
  it('starts at or after a record, at the oldest record, and after the newest', async (t) => {
    const { table, arn, shardId } = await withRecords(t, 4);
    const records = await readFrom(await shardIterator(arn, shardId));
    const from = async (type, more) =>
      values(await readFrom(await shardIterator(arn, shardId, type, more)));
    const SequenceNumber = records[2].dynamodb.SequenceNumber;
    assert.deepEqual(await from('TRIM_HORIZON'), [0, 1, 2, 3]);
    assert.deepEqual(await from('AT_SEQUENCE_NUMBER', { SequenceNumber }), [2, 3]);
    assert.deepEqual(await from('AFTER_SEQUENCE_NUMBER', { SequenceNumber }), [3]);
    const latest = await shardIterator(arn, shardId, 'LATEST');
    await table.put({ ...KEY, n: N(4) });
    assert.equal(values(await readFrom(latest)).at(-1), 4);
  });

  it('gives a fresh iterator each time', async (t) => {
    const { arn, shardId } = await withRecords(t, 0);
    const iterator = await shardIterator(arn, shardId);
    assert.ok(iterator.startsWith(`${arn}|`));
    assert.ok(iterator.length <= 2048);
    assert.notEqual(await shardIterator(arn, shardId), iterator);
  });

  it('refuses an unknown shard, and parameters that do not fit together', async (t) => {
    const { arn, shardId } = await withRecords(t, 1);
    const [record] = await readStream(arn, 1);
    const { SequenceNumber } = record.dynamodb;
    const missing = 'shardId-00000001414562045508-2bac9cd2';
    await refused(
      shardIterator(arn, missing),
      NOT_FOUND,
      'Requested resource not found: Shard does not exist',
    );
    await refused(shardIterator(arn, shardId, 'AT_SEQUENCE_NUMBER'), VALIDATION);
    await refused(shardIterator(arn, shardId, 'LATEST', { SequenceNumber }), VALIDATION);
    await refused(shardIterator(arn, shardId, 'SOMEWHERE'), VALIDATION);
    await invalid(
      streams.getShardIterator({ StreamArn: arn, ShardId: shardId }),
      ONE + constraint('null', 'shardIteratorType', 'not be null'),
    );
  });
});

describe('GetRecords', () => {
  it('pages by Limit, and an open shard always goes on', async (t) => {
    const { arn, shardId } = await withRecords(t, 5);
    const seen = [];
    let iterator = await shardIterator(arn, shardId);
    for (const expected of [2, 2, 1, 0]) {
      const page = await streams.getRecords({ ShardIterator: iterator, Limit: 2 });
      assert.equal(page.Records.length, expected);
      seen.push(...values(page.Records));
      iterator = page.NextShardIterator;
      assert.ok(iterator);
    }
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
  });

  it('gives at most 1 MB at once', async (t) => {
    const table = await makeTable(t, ['pk:S'], ONE_SHARD);
    const v = S('x'.repeat(300_000));
    for (let number = 0; number < 6; number += 1) await table.put({ ...KEY, n: N(number), v });
    const arn = await table.streamArn();
    assert.equal((await readStream(arn, 6)).length, 6);
    const [{ ShardId: shardId }] = await describeShards(arn);
    const page = await streams.getRecords({ ShardIterator: await shardIterator(arn, shardId) });
    const bytes = page.Records.reduce((sum, record) => sum + record.dynamodb.SizeBytes, 0);
    assert.ok(bytes <= 1024 * 1024 && page.Records.length >= 3, `${page.Records.length}`);
  });

  it('may be called with an iterator again', async (t) => {
    const { arn, shardId } = await withRecords(t, 2);
    const ShardIterator = await shardIterator(arn, shardId);
    const first = await streams.getRecords({ ShardIterator });
    const second = await streams.getRecords({ ShardIterator });
    assert.deepEqual(first.Records, second.Records);
  });

  it('refuses text that is not an iterator, and limits out of range', async (t) => {
    const { arn, shardId } = await withRecords(t, 0);
    await refused(streams.getRecords({ ShardIterator: 'nonsense' }), VALIDATION);
    const ShardIterator = await shardIterator(arn, shardId);
    await refused(
      streams.getRecords({ ShardIterator: `${ShardIterator.slice(0, -4)}` }),
      VALIDATION,
    );
    for (const Limit of [0, 1001]) {
      await refused(streams.getRecords({ ShardIterator, Limit }), VALIDATION);
    }
    await invalid(streams.getRecords({}), ONE + constraint('null', 'shardIterator', 'not be null'));
  });
});

describe('A stream that is enabled again', () => {
  it('is another stream, and the old stream stays', async (t) => {
    const { table, arn } = await withRecords(t, 1);
    const set = async (StreamSpecification) => {
      await dynamodb.updateTable({ TableName: table.name, StreamSpecification });
      await table.awaitActive();
    };
    await set({ StreamEnabled: false });
    const disabled = await table.describe();
    assert.equal(disabled.StreamSpecification, undefined);
    assert.equal(disabled.LatestStreamArn, arn);
    await set({ StreamEnabled: true, StreamViewType: 'KEYS_ONLY' });
    const again = await table.streamArn();
    assert.notEqual(again, arn);
    assert.deepEqual(await readStream(again, 0), []);
    const { Streams: listed } = await streams.listStreams({ TableName: table.name });
    assert.deepEqual(listed.map((stream) => stream.StreamArn).sort(), [arn, again].sort());
    assert.equal((await readStream(arn, 1)).length, 1);
  });

  for (const [title, from, to, message] of [
    [
      'enabling twice',
      'KEYS_ONLY',
      { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      (name) => `Table already has an enabled stream: TableName: ${name}`,
    ],
    [
      'disabling a missing stream',
      undefined,
      { StreamEnabled: false },
      (name) => `Table has no stream to disable: TableName: ${name}`,
    ],
    [
      'enabling without a view',
      undefined,
      { StreamEnabled: true },
      () =>
        'One or more parameter values were invalid: If stream is being enabled then ' +
        'UpdateViewType is required',
    ],
    [
      'nothing at all',
      undefined,
      {},
      () => ONE + constraint('null', 'streamSpecification.streamEnabled', 'not be null'),
    ],
  ]) {
    it(`refuses ${title}`, async (t) => {
      const table = await makeTable(t, ['pk:S'], { view: from });
      await invalid(
        dynamodb.updateTable({ TableName: table.name, StreamSpecification: to }),
        message(table.name),
      );
    });
  }
});
