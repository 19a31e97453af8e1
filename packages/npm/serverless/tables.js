// SPDX-License-Identifier: Apache-2.0
// Makes tables from the resources of a service, which describe them as CloudFormation does.

import { importPeer } from '../lib/peer.js';

// The properties of AWS::DynamoDB::Table that CreateTable takes as they are.
const AS_THEY_ARE = [
  'AttributeDefinitions',
  'BillingMode',
  'DeletionProtectionEnabled',
  'KeySchema',
  'LocalSecondaryIndexes',
  'OnDemandThroughput',
  'ProvisionedThroughput',
  'TableClass',
  'TableName',
  'WarmThroughput',
];

// Those that this file translates.
const TRANSLATED = [
  'GlobalSecondaryIndexes',
  'PointInTimeRecoverySpecification',
  'SSESpecification',
  'StreamSpecification',
  'Tags',
  'TimeToLiveSpecification',
];

// Seconds until a table must be active: with delayTransientStatuses, that takes a while.
const ACTIVE_DEADLINE = 60;

/** The properties of all tables in the resources of `service`, and in its additional stacks. */
export function tablesOf({ resources, custom, plugins }) {
  const modules = plugins?.modules ?? plugins ?? [];
  const stacks = [resources];
  if (modules.includes('serverless-plugin-additional-stacks')) {
    stacks.push(...Object.values(custom?.additionalStacks ?? {}));
  }
  return stacks
    .flatMap((stack) => Object.values(stack?.Resources ?? {}))
    .filter(({ Type }) => Type === 'AWS::DynamoDB::Table')
    .map(({ Properties }) => Properties);
}

function inputOf(properties) {
  const { GlobalSecondaryIndexes, SSESpecification, StreamSpecification, Tags } = properties;
  const input = Object.fromEntries(
    AS_THEY_ARE.filter((name) => name in properties).map((name) => [name, properties[name]]),
  );
  if (GlobalSecondaryIndexes) {
    input.GlobalSecondaryIndexes = GlobalSecondaryIndexes.map(
      ({ ContributorInsightsSpecification, ...index }) => index,
    );
  }
  if (SSESpecification) {
    const { SSEEnabled, ...others } = SSESpecification;
    input.SSESpecification = { Enabled: SSEEnabled, ...others };
  }
  if (StreamSpecification?.StreamViewType) {
    const { StreamViewType } = StreamSpecification;
    input.StreamSpecification = { StreamEnabled: true, StreamViewType };
  }
  // A tag may refer to another resource of the stack, which does not exist here.
  const tags = Tags?.filter(({ Value }) => typeof Value === 'string') ?? [];
  if (tags.length > 0) input.Tags = tags;
  return input;
}

/** Makes a table from an input of CreateTable, and waits for it. Returns whether it is new. */
export async function createTable(client, input, log) {
  const { waitUntilTableExists } = await importPeer('@aws-sdk/client-dynamodb');
  const { TableName } = input;
  try {
    await client.createTable(input);
  } catch (error) {
    if (error.name !== 'ResourceInUseException') throw error;
    log(`DynamoDB - Warn - table ${TableName} already exists`);
    return false;
  }
  const often = { client, maxWaitTime: ACTIVE_DEADLINE, minDelay: 1, maxDelay: 1 };
  await waitUntilTableExists(often, { TableName });
  log(`DynamoDB - created table ${TableName}`);
  return true;
}

async function createFromProperties(client, properties, log) {
  if (!(await createTable(client, inputOf(properties), log))) return;
  const {
    TableName,
    TimeToLiveSpecification,
    PointInTimeRecoverySpecification: recovery,
  } = properties;
  if (TimeToLiveSpecification?.Enabled) {
    await client.updateTimeToLive({ TableName, TimeToLiveSpecification });
  }
  if (recovery?.PointInTimeRecoveryEnabled) {
    await client.updateContinuousBackups({ TableName, PointInTimeRecoverySpecification: recovery });
  }
  const known = [...AS_THEY_ARE, ...TRANSLATED];
  const ignored = Object.keys(properties).filter((name) => !known.includes(name));
  if (ignored.length > 0) log(`DynamoDB - ignored in ${TableName}: ${ignored.join(', ')}`);
}

/** Makes `tables`, which are properties of AWS::DynamoDB::Table, unless they exist. */
export async function createTables(client, tables, log) {
  await Promise.all(tables.map((properties) => createFromProperties(client, properties, log)));
}
