// SPDX-License-Identifier: Apache-2.0
// The older conditions: Expected of the writes, QueryFilter and ScanFilter, ConditionalOperator.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dynamodb } from './support/clients.js';
import { constraint, INVALID, invalid, ONE, refused } from './support/errors.js';
import { makeTable, sharedTable } from './support/tables.js';
import { B, BOOL, L, M, N, NS, NULL, S, SS } from './support/values.js';

const KEY = { pk: S('a') };
const FAILED = ['ConditionalCheckFailedException', 'The conditional request failed'];
const ITEM = {
  ...KEY,
  n: N(5),
  s: S('hello'),
  b: B(1, 2, 3),
  t: BOOL(true),
  nul: NULL,
  ss: SS('x', 'y'),
  ns: NS(2),
  l: L(N(1), S('two')),
  m: M({ x: N(1) }),
};

// [attribute, ComparisonOperator, AttributeValueList]
const HOLD = [
  ['n', 'EQ', [N('5.0')]],
  ['ss', 'EQ', [SS('y', 'x')]],
  ['l', 'EQ', [L(N('1.0'), S('two'))]],
  ['m', 'EQ', [M({ x: N(1) })]],
  ['n', 'NE', [N(4)]],
  ['n', 'NE', [S('5')]],
  ['n', 'LT', [N(10)]],
  ['n', 'LE', [N(5)]],
  ['n', 'GT', [N(4)]],
  ['n', 'GE', [N(5)]],
  ['s', 'GT', [S('h')]],
  ['b', 'LT', [B(2)]],
  ['n', 'BETWEEN', [N(4), N(5)]],
  ['n', 'IN', [N(4), N(5)]],
  ['s', 'BEGINS_WITH', [S('hell')]],
  ['b', 'BEGINS_WITH', [B(1, 2)]],
  ['s', 'CONTAINS', [S('ell')]],
  ['ss', 'CONTAINS', [S('x')]],
  ['ns', 'CONTAINS', [N('2.0')]],
  ['l', 'CONTAINS', [S('two')]],
  ['s', 'NOT_CONTAINS', [S('z')]],
  ['ss', 'NOT_CONTAINS', [S('z')]],
  ['nul', 'NOT_NULL', undefined],
  ['absent', 'NULL', undefined],
];
const FAIL = [
  ['n', 'EQ', [N(4)]],
  ['n', 'EQ', [S('5')]],
  ['absent', 'EQ', [N(5)]],
  ['n', 'NE', [N('5.0')]],
  ['n', 'LT', [N(5)]],
  ['n', 'GT', [S('4')]],
  ['absent', 'LT', [N(5)]],
  ['n', 'BETWEEN', [N(6), N(7)]],
  ['n', 'IN', [N(4), N(6)]],
  ['s', 'BEGINS_WITH', [S('ello')]],
  ['s', 'CONTAINS', [S('z')]],
  ['ns', 'CONTAINS', [N(3)]],
  ['ss', 'NOT_CONTAINS', [S('x')]],
  ['nul', 'NULL', undefined],
  ['absent', 'NOT_NULL', undefined],
];

const condition = ([attribute, operator, values]) => ({
  [attribute]: { ComparisonOperator: operator, AttributeValueList: values },
});
const keyConditions = { pk: { ComparisonOperator: 'EQ', AttributeValueList: [KEY.pk] } };

