// SPDX-License-Identifier: Apache-2.0
// BatchWriteItem: puts and deletes in several tables, what they cost, what is refused. Nothing is
// written when one write of the request is wrong.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dynamodb } from './support/clients.js';
import {
  constraint,
  INVALID,
  invalid,
  NOT_FOUND,
  NOT_VALID,
  ONE,
  ONE_OF,
  refused,
  TWO,
} from './support/errors.js';
import { makeTable, sharedTable } from './support/tables.js';
import { B, M, N, NULL, nested, S, SS } from './support/values.js';

const MISSING = 'weir-no-such-table';
const key = (name) => ({ pk: S(name) });
const put = (item) => ({ PutRequest: { Item: item } });
const del = (itemKey) => ({ DeleteRequest: { Key: itemKey } });
const batchWrite = (RequestItems, more) => dynamodb.batchWriteItem({ RequestItems, ...more });

async function contents(table) {
  const { Items: items } = await table.scan({ ConsistentRead: true });
  return items.toSorted((a, b) => (a.pk.S < b.pk.S ? -1 : 1));
}

describe('BatchWriteItem', () => {
  it('puts and deletes', async (t) => {
    const table = await makeTable(t);
    await table.put({ ...key('a'), n: N(1) });
    await table.put({ ...key('b'), old: S('x'), both: N(1) });
    const reply = await batchWrite({
      [table.name]: [
        del(key('a')),
        put({ ...key('b'), both: N('2.50'), doc: M({ s: SS('x', 'y') }) }),
        put(key('c')),
        del(key('not there')),
      ],
    });
    assert.deepEqual(reply.UnprocessedItems, {});
    assert.equal(reply.ConsumedCapacity, undefined);
    assert.deepEqual(await contents(table), [
      { ...key('b'), both: N('2.5'), doc: M({ s: SS('x', 'y') }) },
      key('c'),
    ]);
  });

  it('takes 25 writes over several tables', async (t) => {
    const hashed = await makeTable(t);
    const sorted = await makeTable(t, ['pk:S', 'sk:B']);
    const names = Array.from({ length: 24 }, (_, number) => String(number).padStart(2, '0'));
    const reply = await batchWrite({
      [hashed.name]: names.map((name) => put(key(name))),
      [sorted.name]: [put({ ...key('a'), sk: B(255) })],
    });
    assert.deepEqual(reply.UnprocessedItems, {});
    assert.deepEqual(await contents(hashed), names.map(key));
    assert.deepEqual(await contents(sorted), [{ ...key('a'), sk: B(255) }]);
  });

  it('rounds each write up by itself', async (t) => {
    const table = await makeTable(t);
    const sized = (name, size) => ({ ...key(name), v: S('x'.repeat(size - 'pkav'.length)) });
    await table.put(sized('c', 3000));
    const reply = await batchWrite(
      { [table.name]: [put(sized('a', 1024)), put(sized('b', 1025)), del(key('c'))] },
      { ReturnConsumedCapacity: 'INDEXES', ReturnItemCollectionMetrics: 'SIZE' },
    );
    assert.deepEqual(reply.ConsumedCapacity, [
      { TableName: table.name, CapacityUnits: 6, Table: { CapacityUnits: 6 } },
    ]);
    // Only tables with local indexes have item collections.
    assert.equal(Object.keys(reply.ItemCollectionMetrics ?? {}).length, 0);
  });
});

