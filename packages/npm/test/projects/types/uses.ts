// SPDX-License-Identifier: Apache-2.0
// All of the public interface, as TypeScript sees it. It is checked and never run.

import preset, { type Config } from 'weir-dynamodb/jest';
import LogReporter from 'weir-dynamodb/jest/reporter';
import WeirPlugin from 'weir-dynamodb/serverless';
import setup from 'weir-dynamodb/vitest';
import 'weir-dynamodb/vitest/worker';
import { inject, test } from 'vitest';
import { type ClockState, type Shard, setEnvironment, start, type Weir } from 'weir-dynamodb';

export async function use(): Promise<void> {
  const weir: Weir = await start({ flags: ['--simple-streams'], foreground: false });
  const takeBack: () => void = setEnvironment(weir.env);
  const state: ClockState = await weir.clock.freeze(new Date());
  await weir.clock.advance('24h');
  const shards: Shard[] = await weir.shards('Music').split();
  console.log(weir.url, weir.port + 1, weir.log.length, state.frozen, shards[0]?.ShardId);
  takeBack();
  await weir.reset();
  await weir.stop();
  // @ts-expect-error: it has no such flag
  await start({ inMemory: true });
}

export const config: Config = { tables: [], port: 8000, options: ['-sharedDb'] };
export const jest: { testEnvironment: 'node' } = { ...preset };
new LogReporter().onRunComplete([], { numFailedTests: 0, numFailedTestSuites: 0 });
export const plugin = new WeirPlugin({}, {});
export const globalSetup: typeof setup = setup;
test('its server', async ({ weir }) => weir.reset());
export const port: number = inject('weir').port;
