// SPDX-License-Identifier: Apache-2.0
// The generic checks of members that come first: names, missing members, enums, ranges, types. The
// SDK checks none of this itself, so the server has to.

import { describe, it } from 'node:test';

import { dynamodb } from './support/clients.js';
import {
  constraint,
  invalid,
  LENGTH_AT_LEAST,
  LENGTH_AT_MOST,
  NAME_PATTERN,
  ONE,
  ONE_OF,
  refused,
  TWO,
  VALUE_AT_LEAST,
} from './support/errors.js';
import { S } from './support/values.js';

const KEY = { pk: S('a') };
const TABLE = 'weir-no-such-table';
const CAPACITY = ONE_OF('INDEXES', 'TOTAL', 'NONE');
const BODY = {
  getItem: { Key: KEY },
  putItem: { Item: KEY },
  deleteItem: { Key: KEY },
  updateItem: { Key: KEY },
};

for (const [method, body] of Object.entries(BODY)) {
  describe(`Members of ${method}`, () => {
    const call = (parameters) => dynamodb[method]({ ...body, ...parameters });

    it('an empty table name', () =>
      invalid(
        call({ TableName: '' }),
        `${ONE}Value at 'TableName' failed to satisfy constraint: Member must ` +
          LENGTH_AT_LEAST(1),
      ));

    for (const [name, rule] of [
      ['ab', LENGTH_AT_LEAST(3)],
      ['a;b', NAME_PATTERN],
      ['x'.repeat(256), LENGTH_AT_MOST(255)],
    ]) {
      it(`the table name ${name.slice(0, 10)}`, () =>
        invalid(call({ TableName: name }), ONE + constraint(`'${name}'`, 'tableName', rule)));
    }

    it('an unknown ReturnConsumedCapacity', () => {
      // UpdateItem leaves the count out.
      const start = method === 'updateItem' ? '' : ONE;
      const fault = constraint("'ALL'", 'returnConsumedCapacity', CAPACITY);
      return invalid(call({ TableName: TABLE, ReturnConsumedCapacity: 'ALL' }), start + fault);
    });

    if (method === 'getItem') return;

    it('an unknown ReturnItemCollectionMetrics', () =>
      invalid(
        call({ TableName: TABLE, ReturnItemCollectionMetrics: 'ALL' }),
        ONE + constraint("'ALL'", 'returnItemCollectionMetrics', ONE_OF('SIZE', 'NONE')),
      ));

    it('an unknown ReturnValuesOnConditionCheckFailure', () => {
      const start = method === 'updateItem' ? '' : ONE;
      const member = 'returnValuesOnConditionCheckFailure';
      return invalid(
        call({ TableName: TABLE, ReturnValuesOnConditionCheckFailure: 'X' }),
        start + constraint("'X'", member, ONE_OF('ALL_OLD', 'NONE')),
      );
    });
  });
}

describe('Missing members', () => {
  const missing = (member) => constraint('null', member, 'not be null');

  for (const [method, member] of [
    ['getItem', 'key'],
    ['putItem', 'item'],
    ['deleteItem', 'key'],
    ['updateItem', 'key'],
  ]) {
    it(`${member} of ${method}`, () =>
      invalid(dynamodb[method]({ TableName: TABLE }), ONE + missing(member)));
  }

  it('all of GetItem, joined in order', () =>
    invalid(dynamodb.getItem({}), `${TWO}${missing('key')}; ${missing('tableName')}`));

  it('all of PutItem, joined in order', () =>
    invalid(dynamodb.putItem({}), `${TWO}${missing('tableName')}; ${missing('item')}`));

  it('both faults of a name in UpdateItem', () =>
    invalid(
      dynamodb.updateItem({ TableName: 'a;', Key: KEY }),
      TWO +
        [NAME_PATTERN, LENGTH_AT_LEAST(3)]
          .map((rule) => constraint("'a;'", 'tableName', rule))
          .join('; '),
    ));
});

describe('Members of Query and Scan', () => {
  const range = (member, rule) =>
    `${ONE}Value at '${member}' failed to satisfy constraint: Member must ${rule}`;

  it('Limit 0', async () => {
    const message = range('Limit', VALUE_AT_LEAST(1));
    await invalid(dynamodb.scan({ TableName: TABLE, Limit: 0 }), message);
    await invalid(dynamodb.query({ TableName: TABLE, Limit: 0 }), message);
  });

  it('unknown Select', () =>
    invalid(
      dynamodb.scan({ TableName: TABLE, Select: 'SOME' }),
      ONE +
        constraint(
          "'SOME'",
          'select',
          ONE_OF('SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'),
        ),
    ));
});

describe('Types of members', () => {
  for (const [title, parameters, message] of [
    [
      'a number for a name',
      { TableName: 5, Key: KEY },
      'NUMBER_VALUE cannot be converted to String',
    ],
    ['true for a name', { TableName: true, Key: KEY }, 'TRUE_VALUE cannot be converted to String'],
    [
      'a list for a name',
      { TableName: ['x'], Key: KEY },
      'Unrecognized collection type class java.lang.String',
    ],
    [
      'a map for a name',
      { TableName: { x: 1 }, Key: KEY },
      'Start of structure or map found where not expected',
    ],
  ]) {
    it(title, () => refused(dynamodb.getItem(parameters), 'SerializationException', message));
  }

  // The SDK makes an empty text of a number in N, which must not count as 0.
  it('a number in N', () =>
    invalid(
      dynamodb.getItem({ TableName: TABLE, Key: { pk: { N: 5 } } }),
      'The parameter cannot be converted to a numeric value: ',
    ));
});
