// SPDX-License-Identifier: Apache-2.0
// The document client's NumberValue and BigInt, which carry what JavaScript's own numbers cannot.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DynamoDBDocument, NumberValue } from '@aws-sdk/lib-dynamodb';

import { dynamodb } from './support/clients.js';
import { makeTable, sharedTable } from './support/tables.js';
import { N, S } from './support/values.js';

const DIGITS = '12345678901234567890123456789012345678';

describe('NumberValue of the document client', () => {
  const exact = DynamoDBDocument.from(dynamodb, { unmarshallOptions: { wrapNumbers: true } });
  const table = sharedTable(['pk:S']);

  for (const text of [DIGITS, `-0.${DIGITS}`, '9007199254740993', '1e-130', '1E+125']) {
    it(`carries ${text}`, async () => {
      const item = { pk: text, n: NumberValue.from(text), set: new Set([NumberValue.from(text)]) };
      await exact.put({ TableName: table.name, Item: item });
      const { Item: found } = await exact.get({ TableName: table.name, Key: { pk: text } });
      // The raw item has the exact value, in the digits that NumberValue must have.
      const { n } = await table.get({ pk: S(text) });
      assert.ok(found.n instanceof NumberValue);
      assert.equal(found.n.toString(), n.N);
      assert.equal([...found.set][0].toString(), n.N);
    });
  }

  it('is a key', async (t) => {
    const numbered = await makeTable(t, ['pk:S', 'sk:N']);
    const values = ['1', '12345678901234567890123456789012345679', DIGITS];
    for (const text of values) {
      const item = { pk: 'p', sk: NumberValue.from(text) };
      await exact.put({ TableName: numbered.name, Item: item });
    }
    const page = await exact.query({
      TableName: numbered.name,
      KeyConditionExpression: 'pk = :p AND sk > :one',
      ExpressionAttributeValues: { ':p': 'p', ':one': NumberValue.from('1') },
    });
    assert.deepEqual(
      page.Items.map((item) => item.sk.toString()),
      [DIGITS, values[1]],
    );
  });

  it('and BigInt survive arithmetic on the server', async () => {
    const Key = { pk: 'counter' };
    await exact.put({ TableName: table.name, Item: { ...Key, n: 9007199254740993n } });
    const reply = await exact.update({
      TableName: table.name,
      Key,
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': 1n },
      ReturnValues: 'UPDATED_NEW',
    });
    assert.equal(reply.Attributes.n.toString(), '9007199254740994');
  });

  it('is not needed for integers: the SDK makes a BigInt of a large one', async () => {
    await table.put({ pk: S('large'), n: N(DIGITS) });
    const plain = DynamoDBDocument.from(dynamodb);
    const { Item: found } = await plain.get({ TableName: table.name, Key: { pk: 'large' } });
    assert.equal(found.n, BigInt(DIGITS));
  });
});
