// SPDX-License-Identifier: Apache-2.0
// node origins.js --weir PATH [--browser PATH]
//
// Tests that web pages from other machines cannot use a server on the developer's machine, and that
// pages from the developer's machine can. A browser opens pages of several origins, and each page
// tries all that a page can do. Every case has a server of its own, with a stopped clock, a table
// and a held transaction. The case asks the server, not the browser, what the page has changed. The
// names of other machines lead to this one, so the browser takes all pages for local ones, and does
// not itself keep them from the local network. Exits with 1 if a case failed.

import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { WeirServer } from '../sdk_js/support/weir_server.js';
import { readFlags, report, withBrowser } from './support/browser.js';
import {
  ask,
  awaitAnswer,
  listenForPages,
  openPage,
  pageAt,
  READERS,
  RULES,
  TIMEOUT,
  WAYS,
  weirAt,
} from './support/pages.js';

const options = readFlags();

const TABLE = {
  TableName: 'notes',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const THEIRS = { ...TABLE, TableName: 'theirs' };
const put = (pk) => ({ TableName: 'notes', Item: { pk: { S: pk } } });
// The text has a `=`, because a form sends one between a field's name and its value.
const HELD = JSON.stringify({ TransactItems: [{ Put: put('a=b') }] });

// --- Requests ------------------------------------------------------------------------------------

/** An operation as the AWS SDK sends it in a browser. */
const operation = (name, input) => ({
  method: 'POST',
  headers: {
    'amz-sdk-invocation-id': 'b2c5a1de-7f0e-4c52-8a5e-3a5d0c7f6f11',
    'amz-sdk-request': 'attempt=1; max=3',
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20300131/us-east-1/dynamodb/aws4_request, ' +
      'SignedHeaders=host;x-amz-date;x-amz-target, Signature=00',
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': '20300131T120000Z',
    'x-amz-target': `DynamoDB_20120810.${name}`,
    'x-amz-user-agent': 'aws-sdk-js/3.1169.0',
  },
  body: JSON.stringify(input),
});

/** A POST as the control endpoints take it. */
const control = (body) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
});

const ADVANCE = control('{"advance":"25h"}');
const CANCEL = { method: 'DELETE' };
const heldBy = (weir) => `/_weir/transactions/${weir.held}`;

/** What these POSTs try to do; each function returns the path and the body for it. */
const EFFECTS = {
  'move the clock': () => ['/_weir/clock', ADVANCE.body],
  'hold a transaction': () => ['/_weir/transactions', HELD.replace('a=b', 'c=d')],
  'commit a transaction': (weir) => [`${heldBy(weir)}/commit`, '{}'],
  // Without X-Amz-Target, which no page can add to such a request.
  'create a table': () => ['/', JSON.stringify(THEIRS)],
};

// --- The server and the pages --------------------------------------------------------------------

/** Starts a server with all that a case expects to find in it. */
async function startWeir(flags) {
  const server = await WeirServer.start(resolve(options.weir), flags);
  const { endpoint } = server;
  const weir = { server, endpoint, port: new URL(endpoint).port };
  const tell = async (url, init) => {
    const { status, text } = await ask(url, init);
    assert.ok(status === 200, `${url}: ${status} ${text}`);
    return text;
  };
  /** All that a page might try to change or to read. */
  weir.state = async () => ({
    clock: await tell(`${endpoint}/_weir/clock`),
    held: await tell(`${endpoint}/_weir/transactions`),
    tables: await tell(endpoint, operation('ListTables', {})),
    items: await tell(endpoint, operation('Scan', { TableName: 'notes' })),
  });
  try {
    await tell(`${endpoint}/_weir/clock`, control('{"freeze": true}'));
    await tell(endpoint, operation('CreateTable', TABLE));
    await tell(endpoint, operation('PutItem', put('secret')));
    const held = await tell(`${endpoint}/_weir/transactions`, control(HELD));
    weir.held = JSON.parse(held).TransactionId;
  } catch (error) {
    await server.stop();
    throw error;
  }
  return weir;
}

// --- Cases ---------------------------------------------------------------------------------------

const cases = [];
const add = (name, place, run) => cases.push({ name: `${place.name}: ${name}`, place, run });

async function assertUnchanged(weir, before, answer) {
  const after = await weir.state();
  const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
  assert.ok(changed.length === 0, `changed the ${changed.join(' and the ')}; ${answer}`);
}

/** Adds cases: the server carries out no POST that a browser sends without asking first. */
function addWays(place, effects = Object.keys(EFFECTS)) {
  for (const [way, send] of Object.entries(WAYS)) {
    for (const effect of effects) {
      add(`${way} does not ${effect}`, place, async (weir, frame) => {
        const [path, body] = EFFECTS[effect](weir);
        const url = place.base(weir) + path;
        const before = await weir.state();
        const answered = awaitAnswer(frame.page(), url);
        // Waits for the answer to a form, because Chromium never closes a page that it is told to
        // close at the moment when that answer comes.
        const left = way === 'a form' && frame.waitForNavigation({ timeout: TIMEOUT });
        await Promise.all([frame.evaluate(send, url, body), left]);
        const answer = await answered;
        await assertUnchanged(weir, before, `answered ${answer}`);
        // The browser hides the answer to a fetch with CORS, and gives this error in its place.
        const refused = way === 'a fetch' ? [403, 'net::ERR_FAILED'] : [403];
        assert.ok(refused.includes(answer), `answered ${answer}`);
      });
    }
  }
}

