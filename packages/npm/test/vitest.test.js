// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  assertGone,
  BINARY,
  isRunning,
  Program,
  projectFor,
  serversIn,
  talkativeBinary,
  tool,
  until,
} from './support.js';

function vitest(folder, config, { options = ['--maxWorkers', '2'], env = {} } = {}) {
  const args = [tool('vitest/vitest.mjs'), 'run', '--config', `${config}.config.js`, ...options];
  return new Program(process.execPath, args, { cwd: folder, env: { NO_COLOR: '1', ...env } });
}

for (const pool of ['forks', 'threads']) {
  test(`test files that run at the same time do not see each other's tables: ${pool}`, async (t) => {
    const folder = projectFor(t, 'vitest');
    const program = vitest(folder, 'worker', { options: ['--pool', pool, '--maxWorkers', '2'] });
    assert.equal(await program.end(), 0, program.output);
    assert.match(program.stdout, /Tests +4 passed/);
    const servers = serversIn(program.stdout);
    assert.equal(new Set(servers.map(({ pid }) => pid)).size, 2);
    for (const server of servers) await assertGone(server);
  });
}

for (const config of ['worker', 'global']) {
  test(`the log of the server is shown when a test fails, and only then: ${config}`, async (t) => {
    const folder = projectFor(t, 'vitest');
    const env = { WEIR_BINARY: talkativeBinary(folder) };
    const passed = vitest(folder, config, { env });
    assert.equal(await passed.end(), 0, passed.output);
    assert.doesNotMatch(passed.stderr, /listening on http/);
    const failed = vitest(folder, config, { env: { ...env, FAIL: '1' } });
    assert.equal(await failed.end(), 1, failed.output);
    assert.match(failed.stderr, /listening on http/);
  });
}

test('without isolation, a file that fails at its import leaves no server', async (t) => {
  const folder = projectFor(t, 'vitest');
  const [binary, pids] = [join(folder, 'weir'), join(folder, 'pids')];
  const script = `#!/bin/sh\necho $$ >>${pids}\nexec ${BINARY} "$@"\n`;
  writeFileSync(binary, script, { mode: 0o755 });
  const env = { WEIR_BINARY: binary, PIDS: pids, AWS_PROFILE: 'mine' };
  const program = vitest(folder, 'shared', { options: [], env });
  assert.equal(await program.end(), 1, program.output);
  assert.match(program.stdout, /Test Files +2 failed \| 1 passed/);
  // Whichever is the first, one of the others comes after a file that failed.
  const lines = program.stdout.match(/^running .*$/gm);
  assert.deepEqual(lines, Array(3).fill('running 1 of undefined'));
  const started = readFileSync(pids, 'utf8').trim().split('\n');
  assert.equal(started.length, 3);
  for (const pid of started) await until('its end', () => !isRunning(Number(pid)));
});

test('the global set-up gives all files one server', async (t) => {
  const folder = projectFor(t, 'vitest');
  const program = vitest(folder, 'global', { options: ['--no-file-parallelism'] });
  assert.equal(await program.end(), 0, program.output);
  const lines = Array.from(program.stdout.matchAll(/^port (\d+) has (\d)$/gm));
  assert.deepEqual(
    lines.map(([, , count]) => count),
    ['1', '2'],
  );
  const [port, other] = lines.map((line) => Number(line[1]));
  assert.equal(port, other);
  await assert.rejects(fetch(`http://127.0.0.1:${port}`));
});
