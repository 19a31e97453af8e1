// SPDX-License-Identifier: Apache-2.0
// A set-up file of vitest, which runs before each test file: the file gets a server of its own, so
// that files that run at the same time do not see each other's tables. Before each test it is as
// after its start.

import { afterAll, beforeEach } from 'vitest';

import { setEnvironment, start } from '../index.js';

// Where a function that ends the server is kept. A file that fails at its import has no `afterAll`,
// and with `isolate: false` the next one runs in the same process.
const END = Symbol.for('weir-dynamodb/vitest/worker');

await globalThis[END]?.();
const weir = await start();
const takeBack = setEnvironment(weir.env);
globalThis[END] = async () => {
  globalThis[END] = undefined;
  takeBack();
  await weir.stop();
};

beforeEach(async (context) => {
  await weir.reset();
  context.weir = weir;
  context.onTestFailed(() => process.stderr.write(weir.log));
});

afterAll(() => globalThis[END]());
