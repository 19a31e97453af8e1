// SPDX-License-Identifier: Apache-2.0
// ReturnConsumedCapacity on a table without indexes: its form, and what each call costs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dynamodb } from './support/clients.js';
import { refused } from './support/errors.js';
import { makeTable, sharedTable } from './support/tables.js';
import { S } from './support/values.js';

const KEY = { pk: S('a') };
// The names "pk" and "v", and the value "a".
const OVERHEAD = 4;
const TOTAL = { ReturnConsumedCapacity: 'TOTAL' };

const itemOf = (size) => ({ ...KEY, v: S('x'.repeat(size - OVERHEAD)) });
const units = (reply) => reply.ConsumedCapacity.CapacityUnits;

const CALLS = {
  getItem: [{ Key: KEY }, 0.5],
  putItem: [{ Item: KEY }, 1],
  updateItem: [{ Key: KEY }, 1],
  deleteItem: [{ Key: KEY }, 1],
  query: [{ KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': KEY.pk } }, 0.5],
};

for (const [method, [parameters, expected]] of Object.entries(CALLS)) {
  describe(`ConsumedCapacity of ${method}`, () => {
    const table = sharedTable(['pk:S']);
    const call = (wanted) =>
      dynamodb[method]({
        TableName: table.name,
        ...parameters,
        ...(wanted && { ReturnConsumedCapacity: wanted }),
      });

    it('TOTAL', async () => {
      const { ConsumedCapacity: capacity } = await call('TOTAL');
      assert.deepEqual(capacity, { TableName: table.name, CapacityUnits: expected });
    });

    it('INDEXES', async () => {
      const { ConsumedCapacity: capacity } = await call('INDEXES');
      assert.deepEqual(capacity, {
        TableName: table.name,
        CapacityUnits: expected,
        Table: { CapacityUnits: expected },
      });
    });

    it('NONE, and by default', async () => {
      assert.equal((await call('NONE')).ConsumedCapacity, undefined);
      assert.equal((await call()).ConsumedCapacity, undefined);
    });
  });
}

describe('Cost', () => {
  for (const [size, eventual] of [
    [100, 0.5],
    [4096, 0.5],
    [4097, 1],
    [8193, 1.5],
  ]) {
    it(`of reading ${size} bytes`, async (t) => {
      const table = await makeTable(t);
      await table.put(itemOf(size));
      const request = { TableName: table.name, Key: KEY, ...TOTAL };
      assert.equal(units(await dynamodb.getItem(request)), eventual);
      const consistent = await dynamodb.getItem({ ...request, ConsistentRead: true });
      assert.equal(units(consistent), 2 * eventual);
      // What is read counts, not what is answered.
      const narrow = await dynamodb.getItem({ ...request, ProjectionExpression: 'pk' });
      assert.equal(units(narrow), eventual);
    });
  }

  for (const [size, expected] of [
    [100, 1],
    [1024, 1],
    [1025, 2],
    [2049, 3],
  ]) {
    it(`of writing ${size} bytes`, async (t) => {
      const table = await makeTable(t);
      assert.equal(units(await table.put(itemOf(size), TOTAL)), expected);
    });
  }

  it('of a write is that of the larger of before and after', async (t) => {
    const table = await makeTable(t);
    await table.put(itemOf(3000));
    assert.equal(units(await table.put(itemOf(10), TOTAL)), 3);
    assert.equal(units(await table.put(itemOf(3000), TOTAL)), 3);
    assert.equal(units(await table.update(KEY, 'SET a = :v', { ':v': S('x') }, TOTAL)), 3);
    assert.equal(units(await table.delete(KEY, TOTAL)), 3);
    assert.equal(units(await table.delete(KEY, TOTAL)), 1);
  });

  it('of a query is that of the sum of what it read', async (t) => {
    const table = await makeTable(t, ['pk:S', 'sk:S']);
    await table.fill(['a', 'b', 'c'].map((sk) => ({ ...itemOf(3000), sk: S(sk) })));
    const reply = await table.query(
      'pk = :p',
      { ':p': KEY.pk, ':none': S('none') },
      {
        ...TOTAL,
        FilterExpression: 'v = :none',
      },
    );
    assert.equal(reply.Count, 0);
    assert.equal(units(reply), 1.5);
  });

  it('is not shown by a failed condition', async (t) => {
    const table = await makeTable(t);
    const condition = { ConditionExpression: 'attribute_exists(pk)', ...TOTAL };
    const error = await refused(table.put(KEY, condition), 'ConditionalCheckFailedException');
    assert.equal(error.ConsumedCapacity, undefined);
  });
});
