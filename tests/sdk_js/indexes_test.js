// SPDX-License-Identifier: Apache-2.0
// Global and local secondary indexes: what they hold, queries and scans of them, pages, what writes
// and reads cost.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';

import { dynamodb } from './support/clients.js';
import { INVALID, invalid, NOT_VALID } from './support/errors.js';
import { index } from './support/indexes.js';
import { readStream, summary } from './support/stream_reader.js';
import { makeTable, sharedTable } from './support/tables.js';
import { B, M, N, NULL, S } from './support/values.js';

const TOTAL = { ReturnConsumedCapacity: 'INDEXES' };

// Items have the key (pk, sk); `g` and `h` are the keys of global indexes, `r` of local ones.
const KEYS = ['pk:S', 'sk:N'];
const INDEXES = {
  attributes: ['g:S', 'h:N', 'r:S'],
  GlobalSecondaryIndexes: [
    index('all', ['g', 'h']),
    index('keys', ['g'], 'KEYS_ONLY'),
    index('include', ['g', 'h'], ['extra']),
  ],
  LocalSecondaryIndexes: [
    index('local-all', ['pk', 'r']),
    index('local-keys', ['pk', 'r'], 'KEYS_ONLY'),
  ],
};

const item = (number, more) => ({ pk: S('p'), sk: N(number), ...more });
const numbers = (page) => page.Items.map((found) => Number(found.sk.N));

/** The items of an index whose partition key `name` is `value`. */
async function find(table, indexName, name, value, more) {
  return table.query(`${name} = :v`, { ':v': value }, { IndexName: indexName, ...more });
}

