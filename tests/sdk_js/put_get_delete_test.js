// SPDX-License-Identifier: Apache-2.0
// PutItem, GetItem and DeleteItem: items in and out, ReturnValues, projections, refusals.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dynamodb } from './support/clients.js';
import { INVALID, invalid, NOT_FOUND, ONE, refused, VALIDATION } from './support/errors.js';
import { body, makeTable, sharedTable, uniqueName } from './support/tables.js';
import { B, BOOL, BS, L, M, N, NS, NULL, S, SS } from './support/values.js';

const KEY = { pk: S('a') };
const ONLY_OLD = `${ONE}ReturnValues can only be ALL_OLD or NONE`;
// AWS's text to the letter: it has UPDATE_NEW, though the value is UPDATED_NEW.
const UNKNOWN_RETURN_VALUES =
  `${ONE}Failed to satisfy constraint: Member must satisfy enum value set: ` +
  '[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]';
const NO_MATCH = 'The provided key element does not match the schema';
const ALL_TYPES = {
  s: S('text ✓ 𝄞'),
  emptyString: S(''),
  n: N('-1.5'),
  b: B(0, 255),
  emptyBinary: B(),
  yes: BOOL(true),
  no: BOOL(false),
  nothing: NULL,
  strings: SS('x', 'y'),
  numbers: NS(1, 2),
  binaries: BS([1], [2, 3]),
  list: L(N(1), L(), M({ deep: L(S('x')) })),
  map: M({ 'a b': N(1), empty: M() }),
};

