// SPDX-License-Identifier: Apache-2.0
// Tables under test: definitions, creation and removal, and the item calls with the name filled in.

import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';

import { waitUntilTableExists, waitUntilTableNotExists } from '@aws-sdk/client-dynamodb';

import { dynamodb } from './clients.js';

// The times are seconds. Weir's tables are ACTIVE at once; a slower server is asked again.
const WAIT = { client: dynamodb, maxWaitTime: 60, minDelay: 1, maxDelay: 2 };

// How many writes one BatchWriteItem takes.
const BATCH = 25;

export const uniqueName = () => `weir-js-${randomUUID().slice(0, 18)}`;

/** KeySchema of names like ['pk', 'sk']. */
export function keySchema(names) {
  return names.map((name, position) => ({
    AttributeName: name,
    KeyType: position === 0 ? 'HASH' : 'RANGE',
  }));
}

/** AttributeDefinitions of texts like ['pk:S', 'sk:N']. */
export function attributeDefinitions(keys) {
  return keys.map((key) => {
    const [name, type] = key.split(':');
    return { AttributeName: name, AttributeType: type };
  });
}

/**
 * CreateTable's parameters for keys like ['pk:S', 'sk:N'], billed on demand unless `options` has
 * ProvisionedThroughput. `view` turns on a stream with that view; `attributes` are the definitions
 * of further attributes, like 'g:S'; all other members of `options` go to CreateTable as they are.
 */
export function definition(name, keys, { view, attributes = [], ...options } = {}) {
  return {
    TableName: name,
    AttributeDefinitions: attributeDefinitions([...keys, ...attributes]),
    KeySchema: keySchema(keys.map((key) => key.split(':')[0])),
    ...(options.ProvisionedThroughput ? {} : { BillingMode: 'PAY_PER_REQUEST' }),
    ...(view && { StreamSpecification: { StreamEnabled: true, StreamViewType: view } }),
    ...options,
  };
}

/** The calls of one table. `key` is always the whole primary key. */
export class Table {
  constructor(name) {
    this.name = name;
  }

  put(item, more) {
    return dynamodb.putItem({ TableName: this.name, Item: item, ...more });
  }

  /** The item, or undefined. */
  async get(key, more) {
    const reply = await dynamodb.getItem({
      TableName: this.name,
      Key: key,
      ConsistentRead: true,
      ...more,
    });
    return reply.Item;
  }

  delete(key, more) {
    return dynamodb.deleteItem({ TableName: this.name, Key: key, ...more });
  }

  update(key, expression, values, more) {
    return dynamodb.updateItem({
      TableName: this.name,
      Key: key,
      UpdateExpression: expression,
      ExpressionAttributeValues: values,
      ...more,
    });
  }

  query(condition, values, more) {
    return dynamodb.query({
      TableName: this.name,
      KeyConditionExpression: condition,
      ExpressionAttributeValues: values,
      ...more,
    });
  }

  scan(more) {
    return dynamodb.scan({ TableName: this.name, ...more });
  }

  /** Puts the items in batches; items that a batch leaves unprocessed are sent again. */
  async fill(items) {
    let writes = items.map((item) => ({ PutRequest: { Item: item } }));
    while (writes.length > 0) {
      const reply = await dynamodb.batchWriteItem({
        RequestItems: { [this.name]: writes.slice(0, BATCH) },
      });
      writes = [...(reply.UnprocessedItems[this.name] ?? []), ...writes.slice(BATCH)];
    }
  }

  async describe() {
    return (await dynamodb.describeTable({ TableName: this.name })).Table;
  }

  async streamArn() {
    return (await this.describe()).LatestStreamArn;
  }

  async awaitActive() {
    await waitUntilTableExists(WAIT, { TableName: this.name });
  }

  /** Deletes the table and waits until it is deleted. */
  async drop() {
    await dynamodb.deleteTable({ TableName: this.name });
    await waitUntilTableNotExists(WAIT, { TableName: this.name });
  }
}

async function create(keys, options) {
  const table = new Table(uniqueName());
  await dynamodb.createTable(definition(table.name, keys, options));
  await table.awaitActive();
  return table;
}

/** A new ACTIVE table for the test `t`, dropped when the test ends. */
export async function makeTable(t, keys = ['pk:S'], options = {}) {
  const table = await create(keys, options);
  t.after(() => table.drop());
  return table;
}

/** A name that no table has. A table that the test gives it is dropped when the test ends. */
export function freshName(t) {
  const name = uniqueName();
  t.after(async () => {
    const { TableNames: names } = await dynamodb.listTables({
      ExclusiveStartTableName: name.slice(0, -1),
      Limit: 1,
    });
    if (names[0] === name) await new Table(name).drop();
  });
  return name;
}

/** A table that the tests of one suite share and do not change; call it inside `describe`. */
export function sharedTable(keys, items = [], options = {}) {
  const table = new Table(undefined);
  before(async () => {
    table.name = (await create(keys, options)).name;
    await table.fill(items);
  });
  after(() => table.drop());
  return table;
}

/** The members of an answer, without the $metadata that the SDK adds. */
export function body({ $metadata: _, ...members }) {
  return members;
}