describe('Index', () => {
  const items = [
    item(1, { g: S('x'), h: N(30), r: S('c'), extra: M({ deep: N(1) }), other: S('o') }),
    item(2, { g: S('x'), h: N(10), r: S('b'), extra: S('e') }),
    item(3, { g: S('x'), h: N(20), r: S('a') }),
    item(4, { g: S('y'), h: N(5) }),
    item(5, { g: S('x') }),
    item(6, { h: N(1), r: S('d') }),
    { pk: S('q'), sk: N(1), r: S('a'), g: S('y'), h: N('-1.5') },
  ];
  const table = sharedTable(KEYS, items, INDEXES);

  it('gives a partition in the order of its sort key', async () => {
    const forward = await find(table, 'all', 'g', S('x'));
    assert.deepEqual(forward.Items, [items[1], items[2], items[0]]);
    const backward = await find(table, 'all', 'g', S('x'), { ScanIndexForward: false });
    assert.deepEqual(numbers(backward), [1, 3, 2]);
    const local = await find(table, 'local-all', 'pk', S('p'));
    assert.deepEqual(numbers(local), [3, 2, 1, 6]);
  });

  it('holds only items that have all its key attributes', async () => {
    assert.deepEqual(numbers(await find(table, 'keys', 'g', S('x'))).sort(), [1, 2, 3, 5]);
    assert.deepEqual(numbers(await find(table, 'all', 'g', S('y'))), [1, 4]);
    assert.equal((await table.scan({ IndexName: 'all' })).Count, 5);
    assert.equal((await table.scan({ IndexName: 'keys' })).Count, 6);
    assert.equal((await table.scan({ IndexName: 'local-all' })).Count, 5);
  });

  it('takes conditions on its sort key', async () => {
    for (const [condition, values, expected] of [
      ['h > :a', { ':a': N(10) }, [3, 1]],
      ['h BETWEEN :a AND :b', { ':a': N(10), ':b': N('20.0') }, [2, 3]],
      ['h = :a', { ':a': N(30) }, [1]],
    ]) {
      const page = await table.query(
        `g = :g AND ${condition}`,
        { ':g': S('x'), ...values },
        { IndexName: 'all' },
      );
      assert.deepEqual(numbers(page), expected);
    }
    const page = await table.query(
      'pk = :p AND begins_with(r, :r)',
      { ':p': S('p'), ':r': S('b') },
      { IndexName: 'local-keys' },
    );
    assert.deepEqual(numbers(page), [2]);
  });

  it('projects its keys, the keys of the table, and what it includes', async () => {
    const [second, third, first] = (await find(table, 'include', 'g', S('x'))).Items;
    assert.deepEqual(first, item(1, { g: S('x'), h: N(30), extra: M({ deep: N(1) }) }));
    assert.deepEqual(second, item(2, { g: S('x'), h: N(10), extra: S('e') }));
    assert.deepEqual(third, item(3, { g: S('x'), h: N(20) }));
    const { Items: keys } = await find(table, 'keys', 'g', S('y'));
    const expected = [{ pk: S('q'), sk: N(1), g: S('y') }, item(4, { g: S('y') })];
    assert.deepEqual(
      keys.toSorted((a, b) => a.sk.N - b.sk.N),
      expected,
    );
    const [local] = (await find(table, 'local-keys', 'pk', S('q'))).Items;
    assert.deepEqual(local, { pk: S('q'), sk: N(1), r: S('a') });
  });

  it('gives all its attributes for ALL_PROJECTED_ATTRIBUTES, and counts', async () => {
    const all = await find(table, 'include', 'g', S('y'), { Select: 'ALL_PROJECTED_ATTRIBUTES' });
    assert.deepEqual(all.Items.at(-1), item(4, { g: S('y'), h: N(5) }));
    const count = await find(table, 'all', 'g', S('x'), { Select: 'COUNT' });
    assert.deepEqual([count.Items, count.Count], [undefined, 3]);
  });

  it('that is local fetches from the table what it does not hold', async () => {
    const every = await find(table, 'local-keys', 'pk', S('p'), { Select: 'ALL_ATTRIBUTES' });
    assert.deepEqual(every.Items, [items[2], items[1], items[0], items[5]]);
    const some = await find(table, 'local-keys', 'pk', S('p'), {
      ProjectionExpression: 'extra, r',
      ConsistentRead: true,
      Limit: 2,
    });
    assert.deepEqual(some.Items, [{ r: S('a') }, { r: S('b'), extra: S('e') }]);
  });

  // Quoted from the service in public issue threads of its users.
  it('that is global refuses queries for what it does not project', async () => {
    await invalid(
      find(table, 'keys', 'g', S('x'), { ProjectionExpression: 'h' }),
      `${INVALID}Global secondary index keys does not project [h]`,
    );
    await invalid(
      find(table, 'keys', 'g', S('x'), { FilterExpression: 'attribute_not_exists(h)' }),
      `${INVALID}Secondary index keys does not project one or more filter attributes: [h]`,
    );
  });

  it('filters', async () => {
    const page = await table.query(
      'g = :g',
      { ':g': S('x'), ':e': S('e') },
      { IndexName: 'all', FilterExpression: 'extra = :e' },
    );
    assert.deepEqual([numbers(page), page.ScannedCount], [[2], 3]);
  });

  for (const [title, parameters, message] of [
    [
      'a consistent read of a global index',
      { IndexName: 'all', ConsistentRead: true },
      'Consistent reads are not supported on global secondary indexes',
    ],
    [
      'ALL_ATTRIBUTES of a global index without them',
      { IndexName: 'keys', Select: 'ALL_ATTRIBUTES' },
      `${INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index keys ` +
        'because its projection type is not ALL',
    ],
    [
      'an index that is not there',
      { IndexName: 'none' },
      'The table does not have the specified index: none',
    ],
  ]) {
    it(`refuses ${title}`, async () => {
      await invalid(table.query('g = :v', { ':v': S('x') }, parameters), message);
      await invalid(table.scan(parameters), message);
    });
  }

  it('refuses conditions that miss its keys', async () => {
    await invalid(find(table, 'all', 'pk', S('p')), 'Query condition missed key schema element: g');
    await invalid(
      find(table, 'all', 'g', N(1)),
      `${INVALID}Condition parameter type does not match schema type`,
    );
    await invalid(
      table.query('g = :v', { ':v': S('x') }, { IndexName: 'all', FilterExpression: 'h > :v' }),
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: h',
    );
  });
});

