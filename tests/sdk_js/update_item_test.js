// SPDX-License-Identifier: Apache-2.0
// UpdateItem: what SET, REMOVE, ADD and DELETE make of an item, and what is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { INVALID, invalid, NOT_FOUND, ONE, refused, VALIDATION } from './support/errors.js';
import { body, makeTable, sharedTable, Table, uniqueName } from './support/tables.js';
import { BOOL, BS, L, M, N, NS, NULL, S, SS, valuesIn } from './support/values.js';

const VALUES = {
  ':s': S('new'),
  ':n': N(5),
  ':l': L(N(8), N(9)),
  ':m': M({ k: N(1) }),
  ':xy': SS('x', 'y'),
  ':ns': NS('2.0', 3),
  ':bs': BS([1], [2]),
  ':neg': N('-1.5'),
};
const NO_ATTRIBUTE =
  'The provided expression refers to an attribute that does not exist in the item';
const PATH_INVALID = 'The document path provided in the update expression is invalid for update';
const WRONG_OPERAND = 'An operand in the update expression has an incorrect data type';
const OVERFLOW =
  'Number overflow. Attempting to store a number with magnitude larger than supported range';

/** A key that no other test of the shared table uses. */
let counter = 0;
const freshKey = () => {
  counter += 1;
  return { pk: S(`item ${counter}`) };
};

// [attributes before (undefined: no item), UpdateExpression, attributes after]
const CHANGES = [
  [{}, 'SET a = :s', { a: S('new') }],
  [{ a: N(1) }, 'SET a = :s', { a: S('new') }],
  [undefined, 'SET a = :s', { a: S('new') }],
  [{}, 'SET a = :s, b = :n', { a: S('new'), b: N(5) }],
  [{ a: N(1), b: N(2) }, 'SET a = b, b = a', { a: N(2), b: N(1) }],
  [{ m: M({ x: N(1) }) }, 'SET m.y = :n', { m: M({ x: N(1), y: N(5) }) }],
  [{ m: M({ x: M({ y: L(N(1)) }) }) }, 'SET m.x.y[0] = :n', { m: M({ x: M({ y: L(N(5)) }) }) }],
  [{ l: L(N(1), N(2)) }, 'SET l[1] = :n', { l: L(N(1), N(5)) }],
  [{ l: L(N(1)) }, 'SET l[9] = :s, l[7] = :n', { l: L(N(1), N(5), S('new')) }],
  [{ l: L(M({ x: N(1) })) }, 'SET l[0].x = :n', { l: L(M({ x: N(5) })) }],
  [{ a: N(1) }, 'SET a = a + :n', { a: N(6) }],
  [{ a: N(1) }, 'SET a = :n - a', { a: N(4) }],
  [{ a: N('0.1') }, 'SET a = a + a', { a: N('0.2') }],
  [{ b: N(2) }, 'SET a = (b + :n)', { a: N(7), b: N(2) }],
  [{ a: N('9'.repeat(38)) }, 'SET a = a - :n', { a: N(`${'9'.repeat(37)}4`) }],
  [{}, 'SET a = if_not_exists(a, :n)', { a: N(5) }],
  [{ a: NULL }, 'SET a = if_not_exists(a, :n)', { a: NULL }],
  [{}, 'SET a = if_not_exists(a, :n) + :n', { a: N(10) }],
  [{ a: L(N(1)) }, 'SET a = list_append(a, :l)', { a: L(N(1), N(8), N(9)) }],
  [{ a: L(N(1)) }, 'SET a = list_append(:l, a)', { a: L(N(8), N(9), N(1)) }],
  [{}, 'SET a = list_append(if_not_exists(a, :l), :l)', { a: L(N(8), N(9), N(8), N(9)) }],
  [{ a: N(1), b: N(2) }, 'REMOVE a', { b: N(2) }],
  [{ a: N(1) }, 'REMOVE absent', { a: N(1) }],
  [{ m: M({ x: N(1) }) }, 'REMOVE m.x', { m: M() }],
  [{ m: M({ x: N(1) }) }, 'REMOVE m.absent', { m: M({ x: N(1) }) }],
  [{ l: L(N(0), N(1), N(2)) }, 'REMOVE l[0], l[1]', { l: L(N(2)) }],
  [{ l: L(N(0)) }, 'REMOVE l[4]', { l: L(N(0)) }],
  [undefined, 'REMOVE a', undefined],
  [undefined, 'REMOVE m.x.y', undefined],
  // Each clause reads the item as it was: l[3] is the old fourth element.
  [
    { l: L(N(0), N(1), N(2), N(3), N(4)) },
    'REMOVE l[1] SET l[3] = :n',
    { l: L(N(0), N(2), N(5), N(4)) },
  ],
  [{ a: N(1) }, 'REMOVE a SET b = a', { b: N(1) }],
  [{}, 'ADD a :n', { a: N(5) }],
  [undefined, 'ADD a :n', { a: N(5) }],
  [{ a: N(1) }, 'ADD a :neg', { a: N('-0.5') }],
  [{ m: M() }, 'ADD m.x :n', { m: M({ x: N(5) }) }],
  [{}, 'ADD a :xy', { a: SS('x', 'y') }],
  [{ a: SS('x', 'z') }, 'ADD a :xy', { a: SS('x', 'y', 'z') }],
  [{ a: NS(2) }, 'ADD a :ns', { a: NS(2, 3) }],
  [{ a: BS([1]) }, 'ADD a :bs', { a: BS([1], [2]) }],
  [{ a: SS('x', 'y', 'z') }, 'DELETE a :xy', { a: SS('z') }],
  [{ a: NS(1, 2) }, 'DELETE a :ns', { a: NS(1) }],
  [{ a: SS('x', 'y') }, 'DELETE a :xy', {}],
  [{ m: M({ s: SS('x') }) }, 'DELETE m.s :xy', { m: M() }],
  [{ b: N(1) }, 'DELETE a :xy', { b: N(1) }],
  [
    { a: N(1), b: N(2), c: SS('x', 'w'), d: N(4) },
    'ADD a :n SET e = :n REMOVE b DELETE c :xy',
    { a: N(6), c: SS('w'), d: N(4), e: N(5) },
  ],
];