describe('Older condition', () => {
  const table = sharedTable(['pk:S'], [ITEM]);
  const outcomes = async (given) => {
    const scanned = await table.scan({ ScanFilter: given });
    const queried = await dynamodb.query({
      TableName: table.name,
      KeyConditions: keyConditions,
      QueryFilter: given,
    });
    assert.deepEqual([scanned.ScannedCount, queried.ScannedCount], [1, 1]);
    return [scanned.Items, queried.Items];
  };

  for (const row of HOLD) {
    it(`holds: ${row[0]} ${row[1]} ${JSON.stringify(row[2])}`, async () => {
      assert.deepEqual(await outcomes(condition(row)), [[ITEM], [ITEM]]);
      const reply = await table.put(ITEM, { Expected: condition(row), ReturnValues: 'ALL_OLD' });
      assert.deepEqual(reply.Attributes, ITEM);
    });
  }

  for (const row of FAIL) {
    it(`fails: ${row[0]} ${row[1]} ${JSON.stringify(row[2])}`, async () => {
      assert.deepEqual(await outcomes(condition(row)), [[], []]);
      await refused(table.delete(KEY, { Expected: condition(row) }), ...FAILED);
      assert.deepEqual(await table.get(KEY), ITEM);
    });
  }

  const [yes, no] = [condition(['n', 'EQ', [N(5)]]), condition(['s', 'EQ', [S('x')]])];
  for (const [operator, passes] of [
    [undefined, false],
    ['AND', false],
    ['OR', true],
  ]) {
    it(`joins two by ${operator}`, async () => {
      const both = { ...yes, ...no };
      const joined = operator && { ConditionalOperator: operator };
      const page = await table.scan({ ScanFilter: both, ...joined });
      assert.equal(page.Count, passes ? 1 : 0);
      const put = table.put(ITEM, { Expected: both, ...joined });
      if (passes) await put;
      else await refused(put, ...FAILED);
    });
  }
});

