// SPDX-License-Identifier: Apache-2.0
// Query: each key condition on each type of sort key, the order of the answer, filters and Select.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dynamodb } from './support/clients.js';
import { INVALID, invalid, NOT_FOUND, ONE, refused } from './support/errors.js';
import { makeTable, sharedTable } from './support/tables.js';
import { B, BOOL, N, S } from './support/values.js';

// Sort keys of one partition, in the order that DynamoDB gives them.
const SORTED = {
  // By the bytes of UTF-8. JavaScript's UTF-16 units would put the emoji before the half-width 。
  S: [' ', '0', '10', '9', 'A', 'Z', 'a', 'a\u0000', 'aa', 'b', 'ä', 'é', '€', '｡', '😀', '😀a'],
  N: [
    `-${'9'.repeat(38)}${'0'.repeat(88)}`,
    '-100',
    '-99.5',
    '-99',
    '-10',
    '-9',
    '-1',
    '-0.99',
    '-0.05',
    `-0.${'0'.repeat(129)}1`,
    '0',
    `0.${'0'.repeat(129)}1`,
    '0.05',
    '0.5',
    '1',
    '1.5',
    '9',
    '10',
    '99.5',
    '100',
    '9007199254740992',
    '9007199254740993',
    '12345678901234567890123456789012345678',
    '12345678901234567890123456789012345679',
    `${'9'.repeat(38)}${'0'.repeat(88)}`,
  ],
  B: [
    [0],
    [0, 0],
    [0, 1],
    [0, 255],
    [1],
    [127],
    [127, 255],
    [128],
    [128, 0],
    [254],
    [255],
    [255, 0],
    [255, 255],
    [255, 255, 0],
  ],
};
const VALUE = { S, N, B: (bytes) => B(...bytes) };
const COMPARISONS = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
const PARTITION = { ':p': S('p') };
const PREFIXES = {
  S: ['a', 'aa', 'aaa', '😀', '\u{10ffff}'],
  N: [],
  B: [[0], [255], [255, 255], [2]],
};

/** A list in an order that is neither the given one nor its reverse. */
const shuffled = (list) => [
  ...list.filter((_, i) => i % 3 === 1),
  ...list.filter((_, i) => i % 3 !== 1).reverse(),
];

const startsWith = (whole, prefix) =>
  typeof whole === 'string'
    ? whole.startsWith(prefix)
    : prefix.every((byte, position) => whole[position] === byte);

for (const [type, sorted] of Object.entries(SORTED)) {
  describe(`Query of sort keys of type ${type}`, () => {
    const value = VALUE[type];
    // The same sort keys in the partitions before and after must not appear.
    const table = sharedTable(
      ['pk:S', `sk:${type}`],
      ['o', 'p', 'p\u0000'].flatMap((partition) =>
        shuffled(sorted).map((sk) => ({ pk: S(partition), sk: value(sk) })),
      ),
    );
    const items = sorted.map((sk) => ({ pk: S('p'), sk: value(sk) }));

    async function found(condition, values, more) {
      const page = await table.query(`pk = :p AND ${condition}`, { ...PARTITION, ...values }, more);
      assert.equal(page.Count, page.Items.length);
      assert.equal(page.ScannedCount, page.Items.length);
      assert.equal(page.LastEvaluatedKey, undefined);
      return page.Items;
    }

    it('gives the whole partition in order', async () => {
      assert.deepEqual((await table.query('pk = :p', PARTITION)).Items, items);
      const forward = await table.query('pk = :p', PARTITION, { ScanIndexForward: true });
      assert.deepEqual(forward.Items, items);
      const backward = await table.query('pk = :p', PARTITION, { ScanIndexForward: false });
      assert.deepEqual(backward.Items, items.toReversed());
    });

    for (const [sign, holds] of Object.entries(COMPARISONS)) {
      it(`compares by ${sign}`, async () => {
        for (const [place, bound] of sorted.entries()) {
          const values = { ':v': value(bound) };
          const after = items.filter((_, position) => holds(position, place));
          assert.deepEqual(await found(`sk ${sign} :v`, values), after);
          const backward = await found(`sk ${sign} :v`, values, { ScanIndexForward: false });
          assert.deepEqual(backward, after.toReversed());
          const mirrored = items.filter((_, position) => holds(place, position));
          assert.deepEqual(await found(`:v ${sign} sk`, values), mirrored);
        }
      });
    }

    it('includes both bounds of BETWEEN', async () => {
      for (const [low, high] of [
        [0, sorted.length - 1],
        [2, 9],
        [5, 5],
      ]) {
        const values = { ':low': value(sorted[low]), ':high': value(sorted[high]) };
        const expected = items.slice(low, high + 1);
        assert.deepEqual(await found('sk BETWEEN :low AND :high', values), expected);
      }
    });

    for (const prefix of PREFIXES[type]) {
      it(`begins with ${JSON.stringify(prefix)}`, async () => {
        const expected = items.filter((_, position) => startsWith(sorted[position], prefix));
        const values = { ':v': value(prefix) };
        assert.deepEqual(await found('begins_with(sk, :v)', values), expected);
        const backward = await found('begins_with(sk, :v)', values, { ScanIndexForward: false });
        assert.deepEqual(backward, expected.toReversed());
      });
    }
  });
}

