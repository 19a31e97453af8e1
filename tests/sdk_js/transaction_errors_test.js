// SPDX-License-Identifier: Apache-2.0
// Transactions that fail: what becomes a reason of a canceled one, and what is refused before any
// item is looked at.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  constraint,
  INVALID,
  invalid,
  LENGTH_AT_LEAST,
  LENGTH_AT_MOST,
  NAME_PATTERN,
  NOT_FOUND,
  NOT_VALID,
  ONE,
  ONE_OF,
  refused,
} from './support/errors.js';
import { sharedTable } from './support/tables.js';
import {
  ABSENT,
  canceled,
  check,
  del,
  EXISTS,
  FAILED,
  get,
  NONE,
  put,
  read,
  reason,
  TWICE,
  update,
  write,
} from './support/transactions.js';
import { N, nested, S, SS } from './support/values.js';

const MISSING = 'weir-no-such-table';
const NO_MATCH = 'The provided key element does not match the schema';

const key = (name) => ({ pk: S(name) });

async function contents(table) {
  const { Items: items } = await table.scan({ ConsistentRead: true });
  return items.toSorted((a, b) => (a.pk.S < b.pk.S ? -1 : 1));
}

describe('TransactWriteItems is canceled', () => {
  const old = { ...key('old'), n: N(1), tags: SS('x') };
  const table = sharedTable(['pk:S'], [old]);
  const ALL_OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
  const name = () => table.name;

  for (const [title, actions, reasons] of [
    [
      'by all conditions that fail',
      () => [
        put(name(), old, { ConditionExpression: ABSENT }),
        put(name(), key('new'), { ConditionExpression: ABSENT }),
        del(name(), key('a'), { ConditionExpression: EXISTS }),
        check(name(), key('b')),
      ],
      [FAILED, NONE, FAILED, FAILED],
    ],
    [
      'with the items that were asked for',
      () => [
        check(name(), key('old'), ABSENT, ALL_OLD),
        check(name(), key('a'), EXISTS, ALL_OLD),
        put(name(), key('new'), ALL_OLD),
      ],
      [{ ...FAILED, Item: old }, FAILED, NONE],
    ],
    [
      'by a key that does not fit',
      () => [put(name(), key('new')), del(name(), { x: S('a') })],
      [NONE, reason(NO_MATCH)],
    ],
    [
      'by a put that does not fit',
      () => [put(name(), { x: S('a') }), put(name(), key('new'))],
      [reason(`${INVALID}Missing the key pk in the item`), NONE],
    ],
    [
      'by an update of the key',
      () => [update(name(), key('a'), 'SET pk = :v', { ':v': S('b') })],
      [reason(`${INVALID}Cannot update attribute pk. This attribute is part of the key`)],
    ],
    [
      'by the first invalid action alone',
      () => [
        check(name(), key('a')),
        update(name(), key('b'), 'SET x = y'),
        del(name(), { x: S('a') }),
      ],
      [NONE, NONE, reason(NO_MATCH)],
    ],
    [
      'by an update that does not fit the item',
      () => [
        check(name(), key('a')),
        update(name(), key('old'), 'SET x = absent'),
        update(name(), key('b'), 'SET x = y'),
      ],
      [
        NONE,
        reason('The provided expression refers to an attribute that does not exist in the item'),
        NONE,
      ],
    ],
  ]) {
    it(`${title}, and writes nothing`, async () => {
      await canceled(write(actions()), ...reasons);
      assert.deepEqual(await contents(table), [old]);
    });
  }
});

