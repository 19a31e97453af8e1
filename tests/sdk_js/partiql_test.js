// SPDX-License-Identifier: Apache-2.0
// PartiQL through the SDK: statements, pages, batches, and their errors as the SDK shows them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';

import { dynamodb } from './support/clients.js';
import { invalid, NOT_FOUND, refused } from './support/errors.js';
import { body, makeTable, sharedTable } from './support/tables.js';
import { B, L, M, N, S, SS } from './support/values.js';

const MALFORMED = "Statement wasn't well formed, can't be processed: ";
const item = (pk, number) => ({
  pk: S(pk),
  sk: N(number),
  n: N(number),
  tags: SS('a', `t${number}`),
  data: B(number),
  doc: M({ x: N(number), parts: L(S('p'), M({ y: S('q') })) }),
});
const ITEMS = ['p', 'q'].flatMap((pk) => [1, 2, 3].map((number) => item(pk, number)));

/** Executes one statement, in which `$t` stands for the table's name. */
function execute(table, statement, Parameters, more) {
  const Statement = statement.replaceAll('$t', `"${table.name}"`);
  return dynamodb.executeStatement({ Statement, Parameters, ...more });
}

const keysOf = ({ Items }) => Items.map(({ pk, sk }) => pk.S + sk.N);

describe('SELECT', () => {
  const table = sharedTable(['pk:S', 'sk:N'], ITEMS);

  it('answers whole items and columns', async () => {
    const where = "WHERE pk = 'p' AND sk = 2";
    const reply = await execute(table, `SELECT * FROM $t ${where}`);
    assert.deepEqual(body(reply), { Items: [item('p', 2)] });
    const columns = await execute(table, `SELECT sk, doc.parts[1].y, none FROM $t ${where}`);
    assert.deepEqual(columns.Items, [{ sk: N(2), y: S('q') }]);
  });

  const FOUND = [
    ["pk = 'p' ORDER BY sk DESC", ['p3', 'p2', 'p1']],
    ["pk = 'p' AND sk BETWEEN 2 AND 3", ['p2', 'p3']],
    ["pk IN ['q', 'p'] AND sk = 1", ['q1', 'p1']],
    ["pk = 'q' AND sk = 1 OR pk = 'p' AND sk > 2", ['q1', 'p3']],
    ["pk = 'p' AND contains(tags, 't2')", ['p2']],
    ["pk = 'p' AND doc.x NOT IN (1, 3)", ['p2']],
    ["pk = 'p' AND none IS MISSING AND n > 2", ['p3']],
  ];
  for (const [clauses, keys] of FOUND) {
    it(`finds ${clauses}`, async () => {
      assert.deepEqual(keysOf(await execute(table, `SELECT * FROM $t WHERE ${clauses}`)), keys);
    });
  }

  it('takes parameters of every kind', async () => {
    const values = [
      S('p'),
      SS('t2', 'a'),
      B(2),
      M({ x: N(2), parts: L(S('p'), M({ y: S('q') })) }),
    ];
    const statement = 'SELECT * FROM $t WHERE pk = ? AND tags = ? AND data = ? AND doc = ?';
    assert.deepEqual(keysOf(await execute(table, statement, values)), ['p2']);
  });

  it('reads pages with NextToken', async () => {
    const read = (more) => execute(table, 'SELECT * FROM $t', undefined, { Limit: 4, ...more });
    const first = await read();
    const second = await read({ NextToken: first.NextToken });
    assert.equal(first.Items.length, 4);
    assert.deepEqual(Object.keys(first.LastEvaluatedKey).toSorted(), ['pk', 'sk']);
    assert.deepEqual(
      [...keysOf(first), ...keysOf(second)].toSorted(),
      ITEMS.map(({ pk, sk }) => pk.S + sk.N),
    );
    assert.equal(second.NextToken, undefined);
    const other = execute(table, 'SELECT pk FROM $t', undefined, { NextToken: first.NextToken });
    await invalid(other, 'NextToken does not match request');
    await invalid(read({ NextToken: 'x' }), 'Invalid NextToken');
  });

  it('reports capacity', async () => {
    const reply = await execute(table, "SELECT * FROM $t WHERE pk = 'p' AND sk = 1", undefined, {
      ConsistentRead: true,
      ReturnConsumedCapacity: 'TOTAL',
    });
    assert.deepEqual(reply.ConsumedCapacity, { TableName: table.name, CapacityUnits: 1 });
  });

  it('refuses what it cannot read', async () => {
    await invalid(execute(table, 'SELECT * FROM $t WHERE'), `${MALFORMED}Unexpected term`);
    await invalid(
      execute(table, 'SELECT * FROM $t WHERE pk = 1'),
      "Key attribute's data type should match its data type in table's schema: Key pk",
    );
    await invalid(
      execute(table, 'SELECT * FROM $t WHERE pk = ?'),
      "Number of parameters in request and statement don't match.",
    );
    await refused(execute(table, 'SELECT * FROM none'), NOT_FOUND, 'Requested resource not found');
  });
});