// [attributes before, UpdateExpression, message]: faults that only the item can show.
const REFUSED = [
  [{}, 'SET a = absent', NO_ATTRIBUTE],
  [{}, 'SET a = a + :n', NO_ATTRIBUTE],
  [undefined, 'SET a = absent', NO_ATTRIBUTE],
  [{}, 'SET a = list_append(a, :l)', NO_ATTRIBUTE],
  [{}, 'SET m.x = :n', PATH_INVALID],
  [undefined, 'SET m.x = :n', PATH_INVALID],
  [{ a: N(1) }, 'SET a.x = :n', PATH_INVALID],
  [{ m: M() }, 'SET m[0] = :n', PATH_INVALID],
  [{ l: L() }, 'SET l.x = :n', PATH_INVALID],
  [{ m: M() }, 'SET m.x.y = :n', PATH_INVALID],
  [{}, 'REMOVE m.x', PATH_INVALID],
  [{}, 'ADD m.x :n', PATH_INVALID],
  [{ a: S('x') }, 'SET a = a + :n', WRONG_OPERAND],
  [{ a: N(1) }, 'SET a = list_append(a, :l)', WRONG_OPERAND],
  [{ a: S('x') }, 'ADD a :n', WRONG_OPERAND],
  [{ a: NS(1) }, 'ADD a :xy', WRONG_OPERAND],
  [{ a: L(S('x')) }, 'DELETE a :xy', WRONG_OPERAND],
  [{ a: N('9e125') }, 'SET a = a + a', OVERFLOW],
];

describe('UpdateItem', () => {
  const table = sharedTable(['pk:S']);

  for (const [before, expression, expected] of CHANGES) {
    it(`${expression} on ${JSON.stringify(before)}`, async () => {
      const key = freshKey();
      if (before) await table.put({ ...key, ...before });
      const reply = await table.update(key, expression, valuesIn(VALUES, expression));
      assert.deepEqual(body(reply), {});
      assert.deepEqual(await table.get(key), expected && { ...key, ...expected });
    });
  }

  for (const [before, expression, message] of REFUSED) {
    it(`refuses ${expression} on ${JSON.stringify(before)}`, async () => {
      const key = freshKey();
      if (before) await table.put({ ...key, ...before });
      const unchanged = await table.get(key);
      await invalid(table.update(key, expression, valuesIn(VALUES, expression)), message);
      assert.deepEqual(await table.get(key), unchanged);
    });
  }

  for (const value of [BOOL(false), NULL, SS('x'), NS(1), BS([1]), L(N(1)), M({ x: N(1) })]) {
    it(`sets ${Object.keys(value)[0]}`, async () => {
      const key = freshKey();
      await table.update(key, 'SET a = :v', { ':v': value });
      assert.deepEqual(await table.get(key), { ...key, a: value });
    });
  }

  it('makes a key-only item without an expression, and leaves an item alone', async () => {
    const key = freshKey();
    await table.update(key);
    assert.deepEqual(await table.get(key), key);
    await table.put({ ...key, a: N(1) });
    await table.update(key);
    assert.deepEqual(await table.get(key), { ...key, a: N(1) });
  });

  it('takes placeholders for names that hold dots or are reserved', async () => {
    const key = freshKey();
    await table.put({ ...key, name: M({ 'a.b': N(1) }) });
    const names = { '#n': 'name', '#d': 'a.b' };
    await table.update(key, 'SET #n.#d = :v', { ':v': N(2) }, { ExpressionAttributeNames: names });
    assert.deepEqual(await table.get(key), { ...key, name: M({ 'a.b': N(2) }) });
  });

  it('refuses arithmetic that needs more than 38 digits', async () => {
    const key = freshKey();
    await table.put({ ...key, a: N('123456789012345678901234567890123456780') });
    await refused(table.update(key, 'SET a = a + :v', { ':v': N(1) }), VALIDATION);
    assert.deepEqual((await table.get(key)).a, N('123456789012345678901234567890123456780'));
  });

  for (const [expression, attribute] of [
    ['SET pk = :s', 'pk'],
    ['REMOVE sk', 'sk'],
    ['ADD sk :n', 'sk'],
    ['SET pk.x = :s', 'pk'],
  ]) {
    it(`refuses to change a key: ${expression}`, async (t) => {
      const composite = await makeTable(t, ['pk:S', 'sk:N']);
      await invalid(
        composite.update({ pk: S('a'), sk: N(1) }, expression, valuesIn(VALUES, expression)),
        `${INVALID}Cannot update attribute ${attribute}. This attribute is part of the key`,
      );
    });
  }

  it('refuses a missing table', () =>
    refused(new Table(uniqueName()).update(freshKey()), NOT_FOUND, 'Requested resource not found'));
});

