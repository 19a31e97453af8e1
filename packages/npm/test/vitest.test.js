// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertGone, Program, projectFor, serversIn, talkativeBinary, tool } from './support.js';

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