describe('statements that write', () => {
  it('insert, update and delete', async (t) => {
    const table = await makeTable(t);
    const insert = "INSERT INTO $t VALUE {'pk': 'k', 'l': [1], 'v': ?}";
    assert.deepEqual(body(await execute(table, insert, [S('x')])), { Items: [] });
    const duplicate = await refused(execute(table, insert, [S('x')]), 'DuplicateItemException');
    assert.equal(duplicate.message, 'Duplicate primary key exists in table');
    const update = await execute(
      table,
      "UPDATE $t SET l = list_append(l, [2]) REMOVE v WHERE pk = 'k' RETURNING ALL NEW *",
    );
    assert.deepEqual(update.Items, [{ pk: S('k'), l: L(N(1), N(2)) }]);
    const failed = await refused(
      execute(table, "DELETE FROM $t WHERE pk = 'k' AND l[0] = 5", undefined, {
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
      'ConditionalCheckFailedException',
      'The conditional request failed',
    );
    assert.deepEqual(failed.Item, { pk: S('k'), l: L(N(1), N(2)) });
    await execute(table, "DELETE FROM $t WHERE pk = 'k'");
    assert.equal(await table.get({ pk: S('k') }), undefined);
  });

  it('run in batches', async (t) => {
    const table = await makeTable(t);
    const batch = (...statements) =>
      dynamodb.batchExecuteStatement({
        Statements: statements.map((statement) => ({
          Statement: statement.replaceAll('$t', `"${table.name}"`),
        })),
      });
    const written = await batch(
      "INSERT INTO $t VALUE {'pk': 'a', 'n': 1}",
      "UPDATE $t SET n = 2 WHERE pk = 'b'",
    );
    assert.deepEqual(written.Responses, [
      { TableName: table.name },
      {
        TableName: table.name,
        Error: { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      },
    ]);
    const read = await batch("SELECT n FROM $t WHERE pk = 'a'", 'SELECT n FROM $t');
    assert.deepEqual(read.Responses[0], { TableName: table.name, Item: { n: N(1) } });
    assert.equal(read.Responses[1].Error.Code, 'ValidationError');
    await invalid(
      batch("SELECT * FROM $t WHERE pk = 'a'", "DELETE FROM $t WHERE pk = 'a'"),
      'Read and write requests together in the same batch is not supported.',
    );
  });

  it('speak plain values through the document client', async (t) => {
    const table = await makeTable(t);
    const documents = DynamoDBDocument.from(dynamodb);
    await documents.executeStatement({
      Statement: `INSERT INTO "${table.name}" VALUE {'pk': ?, 'doc': ?}`,
      Parameters: ['k', { parts: [1, 'two', true], none: null }],
    });
    const reply = await documents.executeStatement({
      Statement: `SELECT doc.parts FROM "${table.name}" WHERE pk = ?`,
      Parameters: ['k'],
    });
    assert.deepEqual(reply.Items, [{ parts: [1, 'two', true] }]);
  });
});
