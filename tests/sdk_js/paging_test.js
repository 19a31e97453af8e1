// SPDX-License-Identifier: Apache-2.0
// Pages of Query, Scan and ListTables: Limit, start keys and their errors, the limit of 1 MB, and
// the SDK's paginators.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { paginateListTables, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';

import { dynamodb } from './support/clients.js';
import { invalid } from './support/errors.js';
import { makeTable, sharedTable, uniqueName } from './support/tables.js';
import { BOOL, N, NULL, S } from './support/values.js';

const COUNT = 10;
const ALL = Array.from({ length: COUNT }, (_, number) => number);
const PARTITION = { ':p': S('p') };
const START_KEY = 'The provided starting key is invalid';
const PREDICATE = 'The provided starting key does not match the range key predicate';
const key = (number) => ({ pk: S('p'), sk: N(number) });
const numbers = (page) => page.Items.map((item) => Number(item.sk.N));
const ITEMS = [
  ...ALL.map((number) => ({ ...key(number), odd: BOOL(number % 2 === 1) })),
  ...ALL.map((number) => ({ pk: S('q'), sk: N(number) })),
];

async function collect(pages) {
  const all = [];
  for await (const page of pages) {
    assert.ok(all.length < 10_000, 'the pages do not end');
    all.push(page);
  }
  return all;
}

