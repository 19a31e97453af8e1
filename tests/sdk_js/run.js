// SPDX-License-Identifier: Apache-2.0
// node run.js [--weir PATH | --endpoint URL] [--junit PATH] [WORD…]
//
// Runs the tests of this folder against one server: either it starts the binary that --weir names,
// on a free port, or it uses the server whose URL is given by --endpoint or WEIR_ENDPOINT. With
// words, it runs only the files whose names contain one of them. Exits with 1 if a test failed, if
// no test passed, or if the server that it started did not end with exit code 0.

import { createWriteStream, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { compose } from 'node:stream';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { dot, junit } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { WeirServer } from './support/weir_server.js';

const FOLDER = dirname(fileURLToPath(import.meta.url));

// Milliseconds that one test may take.
const TIMEOUT = 60_000;

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    weir: { type: 'string', default: join(FOLDER, '../../build/dev/weir') },
    endpoint: { type: 'string', default: process.env.WEIR_ENDPOINT },
    junit: { type: 'string' },
  },
});

function testFiles() {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('_test.js'))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort()
    .map((name) => join(FOLDER, name));
}

/** Runs the files; returns how many tests passed and failed. */
async function runTests(files) {
  const counts = { passed: 0, failed: 0 };
  const events = run({
    files,
    timeout: TIMEOUT,
    concurrency: availableParallelism(),
    // Without this flag, a test that waits for ever keeps its process alive after the timeout.
    execArgv: ['--test-force-exit'],
  });
  events.on('test:pass', ({ details, skip }) => {
    if (details.type !== 'suite' && skip === undefined) counts.passed += 1;
  });
  events.on('test:fail', ({ details }) => {
    // A suite fails because of its tests, which have been counted, or because of its own hook.
    if (details.error?.failureType !== 'subtestsFailed') counts.failed += 1;
  });
  const outputs = [compose(events, dot)];
  outputs[0].pipe(process.stdout);
  if (options.junit) {
    const report = compose(events, junit).pipe(createWriteStream(options.junit));
    await finished(report);
  }
  await finished(outputs[0], { writable: false });
  return counts;
}

/**
 * Runs the files against a server that is started for them; returns the counts. If the server does
 * not end with exit code 0, `failed` is one more.
 */
async function runWithServer(files) {
  const binary = resolve(options.weir);
  const server = await WeirServer.start(binary);
  process.env.WEIR_ENDPOINT = server.endpoint;
  // Some tests start a server of their own from this binary.
  process.env.WEIR_BINARY = binary;
  let ended;
  let counts;
  try {
    counts = await runTests(files);
  } finally {
    ended = await server.stop();
  }
  if (ended !== 0) {
    console.error(`weir ended with exit code ${ended}:\n${server.stderr}`);
    counts.failed += 1;
  }
  return counts;
}

async function main() {
  const files = testFiles();
  if (files.length === 0) throw new Error(`no test file has a name with ${words.join(' or ')}`);
  if (options.endpoint) process.env.WEIR_ENDPOINT = options.endpoint.replace(/\/$/, '');
  const { passed, failed } = await (options.endpoint ? runTests(files) : runWithServer(files));
  console.log(`\n${passed} passed, ${failed} failed`);
  return passed > 0 && failed === 0;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
