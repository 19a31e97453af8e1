// SPDX-License-Identifier: Apache-2.0
// Uses the server through DynamoDB-Toolbox: an entity with computed keys in a table with an index.

import assert from 'node:assert/strict';

import {
  $add,
  $append,
  $get,
  $remove,
  $sum,
  BatchDeleteRequest,
  BatchGetCommand,
  BatchGetRequest,
  BatchPutRequest,
  BatchWriteCommand,
  ConditionCheck,
  DeleteItemCommand,
  DeletePartitionCommand,
  DeleteTransaction,
  Entity,
  executeBatchGet,
  executeBatchWrite,
  executeTransactGet,
  executeTransactWrite,
  GetItemCommand,
  GetTransaction,
  isConditionCheckFailed,
  isTransactionCancelled,
  item,
  list,
  map,
  number,
  PutItemCommand,
  PutTransaction,
  QueryCommand,
  ScanCommand,
  set,
  string,
  Table,
  UpdateItemCommand,
  UpdateTransaction,
} from 'dynamodb-toolbox';

import { client, createTable, documents, range, run } from './harness.js';

const Stores = new Table({
  documentClient: documents,
  name: 'stores',
  partitionKey: { name: 'pk', type: 'string' },
  sortKey: { name: 'sk', type: 'string' },
  indexes: {
    gsi1: {
      type: 'global',
      partitionKey: { name: 'gsi1pk', type: 'string' },
      sortKey: { name: 'gsi1sk', type: 'string' },
    },
  },
});

const Part = new Entity({
  name: 'Part',
  table: Stores,
  schema: item({
    store: string().key(),
    part: string().key(),
    kind: string().default('bolt'),
    stock: number().default(0),
    labels: set(string()).optional(),
    size: map({ width: number(), unit: string().optional() }).optional(),
    history: list(number()).optional(),
  }).and((schema) => ({
    gsi1pk: string()
      .optional()
      .link(({ kind }) => kind),
    gsi1sk: string()
      .optional()
      .link(({ store, part }) => `${store}#${part}`),
    ...schema.attributes,
  })),
  computeKey: ({ store, part }) => ({ pk: store, sk: part }),
  timestamps: true,
});

const name = (value) => String(value).padStart(3, '0');
const names = (first, end) => range(first, end).map(name);
const parts = (items) => items.map((found) => found.part);

const get = async (store, part) =>
  (await Part.build(GetItemCommand).key({ store, part }).options({ consistent: true }).send()).Item;
const put = (value) => Part.build(PutItemCommand).item(value).send();

async function fill(store, count) {
  const requests = range(0, count).map((value) =>
    Part.build(BatchPutRequest).item({
      store,
      part: name(value),
      stock: value,
      kind: value % 2 === 0 ? `even ${store}` : `odd ${store}`,
    }),
  );
  // A batch of DynamoDB has 25 writes at most, and the toolbox leaves it to its user to split.
  for (let first = 0; first < count; first += 25) {
    const command = Stores.build(BatchWriteCommand).requests(...requests.slice(first, first + 25));
    const { UnprocessedItems } = await executeBatchWrite(command);
    assert.deepEqual(UnprocessedItems, {});
  }
}

async function putAndGet() {
  const part = {
    store: 'a',
    part: '001',
    kind: 'nut',
    stock: 12.5,
    labels: new Set(['new', 'red']),
    size: { width: 3, unit: 'mm' },
    history: [1, 2],
  };
  await put(part);
  const { created, modified, gsi1pk, gsi1sk, ...read } = await get('a', '001');
  assert.deepEqual(read, part);
  assert.deepEqual([gsi1pk, gsi1sk], ['nut', 'a#001']);
  assert.equal(created, modified);
  assert.ok(Math.abs(Date.now() - Date.parse(created)) < 60_000);
  assert.equal(await get('a', '404'), undefined);
}

async function condition() {
  await put({ store: 'b', part: '001', stock: 7 });
  const again = Part.build(PutItemCommand)
    .item({ store: 'b', part: '001' })
    .options({
      condition: { attr: 'store', exists: false },
      returnValuesOnConditionFalse: 'ALL_OLD',
    });
  await assert.rejects(again.send(), (error) => {
    assert.ok(isConditionCheckFailed(error, Part));
    assert.equal(error.FormattedItem.stock, 7);
    return true;
  });
}

async function update() {
  const first = { store: 'c', part: '001', stock: 1, labels: new Set(['old']), history: [1] };
  await put({ ...first, size: { width: 1, unit: 'mm' } });
  const { Attributes } = await Part.build(UpdateItemCommand)
    .item({
      store: 'c',
      part: '001',
      stock: $sum($get('stock'), 2),
      labels: $add(new Set(['new'])),
      history: $append([2]),
      size: { width: 9, unit: $remove() },
    })
    .options({
      condition: {
        and: [
          { attr: 'stock', between: [1, 5] },
          { attr: 'size.width', lt: 2 },
        ],
      },
      returnValues: 'ALL_NEW',
    })
    .send();
  const { stock, labels, history, size } = Attributes;
  assert.deepEqual({ stock, history, size }, { stock: 3, history: [1, 2], size: { width: 9 } });
  assert.deepEqual([...labels].sort(), ['new', 'old']);
  const refused = Part.build(UpdateItemCommand)
    .item({ store: 'c', part: '001', stock: 0 })
    .options({ condition: { attr: 'stock', gt: 100 } });
  await assert.rejects(refused.send(), { name: 'ConditionalCheckFailedException' });
}

