// SPDX-License-Identifier: Apache-2.0
// The document client of @aws-sdk/lib-dynamodb: JavaScript's own values in and out.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';

import { dynamodb } from './support/clients.js';
import { invalid } from './support/errors.js';
import { body, makeTable, sharedTable } from './support/tables.js';
import { M, S } from './support/values.js';

const documents = DynamoDBDocument.from(dynamodb, {
  marshallOptions: { removeUndefinedValues: true, convertClassInstanceToMap: true },
});
const ITEM = {
  pk: 'a',
  text: '𝄞 and text',
  empty: '',
  price: -1.5,
  large: Number.MAX_SAFE_INTEGER,
  yes: true,
  nothing: null,
  bytes: Uint8Array.of(0, 128, 255),
  strings: new Set(['x', 'y']),
  numbers: new Set([1, 2.5]),
  list: [1, 'two', [], { three: 3 }],
  map: { 'a b': 1, deep: { deeper: [null] } },
};

describe('Document client', () => {
  it('puts, gets and deletes', async (t) => {
    const { name } = await makeTable(t);
    await documents.put({ TableName: name, Item: ITEM });
    const { Item: found } = await documents.get({ TableName: name, Key: { pk: 'a' } });
    assert.deepEqual(found, ITEM);
    const { Attributes: old } = await documents.delete({
      TableName: name,
      Key: { pk: 'a' },
      ReturnValues: 'ALL_OLD',
    });
    assert.deepEqual(old, ITEM);
    assert.deepEqual(body(await documents.get({ TableName: name, Key: { pk: 'a' } })), {});
  });

  it('turns objects into maps and leaves out what is undefined', async (t) => {
    const table = await makeTable(t);
    class Point {
      x = 1;
      y = undefined;
    }
    await documents.put({ TableName: table.name, Item: { pk: 'a', point: new Point() } });
    assert.deepEqual(await table.get({ pk: S('a') }), { pk: S('a'), point: M({ x: { N: '1' } }) });
  });

  it('updates', async (t) => {
    const { name } = await makeTable(t);
    await documents.put({ TableName: name, Item: ITEM });
    const { Attributes: updated } = await documents.update({
      TableName: name,
      Key: { pk: 'a' },
      UpdateExpression: 'SET #l = list_append(#l, :more), price = price + :n DELETE strings :s',
      ExpressionAttributeNames: { '#l': 'list' },
      ExpressionAttributeValues: { ':more': [{ last: true }], ':n': 2, ':s': new Set(['x']) },
      ReturnValues: 'UPDATED_NEW',
    });
    assert.deepEqual(updated, {
      list: [...ITEM.list, { last: true }],
      price: 0.5,
      strings: new Set(['y']),
    });
  });

  it('sees failed conditions', async (t) => {
    const { name } = await makeTable(t);
    const request = {
      TableName: name,
      Item: ITEM,
      ConditionExpression: 'attribute_exists(pk) AND price = :n',
      ExpressionAttributeValues: { ':n': 7 },
    };
    await assert.rejects(documents.put(request), ConditionalCheckFailedException);
  });

  it('refuses an empty set by itself, and shows what the server refuses', async (t) => {
    const { name } = await makeTable(t);
    await assert.rejects(
      documents.put({ TableName: name, Item: { pk: 'a', set: new Set() } }),
      /non-empty set/,
    );
    await invalid(documents.put({ TableName: name, Item: { pk: 1 } }), /Type mismatch for key pk/);
  });

  it('writes and reads batches', async (t) => {
    const { name } = await makeTable(t);
    const items = Array.from({ length: 20 }, (_, number) => ({ pk: `item ${number}`, number }));
    const written = await documents.batchWrite({
      RequestItems: { [name]: items.map((Item) => ({ PutRequest: { Item } })) },
    });
    assert.deepEqual(written.UnprocessedItems, {});
    const read = await documents.batchGet({
      RequestItems: { [name]: { Keys: items.map(({ pk }) => ({ pk })) } },
    });
    const found = read.Responses[name].toSorted((a, b) => a.number - b.number);
    assert.deepEqual(found, items);
    assert.deepEqual(read.UnprocessedKeys, {});
  });
});

describe('Paginators of the document client', () => {
  const table = sharedTable(
    ['pk:S', 'sk:N'],
    Array.from({ length: 11 }, (_, number) => ({ pk: S('p'), sk: { N: `${number}` } })),
  );

  it('query', async () => {
    const pages = paginateQuery(
      { client: documents, pageSize: 4 },
      {
        TableName: table.name,
        KeyConditionExpression: 'pk = :p AND sk >= :low',
        ExpressionAttributeValues: { ':p': 'p', ':low': 2 },
        ScanIndexForward: false,
      },
    );
    const found = [];
    for await (const page of pages) {
      if (page.LastEvaluatedKey) assert.equal(page.LastEvaluatedKey.pk, 'p');
      found.push(page.Items.map((item) => item.sk));
    }
    assert.deepEqual(found, [[10, 9, 8, 7], [6, 5, 4, 3], [2]]);
  });

  it('scan', async () => {
    const found = [];
    const config = { client: documents, pageSize: 5 };
    for await (const page of paginateScan(config, { TableName: table.name })) {
      found.push(...page.Items.map((item) => item.sk));
    }
    assert.deepEqual(found, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