/** Adds cases: a fetch by this page changes nothing, and tells it nothing. */
function addStranger(place) {
  const refused = (name, path, init) =>
    add(`cannot ${name}`, place, async (weir, frame) => {
      const before = await weir.state();
      const answer = await frame.evaluate(ask, place.base(weir) + path(weir), init);
      const told = `answered ${answer.status} ${answer.text}`;
      await assertUnchanged(weir, before, told);
      // For the browser this page has the server's own origin, so the page may read the refusal.
      if (place.sameOrigin) {
        assert.ok(answer.status === 403, told);
        assert.doesNotMatch(answer.text, /secret|epochSeconds|TransactionId/);
        if (!init.method) assert.match(answer.text, /--allow-host/);
      } else {
        assert.ok(answer.status === 0, told);
      }
    });
  refused('read the clock', () => '/_weir/clock', {});
  refused('move the clock', () => '/_weir/clock', ADVANCE);
  refused('cancel a transaction', heldBy, CANCEL);
  refused('create a table', () => '/', operation('CreateTable', THEIRS));
  refused('scan a table', () => '/', operation('Scan', { TableName: 'notes' }));
}

/** Adds cases: a page of the developer's own can use the server and read the answers. */
function addFriend(place) {
  const allowed = (name, path, init, check) =>
    add(`can ${name}`, place, async (weir, frame) => {
      const before = await weir.state();
      const { status, text } = await frame.evaluate(ask, place.base(weir) + path(weir), init);
      assert.ok(status === 200, `answered ${status} ${text}`);
      check(JSON.parse(text), await weir.state(), before);
    });
  allowed(
    'read the clock',
    () => '/_weir/clock',
    {},
    (answer, { clock }) => assert.deepEqual(answer, JSON.parse(clock)),
  );
  allowed(
    'move the clock',
    () => '/_weir/clock',
    ADVANCE,
    (answer, _, { clock }) =>
      assert.equal(answer.epochSeconds - JSON.parse(clock).epochSeconds, 25 * 3600),
  );
  allowed('cancel a transaction', heldBy, CANCEL, (_, { held }, before) =>
    assert.notEqual(held, before.held),
  );
  allowed(
    'list the tables',
    () => '/',
    operation('ListTables', {}),
    (answer) => assert.deepEqual(answer, { TableNames: ['notes'] }),
  );
  allowed(
    'write an item',
    () => '/',
    operation('PutItem', put('theirs')),
    (_, { items }) => assert.match(items, /theirs/),
  );
}

/** Adds cases: the ways to load something without fetch tell the page nothing either. */
function addReaders(place) {
  for (const [name, read] of Object.entries(READERS)) {
    add(`${name} tells it nothing`, place, async (weir, frame) => {
      assert.equal(await frame.evaluate(read, `${place.base(weir)}/_weir/clock`), 'nothing');
    });
  }
}

function addCases(pages) {
  const evil = pageAt('evil.example', pages);
  const nowhere = { ...evil, name: 'a sandboxed frame', sandbox: true };
  const rebound = weirAt('rebound.example');
  for (const place of [evil, nowhere, rebound]) {
    addWays(place);
    addStranger(place);
  }
  addReaders(evil);
  addStranger(pageAt('app.internal', pages));

  for (const host of ['localhost', '127.0.0.1', 'app.localhost']) addFriend(pageAt(host, pages));
  addWays(pageAt('localhost', pages), ['move the clock', 'commit a transaction']);
  for (const host of ['localhost', '127.0.0.1', 'app.internal']) addFriend(weirAt(host));

  const origin = evil.address().slice(0, -1);
  const withFlags = (place, ...flags) => ({
    ...place,
    name: `${place.name}, ${flags.join(' ').replace(/:\d{2,}/, ':PORT')}`,
    flags,
  });
  addFriend(withFlags(evil, '--allow-origin', origin));
  addWays(withFlags(evil, '--allow-origin', origin), ['commit a transaction']);
  addStranger(withFlags(pageAt('other.example', pages), '--allow-origin', origin));
  addFriend(withFlags(evil, '--allow-origin', 'http://app.example', '--allow-origin', origin));
  addStranger(withFlags(evil, '--allow-origin', 'http://evil.example:1'));
  addFriend(withFlags(evil, '--allow-origin', 'evil.example'));
  addFriend(withFlags(evil, '--allow-origin', '*'));
  addFriend(withFlags(nowhere, '--allow-origin', 'null'));
  addFriend(withFlags(rebound, '--allow-host', 'rebound.example'));
  addStranger(withFlags(rebound, '--allow-host', 'app.example'));
}

async function runCase(browser, { place, run }) {
  const weir = await startWeir(place.flags);
  let page;
  try {
    const frame = await openPage(browser, place.address(weir), place.sandbox);
    page = frame.page();
    await run(weir, frame);
  } finally {
    if (page) await Promise.race([page.close(), sleep(TIMEOUT, undefined, { ref: false })]);
    assert.equal(await weir.server.stop(), 0, weir.server.stderr);
  }
}

async function main() {
  const pages = await listenForPages();
  addCases(pages);
  let passed = 0;
  try {
    await withBrowser(options.browser, [`--host-resolver-rules=${RULES}`], async (browser) => {
      for (const one of cases) {
        try {
          await runCase(browser, one);
          console.log(`passed ${one.name}`);
          passed += 1;
        } catch (error) {
          console.error(`FAILED ${one.name}: ${error.message}`);
        }
      }
    });
  } catch (error) {
    console.error(error.stack);
  } finally {
    pages.closeAllConnections();
    pages.close();
  }
  report(passed, cases.length - passed);
}

await main();
