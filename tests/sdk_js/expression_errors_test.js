// SPDX-License-Identifier: Apache-2.0
// Refused expressions of each of the five kinds, and refused names and values: AWS's exact texts.

import { describe, it } from 'node:test';

import { dynamodb } from './support/clients.js';
import { INVALID, invalid, ONE } from './support/errors.js';
import { sharedTable, uniqueName } from './support/tables.js';
import { BOOL, L, M, N, NULL, S, SS, valuesIn } from './support/values.js';

const KEY = { pk: S('a') };
const VALUES = {
  ':n': N(1),
  ':s': S('a'),
  ':s2': S('b'),
  ':t': BOOL(true),
  ':nul': NULL,
  ':l': L(),
  ':m': M(),
  ':ss': SS('a'),
};
const MISUSED = 'The function is not allowed to be used this way in an expression; function: ';
const MUST_REMOVE = 'must remove or rewrite one of these paths; ';
const OVERLAP = `Two document paths overlap with each other; ${MUST_REMOVE}`;
const CONFLICT = `Two document paths conflict with each other; ${MUST_REMOVE}`;
const DISTINCT =
  'The first operand must be distinct from the remaining operands for this operator or function; ';

const syntax = (token, near) => `Syntax error; token: "${token}", near: "${near}"`;
const functionName = (name) => `Invalid function name; function: ${name}`;
const reserved = (word) => `Attribute name is a reserved keyword; reserved keyword: ${word}`;
const undefinedName =
  'An expression attribute name used in the document path is not defined; attribute name: #x';
const undefinedValue =
  'An expression attribute value used in expression is not defined; attribute value: :zz';
const operand = (name, type) =>
  'Incorrect operand type for operator or function; ' +
  `operator or function: ${name}, operand type: ${type}`;
const operandCount = (name, count) =>
  'Incorrect number of operands for operator or function; ' +
  `operator or function: ${name}, number of operands: ${count}`;
const updateOperand = (clause, type) =>
  // AWS names the ADD set for DELETE too.
  'Incorrect operand type for operator or function; ' +
  `operator: ${clause}, operand type: ${type}, typeSet: ALLOWED_FOR_ADD_OPERAND`;
const tooDeep = 'The document path has too many nesting levels; nesting levels: 33';
const deepPath = (levels) => Array(levels).fill('a').join('.');

// Conditions and filters share all of these.
const CONDITIONS = [
  ['', 'The expression can not be empty;'],
  ['   ', syntax('<EOF>', '   ')],
  ['a = :n b', syntax('b', ':n b')],
  ['a[x] = :n', syntax('x', '[x]')],
  ['a =', syntax('<EOF>', '=')],
  ['a ! :n', syntax('!', 'a ! :n')],
  ['((a = :n))', 'The expression has redundant parentheses;'],
  ['frob(a)', functionName('frob')],
  ['Size(a) = :n', functionName('Size')],
  ['name = :n', reserved('name')],
  ['a.Status = :n', reserved('Status')],
  ['#x = :n', undefinedName],
  ['a = :zz', undefinedValue],
  ['a[99999999999] = :n', 'List index is not within the allowable range; index: [99999999999]'],
  ['size(a)', `${MISUSED}size`],
  ['attribute_exists(a) = :n', `${MISUSED}attribute_exists`],
  [
    'if_not_exists(a, :n) = :n',
    'The function is not allowed in a condition expression; function: if_not_exists',
  ],
  ['contains(a)', operandCount('contains', 1)],
  ['size(a, b) = :n', operandCount('size', 2)],
  [
    'attribute_exists(:s)',
    'Operator or function requires a document path; operator or function: attribute_exists',
  ],
  ['begins_with(a, :n)', operand('begins_with', 'N')],
  ['attribute_type(a, :n)', operand('attribute_type', 'N')],
  ['size(:n) = :n', operand('size', 'N')],
  ['a < :t', operand('<', 'BOOL')],
  ['a <= :nul', operand('<=', 'NULL')],
  ['a > :m', operand('>', 'M')],
  ['a >= :l', operand('>=', 'L')],
  ['a BETWEEN :ss AND :ss', operand('BETWEEN', 'SS')],
  ['a = a', `${DISTINCT}operator: =, first operand: [a]`],
  ['a.b[0] = a.b[0]', `${DISTINCT}operator: =, first operand: [a, b, [0]]`],
  ['a IN (:n, a)', `${DISTINCT}operator: IN, first operand: [a]`],
  [
    'a BETWEEN :s2 AND :s',
    'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
      'lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}',
  ],
  [
    'a BETWEEN :s AND :n',
    'The BETWEEN operator requires same data type for lower and upper bounds; ' +
      'lower bound operand: AttributeValue: {S:a}, upper bound operand: AttributeValue: {N:1}',
  ],
  [
    Array(151).fill('a <> :n').join(' OR '),
    'The expression contains too many operators; operator count: 301',
  ],
  [
    `a IN (${Array(101).fill(':n').join(', ')})`,
    'The IN operator is provided with too many operands; number of operands: 101',
  ],
  [`attribute_exists(${deepPath(33)})`, tooDeep],
  ['?'.repeat(4097), 'Expression size has exceeded the maximum allowed size;'],
];

