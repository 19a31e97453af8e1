// SPDX-License-Identifier: Apache-2.0

/** Deletes those of the configured `tables` that the server of `client` has. */
export async function deleteTables(client, tables) {
  const names = new Set(tables.map(({ TableName }) => TableName));
  const { TableNames } = await client.listTables({});
  const present = TableNames.filter((name) => names.has(name));
  await Promise.all(present.map((TableName) => client.deleteTable({ TableName })));
}

/** Makes the configured `tables`, which are inputs of CreateTable. */
export async function createTables(client, tables) {
  await Promise.all(tables.map((table) => client.createTable(table)));
}
