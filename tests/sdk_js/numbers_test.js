// SPDX-License-Identifier: Apache-2.0
// Numbers: 38 digits and the range, their spelling in answers, and the document client's
// NumberValue, which carries what JavaScript's own numbers cannot.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DynamoDBDocument, NumberValue } from '@aws-sdk/lib-dynamodb';

import { dynamodb } from './support/clients.js';
import { INVALID, invalid, ONE } from './support/errors.js';
import { makeTable, sharedTable } from './support/tables.js';
import { N, NS, S } from './support/values.js';

const DIGITS = '12345678901234567890123456789012345678';
const OVERFLOW =
  'Number overflow. Attempting to store a number with magnitude larger than supported range';
const UNDERFLOW =
  'Number underflow. Attempting to store a number with magnitude smaller than supported range';
const TOO_MANY = 'Attempting to store more than 38 significant digits in a Number';
const NOT_NUMERIC = 'The parameter cannot be converted to a numeric value: ';

describe('Number', () => {
  const table = sharedTable(['pk:S']);

  for (const [given, stored] of [
    ['0', '0'],
    ['-0', '0'],
    ['0.00', '0'],
    ['+3', '3'],
    ['.5', '0.5'],
    ['007', '7'],
    ['1.50', '1.5'],
    ['1e3', '1000'],
    ['1E+3', '1000'],
    ['25e-3', '0.025'],
    [DIGITS, DIGITS],
    [`-${DIGITS}`, `-${DIGITS}`],
    [`0.${DIGITS}`, `0.${DIGITS}`],
    [`${DIGITS}000`, `${DIGITS}000`],
    ['9007199254740993', '9007199254740993'],
    ['1e125', `1${'0'.repeat(125)}`],
    [`9.${'9'.repeat(37)}e125`, `${'9'.repeat(38)}${'0'.repeat(88)}`],
    [`-9.${'9'.repeat(37)}e125`, `-${'9'.repeat(38)}${'0'.repeat(88)}`],
    ['1e-130', `0.${'0'.repeat(129)}1`],
    ['-1e-130', `-0.${'0'.repeat(129)}1`],
  ]) {
    it(`${given} reads as ${stored.slice(0, 45)}`, async () => {
      const key = { pk: S(given) };
      await table.put({ ...key, n: N(given), set: NS(given) });
      assert.deepEqual(await table.get(key), { ...key, n: N(stored), set: NS(stored) });
    });
  }

  for (const [given, message] of [
    ['1e126', OVERFLOW],
    ['-1e126', OVERFLOW],
    ['1e99999999999', OVERFLOW],
    ['1e-131', UNDERFLOW],
    ['-1e-131', UNDERFLOW],
    [`${DIGITS}9`, TOO_MANY],
    [`0.${DIGITS}9`, TOO_MANY],
    ['', NOT_NUMERIC],
    ['x', `${NOT_NUMERIC}x`],
    ['1 ', `${NOT_NUMERIC}1 `],
    ['1+2', `${NOT_NUMERIC}1+2`],
    ['NaN', `${NOT_NUMERIC}NaN`],
    ['Infinity', `${NOT_NUMERIC}Infinity`],
    ['0x10', `${NOT_NUMERIC}0x10`],
    ['1_000', `${NOT_NUMERIC}1_000`],
  ]) {
    it(`refuses ${JSON.stringify(given)}`, async () => {
      const key = { pk: S(`refused ${given}`) };
      await invalid(table.put({ ...key, n: N(given) }), ONE + message);
      assert.equal(await table.get(key), undefined);
    });
  }

  it('is the same key in each spelling', async (t) => {
    const numbered = await makeTable(t, ['pk:N']);
    await numbered.put({ pk: N('100') });
    await numbered.put({ pk: N('1e2'), again: S('x') });
    assert.deepEqual(await numbered.get({ pk: N('100.0') }), { pk: N('100'), again: S('x') });
    assert.equal((await numbered.scan()).Count, 1);
  });

  it('adds exactly', async () => {
    const key = { pk: S('sum') };
    await table.put({ ...key, n: N('0.1'), big: N(DIGITS) });
    const expression = 'SET n = n + :a, big = big - :one';
    await table.update(key, expression, { ':a': N('0.2'), ':one': N(1) });
    const expected = { ...key, n: N('0.3'), big: N('12345678901234567890123456789012345677') };
    assert.deepEqual(await table.get(key), expected);
  });

  it('set refuses equal values in two spellings', () =>
    invalid(
      table.put({ pk: S('set'), n: NS('1', '1.0') }),
      `${ONE}${INVALID}Input collection contains duplicates.`,
    ));
});

describe('NumberValue of the document client', () => {
  const exact = DynamoDBDocument.from(dynamodb, { unmarshallOptions: { wrapNumbers: true } });
  const table = sharedTable(['pk:S']);

  for (const text of [DIGITS, `-0.${DIGITS}`, '9007199254740993', '1e-130', '1E+125']) {
    it(`carries ${text}`, async () => {
      const item = { pk: text, n: NumberValue.from(text), set: new Set([NumberValue.from(text)]) };
      await exact.put({ TableName: table.name, Item: item });
      const { Item: found } = await exact.get({ TableName: table.name, Key: { pk: text } });
      // The answer is the value in plain digits, and exact.
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
