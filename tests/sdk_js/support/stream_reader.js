// SPDX-License-Identifier: Apache-2.0
// Reads a whole stream as a well-behaved consumer does: every shard, parents before children.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { streams } from './clients.js';

// Milliseconds to wait for expected records that are still missing. Weir has them at once.
const PATIENCE = 10_000;
const PAUSE = 50;

/** All shards of the stream, over all pages. */
export async function describeShards(arn, more) {
  const shards = [];
  let last;
  do {
    const { StreamDescription: page } = await streams.describeStream({
      StreamArn: arn,
      ExclusiveStartShardId: last,
      ...more,
    });
    shards.push(...page.Shards);
    last = page.LastEvaluatedShardId;
  } while (last !== undefined);
  return shards;
}

/** The shards, each after its parent. A parent that is not listed counts as read. */
export function lineageOrder(shards) {
  const waiting = new Map(shards.map((shard) => [shard.ShardId, shard]));
  const ordered = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter((shard) => !waiting.has(shard.ParentShardId));
    assert.ok(ready.length > 0, 'the lineage has a circle');
    for (const shard of ready) waiting.delete(shard.ShardId);
    ordered.push(...ready);
  }
  return ordered;
}

export async function shardIterator(arn, shardId, type = 'TRIM_HORIZON', more = {}) {
  const reply = await streams.getShardIterator({
    StreamArn: arn,
    ShardId: shardId,
    ShardIteratorType: type,
    ...more,
  });
  return reply.ShardIterator;
}

/** The records from `iterator` to the end of a closed shard or the first empty page. */
export async function readFrom(iterator, more) {
  const records = [];
  let next = iterator;
  while (next) {
    const page = await streams.getRecords({ ShardIterator: next, ...more });
    records.push(...page.Records);
    next = page.Records.length > 0 ? page.NextShardIterator : undefined;
  }
  return records;
}

export const readShard = async (arn, shardId, more) =>
  readFrom(await shardIterator(arn, shardId), more);

/**
 * All records of the stream in lineage order, as soon as there are at least `count`, or as many as
 * there are after PATIENCE. The caller has to check how many it got. Only records of one key have a
 * defined order.
 */
export async function readStream(arn, count) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const records = [];
    for (const shard of lineageOrder(await describeShards(arn))) {
      records.push(...(await readShard(arn, shard.ShardId)));
    }
    if (records.length >= count || Date.now() > deadline) return records;
    await pause(PAUSE);
  }
}

/** [event name, image before, image after] of each record. */
export const summary = (records) =>
  records.map(({ eventName, dynamodb }) => [eventName, dynamodb.OldImage, dynamodb.NewImage]);
