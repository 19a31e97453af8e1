// SPDX-License-Identifier: Apache-2.0
// Uses the server through Dynamoose, which makes and changes its tables by itself.

import assert from 'node:assert/strict';

import dynamoose from 'dynamoose';

import { client, range, run } from './harness.js';

const KEYS = {
  shelf: { type: String, hashKey: true },
  number: { type: Number, rangeKey: true },
};
const ATTRIBUTES = {
  ...KEYS,
  kind: { type: String, index: { name: 'by-kind', type: 'global', rangeKey: 'stock' } },
  stock: { type: Number, default: 0, index: { name: 'by-stock', type: 'local', project: false } },
  labels: { type: Set, schema: [String] },
  size: { type: Object, schema: { width: Number, unit: String } },
  history: { type: Array, schema: [Number] },
  made: Date,
  picture: Buffer,
};

const Part = dynamoose.model('parts', new dynamoose.Schema(ATTRIBUTES));
const Counter = dynamoose.model('counters', { name: String, value: Number });
const Missing = dynamoose.model('missing', { name: String }, { create: false });

const FIRST_OPTIONS = { throughput: 'ON_DEMAND', initialize: false, tags: { stage: 'test' } };

const refused = { name: 'ConditionalCheckFailedException' };

async function fill(shelf, count) {
  const parts = range(0, count).map((number) => ({
    shelf,
    number,
    stock: number,
    kind: number % 2 === 0 ? `even ${shelf}` : `odd ${shelf}`,
  }));
  // A batch of DynamoDB has 25 writes at most, and Dynamoose leaves it to its user to split.
  for (let first = 0; first < count; first += 25) {
    const { unprocessedItems } = await Part.batchPut(parts.slice(first, first + 25));
    assert.deepEqual(unprocessedItems, []);
  }
}

const numbers = (items) => items.map((item) => item.number);

async function createTables() {
  await new dynamoose.Table('parts', [Part], FIRST_OPTIONS).initialize();
  await new dynamoose.Table('counters', [Counter], { initialize: false }).initialize();
  const { Table } = await client.describeTable({ TableName: 'parts' });
  assert.equal(Table.BillingModeSummary.BillingMode, 'PAY_PER_REQUEST');
  assert.deepEqual(
    Table.GlobalSecondaryIndexes.map((index) => [index.IndexName, index.IndexStatus]),
    [['by-kind', 'ACTIVE']],
  );
  assert.deepEqual(Table.LocalSecondaryIndexes[0].Projection, { ProjectionType: 'KEYS_ONLY' });
  const { Tags } = await client.listTagsOfResource({ ResourceArn: Table.TableArn });
  assert.deepEqual(Tags, [{ Key: 'stage', Value: 'test' }]);
}

async function updateTable() {
  const Wider = dynamoose.model(
    'parts',
    new dynamoose.Schema({
      ...ATTRIBUTES,
      maker: { type: String, index: { name: 'by-maker', type: 'global' } },
    }),
  );
  const options = {
    ...FIRST_OPTIONS,
    update: true,
    tags: { stage: 'changed' },
    expires: { ttl: 86_400_000, attribute: 'expires' },
    streamOptions: { enabled: true, type: 'NEW_AND_OLD_IMAGES' },
    // Until the new index can be used.
    waitForActive: { enabled: true, check: { frequency: 10, timeout: 10_000 } },
  };
  await new dynamoose.Table('parts', [Wider], options).initialize();
  const { Table } = await client.describeTable({ TableName: 'parts' });
  const names = Table.GlobalSecondaryIndexes.map((index) => index.IndexName);
  assert.deepEqual(names.sort(), ['by-kind', 'by-maker']);
  assert.equal(Table.StreamSpecification.StreamViewType, 'NEW_AND_OLD_IMAGES');
  const { TimeToLiveDescription } = await client.describeTimeToLive({ TableName: 'parts' });
  assert.equal(TimeToLiveDescription.AttributeName, 'expires');
  const { Tags } = await client.listTagsOfResource({ ResourceArn: Table.TableArn });
  assert.deepEqual(Tags, [{ Key: 'stage', Value: 'changed' }]);
}

async function createAndGet() {
  const part = {
    shelf: 'A',
    number: 1,
    kind: 'bolt',
    stock: 12.5,
    labels: new Set(['new', 'red']),
    size: { width: 3, unit: 'mm' },
    history: [1, 2, 3],
    made: new Date('2026-02-03T04:05:06.789Z'),
    picture: Buffer.from([0, 127, 255]),
  };
  await Part.create(part);
  const read = await Part.get({ shelf: 'A', number: 1 }, { consistent: true });
  assert.deepEqual({ ...read, picture: Buffer.from(read.picture) }, part);
  assert.equal(await Part.get({ shelf: 'A', number: 404 }), undefined);
}

async function createTwice() {
  await Part.create({ shelf: 'B', number: 1 });
  await assert.rejects(Part.create({ shelf: 'B', number: 1 }), refused);
  await Part.create({ shelf: 'B', number: 1, stock: 2 }, { overwrite: true });
  assert.equal((await Part.get({ shelf: 'B', number: 1 })).stock, 2);
}

