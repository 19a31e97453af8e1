// SPDX-License-Identifier: Apache-2.0
// Before the tests: as @shelf/jest-dynamodb does, uses the server that is at the configured port,
// or else starts one there, and makes the tables of the configuration. `watch` comes here again.

import { setEnvironment, start } from '../index.js';
import { awsEnvironment } from '../lib/environment.js';
import { bindFlags } from '../lib/local.js';
import { importPeer } from '../lib/peer.js';
import { readConfig } from './config.js';
import { createTables, deleteTables } from './tables.js';

/** The flags of the server, in the spelling of DynamoDB Local, which Weir understands. */
async function flagsFor({ port, hostname, options }) {
  const where = options.includes('-dbPath') ? [] : ['-inMemory'];
  return ['-port', `${port}`, ...where, ...options, ...(await bindFlags(hostname))];
}

// Milliseconds. For what listens at the port and never answers.
const ANSWER_DEADLINE = 2000;

/** Whether a server answers the requests of a client with `settings`. */
async function answers(DynamoDB, settings) {
  const client = new DynamoDB({ ...settings, maxAttempts: 1 });
  try {
    await client.listTables({}, { abortSignal: AbortSignal.timeout(ANSWER_DEADLINE) });
    return true;
  } catch {
    return false;
  } finally {
    client.destroy();
  }
}

export default async function setup() {
  const config = await readConfig();
  const { DynamoDB } = await importPeer('@aws-sdk/client-dynamodb');
  const endpoint = `http://${config.hostname}:${config.port}`;
  const settings = {
    endpoint,
    tls: false,
    region: 'local-env',
    credentials: { accessKeyId: 'fakeMyKeyId', secretAccessKey: 'fakeSecretAccessKey' },
    ...config.clientConfig,
  };
  const client = new DynamoDB(settings);
  if (await answers(DynamoDB, settings)) await deleteTables(client, config.tables);
  else globalThis.__DYNAMODB__ = await start({ flags: await flagsFor(config) });
  // The names that the preset of @shelf has.
  globalThis.__DYNAMODB_CLIENT__ = client;
  globalThis.__DYNAMODB_ENVIRONMENT__ ??= setEnvironment(awsEnvironment(endpoint));
  await createTables(client, config.tables);
}
