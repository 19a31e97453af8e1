// SPDX-License-Identifier: Apache-2.0
// node functions.js --weir PATH [--browser PATH]
//
// Tests that no web page has a function run, reads what one did, or disturbs one: not even a page
// of the developer's own, which may use DynamoDB (see origins.js). A browser opens pages of several
// origins, and each page tries all that a page can do: against the Lambda API, CloudWatch Logs, the
// control endpoints of functions, triggers and dead letters, and the port of a function's Runtime
// API. Each kind of page has a server of its own, with a function, a trigger, and a dead letter.
// The server, not the browser, is asked what the page has changed. Exits with 1 if a case failed.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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

const NAME = 'hidden';
const SECRET = 'a line that no page may read';
const SECRETS = new RegExp(`${SECRET}|arn:aws|runtimeApi|deadLetters"|"triggers"`);
const FUNCTIONS = '/2015-03-31/functions';
const CONTROL = `/_weir/functions/${NAME}`;
const RUNTIME = '/2018-06-01/runtime';
const INVOKE = `${FUNCTIONS}/${NAME}/invocations`;
const TABLE = {
  TableName: 'orders',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
};

const CODE = `
import os

def handler(event, context):
    print("${SECRET}")
    if "Records" in event:
        raise Exception("so that there is a dead letter")
    return os.environ["AWS_LAMBDA_RUNTIME_API"]
`;

// --- Requests ------------------------------------------------------------------------------------

/** A request to a service, as an SDK sends it. */
const signed = (method, service, input, headers = {}) => ({
  method,
  headers: {
    authorization:
      `AWS4-HMAC-SHA256 Credential=local/20300131/us-east-1/${service}/aws4_request, ` +
      'SignedHeaders=host;x-amz-date, Signature=00',
    'content-type': `application/${service === 'dynamodb' ? 'x-amz-json-1.0' : 'json'}`,
    'x-amz-date': '20300131T120000Z',
    ...headers,
  },
  body: input && JSON.stringify(input),
});

const dynamodb = (operation, input) =>
  signed('POST', 'dynamodb', input, { 'x-amz-target': `DynamoDB_20120810.${operation}` });