describe('Pages of a query', () => {
  const table = sharedTable(['pk:S', 'sk:N'], ITEMS);
  const request = (more) => ({
    TableName: table.name,
    KeyConditionExpression: 'pk = :p',
    ExpressionAttributeValues: PARTITION,
    ...more,
  });

  for (const pageSize of [1, 3, 5, 9]) {
    for (const forward of [true, false]) {
      it(`of ${pageSize}, ${forward ? 'forward' : 'backward'}, by the paginator`, async () => {
        const pages = await collect(
          paginateQuery({ client: dynamodb, pageSize }, request({ ScanIndexForward: forward })),
        );
        assert.deepEqual(pages.flatMap(numbers), forward ? ALL : ALL.toReversed());
        for (const page of pages.slice(0, -1)) assert.equal(page.Count, pageSize);
      });
    }
  }

  it('go on where a paginator was left', async () => {
    const config = { client: dynamodb, pageSize: 4 };
    const { value: first } = await paginateQuery(config, request()).next();
    assert.deepEqual(first.LastEvaluatedKey, key(3));
    const rest = await collect(
      paginateQuery({ ...config, startingToken: first.LastEvaluatedKey }, request()),
    );
    assert.deepEqual(rest.map(numbers), [
      [4, 5, 6, 7],
      [8, 9],
    ]);
  });

  it('have a key when the limit is reached with the last item', async () => {
    const page = await dynamodb.query(request({ Limit: COUNT }));
    assert.deepEqual(page.LastEvaluatedKey, key(9));
    const start = { ExclusiveStartKey: page.LastEvaluatedKey };
    const rest = await dynamodb.query(request({ Limit: COUNT, ...start }));
    assert.deepEqual([rest.Items, rest.Count, rest.LastEvaluatedKey], [[], 0, undefined]);
  });

  it('have no key when the limit is not reached', async () => {
    const page = await dynamodb.query(request({ Limit: COUNT + 1 }));
    assert.deepEqual([page.Count, page.LastEvaluatedKey], [COUNT, undefined]);
  });

  it('count items before the filter', async () => {
    const page = await dynamodb.query(
      request({
        Limit: 4,
        FilterExpression: 'odd = :odd',
        ExpressionAttributeValues: { ...PARTITION, ':odd': BOOL(true) },
      }),
    );
    assert.deepEqual(numbers(page), [1, 3]);
    assert.deepEqual([page.Count, page.ScannedCount], [2, 4]);
    assert.deepEqual(page.LastEvaluatedKey, key(3));
  });

  it('start after a key, whether it exists or not', async () => {
    for (const [start, expected] of [
      [0, ALL.slice(1)],
      ['3.5', ALL.slice(4)],
      ['7.00', [8, 9]],
    ]) {
      const forward = await dynamodb.query(request({ ExclusiveStartKey: key(start) }));
      assert.deepEqual(numbers(forward), expected);
      const backward = await dynamodb.query(
        request({ ExclusiveStartKey: key(start), ScanIndexForward: false }),
      );
      const before = ALL.filter((number) => number < Number(start));
      assert.deepEqual(numbers(backward), before.toReversed());
    }
  });

  for (const start of [
    {},
    { pk: S('p') },
    { pk: S('p'), x: N(1) },
    { pk: S('p'), sk: N(1), x: N(1) },
    { pk: S('p'), sk: S('1') },
    { pk: S('p'), sk: NULL },
  ]) {
    it(`refuse to start at ${JSON.stringify(start)}`, () =>
      invalid(dynamodb.query(request({ ExclusiveStartKey: start })), START_KEY));
  }

  for (const [title, condition, start, message] of [
    [
      'another partition',
      'pk = :p',
      { pk: S('q'), sk: N(1) },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    ['below the sort condition', 'pk = :p AND sk > :v', key(4), PREDICATE],
    ['above the sort condition', 'pk = :p AND sk <= :v', key(5), PREDICATE],
    [
      'the one item of the query',
      'pk = :p AND sk = :v',
      key(4),
      'The query can return at most one row and cannot be restarted',
    ],
    [
      'a bad number',
      'pk = :p',
      key('x'),
      `${START_KEY}: The parameter cannot be converted to a numeric value: x`,
    ],
    [
      'an empty value',
      'pk = :p',
      { pk: S('p'), sk: {} },
      `${START_KEY}: Supplied AttributeValue is empty, must contain exactly one of the supported ` +
        'datatypes',
    ],
  ]) {
    it(`refuse to start at ${title}`, () => {
      const values = condition.includes(':v') ? { ...PARTITION, ':v': N(4) } : PARTITION;
      const call = table.query(condition, values, { ExclusiveStartKey: start });
      return invalid(call, message);
    });
  }

  it('refuse a start key where there is only a partition key', async (t) => {
    const hashed = await makeTable(t);
    await invalid(
      hashed.query('pk = :p', PARTITION, { ExclusiveStartKey: { pk: S('p') } }),
      'The provided exclusive start key is invalid: ' +
        'ExclusiveStartKey: {pk=AttributeValue: {S:p}}',
    );
  });
});

describe('Pages of a scan', () => {
  const table = sharedTable(['pk:S', 'sk:N'], ITEMS);
  const name = (item) => `${item.pk.S} ${item.sk.N}`;
  const everything = ITEMS.map(name).sort();

  for (const pageSize of [1, 7, 100]) {
    it(`of ${pageSize} by the paginator`, async () => {
      const pages = await collect(
        paginateScan({ client: dynamodb, pageSize }, { TableName: table.name }),
      );
      const found = pages.flatMap((page) => page.Items);
      assert.deepEqual(found.map(name).sort(), everything);
      assert.deepEqual(found, (await table.scan()).Items);
    });
  }

  for (const start of [{}, { pk: S('p') }, { pk: S('p'), sk: S('1') }]) {
    it(`refuse to start at ${JSON.stringify(start)}`, () =>
      invalid(table.scan({ ExclusiveStartKey: start }), START_KEY));
  }
});

describe('Pages of 1 MB', () => {
  const SIZE = 100_000;
  const items = Array.from({ length: 25 }, (_, number) => ({
    ...key(number),
    v: S('x'.repeat(SIZE)),
  }));
  const table = sharedTable(['pk:S', 'sk:N'], items);

  it('end with the item that crosses the limit', async () => {
    const pages = await collect(
      paginateQuery(
        { client: dynamodb },
        {
          TableName: table.name,
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: PARTITION,
          ReturnConsumedCapacity: 'TOTAL',
        },
      ),
    );
    // 11 items of 100 kB are more than 1 MB, 10 are not.
    assert.deepEqual(
      pages.map((page) => page.Count),
      [11, 11, 3],
    );
    assert.deepEqual(
      pages.flatMap(numbers),
      items.map((item) => Number(item.sk.N)),
    );
    assert.ok(pages[0].ConsumedCapacity.CapacityUnits > 128);
  });

  it('are measured before filter, projection and count', async () => {
    const pages = await collect(
      paginateScan(
        { client: dynamodb },
        {
          TableName: table.name,
          Select: 'COUNT',
          FilterExpression: 'sk < :v',
          ExpressionAttributeValues: { ':v': N(5) },
        },
      ),
    );
    assert.deepEqual(
      pages.map((page) => page.ScannedCount),
      [11, 11, 3],
    );
    assert.equal(
      pages.reduce((sum, page) => sum + page.Count, 0),
      5,
    );
  });
});

describe('Pages of ListTables', () => {
  it('hold all tables in order', async (t) => {
    const made = [];
    for (let count = 0; count < 3; count += 1) made.push((await makeTable(t)).name);
    const pages = await collect(
      paginateListTables(
        { client: dynamodb, pageSize: 2 },
        { ExclusiveStartTableName: 'weir-js-' },
      ),
    );
    const names = pages.flatMap((page) => page.TableNames);
    assert.deepEqual(names, names.toSorted());
    for (const name of made) assert.ok(names.includes(name));
    for (const page of pages) assert.ok(page.TableNames.length <= 2);
  });

  it('may start after a table that is not there', async () => {
    const { TableNames: names } = await dynamodb.listTables({
      ExclusiveStartTableName: uniqueName(),
      Limit: 100,
    });
    assert.ok(Array.isArray(names));
  });
});
