// SPDX-License-Identifier: Apache-2.0
// Change records through the streams client: what each view holds, which writes make no record, and
// the order of records.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dynamodb, REGION } from './support/clients.js';
import { refused } from './support/errors.js';
import { describeShards, readShard, readStream, summary } from './support/stream_reader.js';
import { makeTable } from './support/tables.js';
import { B, BOOL, BS, L, M, N, NS, NULL, S, SS } from './support/values.js';

const KEY = { pk: S('a') };
const BOTH = 'NEW_AND_OLD_IMAGES';
const FIRST = { ...KEY, v: N(1) };
const SECOND = { ...KEY, v: N(2), w: S('x') };
const ALL_TYPES = {
  s: S('text'),
  empty: S(''),
  n: N('1.5'),
  b: B(0, 255),
  eb: B(),
  t: BOOL(true),
  f: BOOL(false),
  nul: NULL,
  ss: SS('x'),
  ns: NS(1),
  bs: BS([7]),
  l: L(N(1), M({ x: L() })),
  el: L(),
  m: M({ y: M() }),
  em: M(),
};

const streamed = (t, view = BOTH, keys = ['pk:S']) => makeTable(t, keys, { view });
const recordsOf = async (table, count) => {
  const records = await readStream(await table.streamArn(), count);
  assert.equal(records.length, count);
  return records;
};

describe('View', () => {
  for (const [view, hasNew, hasOld] of [
    ['KEYS_ONLY', false, false],
    ['NEW_IMAGE', true, false],
    ['OLD_IMAGE', false, true],
    [BOTH, true, true],
  ]) {
    it(`${view} holds its images`, async (t) => {
      const table = await streamed(t, view);
      await table.put(FIRST);
      await table.put(SECOND);
      await table.delete(KEY);
      const records = await recordsOf(table, 3);
      const image = (wanted, value) => (wanted ? value : undefined);
      assert.deepEqual(summary(records), [
        ['INSERT', undefined, image(hasNew, FIRST)],
        ['MODIFY', image(hasOld, FIRST), image(hasNew, SECOND)],
        ['REMOVE', image(hasOld, SECOND), undefined],
      ]);
      for (const { dynamodb: change } of records) {
        assert.deepEqual(change.Keys, KEY);
        assert.equal(change.StreamViewType, view);
      }
    });
  }
});

describe('Record', () => {
  it('has the members of AWS', async (t) => {
    const table = await streamed(t);
    const before = Date.now();
    await table.put(FIRST);
    await table.put(SECOND);
    await table.delete(KEY);
    const after = Date.now();
    const records = await recordsOf(table, 3);
    for (const [position, record] of records.entries()) {
      assert.deepEqual(Object.keys(record).sort(), [
        'awsRegion',
        'dynamodb',
        'eventID',
        'eventName',
        'eventSource',
        'eventVersion',
      ]);
      assert.equal(record.awsRegion, REGION);
      assert.equal(record.eventSource, 'aws:dynamodb');
      assert.equal(record.eventVersion, '1.1');
      assert.match(record.eventID, /^[0-9a-f]{32}$/);
      const change = record.dynamodb;
      const images = [['NewImage'], ['NewImage', 'OldImage'], ['OldImage']][position];
      assert.deepEqual(Object.keys(change).sort(), [
        'ApproximateCreationDateTime',
        'Keys',
        ...images,
        'SequenceNumber',
        'SizeBytes',
        'StreamViewType',
      ]);
      assert.match(change.SequenceNumber, /^[0-9]{21,40}$/);
      const time = change.ApproximateCreationDateTime;
      assert.ok(time instanceof Date);
      assert.equal(time.getMilliseconds(), 0);
      assert.ok(time.getTime() > before - 1000 && time.getTime() <= after);
    }
    assert.equal(new Set(records.map((record) => record.eventID)).size, 3);
  });

  it('holds every type of value', async (t) => {
    const table = await streamed(t);
    await table.put({ ...KEY, ...ALL_TYPES });
    await table.delete(KEY);
    assert.deepEqual(summary(await recordsOf(table, 2)), [
      ['INSERT', undefined, { ...KEY, ...ALL_TYPES }],
      ['REMOVE', { ...KEY, ...ALL_TYPES }, undefined],
    ]);
  });

  it('has the whole primary key in its normal form', async (t) => {
    const table = await streamed(t, 'KEYS_ONLY', ['pk:B', 'sk:N']);
    await table.put({ pk: B(0, 255), sk: N('1.50'), v: S('x') });
    const [record] = await recordsOf(table, 1);
    assert.deepEqual(record.dynamodb.Keys, { pk: B(0, 255), sk: N('1.5') });
  });

  // The sizes are those that AWS gave for these items.
  for (const [view, keys, items, sizes] of [
    ['KEYS_ONLY', ['Username:S'], [{ Username: S('Fred'), ignored: S('x') }], [12]],
    [
      'NEW_IMAGE',
      ['my_partition_key:S'],
      [{ my_partition_key: S('hello world'), binary_key: B(1, 2, 3, 4, 5, 6) }],
      [70],
    ],
    [
      BOTH,
      ['Id:N'],
      [
        { Id: N(101), Message: S('New item!') },
        { Id: N(101), Message: S('This item has changed') },
      ],
      [26, 59],
    ],
  ]) {
    it(`of ${view} is of size ${sizes}`, async (t) => {
      const table = await streamed(t, view, keys);
      for (const item of items) await table.put(item);
      const records = await recordsOf(table, sizes.length);
      assert.deepEqual(
        records.map((record) => record.dynamodb.SizeBytes),
        sizes,
      );
    });
  }
});