describe('TransactWriteItems refuses', () => {
  const table = sharedTable(['pk:S']);
  const big = (name, size) => put(MISSING, { ...key(name), v: S('x'.repeat(size)) });

  for (const [title, actions, message] of [
    [
      'an action of no kind',
      [{}],
      'Invalid Request: TransactWriteRequest should contain Delete or Put or Update request',
    ],
    [
      'an action of two kinds',
      [{ ...put(MISSING, key('a')), ...check(MISSING, key('b')) }],
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
    [
      'a condition that does not parse',
      [put(MISSING, key('a'), { ConditionExpression: 'a =' })],
      'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="',
    ],
    [
      'an empty update',
      [update(MISSING, key('a'), '')],
      'Invalid UpdateExpression: The expression can not be empty;',
    ],
    [
      'values that are not used',
      [check(MISSING, key('a'), EXISTS, { ExpressionAttributeValues: { ':v': N(1) } })],
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
    ],
    [
      'names without a condition',
      [put(MISSING, key('a'), { ExpressionAttributeNames: { '#a': 'a' } })],
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [
      'a number that is none',
      [put(MISSING, { ...key('a'), n: N('x') })],
      'The parameter cannot be converted to a numeric value: x',
    ],
    [
      'a number that is none in an expression',
      [update(MISSING, key('a'), 'SET n = :n', { ':n': N('x') })],
      'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a ' +
        'numeric value: x for key :n',
    ],
    [
      '33 levels',
      [put(MISSING, { ...key('a'), v: nested(32, S('x')) })],
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels ' +
        'beyond supported limit',
    ],
    [
      'an item of more than 400 KB',
      [big('a', 409_600)],
      'Item size has exceeded the maximum allowed size',
    ],
    [
      'more than 4 MB',
      Array.from({ length: 11 }, (_, number) => big(String(number), 400_000)),
      /size cannot exceed/,
    ],
  ]) {
    it(title, async () => {
      const good = put(table.name, key('good'));
      await invalid(write([good, ...actions]), message);
      await invalid(write([...actions, good]), message);
      assert.deepEqual(await contents(table), []);
    });
  }

  it('two actions on one item', async () => {
    const actions = [put(table.name, key('a')), check(table.name, key('a'))];
    await invalid(write(actions), TWICE);
    await invalid(write([put(MISSING, key('a')), ...actions]), TWICE);
  });

  it('an empty key', async () => {
    const message =
      `${NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. ` +
      'Key: pk';
    await invalid(write([put(table.name, key('a')), del(table.name, key(''))]), message);
    assert.deepEqual(await contents(table), []);
  });

  it('a missing table among others', async () => {
    const actions = [check(table.name, key('a')), put(MISSING, key('a'))];
    await refused(write(actions), NOT_FOUND, 'Requested resource not found');
  });
});

describe('TransactGetItems', () => {
  const table = sharedTable(['pk:S'], [key('a')]);

  it('is canceled by a key that does not fit', () =>
    canceled(
      read([get(table.name, key('a')), get(table.name, { pk: N(1) }), get(table.name, {})]),
      NONE,
      reason(NO_MATCH),
      NONE,
    ));

  it('refuses a projection that does not parse', () =>
    invalid(
      read([get(table.name, key('a')), get(MISSING, key('b'), { ProjectionExpression: '!!!' })]),
      'Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"',
    ));

  it('refuses one item twice', () =>
    invalid(read([get(table.name, key('a')), get(table.name, key('a'))]), TWICE));

  it('refuses a missing table', () =>
    refused(
      read([get(table.name, key('a')), get(MISSING, key('a'))]),
      NOT_FOUND,
      'Requested resource not found',
    ));
});

describe('Members of transactions', () => {
  const CAPACITY = constraint("'X'", 'returnConsumedCapacity', ONE_OF('INDEXES', 'TOTAL', 'NONE'));

  it('refuse no actions', async () => {
    const message = ONE + constraint("'[]'", 'transactItems', LENGTH_AT_LEAST(1));
    await invalid(write([]), message);
    await invalid(read([]), message);
    await invalid(write(), ONE + constraint('null', 'transactItems', 'not be null'));
  });

  it('refuse 101 actions, with an echo', async () => {
    const names = Array.from({ length: 101 }, (_, number) => String(number));
    const end = `' at 'transactItems' failed to satisfy constraint: Member must ${LENGTH_AT_MOST(100)}`;
    for (const [call, start] of [
      [
        () => write(names.map((name) => put(MISSING, key(name)))),
        "Value '[TransactWriteItem(conditionCheck=null, put=Put(item={pk=AttributeValue(s=0, ",
      ],
      [
        () => read(names.map((name) => get(MISSING, key(name)))),
        "Value '[TransactGetItem(get=Get(key={pk=AttributeValue(s=0, ",
      ],
    ]) {
      const error = await invalid(call());
      assert.ok(error.message.startsWith(ONE + start), error.message.slice(0, 200));
      assert.ok(error.message.endsWith(end), error.message.slice(-200));
    }
  });

  it('are refused together', async () => {
    const path = 'transactItems.1.member.put.';
    const call = write([put('a;', key('a'), { ReturnValuesOnConditionCheckFailure: 'X' })], {
      ClientRequestToken: 'x'.repeat(37),
      ReturnConsumedCapacity: 'X',
      ReturnItemCollectionMetrics: 'X',
    });
    const clauses = [
      constraint(`'${'x'.repeat(37)}'`, 'clientRequestToken', LENGTH_AT_MOST(36)),
      CAPACITY,
      constraint("'X'", 'returnItemCollectionMetrics', ONE_OF('SIZE', 'NONE')),
      constraint("'a;'", `${path}tableName`, LENGTH_AT_LEAST(3)),
      constraint("'a;'", `${path}tableName`, NAME_PATTERN),
      constraint("'X'", `${path}returnValuesOnConditionCheckFailure`, ONE_OF('ALL_OLD', 'NONE')),
    ];
    await invalid(call, `6 validation errors detected: ${clauses.join('; ')}`);
  });

  it('refuse a read without Get', () =>
    invalid(
      read([get(MISSING, key('a')), {}]),
      ONE + constraint('null', 'transactItems.2.member.get', 'not be null'),
    ));
});
