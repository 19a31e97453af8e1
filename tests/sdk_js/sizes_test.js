// SPDX-License-Identifier: Apache-2.0
// Sizes and limits: 400 KB an item, measured to the byte for each type; keys; levels of nesting.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { INVALID, invalid, ONE } from './support/errors.js';
import { makeTable, sharedTable } from './support/tables.js';
import { B, BOOL, BS, L, M, N, NS, NULL, nested, S, SS } from './support/values.js';

const LARGEST = 400 * 1024;
const KEY = { pk: S('a') };
// The names "pk", "v" and "pad", and the value "a".
const OVERHEAD = 'pkavpad'.length;
const TOO_LARGE = 'Item size has exceeded the maximum allowed size';
const UPDATE_TOO_LARGE = 'Item size to update has exceeded the maximum allowed size';
const TOO_DEEP =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels ' +
  'beyond supported limit';

describe('Size of a value', () => {
  const table = sharedTable(['pk:S']);

  for (const [title, value, size] of [
    ['text', S('hello'), 5],
    ['text in UTF-8', S('ä€😀'), 2 + 3 + 4],
    ['empty text', S(''), 0],
    ['bytes', B(1, 2, 3), 3],
    ['BOOL', BOOL(false), 1],
    ['NULL', NULL, 1],
    ['0', N(0), 1],
    ['1', N(1), 2],
    ['42', N(42), 2],
    ['420, whose digits pair up with the point', N(420), 3],
    ['12340', N(12340), 4],
    ['0.012', N('0.012'), 3],
    ['-420', N(-420), 4],
    ['100', N(100), 2],
    ['38 digits', N('12345678901234567890123456789012345678'), 20],
    ['a string set', SS('ab', 'c'), 3],
    ['a number set', NS(1, 420), 5],
    ['a binary set', BS([1], [2, 3]), 3],
    ['an empty list', L(), 3],
    ['a list', L(S('ab'), NULL), 3 + (2 + 1) + (1 + 1)],
    ['an empty map', M(), 3],
    ['a map', M({ name: S('ab') }), 3 + 4 + (2 + 1)],
    ['a map in a list', L(M({ x: N(1) })), 3 + 1 + (3 + 1 + 2 + 1)],
  ]) {
    it(`${title} is ${size}`, async () => {
      const fits = { ...KEY, v: value, pad: S('x'.repeat(LARGEST - OVERHEAD - size)) };
      await table.put(fits);
      await invalid(table.put({ ...fits, pad: S(`${fits.pad.S}x`) }), TOO_LARGE);
    });
  }
});

describe('Size of an item', () => {
  it('counts names', async (t) => {
    const table = await makeTable(t);
    const name = 'n'.repeat(1000);
    const rest = LARGEST - 'pka'.length - name.length;
    await table.put({ ...KEY, [name]: S('x'.repeat(rest)) });
    await invalid(table.put({ ...KEY, [`${name}n`]: S('x'.repeat(rest)) }), TOO_LARGE);
    assert.equal((await table.get(KEY))[name].S.length, rest);
  });

  it('is limited for updates', async (t) => {
    const table = await makeTable(t);
    await table.put({ ...KEY, v: S('x'.repeat(300_000)) });
    const value = { ':v': S('x'.repeat(200_000)) };
    await invalid(table.update(KEY, 'SET w = :v', value), UPDATE_TOO_LARGE);
    assert.equal((await table.get(KEY)).w, undefined);
  });
});

describe('Size of a key', () => {
  for (const [type, of] of [
    ['S', (size) => S('x'.repeat(size))],
    ['B', (size) => ({ B: new Uint8Array(size).fill(7) })],
  ]) {
    it(`of type ${type}`, async (t) => {
      const table = await makeTable(t, [`pk:${type}`, `sk:${type}`]);
      const largest = { pk: of(2048), sk: of(1024) };
      await table.put(largest);
      assert.deepEqual(await table.get(largest), largest);
      const hash = `${INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes`;
      await invalid(table.put({ ...largest, pk: of(2049) }), hash);
      await invalid(table.get({ ...largest, pk: of(2049) }), hash);
      const range =
        `${INVALID}Aggregated size of all range keys has exceeded the size limit of ` +
        '1024 bytes';
      await invalid(table.put({ ...largest, sk: of(1025) }), range);
      await invalid(table.delete({ ...largest, sk: of(1025) }), range);
    });
  }
});

describe('Nesting', () => {
  it('of 31 maps is kept, of 32 refused', async (t) => {
    const table = await makeTable(t);
    const item = { ...KEY, v: nested(31, S('leaf')) };
    await table.put(item);
    assert.deepEqual(await table.get(KEY), item);
    await invalid(table.put({ ...KEY, v: nested(32, S('leaf')) }), ONE + TOO_DEEP);
  });

  it('that would use up a stack is refused as well', async (t) => {
    const table = await makeTable(t);
    await invalid(table.put({ ...KEY, v: nested(70, S('leaf')) }), TOO_DEEP);
    assert.equal(await table.get(KEY), undefined);
  });
});