describe('Pages of an index', () => {
  // Many items with equal index keys: only the table's key tells them apart.
  const items = Array.from({ length: 30 }, (_, number) => ({
    pk: S(`p${number % 3}`),
    sk: N(number),
    g: S('x'),
    h: N(Math.floor(number / 10)),
    r: S('same'),
  }));
  const table = sharedTable(KEYS, items, INDEXES);
  const all = items.map((_, number) => number);
  const byNumber = (a, b) => a - b;

  async function collect(pages) {
    const found = [];
    for await (const page of pages) {
      assert.ok(found.length <= items.length, 'the pages do not end');
      found.push(...numbers(page));
    }
    return found;
  }

  const request = (more) => ({
    TableName: table.name,
    IndexName: 'all',
    KeyConditionExpression: 'g = :g',
    ExpressionAttributeValues: { ':g': S('x') },
    ...more,
  });

  for (const pageSize of [1, 7]) {
    for (const ScanIndexForward of [true, false]) {
      it(`of ${pageSize}, forward ${ScanIndexForward}, hold each item once`, async () => {
        const config = { client: dynamodb, pageSize };
        const found = await collect(paginateQuery(config, request({ ScanIndexForward })));
        const whole = numbers(await dynamodb.query(request({ ScanIndexForward })));
        assert.deepEqual(found, whole);
        assert.deepEqual(found.toSorted(byNumber), all);
        const sortKeys = found.map((number) => Math.floor(number / 10));
        const ordered = sortKeys.toSorted(byNumber);
        assert.deepEqual(sortKeys, ScanIndexForward ? ordered : ordered.toReversed());
      });
    }
  }

  it('of a local index and of a scan hold each item once', async () => {
    const config = { client: dynamodb, pageSize: 4 };
    const local = { IndexName: 'local-keys', KeyConditionExpression: 'pk = :p' };
    const values = { ExpressionAttributeValues: { ':p': S('p1') } };
    const found = await collect(paginateQuery(config, request({ ...local, ...values })));
    assert.deepEqual(
      found.toSorted(byNumber),
      all.filter((number) => number % 3 === 1),
    );
    // A paginator leaves its last start key in its request, so each gets one of its own.
    const scan = (more) => ({ TableName: table.name, IndexName: 'all', ...more });
    assert.deepEqual((await collect(paginateScan(config, scan()))).toSorted(byNumber), all);
    const halves = [0, 1].map((Segment) =>
      collect(paginateScan(config, scan({ Segment, TotalSegments: 2 }))),
    );
    assert.deepEqual((await Promise.all(halves)).flat().toSorted(byNumber), all);
  });

  it('end with a key of the index and of the table', async () => {
    const page = await dynamodb.query(request({ Limit: 1 }));
    const [{ pk, sk, g, h }] = page.Items;
    assert.deepEqual(page.LastEvaluatedKey, { pk, sk, g, h });
    const local = await find(table, 'local-all', 'pk', S('p0'), { Limit: 1 });
    assert.deepEqual(Object.keys(local.LastEvaluatedKey).sort(), ['pk', 'r', 'sk']);
  });

  for (const start of [
    { pk: S('p0'), sk: N(0) },
    { g: S('x'), h: N(0) },
    { pk: S('p0'), sk: N(0), g: S('x') },
    { pk: S('p0'), sk: N(0), g: S('x'), h: S('0') },
    { pk: S('p0'), sk: N(0), g: S('x'), h: N(0), r: S('same') },
  ]) {
    it(`refuse to start at ${JSON.stringify(start)}`, () =>
      invalid(
        dynamodb.query(request({ ExclusiveStartKey: start })),
        'The provided starting key is invalid',
      ));
  }
});

describe('Writes', () => {
  const key = { pk: S('p'), sk: N(1) };
  const inIndex = async (table, value) => (await find(table, 'all', 'g', S(value))).Items;

  it('keep an index up to date', async (t) => {
    const table = await makeTable(t, KEYS, INDEXES);
    await table.put({ ...key, g: S('x'), h: N(1), v: N(1) });
    assert.deepEqual(await inIndex(table, 'x'), [{ ...key, g: S('x'), h: N(1), v: N(1) }]);
    await table.update(key, 'SET v = :v', { ':v': N(2) });
    assert.deepEqual((await inIndex(table, 'x'))[0].v, N(2));
    await table.update(key, 'SET g = :g', { ':g': S('y') });
    assert.deepEqual(await inIndex(table, 'x'), []);
    assert.equal((await inIndex(table, 'y')).length, 1);
    await table.update(key, 'REMOVE h');
    assert.deepEqual(await inIndex(table, 'y'), []);
    await table.fill([{ ...key, g: S('z'), h: N(3) }]);
    assert.deepEqual(await inIndex(table, 'z'), [{ ...key, g: S('z'), h: N(3) }]);
    await table.delete(key);
    assert.deepEqual(await inIndex(table, 'z'), []);
  });

  it('that fail leave an index alone', async (t) => {
    const table = await makeTable(t, KEYS, INDEXES);
    await table.put({ ...key, g: S('x'), h: N(1) });
    const condition = { ConditionExpression: 'attribute_exists(nothing)' };
    const call = table.put({ ...key, g: S('y'), h: N(1) }, condition);
    await assert.rejects(call, { name: 'ConditionalCheckFailedException' });
    assert.equal((await inIndex(table, 'x')).length, 1);
    assert.deepEqual(await inIndex(table, 'y'), []);
  });

  it('make one change record, whatever they do to indexes', async (t) => {
    const table = await makeTable(t, KEYS, { ...INDEXES, view: 'NEW_AND_OLD_IMAGES' });
    const [first, second] = ['x', 'y'].map((g) => ({ ...key, g: S(g), h: N(1), r: S('r') }));
    await table.put(first);
    await table.put(second);
    assert.deepEqual(summary(await readStream(await table.streamArn(), 2)), [
      ['INSERT', undefined, first],
      ['MODIFY', first, second],
    ]);
  });

  describe('refuse', () => {
    const table = sharedTable(KEYS, [], INDEXES);
    const mismatch = (name, expected, actual) =>
      new RegExp(
        `^${INVALID}Type mismatch for Index Key ${name} Expected: ${expected} Actual: ${actual} ` +
          'IndexName: (all|keys|include|local-all|local-keys)$',
      );

    for (const [title, more, message] of [
      ['a number for a string', { g: N(1) }, mismatch('g', 'S', 'N')],
      ['NULL', { h: NULL }, mismatch('h', 'N', 'NULL')],
      ['bytes', { r: B(1) }, mismatch('r', 'S', 'B')],
      [
        'an empty string',
        { g: S('') },
        new RegExp(
          `^${NOT_VALID}A value specified for a secondary index key is not supported. The ` +
            'AttributeValue for a key attribute cannot contain an empty string value. IndexName: ' +
            '\\S+, IndexKey: g$',
        ),
      ],
      [
        'a partition key that is too long',
        { g: S('x'.repeat(2049)) },
        /^One or .*: Size limit exceeded for Index Key g Actual Size: 2049 bytes Max Size: 2048 /,
      ],
    ]) {
      it(`${title} as an index key`, async () => {
        await invalid(table.put({ ...key, ...more }), message);
        assert.equal(await table.get(key), undefined);
      });
    }

    it('an update that makes a key of another type', async () => {
      await invalid(table.update(key, 'SET g = :v', { ':v': N(1) }), mismatch('g', 'S', 'N'));
      await invalid(
        table.update(key, 'SET g = :v', { ':v': S('') }),
        `${NOT_VALID}The update expression attempted to update a secondary index key to a value ` +
          'that is not supported. The AttributeValue for a key attribute cannot contain an empty ' +
          'string value.',
      );
      assert.equal(await table.get(key), undefined);
    });
  });
});