const UPDATES = [
  ['', 'The expression can not be empty;'],
  ['SET', syntax('<EOF>', 'SET')],
  ['a = :n', syntax('a', 'a =')],
  ['SET a = :n,', syntax('<EOF>', ',')],
  ['SET a = :n SET b = :n', 'The "SET" section can only be used once in an update expression;'],
  ['SET a = :n, a.b = :n', `${OVERLAP}path one: [a], path two: [a, b]`],
  ['SET a = :n REMOVE a', `${OVERLAP}path one: [a], path two: [a]`],
  ['SET a.b = :n REMOVE a[1]', `${CONFLICT}path one: [a, b], path two: [a, [1]]`],
  ['SET name = :n', reserved('name')],
  ['SET #x = :n', undefinedName],
  ['SET a = :zz', undefinedValue],
  ['SET a = frob(b)', functionName('frob')],
  [
    'SET a = attribute_exists(b)',
    'The function is not allowed in an update expression; function: attribute_exists',
  ],
  ['SET a = if_not_exists(b)', operandCount('if_not_exists', 1)],
  [
    'SET a = if_not_exists(:n, :n)',
    'Operator or function requires a document path; operator or function: if_not_exists',
  ],
  ['SET a = list_append(b, :s)', operand('list_append', 'S')],
  ['SET a = b + :s', operand('+', 'S')],
  ['ADD a :s', updateOperand('ADD', 'STRING')],
  ['DELETE a :n', updateOperand('DELETE', 'NUMBER')],
  ['SET a = b + c + d', syntax('+', 'c + d')],
  ['?'.repeat(4097), 'Expression size has exceeded the maximum allowed size;'],
];

const PROJECTIONS = [
  ['', 'The expression can not be empty;'],
  ['a,', syntax('<EOF>', ',')],
  ['a b', syntax('b', 'a b')],
  ['name', reserved('name')],
  ['#x', undefinedName],
  ['a, a', `${OVERLAP}path one: [a], path two: [a]`],
  ['a.b, a', `${OVERLAP}path one: [a, b], path two: [a]`],
  ['a.b, a[0]', `${CONFLICT}path one: [a, b], path two: [a, [0]]`],
  [deepPath(33), tooDeep],
];

const KEY_OPERATOR = 'Invalid operator used in KeyConditionExpression: ';
const KEY_CONDITION = 'Invalid condition in KeyConditionExpression: ';
const KEY_PREFIX = 'Invalid KeyConditionExpression: ';

const KEY_CONDITIONS = [
  ['', `${KEY_PREFIX}The expression can not be empty;`],
  ['pk =', `${KEY_PREFIX}${syntax('<EOF>', '=')}`],
  ['frob(pk, :s)', `${KEY_PREFIX}${functionName('frob')}`],
  ['name = :s', `${KEY_PREFIX}${reserved('name')}`],
  ['pk = :zz', `${KEY_PREFIX}${undefinedValue}`],
  ['pk = :s OR sk = :n', `${KEY_OPERATOR}OR`],
  ['NOT pk = :s', `${KEY_OPERATOR}NOT`],
  ['pk IN (:s)', `${KEY_OPERATOR}IN`],
  ['pk <> :s', `${KEY_OPERATOR}<>`],
  ['contains(pk, :s)', `${KEY_OPERATOR}contains`],
  ['pk = :s AND attribute_exists(sk)', `${KEY_OPERATOR}attribute_exists`],
  [
    'pk = :s AND begins_with(:s2, sk)',
    `${KEY_CONDITION}begins_with operator must have the key attribute as its first operand`,
  ],
  [
    'pk = sk',
    `Invalid KeyConditionExpression: ${KEY_CONDITION}Multiple attribute names used in one condition`,
  ],
  [':s = :s2', `${KEY_CONDITION}No key attribute specified`],
  ['pk = :s AND size(sk) = :n', 'KeyConditionExpressions cannot contain nested operations'],
  ['pk.a = :s', `${KEY_PREFIX}KeyConditionExpressions cannot have conditions on nested attributes`],
  [
    'pk = :s AND pk = :s2',
    `${KEY_PREFIX}KeyConditionExpressions must only contain one condition per key`,
  ],
  ['sk = :n', 'Query condition missed key schema element: pk'],
  ['pk = :s AND x = :n', 'Query condition missed key schema element: sk'],
  ['pk > :s', 'Query key condition not supported'],
  ['pk = :n', `${INVALID}Condition parameter type does not match schema type`],
];

const title = (expression) => JSON.stringify(expression.slice(0, 60));

