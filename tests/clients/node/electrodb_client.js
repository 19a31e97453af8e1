// SPDX-License-Identifier: Apache-2.0
// Uses the server through ElectroDB: two entities of one service in one table.

import assert from 'node:assert/strict';

import { Entity, Service } from 'electrodb';

import { client, createTable, documents, range, run } from './harness.js';

const TABLE = 'stores';
const configuration = { client: documents, table: TABLE };

const Part = new Entity(
  {
    model: { entity: 'part', version: '1', service: 'stores' },
    attributes: {
      store: { type: 'string', required: true },
      part: { type: 'string', required: true },
      kind: { type: 'string', required: true, default: 'bolt' },
      stock: { type: 'number', default: 0 },
      labels: { type: 'set', items: 'string' },
      size: { type: 'map', properties: { width: { type: 'number' }, unit: { type: 'string' } } },
      history: { type: 'list', items: { type: 'number' } },
      state: { type: ['new', 'used'], default: 'new' },
    },
    indexes: {
      part: {
        collection: 'content',
        pk: { field: 'pk', composite: ['store'] },
        sk: { field: 'sk', composite: ['part'] },
      },
      kind: {
        index: 'gsi1',
        pk: { field: 'gsi1pk', composite: ['kind'] },
        sk: { field: 'gsi1sk', composite: ['store', 'part'] },
      },
    },
  },
  configuration,
);

const Order = new Entity(
  {
    model: { entity: 'order', version: '1', service: 'stores' },
    attributes: {
      store: { type: 'string', required: true },
      order: { type: 'string', required: true },
      lines: { type: 'number' },
    },
    indexes: {
      order: {
        collection: 'content',
        pk: { field: 'pk', composite: ['store'] },
        sk: { field: 'sk', composite: ['order'] },
      },
    },
  },
  configuration,
);

const stores = new Service({ part: Part, order: Order }, configuration);

/** Checks that an ElectroError (4001: from DynamoDB) was caused by an exception of this name. */
const causedBy = (name) => (error) => {
  assert.deepEqual([error.isElectroError, error.code], [true, 4001]);
  assert.equal(error.cause.name, name);
  return true;
};
const refused = causedBy('ConditionalCheckFailedException');

const name = (number) => String(number).padStart(3, '0');
const names = (first, end) => range(first, end).map(name);
const parts = (data) => data.map((item) => item.part);

async function fill(store, count) {
  const items = range(0, count).map((number) => ({
    store,
    part: name(number),
    stock: number,
    kind: number % 2 === 0 ? `even ${store}` : `odd ${store}`,
  }));
  const { unprocessed } = await Part.put(items).go();
  assert.deepEqual(unprocessed, []);
}

async function createAndGet() {
  const part = {
    store: 'a',
    part: '001',
    kind: 'nut',
    stock: 12.5,
    labels: ['new', 'red'],
    size: { width: 3, unit: 'mm' },
    history: [1, 2],
    state: 'used',
  };
  await Part.create(part).go();
  const { data } = await Part.get({ store: 'a', part: '001' }).go({ consistent: true });
  assert.deepEqual({ ...data, labels: [...data.labels].sort() }, part);
  assert.equal((await Part.get({ store: 'a', part: '404' }).go()).data, null);
}

async function createTwice() {
  await Part.create({ store: 'b', part: '001', stock: 7 }).go();
  await assert.rejects(Part.create({ store: 'b', part: '001' }).go(), refused);
  await Part.put({ store: 'b', part: '001', stock: 8 }).go();
  const upserted = await Part.upsert({ store: 'b', part: '001', kind: 'nail' })
    .add({ stock: 1 })
    .go({ response: 'all_new' });
  assert.deepEqual([upserted.data.stock, upserted.data.kind], [9, 'nail']);
}

async function patch() {
  const key = { store: 'c', part: '001' };
  await assert.rejects(Part.patch(key).set({ stock: 1 }).go(), refused);
  await Part.create({ ...key, stock: 1, labels: ['old'], history: [1], size: { width: 1 } }).go();
  const { data } = await Part.patch(key)
    .add({ stock: 5, labels: ['new'] })
    .append({ history: [2] })
    .data(({ size }, { set }) => set(size.unit, 'mm'))
    .remove(['state'])
    .where(({ stock }, { between }) => between(stock, 1, 2))
    .go({ response: 'all_new' });
  assert.deepEqual([data.stock, data.history], [6, [1, 2]]);
  assert.deepEqual([...data.labels].sort(), ['new', 'old']);
  assert.deepEqual([data.size, data.state], [{ width: 1, unit: 'mm' }, undefined]);
  const again = Part.patch(key).subtract({ stock: 1 });
  await assert.rejects(again.where(({ stock }, { gt }) => gt(stock, 100)).go(), refused);
}

async function remove() {
  const key = { store: 'd', part: '001' };
  await assert.rejects(Part.remove(key).go(), refused);
  await Part.create({ ...key, stock: 3 }).go();
  const { data } = await Part.remove(key).go({ response: 'all_old' });
  assert.equal(data.stock, 3);
  await Part.delete(key).go();
}

