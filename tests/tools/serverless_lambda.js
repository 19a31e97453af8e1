// SPDX-License-Identifier: Apache-2.0
// Functions that serverless-offline runs: Weir gives the records of a stream to its Invoke API, which
// `weir serve --lambda-endpoint` names. The project is in the folder serverless_lambda.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Lambda } from '@aws-sdk/client-lambda';

import { Program, until, withWeir } from './program.js';
import { freePort } from './setups.js';

const FOLDER = import.meta.dirname;
const TableName = 'Orders';
// As the framework names it: the service, the stage and the function.
const FunctionName = 'weir-tools-dev-printer';

/** Runs `serverless offline` for as long as `use` takes, which gets the URL of its Invoke API. */
async function withServerless(use) {
  const command = join(FOLDER, 'node_modules/serverless/bin/serverless.js');
  const port = await freePort(); // with 0, serverless-offline would not say which port it got
  const serverless = new Program(
    process.execPath,
    [command, 'offline', '--lambdaPort', `${port}`],
    {
      cwd: join(FOLDER, 'serverless_lambda'),
    },
  );
  const url = `http://localhost:${port}`;
  try {
    await until(
      'the Invoke API of serverless-offline',
      () => {
        if (serverless.hasEnded) throw new Error(`serverless ended:\n${serverless.output}`);
        return serverless.output.includes(`Offline [http for lambda] listening on ${url}`);
      },
      () => serverless.output,
    );
    await use(serverless, url);
  } finally {
    await serverless.stop();
  }
}

async function createTable(client) {
  const { TableDescription } = await client.createTable({
    TableName,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  });
  return TableDescription.LatestStreamArn;
}

async function useFunction(serverless, endpoint) {
  const settings = { endpoint, region: 'us-east-1' };
  const client = new DynamoDB(settings);
  const lambda = new Lambda(settings);
  const handled = (count) =>
    until(
      `${count} calls of the handler`,
      () => (serverless.stdout.match(/^handled /gm) ?? []).length >= count,
      () => serverless.output,
    );
  const { UUID } = await lambda.createEventSourceMapping({
    FunctionName,
    EventSourceArn: await createTable(client),
    StartingPosition: 'TRIM_HORIZON',
  });
  for (const id of ['first', 'bad', 'last']) {
    await client.putItem({ TableName, Item: { id: { S: id } } });
    await handled(id === 'first' ? 1 : 3 + (id === 'last'));
  }
  const lines = serverless.stdout.match(/^handled .*$/gm);
  const line = (id) => `handled INSERT ${id} of ${TableName}`;
  assert.deepEqual(lines, ['first', 'bad', 'bad', 'last'].map(line));
  const mapping = () => lambda.getEventSourceMapping({ UUID });
  await until('the result', async () => (await mapping()).LastProcessingResult === 'OK');

  const event = { Records: [] };
  const answer = await lambda.invoke({ FunctionName, Payload: JSON.stringify(event) });
  assert.deepEqual(JSON.parse(answer.Payload.transformToString()), {
    function: FunctionName,
    records: 0,
  });
  const failed = await lambda.invoke({ FunctionName, Payload: '{}' });
  assert.equal(failed.FunctionError, 'Unhandled');
  const error = JSON.parse(failed.Payload.transformToString());
  assert.match(error.errorMessage, /Records is not iterable/);
}

async function useServerless(command) {
  await withServerless((serverless, url) =>
    withWeir([...command, '--lambda-endpoint', url], (endpoint) =>
      useFunction(serverless, endpoint),
    ),
  );
}

export const LAMBDA_CASES = {
  'lambda: serverless-offline runs a function, which gets again what it failed at': useServerless,
};