describe('ConditionExpression', () => {
  const table = sharedTable(['pk:S']);
  const writes = { put: table.put, delete: table.delete };

  for (const [expression, message] of CONDITIONS) {
    it(`refuses ${title(expression)}`, async () => {
      const parameters = {
        ConditionExpression: expression,
        ExpressionAttributeValues: valuesIn(VALUES, expression),
      };
      for (const write of Object.values(writes)) {
        await invalid(
          write.call(table, KEY, parameters),
          `${ONE}Invalid ConditionExpression: ${message}`,
        );
      }
    });
  }

  it('is looked at before the table', () =>
    invalid(
      dynamodb.deleteItem({ TableName: uniqueName(), Key: KEY, ConditionExpression: 'a =' }),
      `${ONE}Invalid ConditionExpression: ${syntax('<EOF>', '=')}`,
    ));
});

describe('FilterExpression', () => {
  const table = sharedTable(['pk:S']);

  for (const [expression, message] of CONDITIONS) {
    it(`refuses ${title(expression)}`, async () => {
      const values = valuesIn(VALUES, expression);
      const full = `Invalid FilterExpression: ${message}`;
      await invalid(
        table.scan({ FilterExpression: expression, ExpressionAttributeValues: values }),
        full,
      );
      await invalid(
        table.query('pk = :p', { ...values, ':p': S('a') }, { FilterExpression: expression }),
        full,
      );
    });
  }

  it('of a query must not name a key', () =>
    invalid(
      table.query('pk = :s', { ':s': S('a') }, { FilterExpression: 'pk > :s' }),
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: pk',
    ));
});

describe('UpdateExpression', () => {
  const table = sharedTable(['pk:S']);
  for (const [expression, message] of UPDATES) {
    it(`refuses ${title(expression)}`, () =>
      invalid(
        table.update(KEY, expression, valuesIn(VALUES, expression)),
        `${ONE}Invalid UpdateExpression: ${message}`,
      ));
  }
});

describe('ProjectionExpression', () => {
  const table = sharedTable(['pk:S']);
  for (const [expression, message] of PROJECTIONS) {
    it(`refuses ${title(expression)}`, async () => {
      const parameters = { ProjectionExpression: expression };
      const full = `Invalid ProjectionExpression: ${message}`;
      await invalid(table.get(KEY, parameters), full);
      await invalid(table.scan(parameters), full);
      await invalid(table.query('pk = :s', { ':s': S('a') }, parameters), full);
    });
  }
});

describe('KeyConditionExpression', () => {
  const table = sharedTable(['pk:S', 'sk:N']);
  for (const [expression, message] of KEY_CONDITIONS) {
    it(`refuses ${title(expression)}`, () =>
      invalid(table.query(expression, valuesIn(VALUES, expression)), message));
  }

  it('or KeyConditions must be there', () =>
    invalid(
      table.query(),
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the ' +
        'request.',
    ));
});

describe('Names and values', () => {
  const table = sharedTable(['pk:S']);
  const only = 'can only be specified when using expressions';
  const condition = 'a <> b';

  for (const [fault, parameters, message] of [
    [
      'names alone',
      { ExpressionAttributeNames: { '#a': 'a' } },
      `ExpressionAttributeNames ${only}`,
    ],
    [
      'values alone',
      { ExpressionAttributeValues: { ':a': N(1) } },
      `ExpressionAttributeValues ${only}`,
    ],
    [
      'no names',
      { ConditionExpression: condition, ExpressionAttributeNames: {} },
      'ExpressionAttributeNames must not be empty',
    ],
    [
      'no values',
      { ConditionExpression: condition, ExpressionAttributeValues: {} },
      'ExpressionAttributeValues must not be empty',
    ],
    [
      'an unused name',
      { ConditionExpression: condition, ExpressionAttributeNames: { '#x': 'x' } },
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}',
    ],
    [
      'an unused value',
      { ConditionExpression: condition, ExpressionAttributeValues: { ':x': N(1) } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
    ],
  ]) {
    it(`refuse ${fault}`, () => invalid(table.put(KEY, parameters), `${ONE}${message}`));
  }

  // The keys of the two maps are one of the faults that come bare.
  for (const [member, key, value] of [
    ['ExpressionAttributeNames', 'a', 'x'],
    ['ExpressionAttributeNames', '#a.b', 'x'],
    ['ExpressionAttributeValues', 'a', N(1)],
    ['ExpressionAttributeValues', ':a-b', N(1)],
  ]) {
    it(`refuse the key ${key} in ${member}`, () =>
      invalid(
        table.put(KEY, { ConditionExpression: condition, [member]: { [key]: value } }),
        `${member} contains invalid key: Syntax error; key: "${key}"`,
      ));
  }

  it('may be used by either expression', async () => {
    await table.update(
      KEY,
      'SET #a = :v',
      { ':v': N(1) },
      {
        ConditionExpression: '#b <> :v',
        ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
      },
    );
  });
});
