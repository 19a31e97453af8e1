// SPDX-License-Identifier: Apache-2.0
// TransactWriteItems and TransactGetItems: all or nothing over several tables, tokens, what
// transactions cost, and their change records.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';

import { invalid, refused } from './support/errors.js';
import { index } from './support/indexes.js';
import { readStream, summary } from './support/stream_reader.js';
import { body, makeTable, sharedTable } from './support/tables.js';
import {
  ABSENT,
  canceled,
  check,
  del,
  EXISTS,
  FAILED,
  get,
  NONE,
  put,
  read,
  TWICE,
  update,
  write,
} from './support/transactions.js';
import { N, S } from './support/values.js';

const key = (name) => ({ pk: S(name) });
const add = (table, itemKey) => update(table, itemKey, 'ADD n :n', { ':n': N(1) });

async function contents(table) {
  const { Items: items } = await table.scan({ ConsistentRead: true });
  return items.toSorted((a, b) => (a.pk.S < b.pk.S ? -1 : 1));
}

describe('TransactWriteItems', () => {
  it('puts, updates, deletes and checks in several tables', async (t) => {
    const [first, second] = [await makeTable(t), await makeTable(t, ['pk:S', 'sk:N'])];
    const sorted = { ...key('a'), sk: N(1) };
    await first.put({ ...key('update'), n: N(1) });
    await first.put(key('check'));
    await second.put(sorted);
    const reply = await write([
      put(first.name, { ...key('put'), n: N('2.50') }, { ConditionExpression: ABSENT }),
      update(
        first.name,
        key('update'),
        'ADD n :n',
        { ':n': N(1), ':old': N(1) },
        {
          ConditionExpression: 'n = :old',
        },
      ),
      check(first.name, key('check')),
      del(second.name, sorted, { ConditionExpression: EXISTS }),
      put(second.name, { ...sorted, sk: N(2) }),
    ]);
    assert.deepEqual(body(reply), {});
    assert.deepEqual(await contents(first), [
      key('check'),
      { ...key('put'), n: N('2.5') },
      { ...key('update'), n: N(2) },
    ]);
    assert.deepEqual(await contents(second), [{ ...sorted, sk: N(2) }]);
  });

  it('takes ARNs for names', async (t) => {
    const table = await makeTable(t);
    const { TableArn: arn } = await table.describe();
    await write([put(arn, key('a')), check(arn, key('b'), ABSENT)]);
    assert.deepEqual(await contents(table), [key('a')]);
  });

  it('takes 100 actions', async (t) => {
    const table = await makeTable(t);
    const names = Array.from({ length: 100 }, (_, number) => String(number).padStart(3, '0'));
    await write(names.map((name) => put(table.name, key(name))));
    assert.deepEqual(await contents(table), names.map(key));
  });

  it('keeps indexes in step', async (t) => {
    const table = await makeTable(t, ['pk:S'], {
      attributes: ['g:S'],
      GlobalSecondaryIndexes: [index('gsi', ['g'])],
    });
    const entries = async () => (await table.scan({ IndexName: 'gsi' })).Items;
    await table.put({ ...key('old'), g: S('g') });
    await write([del(table.name, key('old')), put(table.name, { ...key('new'), g: S('h') })]);
    assert.deepEqual(await entries(), [{ ...key('new'), g: S('h') }]);
    await canceled(write([del(table.name, key('new')), check(table.name, key('x'))]), NONE, FAILED);
    assert.deepEqual(await entries(), [{ ...key('new'), g: S('h') }]);
  });

  it('leaves a change record for each effective write', async (t) => {
    const table = await makeTable(t, ['pk:S'], { view: 'NEW_AND_OLD_IMAGES' });
    await table.put({ ...key('a'), n: N(1) });
    await write([
      add(table.name, key('a')),
      del(table.name, key('not there')),
      check(table.name, key('other'), ABSENT),
    ]);
    await canceled(write([del(table.name, key('a')), check(table.name, key('x'))]), NONE, FAILED);
    await write([del(table.name, key('a'))]);
    assert.deepEqual(summary(await readStream(await table.streamArn(), 3)), [
      ['INSERT', undefined, { ...key('a'), n: N(1) }],
      ['MODIFY', { ...key('a'), n: N(1) }, { ...key('a'), n: N(2) }],
      ['REMOVE', { ...key('a'), n: N(2) }, undefined],
    ]);
  });

  it('lets colliding transactions wait for each other', async (t) => {
    const table = await makeTable(t);
    const actions = [add(table.name, key('a')), add(table.name, key('b'))];
    await Promise.all(
      Array.from({ length: 40 }, (_, turn) => write(turn % 2 ? actions : actions.toReversed())),
    );
    assert.deepEqual(await contents(table), [
      { ...key('a'), n: N(40) },
      { ...key('b'), n: N(40) },
    ]);
  });
});

