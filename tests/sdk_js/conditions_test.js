// SPDX-License-Identifier: Apache-2.0
// ConditionExpression: which conditions hold, and what a failed one answers and leaves alone.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

import { refused } from './support/errors.js';
import { body, makeTable, sharedTable } from './support/tables.js';
import { B, BOOL, L, M, N, NS, NULL, S, SS, valuesIn } from './support/values.js';

const KEY = { pk: S('a') };
const FAILED = ['ConditionalCheckFailedException', 'The conditional request failed'];
const ITEM = {
  ...KEY,
  n: N(5),
  big: N('12345678901234567890123456789012345678'),
  s: S('hello'),
  clef: S('𝄞'),
  b: B(1, 2, 3),
  t: BOOL(true),
  nul: NULL,
  ss: SS('x', 'y'),
  ns: NS(1, 2, 3),
  l: L(N(1), S('two'), M({ x: N(3) })),
  m: M({ x: N(1), y: M({ z: S('deep') }) }),
};
const VALUES = {
  ':n1': N(1),
  ':n2': N(2),
  ':n3': N(3),
  ':n4': N(4),
  ':n5': N('5.0'),
  ':n6': N(6),
  ':n10': N(10),
  ':big': N('12345678901234567890123456789012345679'),
  ':hello': S('hello'),
  ':hell': S('hell'),
  ':ell': S('ell'),
  ':x': S('x'),
  ':z': S('z'),
  ':two': S('two'),
  ':b12': B(1, 2),
  ':b2': B(2),
  ':true': BOOL(true),
  ':false': BOOL(false),
  ':null': NULL,
  ':yx': SS('y', 'x'),
  ':321': NS(3, '2.0', 1),
  ':mx': M({ x: N('3.0') }),
  ':tN': S('N'),
  ':tS': S('S'),
  ':tSS': S('SS'),
  ':tNULL': S('NULL'),
};

const HOLD = [
  'attribute_exists(nul)',
  'attribute_exists(m.y.z)',
  'attribute_exists(l[2].x)',
  'attribute_not_exists(absent)',
  'attribute_not_exists(n.x)',
  'n = :n5',
  ':n5 = n',
  'n <> :n4',
  'n <> :x',
  'absent <> :n5',
  's = :hello',
  't = :true',
  'nul = :null',
  'ss = :yx',
  'ns = :321',
  'l[2] = :mx',
  'n < :n10',
  'n <= :n5',
  'n > :n4',
  'n >= :n5',
  'big < :big',
  's > :hell',
  'b > :b12',
  'b < :b2',
  'n BETWEEN :n4 AND :n6',
  ':n5 BETWEEN m.x AND n',
  'n IN (:n4, :x, :n5)',
  'l[2] IN (:mx)',
  'begins_with(s, :hell)',
  'begins_with(b, :b12)',
  'contains(s, :ell)',
  'contains(ss, :x)',
  'contains(ns, :n2)',
  'contains(l, :two)',
  'contains(l, :mx)',
  'contains(b, :b2)',
  'attribute_type(n, :tN)',
  'attribute_type(ss, :tSS)',
  'attribute_type(nul, :tNULL)',
  'size(s) = :n5',
  'size(b) = :n3',
  'size(l) = :n3',
  'size(m.y) = :n1',
  // Strings count UTF-16 units, as Java's do.
  'size(clef) = :n2',
  'size(s) IN (:n4, :n5)',
  'NOT n = :n4 AND s = :hello',
  'n = :n4 AND s = :x OR t = :true',
  't = :true OR n = :n4 AND s = :x',
  'NOT (n = :n4 OR s = :x)',
  'n = :n5 and not s = :x',
];

