// SPDX-License-Identifier: Apache-2.0
// The other older parameters: KeyConditions, AttributesToGet and AttributeUpdates.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dynamodb } from './support/clients.js';
import { INVALID, invalid, ONE } from './support/errors.js';
import { readStream, summary } from './support/stream_reader.js';
import { makeTable, sharedTable } from './support/tables.js';
import { B, L, M, N, NS, S, SS } from './support/values.js';

const MIXED = 'Can not use both expression and non-expression parameters in the same request: ';
const mixed = (older, newer) =>
  `${MIXED}Non-expression parameters: {${older}} Expression parameters: {${newer}}`;
const is = (operator, ...values) => ({ ComparisonOperator: operator, AttributeValueList: values });

describe('KeyConditions', () => {
  const sortKeys = ['a', 'ab', 'b', 'c'];
  const table = sharedTable(
    ['pk:S', 'sk:S'],
    sortKeys.map((sk) => ({ pk: S('p'), sk: S(sk), n: N(sk.length) })),
  );
  const query = (conditions, more) =>
    dynamodb.query({ TableName: table.name, KeyConditions: conditions, ...more });
  const partition = { pk: is('EQ', S('p')) };

  for (const [condition, expected] of [
    [undefined, sortKeys],
    [is('EQ', S('b')), ['b']],
    [is('LT', S('b')), ['a', 'ab']],
    [is('LE', S('b')), ['a', 'ab', 'b']],
    [is('GT', S('b')), ['c']],
    [is('GE', S('b')), ['b', 'c']],
    [is('BETWEEN', S('ab'), S('b')), ['ab', 'b']],
    [is('BEGINS_WITH', S('a')), ['a', 'ab']],
  ]) {
    it(`with ${condition?.ComparisonOperator ?? 'nothing'} on the sort key`, async () => {
      const page = await query({ ...partition, ...(condition && { sk: condition }) });
      assert.deepEqual(
        page.Items.map((item) => item.sk.S),
        expected,
      );
      const backward = await query(
        { ...partition, ...(condition && { sk: condition }) },
        { ScanIndexForward: false },
      );
      assert.deepEqual(
        backward.Items.map((item) => item.sk.S),
        expected.toReversed(),
      );
    });
  }

  it('may come with FilterExpression and ProjectionExpression', async () => {
    const page = await query(partition, {
      FilterExpression: 'n = :two',
      ProjectionExpression: 'sk',
      ExpressionAttributeValues: { ':two': N(2) },
    });
    assert.deepEqual(page.Items, [{ sk: S('ab') }]);
  });

  it('pages', async () => {
    const page = await query(partition, { Limit: 3 });
    assert.deepEqual(page.LastEvaluatedKey, { pk: S('p'), sk: S('b') });
    const rest = await query(partition, { ExclusiveStartKey: page.LastEvaluatedKey });
    assert.deepEqual(
      rest.Items.map((item) => item.sk.S),
      ['c'],
    );
  });

  const notIndexable = 'Attempted conditional constraint is not an indexable operation';
  for (const [title, conditions, message] of [
    ['NE', { ...partition, sk: is('NE', S('a')) }, notIndexable],
    ['IN', { ...partition, sk: is('IN', S('a')) }, notIndexable],
    ['CONTAINS', { ...partition, sk: is('CONTAINS', S('a')) }, notIndexable],
    ['NULL', { ...partition, sk: { ComparisonOperator: 'NULL' } }, notIndexable],
    ['no partition key', { sk: is('EQ', S('a')) }, 'Query condition missed key schema element: pk'],
    ['a range of the partition key', { pk: is('GT', S('a')) }, 'Query key condition not supported'],
    [
      'another attribute',
      { ...partition, n: is('EQ', N(1)) },
      'Query condition missed key schema element: sk',
    ],
    [
      'another type',
      { pk: is('EQ', N(1)) },
      `${INVALID}Condition parameter type does not match schema type`,
    ],
    [
      'three conditions',
      { ...partition, sk: is('EQ', S('a')), n: is('EQ', N(1)) },
      'The number of query conditions (3) exceeds the number of key attributes defined in the ' +
        'schema (2)',
    ],
    [
      'a missing value',
      { pk: is('EQ') },
      `${INVALID}Invalid number of argument(s) for the EQ ComparisonOperator`,
    ],
  ]) {
    it(`refuse ${title}`, () => invalid(query(conditions), message));
  }

  it('refuse KeyConditionExpression beside them', () =>
    invalid(
      query(partition, {
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': S('p') },
      }),
      mixed('KeyConditions', 'KeyConditionExpression'),
    ));
});