async function query() {
  await fill('e', 60);
  const first = await Part.query.part({ store: 'e' }).gte({ part: '005' }).go({ limit: 7 });
  assert.deepEqual(parts(first.data), names(5, 12));
  const next = await Part.query
    .part({ store: 'e' })
    .gte({ part: '005' })
    .go({ limit: 7, cursor: first.cursor });
  assert.deepEqual(parts(next.data), names(12, 19));
  const all = await Part.query.part({ store: 'e' }).go({ pages: 'all', limit: 7, order: 'desc' });
  assert.deepEqual(parts(all.data), names(0, 60).reverse());
  assert.equal(all.cursor, null);
  const some = await Part.query
    .part({ store: 'e' })
    .between({ part: '010' }, { part: '019' })
    .where(({ stock }, { gt }) => gt(stock, 16))
    .go();
  assert.deepEqual(parts(some.data), ['017', '018', '019']);
}

async function queryIndex() {
  await fill('f', 10);
  const { data } = await Part.query.kind({ kind: 'odd f' }).begins({ store: 'f' }).go();
  assert.deepEqual(parts(data), ['001', '003', '005', '007', '009']);
  await Part.patch({ store: 'f', part: '001' }).set({ kind: 'even f' }).go();
  const moved = await Part.query.kind({ kind: 'even f' }).go({ pages: 'all', limit: 2 });
  assert.deepEqual(parts(moved.data), ['000', '001', '002', '004', '006', '008']);
  const hydrated = await Part.query.kind({ kind: 'odd f' }).go({ hydrate: true });
  assert.deepEqual(parts(hydrated.data), ['003', '005', '007', '009']);
}

async function collection() {
  await fill('g', 3);
  await Order.create({ store: 'g', order: '9', lines: 2 }).go();
  const { data } = await stores.collections.content({ store: 'g' }).go({ pages: 'all' });
  assert.deepEqual(parts(data.part), ['000', '001', '002']);
  assert.deepEqual(data.order, [{ store: 'g', order: '9', lines: 2 }]);
}

async function scan() {
  await fill('h', 20);
  const { data } = await Part.scan
    .where(({ store }, { eq }) => eq(store, 'h'))
    .go({ pages: 'all', limit: 9 });
  assert.deepEqual(parts(data).sort(), names(0, 20));
}

async function batches() {
  await fill('i', 60);
  const keys = range(0, 120).map((number) => ({ store: 'i', part: name(number) }));
  const { data, unprocessed } = await Part.get(keys).go();
  assert.deepEqual(parts(data).sort(), names(0, 60));
  assert.deepEqual(unprocessed, []);
  await Part.delete(keys.slice(0, 59)).go();
  assert.deepEqual(parts((await Part.query.part({ store: 'i' }).go()).data), ['059']);
}

async function transaction() {
  await fill('j', 3);
  const written = await stores.transaction
    .write(({ part, order }) => [
      part.create({ store: 'j', part: '010' }).commit(),
      part.patch({ store: 'j', part: '000' }).add({ stock: 5 }).commit(),
      part.remove({ store: 'j', part: '001' }).commit(),
      part
        .check({ store: 'j', part: '002' })
        .where(({ stock }, { eq }) => eq(stock, 2))
        .commit(),
      order.put({ store: 'j', order: '1' }).commit(),
    ])
    .go({ token: 'electrodb-1' });
  assert.equal(written.canceled, false);
  const read = await stores.transaction
    .get(({ part }) => [
      part.get({ store: 'j', part: '000' }).commit(),
      part.get({ store: 'j', part: '001' }).commit(),
    ])
    .go();
  assert.deepEqual([read.data[0].item.stock, read.data[1].item], [5, null]);
}

async function cancelledTransaction() {
  await Part.create({ store: 'k', part: '001', stock: 7 }).go();
  const { canceled, data } = await stores.transaction
    .write(({ part }) => [
      part.put({ store: 'k', part: '002' }).commit(),
      part.create({ store: 'k', part: '001' }).commit({ response: 'all_old' }),
    ])
    .go();
  assert.equal(canceled, true);
  assert.deepEqual(
    data.map(({ rejected, code }) => [rejected, code]),
    [
      [false, 'None'],
      [true, 'ConditionalCheckFailed'],
    ],
  );
  assert.equal(data[1].item.stock, 7);
}

async function missingTable() {
  const get = Part.get({ store: 'a', part: '001' }).go({ table: 'missing' });
  await assert.rejects(get, causedBy('ResourceNotFoundException'));
  await client.deleteTable({ TableName: TABLE });
  const put = Part.put({ store: 'a', part: '001' }).go();
  await assert.rejects(put, causedBy('ResourceNotFoundException'));
}

await createTable(TABLE);
await run({
  'items of all types come back': createAndGet,
  'create refuses an item that is there, and upsert does not': createTwice,
  'patch changes an item under a condition': patch,
  'remove wants an item, and delete does not': remove,
  'a query goes on from its cursor': query,
  'an index is queried, and its items are hydrated': queryIndex,
  'a collection has the entities of one partition': collection,
  'a scan finds every item once': scan,
  'batches are split': batches,
  'transactions write and read': transaction,
  'a cancelled transaction says which item was the reason': cancelledTransaction,
  'a missing table is an ElectroError with its cause': missingTable,
});
