// SPDX-License-Identifier: Apache-2.0
// Deploys functions with the AWS SDK's client of Lambda, as a CommonJS and as an ES module, and
// reads what they have logged with its client of CloudWatch Logs.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  Lambda,
  ResourceNotFoundException,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';

import { client, createTable, run } from './harness.js';

const lambda = new Lambda({});
const logs = new CloudWatchLogsClient({});
const TableName = 'songs';
/** Seconds. Weir's waiters end at their first look. */
const WAIT = 60;

const BODY = `
  console.log('EVENT ' + JSON.stringify(event));
  console.log('ABOUT %j', { id: context.awsRequestId, name: context.functionName });
  if (event.fail) throw new RangeError('too ' + event.fail);
  return { records: event.Records?.length ?? 0, left: context.getRemainingTimeInMillis() > 0 };
`;
const CODE = {
  CommonJS: { 'index.js': `exports.handler = async (event, context) => {${BODY}};` },
  'ES module': { 'index.mjs': `export const handler = async (event, context) => {${BODY}};` },
  'ES module by its package.json': {
    'package.json': '{ "type": "module" }',
    'index.js': `
      import { setTimeout as pause } from 'node:timers/promises';
      await pause(1);
      export const handler = async (event, context) => {${BODY}};`,
  },
};

function zip(files) {
  const bytes = Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]);
  return zipSync(Object.fromEntries(bytes));
}

async function deploy(FunctionName, files) {
  const created = await lambda.createFunction({
    FunctionName,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/functions',
    Timeout: 30,
    Code: { ZipFile: zip(files) },
  });
  assert.equal(created.State, 'Pending');
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: WAIT }, { FunctionName });
}

async function invoke(FunctionName, event) {
  const answer = await lambda.invoke({ FunctionName, Payload: JSON.stringify(event) });
  return [JSON.parse(answer.Payload.transformToString()), answer.FunctionError];
}

/** The events that a function has logged with records in them, once there are `count` records. */
async function eventsOf(functionName, count) {
  for (;;) {
    const events = [];
    const pages = paginateFilterLogEvents(
      { client: logs },
      { logGroupName: `/aws/lambda/${functionName}`, filterPattern: 'EVENT' },
    );
    for await (const page of pages) {
      events.push(...page.events.map(({ message }) => JSON.parse(message.split('EVENT ')[1])));
    }
    const records = events.flatMap(({ Records }) => Records ?? []);
    if (records.length >= count) return records;
    await pause(20); // the harness has a deadline
  }
}

const TESTS = {};
for (const [kind, files] of Object.entries(CODE)) {
  const name = `printer-${kind.replaceAll(/\W/g, '-')}`;
  TESTS[`a handler in ${kind} is deployed and answers`] = async () => {
    await deploy(name, files);
    assert.deepEqual(await invoke(name, { x: 1 }), [{ records: 0, left: true }, undefined]);
    const [error, kindOfError] = await invoke(name, { fail: 'far' });
    assert.equal(kindOfError, 'Unhandled');
    assert.equal(error.errorType, 'RangeError');
    assert.equal(error.errorMessage, 'too far');
    assert.ok(error.trace[0] === 'RangeError: too far' && error.trace.length > 1);
  };
}

TESTS['a mapping calls a handler with the records of a stream'] = async () => {
  const FunctionName = 'printer-CommonJS';
  await createTable(TableName);
  const updated = await client.updateTable({
    TableName,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  });
  const EventSourceArn = updated.TableDescription.LatestStreamArn;
  const { UUID } = await lambda.createEventSourceMapping({
    FunctionName,
    EventSourceArn,
    StartingPosition: 'TRIM_HORIZON',
  });
  const Item = { pk: { S: 'a' }, sk: { S: '1' }, data: { B: Buffer.from([0, 1]) } };
  await client.putItem({ TableName, Item });
  const [record] = await eventsOf(FunctionName, 1);
  assert.equal(record.eventName, 'INSERT');
  assert.equal(record.eventSourceARN, EventSourceArn);
  assert.deepEqual(record.dynamodb.NewImage, { ...Item, data: { B: 'AAE=' } });
  assert.deepEqual(record.dynamodb.Keys, { pk: { S: 'a' }, sk: { S: '1' } });
  const mapping = await lambda.getEventSourceMapping({ UUID });
  assert.equal(mapping.State, 'Enabled');
  assert.ok(mapping.LastModified instanceof Date);
  assert.equal((await lambda.deleteEventSourceMapping({ UUID })).State, 'Deleting');
};

TESTS["a function's log has a stream with its lines"] = async () => {
  const command = new DescribeLogStreamsCommand({ logGroupName: '/aws/lambda/printer-CommonJS' });
  const { logStreams } = await logs.send(command);
  assert.match(logStreams[0].logStreamName, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
  assert.ok(logStreams[0].lastEventTimestamp >= logStreams[0].firstEventTimestamp);
};

TESTS['an answer can be read as a stream'] = async () => {
  const { EventStream, ExecutedVersion } = await lambda.invokeWithResponseStream({
    FunctionName: 'printer-CommonJS',
    Payload: '{}',
  });
  assert.equal(ExecutedVersion, '$LATEST');
  const parts = [];
  let complete;
  for await (const event of EventStream) {
    if (event.PayloadChunk) parts.push(Buffer.from(event.PayloadChunk.Payload));
    complete ??= event.InvokeComplete;
  }
  assert.deepEqual(JSON.parse(Buffer.concat(parts)), { records: 0, left: true });
  assert.equal(complete.ErrorCode, undefined);
};

TESTS['new settings and new code are waited for'] = async () => {
  const FunctionName = 'printer-CommonJS';
  const wait = () =>
    waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: WAIT }, { FunctionName });
  const Environment = { Variables: { WORD: 'new' } };
  await lambda.updateFunctionConfiguration({ FunctionName, Environment, MemorySize: 256 });
  await wait();
  const code =
    "exports.handler = (event, context, done) => done(null, process.env.WORD + ' code');";
  await lambda.updateFunctionCode({ FunctionName, ZipFile: zip({ 'index.js': code }) });
  await wait();
  assert.deepEqual(await invoke(FunctionName, {}), ['new code', undefined]);
};

TESTS['a missing function is ResourceNotFoundException'] = async () => {
  const FunctionName = 'printer-CommonJS';
  await lambda.deleteFunction({ FunctionName });
  await assert.rejects(lambda.getFunction({ FunctionName }), ResourceNotFoundException);
  await assert.rejects(lambda.invoke({ FunctionName }), ResourceNotFoundException);
};

await run(TESTS);
