// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of a configuration: files with items, by category and table.

import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import { importPeer } from '../lib/peer.js';

// The most items that BatchWriteItem takes.
const BATCH = 25;

/**
 * The sources of the categories that `chosen` names, separated by commas; if it is not text, those
 * of all categories. Throws if there is no such category.
 */
export function chosenSeeds(categories = {}, chosen = true) {
  const names = typeof chosen === 'string' ? chosen.split(',') : Object.keys(categories);
  return names.flatMap((name) => {
    if (!(name in categories)) throw new Error(`custom.dynamodb.seed has no category ${name}`);
    return categories[name].sources;
  });
}

/** Attributes that a Buffer had as JSON become one again. */
function withBuffers(item) {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value?.type === 'Buffer' ? Buffer.from(value.data) : value,
    ]),
  );
}

/** The items of `files`: each has one or an array of them, as JSON or as a CommonJS module. */
function readItems(files = []) {
  const require = createRequire(import.meta.url);
  return files.flatMap((file) => require(resolve(file))).map(withBuffers);
}

/** Writes `items`, which have the types of the API. Writes again what the server did not take. */
export async function writeItems(client, table, items) {
  let left = items.map((Item) => ({ PutRequest: { Item } }));
  while (left.length > 0) {
    const batch = left.slice(0, BATCH);
    const answer = await client.batchWriteItem({ RequestItems: { [table]: batch } });
    left = [...(answer.UnprocessedItems?.[table] ?? []), ...left.slice(BATCH)];
  }
}

/** Turns plain JavaScript objects into items with the types of the API. */
export async function marshallItems(items, options) {
  if (items.length === 0) return [];
  const { marshall } = await importPeer('@aws-sdk/util-dynamodb');
  return items.map((item) => marshall(item, options));
}

/** Writes the items of all `seeds`. Their files are relative to the current folder. */
export async function writeSeeds(client, seeds, { convertEmptyValues, log }) {
  for (const { table, sources, rawsources } of seeds) {
    if (!table) throw new Error('a source in custom.dynamodb.seed has no table');
    const plain = await marshallItems(readItems(sources), { convertEmptyValues });
    await writeItems(client, table, [...plain, ...readItems(rawsources)]);
    log(`Seed running complete for table: ${table}`);
  }
}
