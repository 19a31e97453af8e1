// SPDX-License-Identifier: Apache-2.0
// node run.js --weir PATH [--browser PATH] [--screenshots FOLDER]
//
// Starts a server and uses it through dynamodb-admin, as a person does in a browser: looks at the
// tables and at an item, and changes the item. Compares what the page shows with what the AWS SDK
// reads from the server. The steps build on each other, so a step that fails ends the run, and the
// steps after it count as failed. Exits with 1 if a step failed, or if the server did not end with
// exit code 0.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createServer } from 'dynamodb-admin';

import { WeirServer } from '../sdk_js/support/weir_server.js';
import { listen, readFlags, report, withBrowser } from './support/browser.js';

// Milliseconds that a page may take to show what a step waits for.
const TIMEOUT = 30_000;

const KEY = { pk: { S: 'author#1' }, sk: { N: '7' } };
const ITEM = { ...KEY, name: { S: 'Ada' }, tags: { L: [{ S: 'x' }, { BOOL: true }] } };
const DEFINITION = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
    { AttributeName: 'name', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-name',
      KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
};

const options = readFlags({ screenshots: { type: 'string', default: 'build/reports/gui' } });

/** Waits until the page shows `text`. */
async function awaitText(page, text) {
  const shown = (wanted) => document.body.innerText.includes(wanted);
  await page.waitForFunction(shown, { timeout: TIMEOUT }, text);
}

/** Clicks on `selector`, and waits for the page that the click leads to. */
async function follow(page, selector) {
  await Promise.all([page.waitForNavigation({ timeout: TIMEOUT }), page.click(selector)]);
}

async function screenshot(page, name) {
  await page.screenshot({ path: join(resolve(options.screenshots), `${name}.png`) });
}

/** Puts `text` into the editor and saves it; returns the status and body of the answer. */
async function save(page, text) {
  await page.evaluate((value) => editor.setValue(value), text);
  const [response] = await Promise.all([
    page.waitForResponse((one) => one.request().method() === 'PUT', { timeout: TIMEOUT }),
    page.click('#saveButton'),
  ]);
  return { status: response.status(), body: await response.text() };
}

const STEPS = {
  'the tables are listed': async ({ page, address }) => {
    await page.goto(address);
    const names = await page.$$eval('[data-table-name]', (rows) =>
      rows.map((row) => row.dataset.tableName),
    );
    assert.deepEqual(names.sort(), ['authors', 'books']);
    await screenshot(page, 'tables');
  },
  'a table shows its items': async ({ page }) => {
    await follow(page, '[data-table-name="authors"] > a');
    await awaitText(page, 'author#1');
    await awaitText(page, 'Ada');
    await screenshot(page, 'items');
  },
  'an item is shown': async ({ page }) => {
    await follow(page, 'td > a[href*="/items/"]');
    const shown = JSON.parse(await page.evaluate(() => editor.getValue()));
    assert.deepEqual(shown, { pk: 'author#1', sk: 7, name: 'Ada', tags: ['x', true] });
    await screenshot(page, 'item');
  },
  'an edited item is saved in the server': async ({ page, read }) => {
    const edited = { pk: 'author#1', sk: 7, name: 'Grace', tags: ['x'], age: 36 };
    const { status, body } = await save(page, JSON.stringify(edited));
    assert.equal(status, 200, body);
    assert.deepEqual(await read(), {
      ...KEY,
      name: { S: 'Grace' },
      tags: { L: [{ S: 'x' }] },
      age: { N: '36' },
    });
    await awaitText(page, 'Grace');
    await screenshot(page, 'edited');
  },
  'what the server refuses is shown and changes nothing': async ({ page, read }) => {
    const before = await read();
    const { status, body } = await save(page, '{"pk": "author#1", "sk": 7, "name": 5}');
    assert.notEqual(status, 200);
    const { message } = JSON.parse(body);
    assert.match(message, /Type mismatch for Index Key name/);
    await awaitText(page, message);
    assert.deepEqual(await read(), before);
  },
  "a table's description is shown": async ({ page, address }) => {
    await page.goto(`${address}/tables/authors/meta`);
    const shown = JSON.parse(await page.evaluate(() => editor.getValue()));
    assert.equal(shown.TableStatus, 'ACTIVE');
    assert.equal(shown.BillingModeSummary.BillingMode, 'PAY_PER_REQUEST');
    assert.deepEqual(shown.KeySchema, DEFINITION.KeySchema);
    const [index] = shown.GlobalSecondaryIndexes;
    assert.deepEqual([index.IndexName, index.IndexStatus], ['by-name', 'ACTIVE']);
    await screenshot(page, 'description');
  },
};

/** Makes the tables and the item; returns a function that reads the item from the server. */
async function fill(client) {
  for (const TableName of ['authors', 'books']) {
    await client.send(new CreateTableCommand({ TableName, ...DEFINITION }));
  }
  await client.send(new PutItemCommand({ TableName: 'authors', Item: ITEM }));
  return async () => {
    const request = { TableName: 'authors', Key: KEY, ConsistentRead: true };
    return (await client.send(new GetItemCommand(request))).Item;
  };
}

/** Carries out the steps; returns how many passed. */
async function runSteps(context) {
  let passed = 0;
  for (const [name, step] of Object.entries(STEPS)) {
    try {
      await step(context);
    } catch (error) {
      await screenshot(context.page, 'failed').catch(() => {});
      console.error(`FAILED ${name}: ${error.stack}`);
      return passed;
    }
    console.log(`passed ${name}`);
    passed += 1;
  }
  return passed;
}

async function runInBrowser(endpoint) {
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1' });
  let admin;
  try {
    const read = await fill(client);
    admin = await listen(createServer({ dynamoEndpoint: endpoint }));
    const address = `http://127.0.0.1:${admin.address().port}`;
    return await withBrowser(options.browser, [], async (browser) =>
      runSteps({ page: await browser.newPage(), read, address }),
    );
  } finally {
    admin?.closeAllConnections();
    admin?.close();
    client.destroy();
  }
}

async function main() {
  await mkdir(resolve(options.screenshots), { recursive: true });
  const server = await WeirServer.start(resolve(options.weir));
  let passed = 0;
  let ended;
  try {
    passed = await runInBrowser(server.endpoint);
  } catch (error) {
    console.error(error.stack);
  } finally {
    ended = await server.stop();
  }
  let failed = Object.keys(STEPS).length - passed;
  if (ended !== 0) {
    console.error(`weir ended with exit code ${ended}:\n${server.stderr}`);
    failed += 1;
  }
  report(passed, failed);
}

await main();
