// SPDX-License-Identifier: Apache-2.0
// The migration files of serverless-dynamodb-local 1.0: each is `{ Table, Seeds }` as JSON, with the
// input of CreateTable and an array of plain items.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { marshallItems, writeItems } from './seeds.js';
import { createTable } from './tables.js';

function template(name) {
  return {
    Table: {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    },
    Seeds: [{ id: 'first' }],
  };
}

/** Writes a migration file for the table `name` to `folder`; returns its path. */
export function createMigration(folder, name) {
  const path = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  // Fails if there is such a file.
  writeFileSync(path, `${JSON.stringify(template(name), null, 2)}\n`, { flag: 'wx' });
  return path;
}

/**
 * Makes and seeds the table of the migration file `name`, or those of all files in `folder`. The
 * tables' names get `prefix` and `suffix`.
 */
export async function executeMigrations(client, { folder, prefix, suffix, name, log }) {
  const all = () => readdirSync(folder).filter((file) => file.endsWith('.json'));
  for (const file of name === undefined ? all() : [`${name}.json`]) {
    const { Table, Seeds = [] } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const TableName = `${prefix}${Table.TableName}${suffix}`;
    await createTable(client, { ...Table, TableName }, log);
    await writeItems(client, TableName, await marshallItems(Seeds));
    log(`Seed running complete for table: ${TableName}`);
  }
}