const READ_LOGS = signed(
  'POST',
  'logs',
  { logGroupName: `/aws/lambda/${NAME}` },
  { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.FilterLogEvents' },
);

const DEFINITION = {
  FunctionName: NAME,
  Runtime: 'python3.11',
  Handler: 'app.handler',
  Role: 'arn:aws:iam::000000000000:role/functions',
  Timeout: 20,
  // Otherwise the first run changes the folder, so that the next one has a new process.
  Environment: { Variables: { PYTHONDONTWRITEBYTECODE: '1' } },
};

/** A signature that needs no header, so that an <img> can have it, too. */
const QUERY =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20300131T120000Z&X-Amz-Expires=600' +
  '&X-Amz-Credential=local%2F20300131%2Fus-east-1%2Flambda%2Faws4_request' +
  '&X-Amz-SignedHeaders=host&X-Amz-Signature=00';

/** What a page might read with a GET. */
const READS = [
  '/_weir/functions',
  CONTROL,
  `${CONTROL}/logs`,
  `${CONTROL}/code?token=guessed`,
  '/_weir/triggers',
  '/_weir/dlq',
  '/_weir/dlq/1',
  `${FUNCTIONS}/?${QUERY}`,
  `${FUNCTIONS}/${NAME}?${QUERY}`,
];

const json = (method) => ({ method, headers: { 'content-type': 'application/json' }, body: '{}' });

/** What a page might do or read with a request that the browser asks for first. */
const FETCHES = {
  'create a function': [
    FUNCTIONS,
    signed('POST', 'lambda', { ...DEFINITION, FunctionName: 'new' }),
  ],
  'invoke a function': [INVOKE, signed('POST', 'lambda', {})],
  'get a function': [`${FUNCTIONS}/${NAME}`, signed('GET', 'lambda')],
  'delete a function': [`${FUNCTIONS}/${NAME}`, signed('DELETE', 'lambda')],
  'list the mappings': ['/2015-03-31/event-source-mappings/', signed('GET', 'lambda')],
  'read the logs': ['/', READ_LOGS],
  'attach a process': [`${CONTROL}/runtime`, json('POST')],
  'send a dead letter again': ['/_weir/dlq/1/redrive', json('POST')],
  'delete a dead letter': ['/_weir/dlq/1', json('DELETE')],
};

/** What a page might do with a POST that the browser sends without asking. */
const POSTS = [
  `${INVOKE}?${QUERY}`,
  `${FUNCTIONS}?${QUERY}`,
  `${CONTROL}/runtime`,
  '/_weir/dlq/1/redrive',
];

// --- The server ----------------------------------------------------------------------------------

async function tell(url, init, status = 200) {
  const answer = await ask(url, init);
  assert.ok(answer.status === status, `${url}: ${answer.status} ${answer.text}`);
  return JSON.parse(answer.text);
}

/** Makes a function, whose code is in `folder`, a trigger that calls it, and a dead letter. */
async function fill(endpoint, folder) {
  await writeFile(join(folder, 'app.py'), CODE);
  const code = { Code: { S3Bucket: 'hot-reload', S3Key: folder } };
  await tell(endpoint + FUNCTIONS, signed('POST', 'lambda', { ...DEFINITION, ...code }), 201);
  const { TableDescription } = await tell(endpoint, dynamodb('CreateTable', TABLE));
  const mapping = {
    FunctionName: NAME,
    EventSourceArn: TableDescription.LatestStreamArn,
    StartingPosition: 'TRIM_HORIZON',
    MaximumRetryAttempts: 0,
  };
  const path = '/2015-03-31/event-source-mappings/';
  await tell(endpoint + path, signed('POST', 'lambda', mapping), 202);
  await tell(endpoint, dynamodb('PutItem', { TableName: 'orders', Item: { pk: { S: 'a' } } }));
  // Returns when the trigger has done its work.
  await tell(`${endpoint}/_weir/clock`, { ...json('POST'), body: '{"advance": 0}' });
}

async function startWeir() {
  const server = await WeirServer.start(resolve(options.weir));
  const { endpoint } = server;
  const folder = await mkdtemp(join(tmpdir(), 'weir-gui-code-'));
  const weir = { server, endpoint, port: new URL(endpoint).port };
  weir.invoke = () => tell(endpoint + INVOKE, signed('POST', 'lambda', {}));
  /** All that a page might change. */
  weir.state = async () => ({
    functions: await tell(`${endpoint}/_weir/functions`),
    deadLetters: await tell(`${endpoint}/_weir/dlq`),
  });
  weir.stop = async () => {
    const code = await server.stop();
    await rm(folder, { recursive: true });
    assert.equal(code, 0, server.stderr);
  };
  try {
    await fill(endpoint, folder);
    weir.runtimeApi = `http://${await weir.invoke()}`;
    const { deadLetters } = await weir.state();
    assert.equal(deadLetters.deadLetters.length, 1);
  } catch (error) {
    await weir.stop();
    throw error;
  }
  return weir;
}

// --- Cases ---------------------------------------------------------------------------------------

/** An answer that a page got: a refusal, or nothing at all. */
function assertRefused({ status, text }, what) {
  assert.ok(status === 0 || status === 403, `${what}: ${status} ${text}`);
  assert.doesNotMatch(text, SECRETS, what);
}

/** Sends a POST from the page in one of WAYS; returns the browser's answer to it. */
async function post(frame, send, url, body) {
  const answered = awaitAnswer(frame.page(), url);
  const left = send === WAYS['a form'] && frame.waitForNavigation({ timeout: TIMEOUT });
  await Promise.all([frame.evaluate(send, url, body), left]);
  return answered;
}

/** What a page loads otherwise than by a fetch; its event source runs in the page, too. */
const LOADERS = {
  ...READERS,
  'an event source': (url) =>
    new Promise((done) => {
      const source = new EventSource(url);
      source.onmessage = ({ data }) => done(data);
      source.onerror = () => done('nothing');
    }),
};

const CASES = {
  'reads nothing with a fetch': async ({ frame, base }) => {
    for (const path of READS) {
      for (const mode of ['cors', 'no-cors']) {
        assertRefused(await frame.evaluate(ask, base + path, { mode }), `${mode} ${path}`);
      }
    }
  },
  ...Object.fromEntries(
    Object.entries(FETCHES).map(([name, [path, init]]) => [
      `cannot ${name}`,
      async ({ frame, base }) => assertRefused(await frame.evaluate(ask, base + path, init), path),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(LOADERS).map(([name, load]) => [
      `reads nothing by ${name}`,
      async ({ frame, base }) => {
        for (const path of READS) {
          // A frame for something that the browser saves as a file tells the page nothing, ever.
          const silence = sleep(TIMEOUT, 'nothing', { ref: false });
          const told = await Promise.race([frame.evaluate(load, base + path), silence]);
          assert.doesNotMatch(String(told), SECRETS, path);
          // The frame of a page of the server itself shows the refusal.
          if (name !== 'a frame') assert.equal(told, 'nothing', path);
        }
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(WAYS).map(([name, send]) => [
      `has nothing run by ${name}`,
      async ({ frame, base, reopen }) => {
        for (const path of POSTS) {
          const answer = await post(frame, send, base + path, 'a=b');
          assert.ok([403, 'net::ERR_FAILED'].includes(answer), `${path}: ${answer}`);
          // A form leaves the page.
          if (name === 'a form') frame = await reopen();
        }
      },
    ]),
  ),
  "cannot use a function's Runtime API": async ({ weir, frame, reopen }) => {
    const next = `${weir.runtimeApi}${RUNTIME}/invocation/next`;
    for (const mode of ['cors', 'no-cors']) {
      assertRefused(await frame.evaluate(ask, next, { mode }), mode);
    }
    for (const load of Object.values(READERS)) {
      assert.equal(await frame.evaluate(load, next), 'nothing');
    }
    for (const [name, send] of Object.entries(WAYS)) {
      // An address of its own, since the browser may tell late how the request before it ended.
      const url = `${weir.runtimeApi}${RUNTIME}/init/error?${name.replaceAll(' ', '-')}`;
      const answer = await post(frame, send, url, 'a=b');
      assert.ok([403, 'net::ERR_FAILED'].includes(answer), `${name}: ${answer}`);
      if (name === 'a form') frame = await reopen();
    }
  },
};

/** Runs a case in a page of its own. */
async function runCase({ browser, weir, place }, run) {
  const pages = [];
  const reopen = async () => {
    const frame = await openPage(browser, place.address(weir), place.sandbox);
    pages.push(frame.page());
    return frame;
  };
  try {
    const before = await weir.state();
    await run({ weir, frame: await reopen(), base: place.base(weir), reopen });
    assert.deepEqual(await weir.state(), before);
    // The same process still answers.
    assert.equal(`http://${await weir.invoke()}`, weir.runtimeApi);
  } finally {
    for (const page of pages) {
      await Promise.race([page.close(), sleep(TIMEOUT, undefined, { ref: false })]);
    }
  }
}

function placesOf(pages) {
  const evil = pageAt('evil.example', pages);
  return [
    evil,
    { ...evil, name: 'a sandboxed frame', sandbox: true },
    weirAt('rebound.example'),
    ...['localhost', '127.0.0.1', 'app.localhost'].map((host) => pageAt(host, pages)),
    weirAt('localhost'),
  ];
}

/** Runs all cases for a kind of page; returns how many passed. */
async function runPlace(browser, place) {
  const weir = await startWeir();
  let passed = 0;
  try {
    for (const [name, run] of Object.entries(CASES)) {
      try {
        await runCase({ browser, weir, place }, run);
        console.log(`passed ${place.name}: ${name}`);
        passed += 1;
      } catch (error) {
        console.error(`FAILED ${place.name}: ${name}: ${error.message}`);
      }
    }
  } finally {
    await weir.stop();
  }
  return passed;
}

async function main() {
  const pages = await listenForPages();
  const places = placesOf(pages);
  let passed = 0;
  try {
    await withBrowser(options.browser, [`--host-resolver-rules=${RULES}`], async (browser) => {
      for (const place of places) passed += await runPlace(browser, place);
    });
  } catch (error) {
    console.error(error.stack);
  } finally {
    pages.closeAllConnections();
    pages.close();
  }
  report(passed, places.length * Object.keys(CASES).length - passed);
}

await main();
