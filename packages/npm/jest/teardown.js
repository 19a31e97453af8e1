// SPDX-License-Identifier: Apache-2.0
// After the tests: ends the server if the set-up has started it, and otherwise deletes the tables.
// While jest watches, the server stays for the next run.

import { readConfig } from './config.js';
import { deleteTables } from './tables.js';

export default async function teardown({ watch, watchAll }) {
  if (!globalThis.__DYNAMODB__) {
    const { tables } = await readConfig();
    await deleteTables(globalThis.__DYNAMODB_CLIENT__, tables);
  } else if (watch || watchAll) {
    return;
  } else {
    await globalThis.__DYNAMODB__.stop();
    globalThis.__DYNAMODB__ = undefined;
  }
  globalThis.__DYNAMODB_CLIENT__.destroy();
  globalThis.__DYNAMODB_ENVIRONMENT__();
  globalThis.__DYNAMODB_ENVIRONMENT__ = undefined;
}
