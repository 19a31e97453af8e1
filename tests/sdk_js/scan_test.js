// SPDX-License-Identifier: Apache-2.0
// Scan: the whole table, filters, Select, and parallel scans.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { paginateScan } from '@aws-sdk/client-dynamodb';

import { dynamodb } from './support/clients.js';
import {
  invalid,
  NOT_FOUND,
  ONE,
  refused,
  VALUE_AT_LEAST,
  VALUE_AT_MOST,
} from './support/errors.js';
import { makeTable, sharedTable, uniqueName } from './support/tables.js';
import { L, M, N, S, SS, valuesIn } from './support/values.js';

const COUNT = 300;
const MOST = 1_000_000;
const ITEMS = Array.from({ length: COUNT }, (_, number) => ({
  pk: S(`p${Math.floor(number / 2)}`),
  sk: N(number),
}));
const name = (item) => `${item.pk.S} ${item.sk.N}`;

describe('Scan', () => {
  it('finds nothing in an empty table', async (t) => {
    const table = await makeTable(t);
    const page = await table.scan();
    assert.deepEqual([page.Items, page.Count, page.ScannedCount], [[], 0, 0]);
    assert.equal(page.LastEvaluatedKey, undefined);
  });

  const table = sharedTable(['pk:S', 'sk:N'], ITEMS);

  it('finds each item once, and a partition in order', async () => {
    const page = await table.scan({ ConsistentRead: true });
    assert.equal(page.Count, COUNT);
    assert.deepEqual(page.Items.map(name).sort(), ITEMS.map(name).sort());
    for (const [position, item] of page.Items.entries()) {
      if (position % 2 === 1) {
        assert.deepEqual(item.pk, page.Items[position - 1].pk);
        assert.ok(Number(item.sk.N) > Number(page.Items[position - 1].sk.N));
      }
    }
  });

  it('may filter by keys', async () => {
    const page = await table.scan({
      FilterExpression: 'sk < :v',
      ExpressionAttributeValues: { ':v': N(10) },
    });
    assert.deepEqual([page.Count, page.ScannedCount], [10, COUNT]);
  });

  it('counts', async () => {
    const page = await table.scan({ Select: 'COUNT' });
    assert.deepEqual([page.Items, page.Count], [undefined, COUNT]);
  });

  it('refuses a missing table', () =>
    refused(dynamodb.scan({ TableName: uniqueName() }), NOT_FOUND, 'Requested resource not found'));

  it('refuses a projection with a count', () =>
    invalid(
      table.scan({ Select: 'COUNT', ProjectionExpression: 'pk' }),
      `${ONE}Cannot specify the ProjectionExpression when choosing to get only the Count`,
    ));

  for (const total of [1, 2, 4, 7]) {
    it(`has each item in one of ${total} segments`, async () => {
      const segments = Array.from({ length: total }, async (_, segment) => {
        const found = [];
        const config = { client: dynamodb, pageSize: 50 };
        const request = { TableName: table.name, Segment: segment, TotalSegments: total };
        for await (const page of paginateScan(config, request)) found.push(...page.Items);
        return found;
      });
      const found = await Promise.all(segments);
      assert.deepEqual(found.flat().map(name).sort(), ITEMS.map(name).sort());
      for (const part of found) assert.ok(part.length > COUNT / total / 3);
    });
  }

  it('refuses a start key of another segment', async () => {
    const page = await table.scan({ Segment: 1, TotalSegments: 2, Limit: 1 });
    const start = { ExclusiveStartKey: page.LastEvaluatedKey, TotalSegments: 2 };
    assert.ok((await table.scan({ ...start, Segment: 1 })).Count > 0);
    await invalid(
      table.scan({ ...start, Segment: 0 }),
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ' +
        'ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 0',
    );
  });

  const range = (member, rule) =>
    `${ONE}Value at '${member}' failed to satisfy constraint: Member must ${rule}`;
  for (const [parameters, message] of [
    [
      { Segment: 0 },
      'The TotalSegments parameter is required but was not present in the request when Segment ' +
        'parameter is present',
    ],
    [
      { TotalSegments: 2 },
      'The Segment parameter is required but was not present in the request when parameter ' +
        'TotalSegments is present',
    ],
    [
      { Segment: 5, TotalSegments: 5 },
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        'Segment: 5 is not less than TotalSegments: 5',
    ],
    [{ Segment: -1, TotalSegments: 2 }, range('Segment', VALUE_AT_LEAST(0))],
    [{ Segment: MOST, TotalSegments: 2 }, range('Segment', VALUE_AT_MOST(999999))],
    [{ Segment: 0, TotalSegments: 0 }, range('TotalSegments', VALUE_AT_LEAST(1))],
    [{ Segment: 0, TotalSegments: MOST + 1 }, range('TotalSegments', VALUE_AT_MOST(MOST))],
  ]) {
    it(`refuses ${JSON.stringify(parameters)}`, () => invalid(table.scan(parameters), message));
  }
});

describe('FilterExpression', () => {
  const items = [
    { pk: S('a'), n: N(1), tags: SS('x', 'y'), doc: M({ deep: L(N(1), S('z')) }) },
    { pk: S('b'), n: N(2), tags: SS('y') },
    { pk: S('c'), n: S('2'), title: S('hello') },
  ];
  const values = {
    ':one': N(1),
    ':two': N('2.0'),
    ':y': S('y'),
    ':z': S('z'),
    ':h': S('he'),
    ':S': S('S'),
  };
  const table = sharedTable(['pk:S'], items);

  for (const [expression, expected] of [
    ['n = :two', 'b'],
    ['n <> :two', 'ac'],
    ['n >= :one', 'ab'],
    ['n BETWEEN :one AND :two', 'ab'],
    ['n IN (:one, :y)', 'a'],
    ['contains(tags, :y)', 'ab'],
    ['begins_with(title, :h)', 'c'],
    ['attribute_exists(doc.deep[1])', 'a'],
    ['doc.deep[1] = :z', 'a'],
    ['attribute_type(n, :S)', 'c'],
    ['size(tags) > :one', 'a'],
    ['attribute_not_exists(tags) OR n = :one', 'ac'],
    ['NOT contains(tags, :y)', 'c'],
  ]) {
    it(`lets ${expression} through`, async () => {
      const page = await table.scan({
        FilterExpression: expression,
        ExpressionAttributeValues: valuesIn(values, expression),
      });
      assert.equal(
        page.Items.map((item) => item.pk.S)
          .sort()
          .join(''),
        expected,
      );
      assert.equal(page.ScannedCount, items.length);
    });
  }
});
