// SPDX-License-Identifier: Apache-2.0
// Tables with secondary indexes: their description, and definitions that are refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dynamodb } from './support/clients.js';
import { INVALID, invalid } from './support/errors.js';
import { index } from './support/indexes.js';
import { definition, makeTable, uniqueName } from './support/tables.js';
import { N, S } from './support/values.js';

describe('DescribeTable', () => {
  it('describes global and local indexes', async (t) => {
    const table = await makeTable(t, ['pk:S', 'sk:N'], {
      attributes: ['g:S', 'r:B'],
      GlobalSecondaryIndexes: [index('by-g', ['g', 'sk'], ['x', 'y'])],
      LocalSecondaryIndexes: [index('by-r', ['pk', 'r'], 'KEYS_ONLY')],
    });
    const described = await table.describe();
    const { TableArn: arn } = described;
    const [global, ...moreGlobal] = described.GlobalSecondaryIndexes;
    const [local, ...moreLocal] = described.LocalSecondaryIndexes;
    assert.deepEqual([moreGlobal, moreLocal], [[], []]);
    assert.equal(global.IndexName, 'by-g');
    assert.equal(global.IndexArn, `${arn}/index/by-g`);
    assert.equal(global.IndexStatus, 'ACTIVE');
    assert.deepEqual(global.KeySchema, [
      { AttributeName: 'g', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    const { ProjectionType: type, NonKeyAttributes: names } = global.Projection;
    assert.deepEqual([type, names.toSorted()], ['INCLUDE', ['x', 'y']]);
    assert.equal(global.ProvisionedThroughput.ReadCapacityUnits, 0);
    assert.deepEqual([global.ItemCount, global.IndexSizeBytes], [0, 0]);
    assert.equal(global.Backfilling, undefined);
    assert.deepEqual(local, {
      IndexName: 'by-r',
      IndexArn: `${arn}/index/by-r`,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'r', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
      ItemCount: 0,
      IndexSizeBytes: 0,
    });
  });

  it('shows the throughput of a provisioned index', async (t) => {
    const throughput = (read, write) => ({
      ProvisionedThroughput: { ReadCapacityUnits: read, WriteCapacityUnits: write },
    });
    const table = await makeTable(t, ['pk:S'], {
      ...throughput(5, 6),
      attributes: ['g:S'],
      GlobalSecondaryIndexes: [{ ...index('by-g', ['g']), ...throughput(7, 8) }],
    });
    const { GlobalSecondaryIndexes: indexes } = await table.describe();
    const { ReadCapacityUnits: read, WriteCapacityUnits: write } = indexes[0].ProvisionedThroughput;
    assert.deepEqual([read, write], [7, 8]);
  });

  it('shows no indexes of a table without', async (t) => {
    const described = await (await makeTable(t)).describe();
    assert.equal(described.GlobalSecondaryIndexes, undefined);
    assert.equal(described.LocalSecondaryIndexes, undefined);
  });
});

describe('An index with several key attributes', () => {
  it('is queried by all partition keys and leading sort keys', async (t) => {
    const KeySchema = [
      { AttributeName: 'a', KeyType: 'HASH' },
      { AttributeName: 'b', KeyType: 'HASH' },
      { AttributeName: 'c', KeyType: 'RANGE' },
      { AttributeName: 'd', KeyType: 'RANGE' },
    ];
    const table = await makeTable(t, ['pk:S'], {
      attributes: ['a:S', 'b:N', 'c:S', 'd:N'],
      GlobalSecondaryIndexes: [
        { IndexName: 'wide', KeySchema, Projection: { ProjectionType: 'ALL' } },
      ],
    });
    const row = (name, c, d) => ({ pk: S(name), a: S('a'), b: N(1), c: S(c), d: N(d) });
    const items = [row('1', 'x', 1), row('2', 'x', 2), row('3', 'y', 1)];
    await table.fill([...items, { pk: S('4'), a: S('a'), b: N(1), c: S('x') }]);
    const find = (condition, values) =>
      table.query(
        `a = :a AND b = :b${condition}`,
        { ':a': S('a'), ':b': N(1), ...values },
        {
          IndexName: 'wide',
        },
      );
    assert.deepEqual((await find('')).Items, items);
    assert.deepEqual((await find(' AND c = :c', { ':c': S('x') })).Items, items.slice(0, 2));
    const range = await find(' AND c = :c AND d > :d', { ':c': S('x'), ':d': N(1) });
    assert.deepEqual(range.Items, [items[1]]);
    await invalid(
      table.query('a = :a', { ':a': S('a') }, { IndexName: 'wide' }),
      /b must have equality conditions specified in the query$/,
    );
    await invalid(
      find(' AND d = :d', { ':d': N(1) }),
      'RANGE key attributes c must have equality conditions specified in the query because a ' +
        'condition is present on key attribute d',
    );
  });
});

describe('CreateTable refuses', () => {
  const G = (...indexes) => ({ GlobalSecondaryIndexes: indexes });
  const L = (...indexes) => ({ LocalSecondaryIndexes: indexes });
  const defined = (...attributes) => ({ attributes });
  const many = (count) =>
    Array.from({ length: count }, (_, number) => index(`index-${number}`, ['pk', 'g']));

  for (const [title, keys, options, message] of [
    ['no global index', ['pk:S'], G(), `${INVALID}List of GlobalSecondaryIndexes is empty`],
    [
      'a local index of a table without sort key',
      ['pk:S'],
      { ...defined('r:S'), ...L(index('local', ['pk', 'r'])) },
      `${INVALID}Table KeySchema does not have a range key, which is required when specifying a ` +
        'LocalSecondaryIndex',
    ],
    [
      'a local index without sort key',
      ['pk:S', 'sk:S'],
      L(index('local', ['pk'])),
      `${INVALID}Index KeySchema does not have a range key for index: local`,
    ],
    [
      'a local index of another partition key',
      ['pk:S', 'sk:S'],
      { ...defined('r:S'), ...L(index('local', ['r', 'sk'])) },
      `${INVALID}Index KeySchema does not have the same leading hash key as table KeySchema for ` +
        'index: local. index hash key: r, table hash key: pk',
    ],
    [
      'an index without projection type',
      ['pk:S'],
      { ...defined('g:S'), ...G({ ...index('one', ['g']), Projection: {} }) },
      `${INVALID}Unknown ProjectionType: null`,
    ],
    [
      'attributes beside ALL',
      ['pk:S'],
      {
        ...defined('g:S'),
        ...G({
          ...index('one', ['g']),
          Projection: { ProjectionType: 'ALL', NonKeyAttributes: ['x'] },
        }),
      },
      `${INVALID}ProjectionType is ALL, but NonKeyAttributes is specified`,
    ],
    [
      'INCLUDE without attributes',
      ['pk:S'],
      {
        ...defined('g:S'),
        ...G({ ...index('one', ['g']), Projection: { ProjectionType: 'INCLUDE' } }),
      },
      `${INVALID}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`,
    ],
    [
      'two indexes of a name',
      ['pk:S'],
      { ...defined('g:S'), ...G(index('one', ['g']), index('one', ['g', 'pk'])) },
      `${INVALID}Duplicate index name: one`,
    ],
    [
      '21 global indexes',
      ['pk:S'],
      { ...defined('g:S'), ...G(...many(21)) },
      `${INVALID}GlobalSecondaryIndex count exceeds the per-table limit of 20`,
    ],
    [
      'six local indexes',
      ['pk:S', 'sk:S'],
      { ...defined('g:S'), ...L(...many(6)) },
      `${INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of 5`,
    ],
    [
      'a definition that no key uses',
      ['pk:S'],
      { ...defined('g:S', 'unused:S'), ...G(index('one', ['g'])) },
      /^One .* invalid: Some AttributeDefinitions are not used\. AttributeDefinitions: \[/,
    ],
    [
      'throughput of an index on demand',
      ['pk:S'],
      {
        ...defined('g:S'),
        ...G({
          ...index('one', ['g']),
          ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
        }),
      },
      `${INVALID}ProvisionedThroughput should not be specified for index: one when BillingMode ` +
        'is PAY_PER_REQUEST',
    ],
    [
      'a provisioned index without throughput',
      ['pk:S'],
      {
        ...defined('g:S'),
        ...G(index('one', ['g'])),
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      },
      `${INVALID}ProvisionedThroughput is not specified for index: one`,
    ],
  ]) {
    it(title, () =>
      invalid(dynamodb.createTable(definition(uniqueName(), keys, options)), message),
    );
  }
});