describe('No record is made by', () => {
  const stored = {
    ...KEY,
    n: N(1),
    s: SS('x', 'y'),
    m: M({ a: N(1), b: N(2) }),
    l: L(N(1)),
  };
  const update = (expression, value) => (table) =>
    table.update(KEY, expression, value && { ':v': value });

  for (const [title, attempt] of [
    ['a put of the same item', (table) => table.put(stored)],
    ['a put of an equal number', (table) => table.put({ ...stored, n: N('1.0') })],
    ['a put of a set in another order', (table) => table.put({ ...stored, s: SS('y', 'x') })],
    ['an update without expression', (table) => table.update(KEY)],
    ['SET of the same value', update('SET n = :v', N('1.00'))],
    ['SET of an equal map', update('SET m = :v', M({ b: N(2), a: N(1) }))],
    ['SET of an equal value inside a map', update('SET m.a = :v', N(1))],
    ['if_not_exists', update('SET n = if_not_exists(n, :v)', N(9))],
    ['ADD 0', update('ADD n :v', N(0))],
    ['ADD of an element that the set has', update('ADD s :v', SS('x'))],
    ['DELETE of an element that is missing', update('DELETE s :v', SS('z'))],
    ['DELETE from a missing set', update('DELETE absent :v', SS('z'))],
    ['REMOVE of missing paths', update('REMOVE absent, m.absent, l[7]')],
    [
      'a batch that changes nothing',
      (table) =>
        dynamodb.batchWriteItem({
          RequestItems: {
            [table.name]: [
              { PutRequest: { Item: stored } },
              { DeleteRequest: { Key: { pk: S('absent') } } },
            ],
          },
        }),
    ],
    ['a delete of an absent item', (table) => table.delete({ pk: S('absent') })],
    ['REMOVE on an absent item', (table) => table.update({ pk: S('absent') }, 'REMOVE a.b, c[0]')],
    ['a read', (table) => table.get(KEY)],
  ]) {
    it(title, async (t) => {
      const table = await streamed(t);
      await table.put(stored);
      await attempt(table);
      await table.delete(KEY);
      assert.deepEqual(summary(await recordsOf(table, 2)), [
        ['INSERT', undefined, stored],
        ['REMOVE', stored, undefined],
      ]);
    });
  }

  for (const method of ['put', 'delete', 'update']) {
    it(`a failed condition of ${method}`, async (t) => {
      const table = await streamed(t);
      await table.put(KEY);
      const condition = { ConditionExpression: 'attribute_not_exists(pk)' };
      const call =
        method === 'update'
          ? table.update(KEY, 'SET a = pk', undefined, condition)
          : table[method](KEY, condition);
      await refused(call, 'ConditionalCheckFailedException');
      await table.delete(KEY);
      const events = (await recordsOf(table, 2)).map((record) => record.eventName);
      assert.deepEqual(events, ['INSERT', 'REMOVE']);
    });
  }
});