async function remove() {
  await put({ store: 'd', part: '001', stock: 3 });
  const command = Part.build(DeleteItemCommand).key({ store: 'd', part: '001' });
  const refused = command.options({ condition: { attr: 'stock', eq: 4 } });
  await assert.rejects(refused.send(), (error) => isConditionCheckFailed(error, Part));
  const { Attributes } = await command.options({ returnValues: 'ALL_OLD' }).send();
  assert.equal(Attributes.stock, 3);
  assert.equal(await get('d', '001'), undefined);
}

async function query() {
  await fill('e', 30);
  const command = Stores.build(QueryCommand).entities(Part);
  const later = command.query({ partition: 'e', range: { gte: '005' } });
  const first = await later.options({ limit: 7 }).send();
  assert.deepEqual(parts(first.Items), names(5, 12));
  const exclusiveStartKey = first.LastEvaluatedKey;
  const next = await later.options({ limit: 7, exclusiveStartKey }).send();
  assert.deepEqual(parts(next.Items), names(12, 19));
  const all = command.query({ partition: 'e' });
  const reversed = await all.options({ limit: 7, maxPages: Infinity, reverse: true }).send();
  assert.deepEqual(parts(reversed.Items), names(0, 30).reverse());
  const filters = {
    Part: {
      or: [
        { attr: 'stock', lt: 2 },
        { attr: 'stock', in: [9, 99] },
      ],
    },
  };
  const filtered = await all.options({ filters, attributes: ['part'] }).send();
  assert.deepEqual(filtered.Items, [{ part: '000' }, { part: '001' }, { part: '009' }]);
}

async function queryIndex() {
  await fill('f', 10);
  const odd = { index: 'gsi1', partition: 'odd f', range: { beginsWith: 'f#' } };
  const command = Stores.build(QueryCommand).entities(Part).query(odd);
  const all = await command.options({ limit: 2, maxPages: Infinity }).send();
  assert.deepEqual(parts(all.Items), ['001', '003', '005', '007', '009']);
}

async function scan() {
  await fill('g', 40);
  const pages = await Promise.all(
    range(0, 4).map((segment) =>
      Stores.build(ScanCommand)
        .entities(Part)
        .options({
          segment,
          totalSegments: 4,
          limit: 5,
          maxPages: Infinity,
          filters: { Part: { attr: 'store', eq: 'g' } },
        })
        .send(),
    ),
  );
  assert.deepEqual(parts(pages.flatMap((page) => page.Items)).sort(), names(0, 40));
}

async function batches() {
  await fill('h', 10);
  const keys = range(5, 15).map((value) => ({ store: 'h', part: name(value) }));
  const gets = keys.map((key) => Part.build(BatchGetRequest).key(key));
  const { Responses } = await executeBatchGet(Stores.build(BatchGetCommand).requests(...gets));
  // The toolbox has the answers in the order of the requests, undefined for what is not there.
  assert.deepEqual(
    Responses[0].map((found) => found?.part),
    [...names(5, 10), ...Array(5).fill(undefined)],
  );
  const deletes = keys.map((key) => Part.build(BatchDeleteRequest).key(key));
  await executeBatchWrite(Stores.build(BatchWriteCommand).requests(...deletes));
  const partition = { partition: 'h' };
  const left = await Stores.build(QueryCommand).entities(Part).query(partition).send();
  assert.deepEqual(parts(left.Items), names(0, 5));
  await Stores.build(DeletePartitionCommand).entities(Part).query(partition).send();
  const none = await Stores.build(QueryCommand).entities(Part).query(partition).send();
  assert.deepEqual(none.Items, []);
}

async function transaction() {
  await fill('i', 3);
  await executeTransactWrite(
    { clientRequestToken: 'toolbox-1' },
    Part.build(PutTransaction).item({ store: 'i', part: '010' }),
    Part.build(UpdateTransaction).item({ store: 'i', part: '000', stock: $add(5) }),
    Part.build(DeleteTransaction).key({ store: 'i', part: '001' }),
    Part.build(ConditionCheck).key({ store: 'i', part: '002' }).condition({ attr: 'stock', eq: 2 }),
  );
  const { Responses } = await executeTransactGet(
    Part.build(GetTransaction).key({ store: 'i', part: '000' }),
    Part.build(GetTransaction).key({ store: 'i', part: '001' }),
  );
  assert.deepEqual([Responses[0].Item.stock, Responses[1].Item], [5, undefined]);
}

async function cancelledTransaction() {
  await put({ store: 'j', part: '001', stock: 7 });
  const transactions = [
    Part.build(PutTransaction).item({ store: 'j', part: '002' }),
    Part.build(PutTransaction)
      .item({ store: 'j', part: '001' })
      .options({
        condition: { attr: 'store', exists: false },
        returnValuesOnConditionFalse: 'ALL_OLD',
      }),
  ];
  await assert.rejects(executeTransactWrite(...transactions), (error) => {
    assert.ok(isTransactionCancelled(error, ...transactions));
    const [none, failed] = error.CancellationReasons;
    assert.deepEqual([none.Code, failed.Code], ['None', 'ConditionalCheckFailed']);
    assert.equal(failed.FormattedItem.stock, 7);
    return true;
  });
  assert.equal(await get('j', '002'), undefined);
}

async function missingTable() {
  await client.deleteTable({ TableName: 'stores' });
  await assert.rejects(get('a', '001'), { name: 'ResourceNotFoundException' });
}

await createTable('stores');
await run({
  'items of all types come back, with keys and times of the toolbox': putAndGet,
  'a put whose condition does not hold shows the item': condition,
  'an update under a condition': update,
  'a deletion under a condition': remove,
  'a query goes on from its last key': query,
  'an index is queried over its pages': queryIndex,
  'the segments of a scan find every item once': scan,
  'batches put, get and delete, and a partition is deleted': batches,
  'transactions write and read': transaction,
  'a cancelled transaction shows the item that was the reason': cancelledTransaction,
  'a missing table is ResourceNotFoundException': missingTable,
});