describe('Cost with indexes', () => {
  const key = { pk: S('p'), sk: N(1) };
  const units = (one) => one.CapacityUnits;
  const arms = ({ ConsumedCapacity: capacity }) => ({
    total: capacity.CapacityUnits,
    table: capacity.Table.CapacityUnits,
    indexes: Object.fromEntries(
      Object.entries({ ...capacity.GlobalSecondaryIndexes, ...capacity.LocalSecondaryIndexes }).map(
        ([name, arm]) => [name, units(arm)],
      ),
    ),
  });

  it('of writes is one for each index that changes', async (t) => {
    const table = await makeTable(t, KEYS, INDEXES);
    const put = async (more) => arms(await table.put({ ...key, ...more }, TOTAL));
    assert.deepEqual(await put({}), { total: 1, table: 1, indexes: {} });
    assert.deepEqual(await put({ g: S('x') }), { total: 2, table: 1, indexes: { keys: 1 } });
    // `all` and `include` begin to hold the item; nothing changes in `keys`.
    const begun = { all: 1, include: 1 };
    assert.deepEqual(await put({ g: S('x'), h: N(1) }), { total: 3, table: 1, indexes: begun });
    // A change that only `all` projects.
    const changed = { total: 2, table: 1, indexes: { all: 1 } };
    assert.deepEqual(await put({ g: S('x'), h: N(1), v: N(1) }), changed);
    // The item moves within both: a delete and a put each.
    const moved = { total: 5, table: 1, indexes: { all: 2, include: 2 } };
    assert.deepEqual(await put({ g: S('x'), h: N(2), v: N(1) }), moved);
    const gone = { total: 4, table: 1, indexes: { all: 1, include: 1, keys: 1 } };
    assert.deepEqual(arms(await table.delete(key, TOTAL)), gone);
  });

  it('of local indexes is shown as theirs', async (t) => {
    const table = await makeTable(t, KEYS, INDEXES);
    const { ConsumedCapacity: capacity } = await table.put({ ...key, r: S('x') }, TOTAL);
    assert.deepEqual(capacity.LocalSecondaryIndexes, {
      'local-all': { CapacityUnits: 1 },
      'local-keys': { CapacityUnits: 1 },
    });
    assert.deepEqual([capacity.CapacityUnits, capacity.GlobalSecondaryIndexes], [3, undefined]);
  });

  it('of queries is that of what the index holds', async (t) => {
    const table = await makeTable(t, KEYS, INDEXES);
    await table.put({ ...key, g: S('x'), h: N(1), v: S('v'.repeat(9000)) });
    const cost = async (name) => (await find(table, name, 'g', S('x'), TOTAL)).ConsumedCapacity;
    const all = await cost('all');
    assert.equal(all.CapacityUnits, 1.5);
    assert.deepEqual(all.GlobalSecondaryIndexes, { all: { CapacityUnits: 1.5 } });
    assert.equal(units(all.Table ?? { CapacityUnits: 0 }), 0);
    assert.equal((await cost('keys')).CapacityUnits, 0.5);
  });
});
