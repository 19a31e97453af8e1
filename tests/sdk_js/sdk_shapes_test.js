// SPDX-License-Identifier: Apache-2.0
// How the SDK itself handles answers and requests: errors as classes with their members decoded,
// paginators over indexes and segments, and the legacy parameters.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  ConditionalCheckFailedException,
  paginateQuery,
  paginateScan,
} from '@aws-sdk/client-dynamodb';

import { dynamodb } from './support/clients.js';
import { refused } from './support/errors.js';
import { body, keySchema, makeTable, sharedTable } from './support/tables.js';
import { canceled, check, del, FAILED, NONE, put, reason, write } from './support/transactions.js';
import { B, L, N, NULL, S } from './support/values.js';

describe('A failed condition reaches the caller as an error with the item', () => {
  const KEY = { pk: S('a') };
  const ITEM = { ...KEY, n: N(5), extra: L(NULL, B(7)) };
  const table = sharedTable(['pk:S'], [ITEM]);
  const CONDITION = {
    ConditionExpression: 'n = :n',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
  const VALUES = { ':n': N(4) };

  for (const [operation, call] of [
    ['PutItem', (more) => table.put(KEY, { ...more, ExpressionAttributeValues: VALUES })],
    ['UpdateItem', (more) => table.update(KEY, 'REMOVE extra', VALUES, more)],
    ['DeleteItem', (more) => table.delete(KEY, { ...more, ExpressionAttributeValues: VALUES })],
  ]) {
    it(`from ${operation}`, async () => {
      const error = await refused(call(CONDITION), 'ConditionalCheckFailedException');
      assert.ok(error instanceof ConditionalCheckFailedException);
      assert.deepEqual(error.Item, ITEM);
    });
  }

  // A function, because the table has its name only when the tests run.
  const failing = () =>
    check(table.name, KEY, 'attribute_not_exists(pk)', {
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });

  it('not from a transaction that has a fault in another action', () =>
    canceled(
      write([failing(), put(table.name, { pk: S('b') }), del(table.name, { x: S('c') })]),
      NONE,
      NONE,
      reason('The provided key element does not match the schema'),
    ));

  it('from a transaction, as the reason of the failed check', () =>
    canceled(write([failing(), put(table.name, { pk: S('b') })]), { ...FAILED, Item: ITEM }, NONE));
});

describe('Paginators', () => {
  const COUNT = 20;
  const items = Array.from({ length: COUNT }, (_, number) => ({
    pk: S(`p${number}`),
    g: S('x'),
    h: N(number),
  }));
  const table = sharedTable(['pk:S'], items, {
    attributes: ['g:S', 'h:N'],
    GlobalSecondaryIndexes: [
      { IndexName: 'all', KeySchema: keySchema(['g', 'h']), Projection: { ProjectionType: 'ALL' } },
    ],
  });
  const config = { client: dynamodb, pageSize: 3 };

  async function collect(pages) {
    const found = [];
    for await (const page of pages) found.push(...page.Items);
    return found.toSorted((a, b) => Number(a.h.N) - Number(b.h.N));
  }

  it('of an index', async () => {
    const request = {
      TableName: table.name,
      IndexName: 'all',
      KeyConditionExpression: 'g = :g',
      ExpressionAttributeValues: { ':g': S('x') },
    };
    assert.deepEqual(await collect(paginateQuery(config, request)), items);
    const scan = { TableName: table.name, IndexName: 'all' };
    assert.deepEqual(await collect(paginateScan(config, scan)), items);
  });

  it('of segments', async () => {
    const pages = [0, 1, 2].map((Segment) =>
      collect(paginateScan(config, { TableName: table.name, Segment, TotalSegments: 3 })),
    );
    const found = (await Promise.all(pages)).flat();
    assert.deepEqual(
      found.toSorted((a, b) => Number(a.h.N) - Number(b.h.N)),
      items,
    );
  });
});

describe('Parameters from before expressions', () => {
  const equals = (value) => ({ ComparisonOperator: 'EQ', AttributeValueList: [value] });

  it('write and find an item', async (t) => {
    const table = await makeTable(t);
    const key = { pk: S('a') };
    const AttributeUpdates = { n: { Action: 'ADD', Value: N(2) }, s: { Value: S('x') } };
    const update = { TableName: table.name, Key: key, AttributeUpdates };
    const reply = await dynamodb.updateItem({ ...update, ReturnConsumedCapacity: 'TOTAL' });
    assert.deepEqual(body(reply), {
      ConsumedCapacity: { TableName: table.name, CapacityUnits: 1 },
    });
    await refused(
      dynamodb.putItem({ TableName: table.name, Item: key, Expected: { n: { Value: N(3) } } }),
      'ConditionalCheckFailedException',
      FAILED.Message,
    );
    const found = await dynamodb.query({
      TableName: table.name,
      KeyConditions: { pk: equals(S('a')) },
      QueryFilter: { n: equals(N(2)) },
      AttributesToGet: ['n'],
    });
    assert.deepEqual(found.Items, [{ n: N(2) }]);
    const scanned = await dynamodb.scan({
      TableName: table.name,
      ScanFilter: { n: equals(N(2)), s: equals(S('x')) },
      ConditionalOperator: 'AND',
    });
    assert.deepEqual(scanned.Items, [{ ...key, n: N(2), s: S('x') }]);
  });
});
