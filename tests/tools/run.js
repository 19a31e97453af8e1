// SPDX-License-Identifier: Apache-2.0
// node run.js --weir PATH | --command 'COMMAND…' [WORD…]
//
// Uses Weir in place of DynamoDB Local: through tools that know nothing of Weir (jest.js,
// serverless_dynamodb_local.js, streams.js, serverless_lambda.js), and with the command lines, health checks and compose
// files that people give to DynamoDB Local's image (setups.js, compose.js). Every case starts a
// server of its own with `PATH serve` or with the command, and adds its arguments at the end, as
// one does with the entry point of an image. With words, it runs only the cases whose names contain
// one of them. Exits with 1 if a case failed, or if no case passed.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { COMPOSE_CASES } from './compose.js';
import { JEST_CASES } from './jest.js';
import { PLUGIN_CASES } from './serverless_dynamodb_local.js';
import { LAMBDA_CASES } from './serverless_lambda.js';
import { SETUP_CASES } from './setups.js';
import { STREAM_CASES } from './streams.js';

const CASES = {
  ...JEST_CASES,
  ...PLUGIN_CASES,
  ...STREAM_CASES,
  ...LAMBDA_CASES,
  ...SETUP_CASES,
  ...COMPOSE_CASES,
};

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    weir: { type: 'string', default: 'build/release/weir' },
    command: { type: 'string' },
  },
});

async function main() {
  const command = options.command?.trim().split(/\s+/) ?? [resolve(options.weir), 'serve'];
  let passed = 0;
  let failed = 0;
  for (const [name, use] of Object.entries(CASES)) {
    if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
    try {
      await use(command);
      console.log(`passed ${name}`);
      passed += 1;
    } catch (error) {
      console.error(`FAILED ${name}: ${error.stack}`);
      failed += 1;
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  // Ends the process even if a library has left a connection or a timer open.
  process.exit(passed > 0 && failed === 0 ? 0 : 1);
}

await main();