describe('AttributesToGet', () => {
  const item = { pk: S('a'), x: N(1), m: M({ y: N(2) }), 'm.y': S('dotted'), name: S('n') };
  const table = sharedTable(['pk:S'], [item]);
  const AttributesToGet = ['m', 'm.y', 'name', 'absent'];
  const expected = { m: item.m, 'm.y': item['m.y'], name: item.name };

  it('names whole attributes of GetItem, reserved words and dots included', async () => {
    assert.deepEqual(await table.get({ pk: S('a') }, { AttributesToGet }), expected);
  });

  it('of BatchGetItem', async () => {
    const reply = await dynamodb.batchGetItem({
      RequestItems: { [table.name]: { Keys: [{ pk: S('a') }], AttributesToGet } },
    });
    assert.deepEqual(reply.Responses[table.name], [expected]);
  });

  it('of Query and Scan', async () => {
    assert.deepEqual((await table.scan({ AttributesToGet })).Items, [expected]);
    const page = await dynamodb.query({
      TableName: table.name,
      KeyConditions: { pk: is('EQ', S('a')) },
      AttributesToGet,
      Select: 'SPECIFIC_ATTRIBUTES',
    });
    assert.deepEqual(page.Items, [expected]);
  });

  it('refuses a name twice', () =>
    invalid(
      table.get({ pk: S('a') }, { AttributesToGet: ['x', 'x'] }),
      `${INVALID}Duplicate value in attribute name: x`,
    ));

  it('refuses an empty list', () =>
    invalid(
      table.get({ pk: S('a') }, { AttributesToGet: [] }),
      /ttributesToGet' failed to satisfy constraint: Member must have length greater than or /,
    ));

  it('refuses a projection beside it', async () => {
    const both = { AttributesToGet: ['x'], ProjectionExpression: 'x' };
    const message = mixed('AttributesToGet', 'ProjectionExpression');
    await invalid(table.get({ pk: S('a') }, both), message);
    await invalid(table.scan(both), message);
    const RequestItems = { [table.name]: { Keys: [{ pk: S('a') }], ...both } };
    await invalid(dynamodb.batchGetItem({ RequestItems }), message);
  });

  it('refuses a count', () =>
    invalid(
      table.scan({ AttributesToGet: ['x'], Select: 'COUNT' }),
      `${ONE}Cannot specify the AttributesToGet when choosing to get only the Count`,
    ));
});

