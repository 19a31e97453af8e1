// SPDX-License-Identifier: Apache-2.0
// node bench_reset.js [--weir ../../build/release/weir] [--rounds 1000]
//
// Measures what a clean slate costs a test: the time of `reset()` on a server with one table, in
// milliseconds. The first round is left out, because it opens the connection.

import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { start } from './index.js';

const BINARY = join(import.meta.dirname, '../../build/release/weir');

const TABLE = {
  TableName: 'Music',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
};

async function createTable(url) {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.CreateTable',
    'x-amz-date': '20260101T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, ' +
      'SignedHeaders=host;x-amz-date, Signature=0',
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(TABLE) });
  if (!response.ok) throw new Error(await response.text());
}

const { values } = parseArgs({
  options: {
    weir: { type: 'string', default: BINARY },
    rounds: { type: 'string', default: '1000' },
  },
});
const weir = await start({ binary: values.weir });
const times = [];
for (let round = 0; round <= Number(values.rounds); round += 1) {
  await createTable(weir.url);
  const before = performance.now();
  await weir.reset();
  times.push(performance.now() - before);
}
await weir.stop();

const sorted = times.slice(1).sort((a, b) => a - b);
const at = (share) => sorted[Math.floor((sorted.length - 1) * share)].toFixed(3);
console.log(`median ${at(0.5)} ms, 99 % ${at(0.99)} ms, most ${at(1)} ms of ${sorted.length}`);