describe('PutItem', () => {
  it('answers with nothing', async (t) => {
    const table = await makeTable(t);
    assert.deepEqual(body(await table.put(KEY)), {});
  });

  it('replaces the whole item', async (t) => {
    const table = await makeTable(t);
    await table.put({ ...KEY, a: N(1), b: N(2) });
    await table.put({ ...KEY, b: N(3) });
    assert.deepEqual(await table.get(KEY), { ...KEY, b: N(3) });
  });

  it('keeps every type of value', async (t) => {
    const table = await makeTable(t);
    await table.put({ ...KEY, ...ALL_TYPES });
    assert.deepEqual(await table.get(KEY), { ...KEY, ...ALL_TYPES });
  });

  it('returns the item before with ALL_OLD', async (t) => {
    const table = await makeTable(t);
    assert.deepEqual(body(await table.put({ ...KEY, a: N(1) }, { ReturnValues: 'ALL_OLD' })), {});
    const reply = await table.put({ ...KEY, a: N(2) }, { ReturnValues: 'ALL_OLD' });
    assert.deepEqual(body(reply), { Attributes: { ...KEY, a: N(1) } });
    const none = await table.put(KEY, { ReturnValues: 'NONE' });
    assert.deepEqual(body(none), {});
  });

  it('takes the ARN of the table for its name', async (t) => {
    const table = await makeTable(t);
    const { TableArn: arn } = await table.describe();
    await dynamodb.putItem({ TableName: arn, Item: KEY });
    assert.deepEqual(await table.get(KEY), KEY);
  });

  for (const wanted of ['ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']) {
    it(`refuses ReturnValues ${wanted}`, async (t) => {
      const table = await makeTable(t);
      await invalid(table.put(KEY, { ReturnValues: wanted }), ONLY_OLD);
      assert.equal(await table.get(KEY), undefined);
    });
  }

  describe('refuses', () => {
    const table = sharedTable(['pk:S', 'sk:N']);
    const whole = { pk: S('a'), sk: N(1) };

    it('a missing table', () =>
      refused(
        dynamodb.putItem({ TableName: uniqueName(), Item: KEY }),
        NOT_FOUND,
        'Requested resource not found',
      ));

    it('unknown ReturnValues', () =>
      invalid(table.put(whole, { ReturnValues: 'EVERYTHING' }), UNKNOWN_RETURN_VALUES));

    for (const [title, item, message] of [
      ['no sort key', { pk: S('a') }, `${INVALID}Missing the key sk in the item`],
      ['no partition key', { sk: N(1) }, `${INVALID}Missing the key pk in the item`],
      [
        'a key of another type',
        { pk: S('a'), sk: S('1') },
        `${INVALID}Type mismatch for key sk expected: N actual: S`,
      ],
      [
        'an empty key',
        { pk: S(''), sk: N(1) },
        'One or more parameter values are not valid. The AttributeValue for a key attribute ' +
          'cannot contain an empty string value. Key: pk',
      ],
      [
        'a partition key of 2049 bytes',
        { pk: S('x'.repeat(2049)), sk: N(1) },
        `${INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
      ],
    ]) {
      it(title, () => invalid(table.put(item), message));
    }
  });
});

describe('GetItem', () => {
  it('omits Item when the key is absent', async (t) => {
    const table = await makeTable(t);
    const reply = await dynamodb.getItem({ TableName: table.name, Key: KEY });
    assert.deepEqual(body(reply), {});
  });

  for (const ConsistentRead of [true, false]) {
    it(`reads what was written, ConsistentRead ${ConsistentRead}`, async (t) => {
      const table = await makeTable(t);
      await table.put({ ...KEY, a: S('x') });
      assert.deepEqual(await table.get(KEY, { ConsistentRead }), { ...KEY, a: S('x') });
    });
  }

  it('tells items apart by their sort keys', async (t) => {
    const table = await makeTable(t, ['pk:S', 'sk:N']);
    for (const number of [1, 2, 10]) await table.put({ ...KEY, sk: N(number), copy: N(number) });
    assert.deepEqual((await table.get({ ...KEY, sk: N(2) })).copy, N(2));
    assert.equal(await table.get({ ...KEY, sk: N(3) }), undefined);
  });

  it('refuses a missing table', () =>
    refused(
      dynamodb.getItem({ TableName: uniqueName(), Key: KEY }),
      NOT_FOUND,
      'Requested resource not found',
    ));

  describe('refuses the key', () => {
    const table = sharedTable(['pk:S', 'sk:N']);
    for (const [title, key] of [
      ['without its sort key', { pk: S('a') }],
      ['with another type', { pk: S('a'), sk: S('1') }],
      ['with one attribute too many', { pk: S('a'), sk: N(1), x: N(1) }],
      ['of other names', { a: S('a'), b: N(1) }],
    ]) {
      it(title, () => invalid(table.get(key), NO_MATCH));
    }
  });
});

describe('ProjectionExpression', () => {
  const item = {
    ...KEY,
    a: N(1),
    m: M({ x: N(1), y: M({ z: N(2), w: N(3) }) }),
    l: L(N(0), N(1), M({ p: N(2), q: N(3) }), L(N(4), N(5))),
    'a.b': S('dotted'),
  };
  const table = sharedTable(['pk:S'], [item]);

  for (const [expression, expected] of [
    ['a', { a: N(1) }],
    ['a, pk', { a: N(1), ...KEY }],
    ['a, absent', { a: N(1) }],
    ['m.x', { m: M({ x: N(1) }) }],
    ['m.y.z', { m: M({ y: M({ z: N(2) }) }) }],
    ['m.x, m.y.w', { m: M({ x: N(1), y: M({ w: N(3) }) }) }],
    ['l[1]', { l: L(N(1)) }],
    ['l[3], l[0]', { l: L(N(0), L(N(4), N(5))) }],
    ['l[2].q, l[0]', { l: L(N(0), M({ q: N(3) })) }],
    ['l[2].p, l[2].q', { l: L(M({ p: N(2), q: N(3) })) }],
    ['l[3][1]', { l: L(L(N(5))) }],
    ['l[9], a', { a: N(1) }],
    ['absent', {}],
    ['m[0]', {}],
    ['a.x', {}],
  ]) {
    it(`picks ${expression}`, async () => {
      assert.deepEqual(await table.get(KEY, { ProjectionExpression: expression }), expected);
    });
  }

  it('takes a placeholder for one attribute name', async () => {
    const found = await table.get(KEY, {
      ProjectionExpression: '#dotted, #m.x',
      ExpressionAttributeNames: { '#dotted': 'a.b', '#m': 'm' },
    });
    assert.deepEqual(found, { 'a.b': S('dotted'), m: M({ x: N(1) }) });
  });

  it('gives no Item when the item is missing', async () => {
    const found = await table.get({ pk: S('absent') }, { ProjectionExpression: 'a' });
    assert.equal(found, undefined);
  });
});

describe('DeleteItem', () => {
  it('removes only the named item', async (t) => {
    const table = await makeTable(t, ['pk:S', 'sk:S']);
    await table.fill([
      { ...KEY, sk: S('a') },
      { ...KEY, sk: S('b') },
    ]);
    assert.deepEqual(body(await table.delete({ ...KEY, sk: S('a') })), {});
    assert.equal(await table.get({ ...KEY, sk: S('a') }), undefined);
    assert.deepEqual(await table.get({ ...KEY, sk: S('b') }), { ...KEY, sk: S('b') });
  });

  it('returns the item with ALL_OLD, and nothing for an absent one', async (t) => {
    const table = await makeTable(t);
    await table.put({ ...KEY, a: BOOL(true) });
    const reply = await table.delete(KEY, { ReturnValues: 'ALL_OLD' });
    assert.deepEqual(body(reply), { Attributes: { ...KEY, a: BOOL(true) } });
    assert.deepEqual(body(await table.delete(KEY, { ReturnValues: 'ALL_OLD' })), {});
  });

  for (const wanted of ['ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']) {
    it(`refuses ReturnValues ${wanted}`, async (t) => {
      const table = await makeTable(t);
      await table.put(KEY);
      await invalid(table.delete(KEY, { ReturnValues: wanted }), ONLY_OLD);
      assert.deepEqual(await table.get(KEY), KEY);
    });
  }

  it('refuses a missing table', () =>
    refused(
      dynamodb.deleteItem({ TableName: uniqueName(), Key: KEY }),
      NOT_FOUND,
      'Requested resource not found',
    ));

  it('refuses a key that does not fit', async (t) => {
    const table = await makeTable(t);
    await invalid(table.delete({ pk: N(1) }), NO_MATCH);
  });

  it('names the error by its class', async () => {
    const { ResourceNotFoundException } = await import('@aws-sdk/client-dynamodb');
    const call = dynamodb.deleteItem({ TableName: uniqueName(), Key: KEY });
    await assert.rejects(call, ResourceNotFoundException);
  });
});

describe('Values of an item', () => {
  const table = sharedTable(['pk:S']);
  for (const [title, value, message] of [
    ['an empty string set', SS(), `${ONE}${INVALID}An string set  may not be empty`],
    ['an empty number set', NS(), `${ONE}${INVALID}An number set  may not be empty`],
    ['an empty binary set', BS(), `${ONE}${INVALID}Binary sets should not be empty`],
    [
      'a string twice in a set',
      SS('a', 'a'),
      `${ONE}${INVALID}Input collection ["a", "a"] contains duplicates.`,
    ],
    [
      'bytes twice in a set',
      BS([97], [97]),
      `${ONE}${INVALID}Input collection ["YQ==","YQ=="]of type BS contains duplicates.`,
    ],
    [
      'a number twice in a set',
      NS('1', '1.0'),
      `${ONE}${INVALID}Input collection contains duplicates.`,
    ],
  ]) {
    it(`refuse ${title}`, async () => {
      const key = { pk: S(title) };
      const error = await refused(table.put({ ...key, v: value }), VALIDATION);
      assert.equal(error.message, message);
      assert.equal(await table.get(key), undefined);
    });
  }
});