describe('AttributeUpdates', () => {
  const table = sharedTable(['pk:S']);
  let counter = 0;
  const freshKey = () => {
    counter += 1;
    return { pk: S(`item ${counter}`) };
  };
  const update = (key, updates, more) =>
    table.update(key, undefined, undefined, { AttributeUpdates: updates, ...more });

  // [attributes before (undefined: no item), AttributeUpdates, attributes after]
  for (const [before, updates, after] of [
    [{ a: N(1) }, { a: { Action: 'PUT', Value: S('x') } }, { a: S('x') }],
    [{ a: N(1) }, { b: { Value: L(N(1)) } }, { a: N(1), b: L(N(1)) }],
    [undefined, { a: { Value: N(1) } }, { a: N(1) }],
    [undefined, {}, {}],
    [{ a: N(1) }, { a: { Action: 'ADD', Value: N('-1.5') } }, { a: N('-0.5') }],
    [{}, { a: { Action: 'ADD', Value: N(5) } }, { a: N(5) }],
    [undefined, { a: { Action: 'ADD', Value: N(5) } }, { a: N(5) }],
    [{ a: SS('x') }, { a: { Action: 'ADD', Value: SS('x', 'y') } }, { a: SS('x', 'y') }],
    [{ a: NS(1) }, { a: { Action: 'ADD', Value: NS('1.0', 2) } }, { a: NS(1, 2) }],
    [{ a: L(N(1)) }, { a: { Action: 'ADD', Value: L(N(2)) } }, { a: L(N(1), N(2)) }],
    [{ a: N(1), b: N(2) }, { a: { Action: 'DELETE' } }, { b: N(2) }],
    [{ a: N(1) }, { b: { Action: 'DELETE' } }, { a: N(1) }],
    [{ a: SS('x', 'y') }, { a: { Action: 'DELETE', Value: SS('x', 'z') } }, { a: SS('y') }],
    [{ a: SS('x') }, { a: { Action: 'DELETE', Value: SS('x') } }, {}],
    [
      { a: N(1), b: N(2), 'c.d': N(3) },
      {
        a: { Action: 'ADD', Value: N(1) },
        b: { Action: 'DELETE' },
        'c.d': { Value: S('top level') },
      },
      { a: N(2), 'c.d': S('top level') },
    ],
  ]) {
    it(`${JSON.stringify(updates)} on ${JSON.stringify(before)}`, async () => {
      const key = freshKey();
      if (before) await table.put({ ...key, ...before });
      await update(key, updates);
      assert.deepEqual(await table.get(key), { ...key, ...after });
    });
  }

  it('answers with ReturnValues', async () => {
    const key = freshKey();
    await table.put({ ...key, a: N(1), b: N(2) });
    const add = { a: { Action: 'ADD', Value: N(1) } };
    const returned = async (wanted) =>
      (await update(key, add, { ReturnValues: wanted })).Attributes;
    assert.deepEqual(await returned('UPDATED_NEW'), { a: N(2) });
    assert.deepEqual(await returned('UPDATED_OLD'), { a: N(2) });
    assert.deepEqual(await returned('ALL_OLD'), { ...key, a: N(3), b: N(2) });
    assert.deepEqual(await returned('ALL_NEW'), { ...key, a: N(5), b: N(2) });
  });

  it('goes with Expected', async () => {
    const key = freshKey();
    await table.put({ ...key, version: N(1) });
    const next = { version: { Value: N(2) } };
    await update(key, next, { Expected: { version: { Value: N(1) } } });
    assert.deepEqual((await table.get(key)).version, N(2));
    await assert.rejects(update(key, next, { Expected: { version: { Value: N(1) } } }), {
      name: 'ConditionalCheckFailedException',
    });
  });

  for (const [title, before, updates, message] of [
    [
      'PUT without a value',
      {},
      { a: { Action: 'PUT' } },
      `${INVALID}Only DELETE action is allowed when no attribute value is specified`,
    ],
    [
      'DELETE of a string',
      {},
      { a: { Action: 'DELETE', Value: S('x') } },
      `${INVALID}DELETE action with value is not supported for the type S`,
    ],
    [
      'ADD of a string',
      {},
      { a: { Action: 'ADD', Value: S('x') } },
      `${INVALID}ADD action is not supported for the type S`,
    ],
    [
      'ADD of bytes',
      {},
      { a: { Action: 'ADD', Value: B(1) } },
      `${INVALID}ADD action is not supported for the type B`,
    ],
    [
      'ADD to another type',
      { a: S('x') },
      { a: { Action: 'ADD', Value: N(1) } },
      'Type mismatch for attribute to update',
    ],
    [
      'DELETE from another type',
      { a: NS(1) },
      { a: { Action: 'DELETE', Value: SS('1') } },
      'Type mismatch for attribute to update',
    ],
    [
      'a change of the key',
      {},
      { pk: { Value: S('x') } },
      `${INVALID}Cannot update attribute pk. This attribute is part of the key`,
    ],
    [
      'an unknown action',
      {},
      { a: { Action: 'REMOVE', Value: N(1) } },
      `${ONE}Member must satisfy enum value set: [ADD, DELETE, PUT]' for Action`,
    ],
  ]) {
    it(`refuses ${title}`, async () => {
      const key = freshKey();
      await table.put({ ...key, ...before });
      await invalid(update(key, updates), message);
      assert.deepEqual(await table.get(key), { ...key, ...before });
    });
  }

  it('refuses an expression beside it', () =>
    invalid(
      table.update(freshKey(), 'REMOVE a', undefined, { AttributeUpdates: {} }),
      ONE + mixed('AttributeUpdates', 'UpdateExpression'),
    ));

  it('makes change records like expressions', async (t) => {
    const streamed = await makeTable(t, ['pk:S'], { view: 'NEW_AND_OLD_IMAGES' });
    const key = { pk: S('a') };
    for (const Value of [N(1), N('1.0'), N(2)]) {
      await streamed.update(key, undefined, undefined, { AttributeUpdates: { n: { Value } } });
    }
    const [first, second] = [N(1), N(2)].map((n) => ({ ...key, n }));
    assert.deepEqual(summary(await readStream(await streamed.streamArn(), 2)), [
      ['INSERT', undefined, first],
      ['MODIFY', first, second],
    ]);
  });
});
