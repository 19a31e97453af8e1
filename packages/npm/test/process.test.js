// SPDX-License-Identifier: Apache-2.0
// The process of a server, with scripts in the place of the binary and with shorter limits.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { ServerProcess } from '../lib/process.js';
import { assertGone, BINARY, isRunning } from './support.js';

// The line of a server that is there, though nothing listens.
const READY = "echo 'weir 1 ready on http://127.0.0.1:1'";

const USUAL = { start: 30_000, stop: 5_000, rest: 500 };

/**
 * Starts a script as if it were the binary. Its variable PIDS names a file for the processes that
 * it leaves, which end after the test.
 */
async function run(t, commands, limits) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-npm-'));
  const pids = join(folder, 'pids');
  writeFileSync(pids, '');
  const script = join(folder, 'weir');
  writeFileSync(script, `#!/bin/sh\nPIDS=${pids}\n${commands}\n`, { mode: 0o755 });
  const left = () => readFileSync(pids, 'utf8').split('\n').filter(Boolean).map(Number);
  t.after(() => {
    for (const pid of left().filter(isRunning)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });
  try {
    const options = limits && { limits: { ...USUAL, ...limits } };
    const server = await ServerProcess.start(script, [], options);
    t.after(() => server.stop());
    return { server };
  } catch (error) {
    return { error, left: left() };
  }
}

/** Fails if `act` takes `limit` milliseconds; resolves with what it resolves with. */
async function before(limit, act) {
  const begin = performance.now();
  const result = await act();
  const took = performance.now() - begin;
  assert.ok(took < limit, `it took ${took} ms`);
  return result;
}

test('a server without a ready line is ended at the deadline', async (t) => {
  const { error, left } = await before(10_000, () =>
    run(t, 'echo $$ >$PIDS; exec sleep 60', { start: 300 }),
  );
  assert.match(error.message, /no ready line in 0\.3 seconds/);
  assert.equal(left.length, 1);
  assert.equal(isRunning(left[0]), false);
});

test('a server that SIGTERM does not end is killed', async (t) => {
  const loop = 'while :; do sleep 0.05; done';
  const { server } = await run(t, `trap '' TERM; ${READY}; ${loop}`, { stop: 300 });
  await before(10_000, () => server.stop());
  assert.equal(server.end, 'signal SIGKILL');
});

test('a server has time to end by itself', async (t) => {
  const loop = 'while :; do sleep 0.05; done';
  const { server } = await run(t, `trap 'sleep 0.3; exit 7' TERM; ${READY}; ${loop}`);
  await server.stop();
  assert.equal(server.end, 'exit code 7');
});

test('a script that leaves a process with its pipes fails at once', async (t) => {
  for (const [then, message] of [
    ['echo hello', /not a ready line: hello\n/],
    ['echo why >&2; exit 3', /it ended before its ready line, exit code 3\nwhy\n/],
  ]) {
    const { error } = await before(5_000, () => run(t, `sleep 60 & echo $! >$PIDS; ${then}`));
    assert.match(error.message, message);
  }
});

test('what a script has started may write the line after its end', async (t) => {
  const { error } = await run(t, '(sleep 0.2; echo hello) & exit 3', { rest: 5_000 });
  assert.match(error.message, /not a ready line: hello\n/);
});

test('the end of a server is not that of a process that has its pipes', async (t) => {
  const { server } = await run(t, `sleep 60 & echo $! >$PIDS; ${READY}; exec cat`, { stop: 300 });
  await before(5_000, () => server.stop());
  assert.equal(server.end, 'signal SIGTERM');
});

test('the server of a script that does not hand on the signal ends', async (t) => {
  // A shell may let the last command take its place.
  const { server } = await run(t, `'${BINARY}' "$@"; exit 0`);
  await before(USUAL.stop, () => server.stop());
  await assertGone(server);
  assert.match(server.log, /ending at the end of standard input/);
});

test('a server has a session of its own', async (t) => {
  const { server } = await run(t, `${READY}; exec cat`);
  // After the name: the state, the parent, the group, the session.
  const stat = readFileSync(`/proc/${server.pid}/stat`, 'latin1').split(') ')[1].split(' ');
  assert.deepEqual(stat.slice(2, 4), [`${server.pid}`, `${server.pid}`]);
});

test('of a long log, the end is kept', async (t) => {
  const long = "head -c 300000 /dev/zero | tr '\\0' x >&2; echo the end >&2";
  const { server } = await run(t, `${long}; ${READY}; exec cat`);
  await server.stop();
  assert.equal(server.log.length, 64 * 1024);
  assert.ok(server.log.endsWith('xxxthe end\n'));
});