const FAIL = [
  'attribute_exists(absent)',
  'attribute_not_exists(n)',
  'n = :n4',
  'n = :x',
  'absent = :n5',
  'absent < :n5',
  'n <> :n5',
  'n < :x',
  's < :n10',
  't = :false',
  'n BETWEEN :n6 AND :n10',
  's BETWEEN :n4 AND :n6',
  'n IN (:n4, :n6)',
  'begins_with(s, :ell)',
  'begins_with(n, :hell)',
  'contains(s, :z)',
  'contains(ns, :n10)',
  'attribute_type(n, :tS)',
  'size(absent) = :n5',
  'size(n) = :n1',
  'n = :n5 AND s = :x',
  'NOT (n = :n5 OR s = :x)',
  'n = :n4 AND (s = :x OR t = :true)',
];

const condition = (expression, more) => ({
  ConditionExpression: expression,
  ExpressionAttributeValues: valuesIn(VALUES, expression),
  ...more,
});

describe('Condition', () => {
  const table = sharedTable(['pk:S'], [ITEM]);

  for (const expression of HOLD) {
    it(`holds: ${expression}`, async () => {
      const reply = await table.put(ITEM, condition(expression, { ReturnValues: 'ALL_OLD' }));
      assert.deepEqual(reply.Attributes, ITEM);
    });
  }

  for (const expression of FAIL) {
    it(`fails: ${expression}`, async () => {
      await refused(table.delete(KEY, condition(expression)), ...FAILED);
      assert.deepEqual(await table.get(KEY), ITEM);
    });
  }
});

describe('Condition on an absent item', () => {
  const table = sharedTable(['pk:S']);

  for (const expression of ['attribute_not_exists(pk)', 'n <> :n5', 'NOT n = :n5']) {
    it(`holds: ${expression}`, async () => {
      const key = { pk: S(expression) };
      await table.put(key, condition(expression));
      assert.deepEqual(await table.get(key), key);
    });
  }

  for (const expression of ['attribute_exists(pk)', 'n = :n5', 'size(n) < :n5']) {
    it(`fails: ${expression}`, async () => {
      const key = { pk: S(expression) };
      await refused(table.put(key, condition(expression)), ...FAILED);
      assert.equal(await table.get(key), undefined);
    });
  }
});

const WRITES = {
  PutItem: (table, more) => table.put({ ...KEY, n: N(0) }, more),
  UpdateItem: (table, more) => table.update(KEY, 'REMOVE n', undefined, more),
  DeleteItem: (table, more) => table.delete(KEY, more),
};

for (const [operation, attempt] of Object.entries(WRITES)) {
  describe(`Failed condition of ${operation}`, () => {
    const failing = { ConditionExpression: 'attribute_exists(absent)' };
    const stored = { ...KEY, n: N(5), extra: L(NULL, B(7)) };

    it('is the class of the SDK, changes nothing and returns no item', async (t) => {
      const table = await makeTable(t);
      await table.put(stored);
      await assert.rejects(attempt(table, failing), ConditionalCheckFailedException);
      const error = await refused(attempt(table, failing), ...FAILED);
      assert.equal(error.Item, undefined);
      assert.deepEqual(await table.get(KEY), stored);
    });

    it('returns the item with ALL_OLD', async (t) => {
      const table = await makeTable(t);
      await table.put(stored);
      const asked = { ...failing, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
      const error = await refused(attempt(table, asked), ...FAILED);
      assert.deepEqual(error.Item, stored);
      const unasked = { ...failing, ReturnValuesOnConditionCheckFailure: 'NONE' };
      assert.equal((await refused(attempt(table, unasked), ...FAILED)).Item, undefined);
    });

    it('has no item to return when it is absent', async (t) => {
      const table = await makeTable(t);
      const asked = { ...failing, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
      const error = await refused(attempt(table, asked), ...FAILED);
      assert.equal(error.Item, undefined);
    });

    it('does not return the item when the condition holds', async (t) => {
      const table = await makeTable(t);
      await table.put(stored);
      const reply = await attempt(table, {
        ConditionExpression: 'attribute_exists(n)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      assert.deepEqual(body(reply), {});
    });
  });
}
