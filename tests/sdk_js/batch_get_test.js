// SPDX-License-Identifier: Apache-2.0
// BatchGetItem: what it finds in several tables, what comes back unprocessed, what is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dynamodb } from './support/clients.js';
import {
  constraint,
  invalid,
  LENGTH_AT_LEAST,
  LENGTH_AT_MOST,
  NOT_FOUND,
  NOT_VALID,
  ONE,
  ONE_OF,
  refused,
} from './support/errors.js';
import { sharedTable } from './support/tables.js';
import { B, L, M, N, NULL, S } from './support/values.js';

const MISSING = 'weir-no-such-table';
const key = (number) => ({ pk: S(`item ${number}`), sk: N(number) });
const item = (number) => ({
  ...key(number),
  n: N(number),
  doc: M({ a: L(N(1), N(number)), b: S('b') }),
});
const ITEMS = Array.from({ length: 10 }, (_, number) => item(number));
const keysOf = (...numbers) => ({ Keys: numbers.map(key), ConsistentRead: true });
const byNumber = (items) => items.toSorted((a, b) => Number(a.n.N) - Number(b.n.N));
const batchGet = (RequestItems, more) => dynamodb.batchGetItem({ RequestItems, ...more });

describe('BatchGetItem', () => {
  const first = sharedTable(['pk:S', 'sk:N'], ITEMS);
  const second = sharedTable(['pk:S', 'sk:N'], ITEMS);

  it('finds the items of several tables and leaves missing ones out', async () => {
    const reply = await batchGet({
      [first.name]: keysOf(3, 99, 1, 7),
      [second.name]: keysOf(8),
    });
    assert.deepEqual(byNumber(reply.Responses[first.name]), [item(1), item(3), item(7)]);
    assert.deepEqual(reply.Responses[second.name], [item(8)]);
    assert.deepEqual(reply.UnprocessedKeys, {});
  });

  it('answers an empty list for a table where no key has an item', async () => {
    const reply = await batchGet({ [first.name]: keysOf(99), [second.name]: keysOf(5) });
    assert.deepEqual(reply.Responses, { [first.name]: [], [second.name]: [item(5)] });
  });

  it('takes a hundred keys', async () => {
    const numbers = Array.from({ length: 100 }, (_, number) => number);
    const reply = await batchGet({
      [first.name]: keysOf(...numbers.slice(0, 60)),
      [second.name]: keysOf(...numbers.slice(0, 40)),
    });
    assert.deepEqual(byNumber(reply.Responses[first.name]), ITEMS);
    assert.deepEqual(byNumber(reply.Responses[second.name]), ITEMS);
  });

  it('finds a number key in another spelling', async () => {
    const reply = await batchGet({
      [first.name]: { Keys: [{ pk: S('item 4'), sk: N('4.00') }] },
    });
    assert.deepEqual(reply.Responses[first.name], [item(4)]);
  });

  it('answers under the ARN that was asked for', async () => {
    const { TableArn: arn } = await first.describe();
    const reply = await batchGet({ [arn]: keysOf(6) });
    assert.deepEqual(reply.Responses, { [arn]: [item(6)] });
  });

  it('projects each table by itself', async () => {
    const reply = await batchGet({
      [first.name]: { ...keysOf(3), ProjectionExpression: 'doc.a[1], n' },
      [second.name]: {
        ...keysOf(3),
        ProjectionExpression: '#x',
        ExpressionAttributeNames: { '#x': 'sk' },
      },
    });
    assert.deepEqual(reply.Responses, {
      [first.name]: [{ n: N(3), doc: M({ a: L(N(3)) }) }],
      [second.name]: [{ sk: N(3) }],
    });
  });

  it('charges for each key by itself, and for missing items too', async () => {
    const reply = await batchGet(
      { [first.name]: keysOf(1, 2, 99), [second.name]: { Keys: [key(1)] } },
      { ReturnConsumedCapacity: 'INDEXES' },
    );
    const figures = Object.fromEntries(reply.ConsumedCapacity.map((one) => [one.TableName, one]));
    assert.deepEqual(figures, {
      [first.name]: { TableName: first.name, CapacityUnits: 3, Table: { CapacityUnits: 3 } },
      [second.name]: { TableName: second.name, CapacityUnits: 0.5, Table: { CapacityUnits: 0.5 } },
    });
    assert.equal((await batchGet({ [first.name]: keysOf(1) })).ConsumedCapacity, undefined);
  });

  for (const wrong of [
    {},
    { pk: S('p') },
    { pk: S('p'), x: N(1) },
    { pk: S('p'), sk: N(1), x: N(1) },
    { pk: B(1), sk: N(1) },
    { pk: S('p'), sk: NULL },
  ]) {
    it(`refuses the key ${JSON.stringify(wrong)}`, () =>
      invalid(
        batchGet({ [first.name]: { Keys: [key(1), wrong] } }),
        'The provided key element does not match the schema',
      ));
  }

  it('refuses an empty key', () =>
    invalid(
      batchGet({ [first.name]: { Keys: [{ pk: S(''), sk: N(1) }] } }),
      `${NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. ` +
        'Key: pk',
    ));

  for (const again of ['1', '1.0', '0.1e1']) {
    it(`refuses a key twice, spelled ${again}`, () =>
      invalid(
        batchGet({ [first.name]: { Keys: [key(1), { pk: S('item 1'), sk: N(again) }] } }),
        'Provided list of item keys contains duplicates',
      ));
  }

  it('refuses a missing table among others', () =>
    refused(
      batchGet({ [first.name]: keysOf(1), [MISSING]: keysOf(1) }),
      NOT_FOUND,
      'Requested resource not found',
    ));

  for (const [expression, fault] of [
    ['', 'The expression can not be empty;'],
    ['a,', 'Syntax error; token: "<EOF>", near: ","'],
    ['size', 'Attribute name is a reserved keyword; reserved keyword: size'],
  ]) {
    it(`refuses the projection ${JSON.stringify(expression)}`, () =>
      invalid(
        batchGet({ [first.name]: { ...keysOf(1), ProjectionExpression: expression } }),
        `Invalid ProjectionExpression: ${fault}`,
      ));
  }
});