describe('Query', () => {
  const items = Array.from({ length: 10 }, (_, number) => ({
    pk: S('p'),
    sk: N(number),
    odd: BOOL(number % 2 === 1),
    name: S(`item ${number}`),
  }));
  const table = sharedTable(['pk:S', 'sk:N'], items);
  const numbers = (page) => page.Items.map((item) => Number(item.sk.N));

  for (const condition of [
    'pk = :p AND sk = :v',
    'sk = :v and pk = :p',
    ':p = pk AND :v = sk',
    '((pk = :p) AND (sk = :v))',
    '\n pk =\t:p  AND\r\nsk = :v ',
    'pk = :p AND sk BETWEEN :v AND :v',
  ]) {
    it(`takes the condition ${JSON.stringify(condition)}`, async () => {
      const page = await table.query(condition, { ...PARTITION, ':v': N('3.0') });
      assert.deepEqual(page.Items, [items[3]]);
    });
  }

  it('takes placeholders for the names of keys', async () => {
    const page = await table.query(
      '#p = :p AND #s < :v',
      { ...PARTITION, ':v': N(2) },
      {
        ExpressionAttributeNames: { '#p': 'pk', '#s': 'sk' },
      },
    );
    assert.deepEqual(page.Items, items.slice(0, 2));
  });

  it('filters what it has read', async () => {
    const page = await table.query(
      'pk = :p',
      { ...PARTITION, ':odd': BOOL(true) },
      {
        FilterExpression: 'odd = :odd',
      },
    );
    assert.deepEqual(numbers(page), [1, 3, 5, 7, 9]);
    assert.equal(page.Count, 5);
    assert.equal(page.ScannedCount, 10);
  });

  it('projects', async () => {
    const page = await table.query(
      'pk = :p AND sk < :v',
      { ...PARTITION, ':v': N(1) },
      {
        ProjectionExpression: '#n',
        ExpressionAttributeNames: { '#n': 'name' },
      },
    );
    assert.deepEqual(page.Items, [{ name: S('item 0') }]);
  });

  it('counts', async () => {
    const page = await table.query(
      'pk = :p',
      { ...PARTITION, ':odd': BOOL(true) },
      {
        Select: 'COUNT',
        FilterExpression: 'odd = :odd',
      },
    );
    assert.equal(page.Items, undefined);
    assert.deepEqual([page.Count, page.ScannedCount], [5, 10]);
  });

  it('selects all, or what the projection names', async () => {
    const all = await table.query('pk = :p', PARTITION, { Select: 'ALL_ATTRIBUTES', Limit: 1 });
    assert.deepEqual(all.Items, [items[0]]);
    const some = await table.query('pk = :p', PARTITION, {
      Select: 'SPECIFIC_ATTRIBUTES',
      ProjectionExpression: 'sk',
      Limit: 1,
    });
    assert.deepEqual(some.Items, [{ sk: N(0) }]);
  });

  for (const [select, more, message] of [
    [
      'COUNT',
      { ProjectionExpression: 'sk' },
      'Cannot specify the ProjectionExpression when choosing to get only the Count',
    ],
    [
      'ALL_ATTRIBUTES',
      { ProjectionExpression: 'sk' },
      'Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES',
    ],
    [
      'ALL_PROJECTED_ATTRIBUTES',
      {},
      'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    ],
    [
      'SPECIFIC_ATTRIBUTES',
      {},
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get ' +
        'SPECIFIC_ATTRIBUTES',
    ],
  ]) {
    it(`refuses Select ${select} that does not fit`, () =>
      invalid(table.query('pk = :p', PARTITION, { Select: select, ...more }), ONE + message));
  }

  it('refuses an index that is not there', () =>
    invalid(
      table.query('pk = :p', PARTITION, { IndexName: 'no-such-index' }),
      'The table does not have the specified index: no-such-index',
    ));

  it('refuses a missing table', () =>
    refused(
      dynamodb.query({
        TableName: 'weir-no-such-table',
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: PARTITION,
      }),
      NOT_FOUND,
      'Requested resource not found',
    ));

  it('refuses an empty key and one that is too long', async () => {
    await invalid(
      table.query('pk = :p', { ':p': S('') }),
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot ' +
        'contain an empty string value. Key: pk',
    );
    await invalid(
      table.query('pk = :p', { ':p': S('x'.repeat(2049)) }),
      `${INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    );
  });

  it('refuses a third condition', () =>
    invalid(
      table.query('pk = :p AND sk = :v AND x = :v', { ...PARTITION, ':v': N(1) }),
      'The number of query conditions (3) exceeds the number of key attributes defined in the ' +
        'schema (2)',
    ));
});

describe('Query of a table without sort key', () => {
  for (const [type, value, spelling] of [
    ['S', S('a'), S('a')],
    ['N', N('1'), N('1.00')],
    ['B', B(0, 255), B(0, 255)],
  ]) {
    it(`of type ${type}`, async (t) => {
      const table = await makeTable(t, [`pk:${type}`]);
      await table.put({ pk: value, x: S('y') });
      const page = await table.query('pk = :p', { ':p': spelling });
      assert.deepEqual(page.Items, [{ pk: value, x: S('y') }]);
    });
  }
});
