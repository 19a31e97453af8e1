// SPDX-License-Identifier: Apache-2.0
// Clients of the server under test, whose URL run.js puts into WEIR_ENDPOINT.

import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreams } from '@aws-sdk/client-dynamodb-streams';

// No server has these as defaults, so the tests notice one that does not use what the client sends.
export const REGION = 'eu-central-1';
const CREDENTIALS = { accessKeyId: 'weirtest', secretAccessKey: 'secret' };

export const endpoint = process.env.WEIR_ENDPOINT;
if (!endpoint) throw new Error('WEIR_ENDPOINT names no server; start the tests with run.js');

/** The settings that each client needs; those in `more` replace them. */
export function settings(more = {}) {
  return { endpoint, region: REGION, credentials: CREDENTIALS, ...more };
}

// Only one attempt, so that no retry hides an error.
export const dynamodb = new DynamoDB(settings({ maxAttempts: 1 }));
export const streams = new DynamoDBStreams(settings({ maxAttempts: 1 }));

/** A client for the test `t` alone, closed when the test ends. */
export function clientOf(t, more, Client = DynamoDB) {
  const client = new Client(settings(more));
  t.after(() => client.destroy());
  return client;
}