describe('BatchWriteItem refuses', () => {
  const table = sharedTable(['pk:S', 'sk:N']);
  const whole = (number = 1) => ({ ...key('p'), sk: N(number) });
  const NO_MATCH = 'The provided key element does not match the schema';
  const DUPLICATES = 'Provided list of item keys contains duplicates';
  const SEVERAL =
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the ' +
    'supported datatypes';
  const EMPTY =
    'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';
  const value = (v) => [put({ ...whole(), v })];

  for (const [title, writes, message] of [
    // DynamoDB gives an element that has neither the text for an element that has both.
    ['an element that is neither put nor delete', [{}], SEVERAL],
    ['an element that is both', [{ ...put(whole(1)), ...del(whole(2)) }], SEVERAL],
    ['two puts of a key', [put(whole()), put({ ...whole(), x: N(1) })], DUPLICATES],
    ['a put and a delete of a key', [put(whole('1.0')), del(whole())], DUPLICATES],
    ['a put without sort key', [put(key('p'))], NO_MATCH],
    ['a put with another type', [put({ ...key('p'), sk: S('1') })], NO_MATCH],
    ['a delete with NULL', [del({ ...key('p'), sk: NULL })], NO_MATCH],
    ['a delete with more than the key', [del({ ...whole(), x: N(1) })], NO_MATCH],
    [
      'an empty key',
      [put({ pk: S(''), sk: N(1) })],
      `${NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. ` +
        'Key: pk',
    ],
    [
      'a key that is too long',
      [del({ pk: S('x'.repeat(2049)), sk: N(1) })],
      `${INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    ],
    [
      'an item of more than 400 KB',
      value(S('x'.repeat(400 * 1024))),
      'Item size has exceeded the maximum allowed size',
    ],
    ['a value without type', value({}), EMPTY],
    [
      'an N that is not a number',
      value(N('x')),
      'The parameter cannot be converted to a numeric value: x',
    ],
    [
      '39 digits',
      value(N('1'.repeat(39))),
      'Attempting to store more than 38 significant digits in a Number',
    ],
    ['an empty set', value(SS()), `${INVALID}An string set  may not be empty`],
    // The older layer words this fault, and puts no quotes around the elements.
    [
      'a set with duplicates',
      value(SS('a', 'a')),
      `${INVALID}Input collection [a, a] contains duplicates.`,
    ],
    [
      '33 levels',
      value(nested(32, S('x'))),
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels ' +
        'beyond supported limit',
    ],
  ]) {
    it(`${title}, and writes nothing`, async () => {
      const good = put({ ...key('good'), sk: N(1) });
      await invalid(batchWrite({ [table.name]: [good, ...writes] }), message);
      await invalid(batchWrite({ [table.name]: [...writes, good] }), message);
      assert.deepEqual(await contents(table), []);
    });
  }

  it('a missing table among others', async () => {
    await refused(
      batchWrite({ [table.name]: [put(whole())], [MISSING]: [put(whole())] }),
      NOT_FOUND,
      'Requested resource not found',
    );
    assert.deepEqual(await contents(table), []);
  });
});

describe('Members of BatchWriteItem', () => {
  const counts =
    "at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member " +
    'must have length less than or equal to 25, Member must have length greater than or equal to ' +
    '1]';
  const writes = (count) => Array.from({ length: count }, () => put(key('p')));

  for (const [title, request, message] of [
    ['no RequestItems', undefined, ONE + constraint('null', 'requestItems', 'not be null')],
    ['no tables', {}, 'The requestItems parameter is required for BatchWriteItem'],
    ['no writes', { [MISSING]: [] }, `${ONE}Value '{${MISSING}=[]}' ${counts}`],
    [
      '26 writes in two tables',
      { [MISSING]: writes(13), 'weir-other': writes(13) },
      'Too many items requested for the BatchWriteItem call',
    ],
  ]) {
    it(`refuse ${title}`, () => invalid(batchWrite(request), message));
  }

  it('refuse 26 writes, and echo them', async () => {
    const error = await invalid(batchWrite({ [MISSING]: writes(26) }), /^1 validation error det/);
    const start = `${ONE}Value '{${MISSING}=[WriteRequest(putRequest=PutRequest(item={pk=`;
    assert.ok(error.message.startsWith(`${start}AttributeValue(s=p, n=null, b=null, `));
    assert.ok(error.message.endsWith(counts));
  });

  it('refuse two unknown enum values in one text', () =>
    invalid(
      batchWrite(
        { [MISSING]: writes(1) },
        { ReturnConsumedCapacity: 'X', ReturnItemCollectionMetrics: 'Y' },
      ),
      TWO +
        constraint("'X'", 'returnConsumedCapacity', ONE_OF('INDEXES', 'TOTAL', 'NONE')) +
        '; ' +
        constraint("'Y'", 'returnItemCollectionMetrics', ONE_OF('SIZE', 'NONE')),
    ));
});