describe('Members of BatchGetItem', () => {
  const keys = `RequestItems.${MISSING}.member.Keys`;
  const length = (path, rule) =>
    `${ONE}Value at '${path}' failed to satisfy constraint: Member must ${rule}`;
  const many = (count) => Array.from({ length: count }, (_, number) => key(number));

  for (const [title, request, message] of [
    ['no RequestItems', undefined, ONE + constraint('null', 'requestItems', 'not be null')],
    ['no tables', {}, length('RequestItems', LENGTH_AT_LEAST(1))],
    [
      'a table without Keys',
      { [MISSING]: {} },
      ONE + constraint('null', `requestItems.${MISSING}.member.keys`, 'not be null'),
    ],
    ['no keys', { [MISSING]: { Keys: [] } }, length(keys, LENGTH_AT_LEAST(1))],
    ['101 keys', { [MISSING]: { Keys: many(101) } }, length(keys, LENGTH_AT_MOST(100))],
    [
      '101 keys in two tables',
      { [MISSING]: { Keys: many(51) }, other: { Keys: many(50) } },
      'Too many items requested for the BatchGetItem call',
    ],
  ]) {
    it(`refuse ${title}`, () => invalid(batchGet(request), message));
  }

  it('refuse an unknown ReturnConsumedCapacity', () =>
    invalid(
      batchGet({ [MISSING]: keysOf(1) }, { ReturnConsumedCapacity: 'X' }),
      ONE + constraint("'X'", 'returnConsumedCapacity', ONE_OF('INDEXES', 'TOTAL', 'NONE')),
    ));
});

describe('BatchGetItem of more than 16 MB', () => {
  const SIZE = 400 * 1024;
  const names = Array.from({ length: 50 }, (_, number) => String(number).padStart(2, '0'));
  const big = sharedTable(
    ['pk:S'],
    names.map((name) => ({ pk: S(name), v: S('x'.repeat(SIZE - 'pk00v'.length)) })),
  );

  it('gives the rest back as the next request', async () => {
    const placeholders = { '#p': 'pk', '#v': 'v' };
    let request = {
      [big.name]: {
        Keys: names.map((name) => ({ pk: S(name) })),
        ProjectionExpression: '#p, #v',
        ExpressionAttributeNames: placeholders,
        ConsistentRead: true,
      },
    };
    const pages = [];
    while (Object.keys(request).length > 0) {
      assert.ok(pages.length < 3, 'the same keys again and again');
      const reply = await batchGet(request);
      pages.push(reply.Responses[big.name].map((found) => found.pk.S));
      request = reply.UnprocessedKeys;
      if (pages.length > 1) continue;
      assert.equal(request[big.name].ConsistentRead, true);
      assert.equal(request[big.name].ProjectionExpression, '#p, #v');
      assert.deepEqual(request[big.name].ExpressionAttributeNames, placeholders);
    }
    assert.equal(pages.length, 2);
    // 40 items of 400 KB fit into 16 MB, and fewer if the server counts more than their own bytes.
    assert.ok(pages[0].length <= 40 && pages[0].length > 36, `${pages[0].length}`);
    assert.deepEqual(pages.flat().sort(), names);
  });
});