async function update() {
  const key = { shelf: 'C', number: 1 };
  const part = await Part.create({ ...key, stock: 1, kind: 'nut', history: [1] });
  const updated = await Part.update(
    key,
    { $ADD: { stock: 2, history: [2] }, $SET: { size: { width: 9 } }, $REMOVE: ['kind'] },
    { condition: new dynamoose.Condition().where('stock').between(1, 5) },
  );
  const { stock, history, size, kind } = updated;
  assert.deepEqual({ stock, history, width: size.width }, { stock: 3, history: [1, 2], width: 9 });
  assert.equal(kind, undefined);
  const condition = new dynamoose.Condition().filter('stock').gt(100);
  await assert.rejects(Part.update(key, { stock: 0 }, { condition }), {
    ...refused,
    message: 'The conditional request failed',
  });
  await assert.rejects(part.delete({ condition }), refused);
  await part.delete();
  assert.equal(await Part.get(key), undefined);
}

async function query() {
  await fill('D', 30);
  const first = await Part.query('shelf').eq('D').where('number').ge(5).limit(7).exec();
  assert.deepEqual(numbers(first), range(5, 12));
  const next = await Part.query('shelf').eq('D').startAt(first.lastKey).limit(3).exec();
  assert.deepEqual(numbers(next), [12, 13, 14]);
  const all = await Part.query('shelf').eq('D').sort('descending').limit(4).all().exec();
  assert.deepEqual(numbers(all), range(0, 30).reverse());
  const counted = await Part.query('shelf')
    .eq('D')
    .filter('kind')
    .in(['odd D', 'none'])
    .count()
    .exec();
  assert.equal(counted.count, 15);
}

async function queryIndexes() {
  await fill('E', 10);
  const odd = await Part.query('kind').eq('odd E').where('stock').gt(4).using('by-kind').exec();
  assert.deepEqual(numbers(odd), [5, 7, 9]);
  await Part.update({ shelf: 'E', number: 0 }, { stock: 100 });
  const sorted = await Part.query('shelf').eq('E').where('stock').ge(8).using('by-stock').exec();
  assert.deepEqual(numbers(sorted), [8, 9, 0]);
}

async function scan() {
  await fill('F', 40);
  const items = await Part.scan('shelf').eq('F').parallel(4).all().exec();
  assert.deepEqual(
    numbers(items).sort((one, other) => one - other),
    range(0, 40),
  );
}

async function batches() {
  await fill('G', 10);
  const keys = range(5, 15).map((number) => ({ shelf: 'G', number }));
  const read = await Part.batchGet(keys);
  assert.deepEqual(numbers(read).sort(), range(5, 10));
  assert.deepEqual(read.unprocessedKeys, []);
  await Part.batchDelete(keys);
  assert.deepEqual(numbers(await Part.query('shelf').eq('G').exec()), range(0, 5));
}

async function transaction() {
  await fill('H', 3);
  await dynamoose.transaction([
    Part.transaction.create({ shelf: 'H', number: 10 }),
    Part.transaction.update({ shelf: 'H', number: 0 }, { $ADD: { stock: 5 } }),
    Part.transaction.delete({ shelf: 'H', number: 1 }),
    Part.transaction.condition(
      { shelf: 'H', number: 2 },
      new dynamoose.Condition().filter('stock').eq(2),
    ),
    Counter.transaction.create({ name: 'transactions', value: 1 }),
  ]);
  const [updated, created] = await dynamoose.transaction([
    Part.transaction.get({ shelf: 'H', number: 0 }),
    Part.transaction.get({ shelf: 'H', number: 10 }),
  ]);
  assert.deepEqual([updated.stock, created.stock], [5, 0]);
  assert.deepEqual(numbers(await Part.query('shelf').eq('H').exec()), [0, 2, 10]);
}

async function cancelledTransaction() {
  await Part.create({ shelf: 'I', number: 1 });
  const cancelled = dynamoose.transaction([
    Part.transaction.create({ shelf: 'I', number: 2 }),
    Part.transaction.create({ shelf: 'I', number: 1 }),
  ]);
  await assert.rejects(cancelled, (error) => {
    assert.equal(error.name, 'TransactionCanceledException');
    const codes = error.CancellationReasons.map((reason) => reason.Code);
    assert.deepEqual(codes, ['None', 'ConditionalCheckFailed']);
    return true;
  });
  assert.equal(await Part.get({ shelf: 'I', number: 2 }), undefined);
}

async function missingTable() {
  new dynamoose.Table('missing', [Missing], { create: false, waitForActive: false });
  const error = { name: 'ResourceNotFoundException' };
  await assert.rejects(Missing.get('x'), error);
  await assert.rejects(Missing.create({ name: 'x' }), error);
}

await run({
  'a table with indexes and tags is made': createTables,
  'items of all types come back': createAndGet,
  'create refuses an item that is there': createTwice,
  'updates and deletions with and without conditions': update,
  'a query goes on from its last key': query,
  'queries of a global and of a local index': queryIndexes,
  'a parallel scan finds every item once': scan,
  'batches put, get and delete': batches,
  'transactions write and read': transaction,
  'a cancelled transaction has its reasons': cancelledTransaction,
  'a missing table is ResourceNotFoundException': missingTable,
  'an index, a stream, a time to live and tags are added': updateTable,
});