describe('TransactGetItems', () => {
  const table = sharedTable(
    ['pk:S'],
    [
      { ...key('a'), n: N(1), s: S('x') },
      { ...key('b'), n: N(2) },
    ],
  );

  it('answers in the order of the request', async (t) => {
    const other = await makeTable(t, ['pk:S', 'sk:N']);
    await other.put({ ...key('a'), sk: N(1) });
    const { Responses: responses } = await read([
      get(table.name, key('b')),
      get(other.name, { ...key('a'), sk: N('1.0') }),
      get(table.name, key('not there')),
      get(table.name, key('a')),
    ]);
    assert.deepEqual(responses, [
      { Item: { ...key('b'), n: N(2) } },
      { Item: { ...key('a'), sk: N(1) } },
      {},
      { Item: { ...key('a'), n: N(1), s: S('x') } },
    ]);
  });

  it('shows what projections name', async () => {
    const { Responses: responses } = await read([
      get(table.name, key('a'), {
        ProjectionExpression: '#n',
        ExpressionAttributeNames: { '#n': 'n' },
      }),
      get(table.name, key('b'), { ProjectionExpression: 's' }),
    ]);
    assert.deepEqual(responses, [{ Item: { n: N(1) } }, {}]);
  });

  it('sees no half of a transaction', async (t) => {
    const tables = [await makeTable(t), await makeTable(t)];
    const pairs = async (worker) => {
      for (let turn = 0; turn < 25; turn += 1) {
        const item = { ...key('p'), turn: S(`${worker}.${turn}`) };
        await write(tables.map(({ name }) => put(name, item)));
      }
    };
    const readers = async () => {
      for (let turn = 0; turn < 50; turn += 1) {
        const reply = await read(tables.map(({ name }) => get(name, key('p'))));
        const [left, right] = reply.Responses;
        assert.deepEqual(left.Item?.turn, right.Item?.turn);
      }
    };
    await Promise.all([pairs(1), pairs(2), pairs(3), readers(), readers(), readers()]);
  });
});

describe('ClientRequestToken', () => {
  const MISMATCH = [
    'IdempotentParameterMismatchException',
    'Specified idempotent token was used with different request parameters within the ' +
      'idempotency window',
  ];
  const token = () => ({ ClientRequestToken: randomUUID() });

  it('makes a transaction that is sent again happen once', async (t) => {
    const table = await makeTable(t);
    const [actions, once] = [[add(table.name, key('a')), add(table.name, key('b'))], token()];
    await Promise.all(Array.from({ length: 10 }, () => write(actions, once)));
    await table.delete(key('b'));
    await write(actions, { ...once, ReturnConsumedCapacity: 'TOTAL' });
    assert.deepEqual(await contents(table), [{ ...key('a'), n: N(1) }]);
    await write(actions, token());
    assert.deepEqual((await table.get(key('a'))).n, N(2));
  });

  it('is refused with another request', async (t) => {
    const table = await makeTable(t);
    const [actions, once] = [[add(table.name, key('a')), add(table.name, key('b'))], token()];
    await write(actions, once);
    for (const other of [actions.slice(1), actions.toReversed(), [put(table.name, key('c'))]]) {
      await refused(write(other, once), ...MISMATCH);
    }
    assert.deepEqual(await contents(table), [
      { ...key('a'), n: N(1) },
      { ...key('b'), n: N(1) },
    ]);
  });

  it('may be used again after a transaction that failed', async (t) => {
    const table = await makeTable(t);
    const once = token();
    await canceled(write([check(table.name, key('a'))], once), FAILED);
    await invalid(write([put(table.name, key('a')), del(table.name, key('a'))], once), TWICE);
    await write([put(table.name, key('a'))], once);
    assert.deepEqual(await contents(table), [key('a')]);
  });
});

describe('Cost of transactions', () => {
  const INDEXES = { ReturnConsumedCapacity: 'INDEXES' };
  const units = (count, kind = 'Write') => ({
    CapacityUnits: count,
    [`${kind}CapacityUnits`]: count,
  });
  const table = sharedTable(['pk:S', 'sk:N'], [], {
    attributes: ['g:S', 'l:S'],
    GlobalSecondaryIndexes: [index('gsi', ['g'])],
    LocalSecondaryIndexes: [index('lsi', ['pk', 'l'])],
  });
  const item = (name, more) => ({ ...key(name), sk: N(1), ...more });

  it('counts twice for the table and once for its indexes, and a replay costs reads', async () => {
    const actions = [
      put(table.name, item('a', { g: S('g'), l: S('l') })),
      check(table.name, item('b'), ABSENT),
      del(table.name, item('c')),
    ];
    const once = { ClientRequestToken: randomUUID() };
    const first = await write(actions, { ...INDEXES, ...once });
    assert.deepEqual(first.ConsumedCapacity, [
      {
        TableName: table.name,
        ...units(8),
        Table: units(6),
        GlobalSecondaryIndexes: { gsi: units(1) },
        LocalSecondaryIndexes: { lsi: units(1) },
      },
    ]);
    const again = await write(actions, { ...INDEXES, ...once });
    assert.deepEqual(again.ConsumedCapacity, [
      { TableName: table.name, ...units(6, 'Read'), Table: units(6, 'Read') },
    ]);
  });

  it('of reads is two units for each 4 KB of each item', async (t) => {
    const plain = await makeTable(t);
    await plain.put({ ...key('a'), v: S('x'.repeat(4096)) });
    const gets = [
      get(plain.name, key('a'), { ProjectionExpression: 'pk' }),
      get(table.name, item('not there')),
      get(plain.name, key('not there')),
    ];
    const reply = await read(gets, { ReturnConsumedCapacity: 'TOTAL' });
    assert.deepEqual(reply.ConsumedCapacity, [
      { TableName: plain.name, ...units(6, 'Read') },
      { TableName: table.name, ...units(2, 'Read') },
    ]);
    assert.equal((await read(gets)).ConsumedCapacity, undefined);
  });

  it('comes with the sizes of item collections', async () => {
    const reply = await write(
      [put(table.name, item('m')), update(table.name, item('n'), 'SET x = :x', { ':x': N(1) })],
      { ReturnItemCollectionMetrics: 'SIZE' },
    );
    const metrics = (name) => ({ ItemCollectionKey: key(name), SizeEstimateRangeGB: [0, 1] });
    assert.deepEqual(body(reply), {
      ItemCollectionMetrics: { [table.name]: [metrics('m'), metrics('n')] },
    });
  });
});