describe('ReturnValues of UpdateItem', () => {
  const table = sharedTable(['pk:S']);
  const before = {
    a: N(1),
    b: N(2),
    m: M({ x: N(1), y: N(2) }),
    l: L(N(0), N(1), N(2)),
  };

  async function returned(wanted, expression, key = freshKey()) {
    await table.put({ ...key, ...before });
    const values = valuesIn({ ':v': N(9) }, expression);
    return (await table.update(key, expression, values, { ReturnValues: wanted })).Attributes;
  }

  // [UpdateExpression, Attributes of UPDATED_OLD, of UPDATED_NEW]
  for (const [expression, old, now] of [
    ['SET a = :v', { a: N(1) }, { a: N(9) }],
    ['SET a = :v, c = :v', { a: N(1) }, { a: N(9), c: N(9) }],
    ['SET c = :v', undefined, { c: N(9) }],
    ['SET m.x = :v', { m: M({ x: N(1) }) }, { m: M({ x: N(9) }) }],
    ['SET m.z = :v', undefined, { m: M({ z: N(9) }) }],
    ['SET l[2] = :v, l[0] = :v', { l: L(N(0), N(2)) }, { l: L(N(9), N(9)) }],
    // The new path is looked up after the update: nothing is at index 100 then.
    ['SET l[100] = :v', undefined, undefined],
    ['REMOVE l[1]', { l: L(N(1)) }, { l: L(N(2)) }],
    ['REMOVE a, m.x', { a: N(1), m: M({ x: N(1) }) }, undefined],
    ['REMOVE absent', undefined, undefined],
    ['ADD a :v', { a: N(1) }, { a: N(10) }],
  ]) {
    it(`UPDATED_OLD and UPDATED_NEW of ${expression}`, async () => {
      assert.deepEqual(await returned('UPDATED_OLD', expression), old);
      assert.deepEqual(await returned('UPDATED_NEW', expression), now);
    });
  }

  it('ALL_OLD and ALL_NEW are whole items', async () => {
    const key = freshKey();
    const set = 'SET a = :v';
    assert.deepEqual(await returned('ALL_OLD', set, key), { ...key, ...before });
    assert.deepEqual(await returned('ALL_NEW', set, key), { ...key, ...before, a: N(9) });
    assert.equal(await returned('NONE', set, key), undefined);
  });

  it('ALL_OLD of a new item is nothing, ALL_NEW the item', async () => {
    const [first, second] = [freshKey(), freshKey()];
    const values = { ':v': N(9) };
    const old = await table.update(first, 'SET a = :v', values, { ReturnValues: 'ALL_OLD' });
    assert.deepEqual(body(old), {});
    const now = await table.update(second, 'SET a = :v', values, { ReturnValues: 'ALL_NEW' });
    assert.deepEqual(now.Attributes, { ...second, a: N(9) });
  });

  it('refuses what it does not know', () =>
    invalid(
      table.update(freshKey(), undefined, undefined, { ReturnValues: 'SOME' }),
      `${ONE}Failed to satisfy constraint: Member must satisfy enum value set: ` +
        '[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]',
    ));
});