describe('A record is made by', () => {
  it('an update that creates an item, with and without expression', async (t) => {
    const table = await streamed(t);
    await table.update(KEY);
    await table.update({ pk: S('b') }, 'SET a = :v', { ':v': N(1) });
    const records = await recordsOf(table, 2);
    const byKey = records.toSorted((a, b) =>
      a.dynamodb.Keys.pk.S < b.dynamodb.Keys.pk.S ? -1 : 1,
    );
    assert.deepEqual(summary(byKey), [
      ['INSERT', undefined, KEY],
      ['INSERT', undefined, { pk: S('b'), a: N(1) }],
    ]);
  });

  it('an update that modifies', async (t) => {
    const table = await streamed(t);
    const before = { ...KEY, m: M({ x: N(1) }), l: L(N(1)) };
    await table.put(before);
    await table.update(KEY, 'SET m.y = :v REMOVE l[0]', { ':v': N(2) });
    const after = { ...KEY, m: M({ x: N(1), y: N(2) }), l: L() };
    assert.deepEqual(summary(await recordsOf(table, 2)), [
      ['INSERT', undefined, before],
      ['MODIFY', before, after],
    ]);
  });

  it('each effective write of a batch', async (t) => {
    const table = await streamed(t);
    const items = Array.from({ length: 25 }, (_, number) => ({ pk: S(`item ${number}`) }));
    await table.fill(items);
    const records = await recordsOf(table, 25);
    const names = records.map((record) => record.dynamodb.NewImage.pk.S).sort();
    assert.deepEqual(names, items.map((item) => item.pk.S).sort());
  });
});

describe('Order', () => {
  it('of the changes of an item is that of its writes', async (t) => {
    const table = await streamed(t, 'NEW_IMAGE');
    const keys = Array.from({ length: 12 }, (_, number) => ({ pk: S(`key ${number}`) }));
    const turns = [0, 1, 2, 3, 4, 5];
    for (const turn of turns) {
      for (const key of keys) await table.update(key, 'SET turn = :t', { ':t': N(turn) });
    }
    const records = await recordsOf(table, keys.length * turns.length);
    for (const { pk } of keys) {
      const own = records.filter((record) => record.dynamodb.Keys.pk.S === pk.S);
      assert.deepEqual(
        own.map((record) => record.dynamodb.NewImage.turn),
        turns.map(N),
      );
      const numbers = own.map((record) => BigInt(record.dynamodb.SequenceNumber));
      assert.ok(numbers.every((number, i) => i === 0 || number > numbers[i - 1]));
    }
    const all = new Set(records.map((record) => record.dynamodb.SequenceNumber));
    assert.equal(all.size, records.length);
  });

  it('of a shard is that of its numbers, and an item stays in one shard', async (t) => {
    const table = await streamed(t, 'KEYS_ONLY');
    for (let number = 0; number < 60; number += 1) {
      const key = { pk: S(`key ${number}`) };
      await table.put(key);
      await table.delete(key);
    }
    await recordsOf(table, 120);
    const arn = await table.streamArn();
    const homes = new Map();
    for (const shard of await describeShards(arn)) {
      const records = await readShard(arn, shard.ShardId);
      const numbers = records.map((record) => BigInt(record.dynamodb.SequenceNumber));
      assert.ok(numbers.every((number, i) => i === 0 || number > numbers[i - 1]));
      const start = BigInt(shard.SequenceNumberRange.StartingSequenceNumber);
      assert.ok(numbers.every((number) => number >= start));
      for (const record of records) {
        const name = record.dynamodb.Keys.pk.S;
        assert.equal(homes.get(name) ?? shard.ShardId, shard.ShardId);
        homes.set(name, shard.ShardId);
      }
    }
    assert.equal(homes.size, 60);
  });
});
