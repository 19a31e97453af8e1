// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';

import { running } from '../running.js';

process.stdout.write(`running ${running()} of ${process.env.AWS_PROFILE}\n`);

test('it has a server', async ({ weir }) => {
  expect(process.env.AWS_ENDPOINT_URL_DYNAMODB).toBe(weir.url);
  await weir.reset();
});