describe('Expected', () => {
  for (const [expected, passes] of [
    [{ n: { Value: N('5.0') } }, true],
    [{ n: { Exists: true, Value: N(5) } }, true],
    [{ n: { Value: N(4) } }, false],
    [{ absent: { Value: N(4) } }, false],
    [{ absent: { Exists: false } }, true],
    [{ n: { Exists: false } }, false],
    [{ n: { ComparisonOperator: 'EQ', Value: N(5) } }, true],
    [{ n: { Value: N(5) }, absent: { Exists: false } }, true],
    [{ n: { Value: N(5) }, s: { Exists: false } }, false],
  ]) {
    it(`${passes ? 'holds' : 'fails'}: ${JSON.stringify(expected)}`, async (t) => {
      const table = await makeTable(t);
      await table.put(ITEM);
      for (const write of [
        () => table.update(KEY, undefined, undefined, { Expected: expected }),
        () => table.put(ITEM, { Expected: expected }),
        () => table.delete(KEY, { Expected: expected }),
      ]) {
        if (passes) await write();
        else await refused(write(), ...FAILED);
      }
      assert.deepEqual(await table.get(KEY), passes ? undefined : ITEM);
    });
  }

  it('returns the item of a failed condition on request', async (t) => {
    const table = await makeTable(t);
    await table.put(ITEM);
    const parameters = {
      Expected: { n: { Exists: false } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    const error = await refused(table.delete(KEY, parameters), ...FAILED);
    assert.deepEqual(error.Item, ITEM);
  });

  describe('refuses', () => {
    const table = sharedTable(['pk:S']);
    const operator = 'ComparisonOperator';

    for (const [expected, message] of [
      [{ a: {} }, 'Value must be provided when Exists is null for Attribute: a'],
      [{ a: { Exists: true } }, 'Value must be provided when Exists is true for Attribute: a'],
      [
        { a: { Exists: false, Value: N(1) } },
        'Value cannot be used when Exists is false for Attribute: a',
      ],
      [
        { a: { [operator]: 'LT' } },
        `Value or AttributeValueList must be used with ${operator}: LT for Attribute: a`,
      ],
      [
        { a: { Exists: true, [operator]: 'LT', Value: N(1) } },
        `Exists and ${operator} cannot be used together for Attribute: a`,
      ],
      [
        { a: { [operator]: 'LT', Value: N(1), AttributeValueList: [N(1)] } },
        'Value and AttributeValueList cannot be used together for Attribute: a',
      ],
      [
        { a: { AttributeValueList: [N(1)] } },
        `AttributeValueList can only be used with a ${operator} for Attribute: a`,
      ],
      [
        { a: { [operator]: 'EQ', AttributeValueList: [N(1), N(2)] } },
        `Invalid number of argument(s) for the EQ ${operator}`,
      ],
      [
        { a: { [operator]: 'LT', AttributeValueList: [M()] } },
        `${operator} LT is not valid for M AttributeValue type`,
      ],
    ]) {
      it(JSON.stringify(expected), () =>
        invalid(table.put(KEY, { Expected: expected }), ONE + INVALID + message),
      );
    }

    it('ConditionalOperator without Expected', () =>
      invalid(
        table.put(KEY, { ConditionalOperator: 'OR' }),
        `${ONE}ConditionalOperator cannot be used without Filter or Expected`,
      ));

    it('ConditionalOperator with one condition', () =>
      invalid(
        table.put(KEY, { ConditionalOperator: 'OR', Expected: { a: { Exists: false } } }),
        `${ONE}ConditionalOperator can only be used when Filter or Expected has two or more ` +
          'elements',
      ));

    it('expressions beside it', async () => {
      const mixed = (older, newer) =>
        `${ONE}Can not use both expression and non-expression parameters in the same request: ` +
        `Non-expression parameters: {${older}} Expression parameters: {${newer}}`;
      const both = { Expected: {}, ConditionExpression: 'attribute_exists(a)' };
      await invalid(table.put(KEY, both), mixed('Expected', 'ConditionExpression'));
      await invalid(table.delete(KEY, both), mixed('Expected', 'ConditionExpression'));
      await invalid(
        table.update(KEY, 'REMOVE a', undefined, both),
        mixed('Expected', 'UpdateExpression, ConditionExpression'),
      );
    });
  });
});

describe('Older filter refuses', () => {
  const table = sharedTable(['pk:S']);
  const filter = (operator, ...values) => ({
    a: { ComparisonOperator: operator, AttributeValueList: values },
  });

  for (const [given, message] of [
    [filter('SOMETHING', N(1)), `${INVALID}Invalid comparison operator`],
    [
      { a: { AttributeValueList: [N(1)] } },
      ONE + constraint('null', 'scanFilter.a.member.comparisonOperator', 'not be null'),
    ],
    ...['EQ', 'NE', 'LT', 'BEGINS_WITH', 'CONTAINS', 'NOT_CONTAINS'].map((operator) => [
      filter(operator, N(1), N(2)),
      `${INVALID}Invalid number of argument(s) for the ${operator} ComparisonOperator`,
    ]),
    [
      filter('BETWEEN', N(1)),
      `${INVALID}Invalid number of argument(s) for the BETWEEN ComparisonOperator`,
    ],
    [
      filter('NULL', N(1)),
      `${INVALID}Invalid number of argument(s) for the NULL ComparisonOperator`,
    ],
    [filter('IN'), `${INVALID}Invalid number of argument(s) for the IN ComparisonOperator`],
    [filter('LT', L()), `${INVALID}ComparisonOperator LT is not valid for L AttributeValue type`],
    [filter('IN', M()), `${INVALID}ComparisonOperator IN is not valid for M AttributeValue type`],
    [
      filter('BEGINS_WITH', N(1)),
      `${INVALID}ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type`,
    ],
    [
      filter('CONTAINS', SS('a')),
      `${INVALID}ComparisonOperator CONTAINS is not valid for SS AttributeValue type`,
    ],
    [
      filter('IN', N(1), S('a')),
      `${INVALID}AttributeValues inside AttributeValueList must be of same type`,
    ],
    [
      filter('BETWEEN', N(2), N(1)),
      'The BETWEEN condition was provided a range where the lower bound is greater than the ' +
        'upper bound',
    ],
  ]) {
    it(JSON.stringify(given), () => invalid(table.scan({ ScanFilter: given }), message));
  }

  it('ConditionalOperator without a filter', () =>
    invalid(
      table.scan({ ConditionalOperator: 'OR' }),
      'ConditionalOperator cannot be used without Filter or Expected',
    ));

  it('ConditionalOperator with one condition', () =>
    invalid(
      table.scan({ ScanFilter: filter('EQ', N(1)), ConditionalOperator: 'AND' }),
      'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    ));

  it('expressions beside it', () =>
    invalid(
      table.scan({ ScanFilter: filter('EQ', N(1)), FilterExpression: 'attribute_exists(a)' }),
      'Can not use both expression and non-expression parameters in the same request: ' +
        'Non-expression parameters: {ScanFilter} Expression parameters: {FilterExpression}',
    ));

  it('keys in a QueryFilter', () =>
    invalid(
      dynamodb.query({
        TableName: table.name,
        KeyConditions: keyConditions,
        QueryFilter: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [S('a')] } },
      }),
      'QueryFilter can only contain non-primary key attributes: Primary key attribute: pk',
    ));
});
