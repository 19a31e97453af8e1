// SPDX-License-Identifier: Apache-2.0
// A runner that is killed in the middle of a test cannot end its server. Nothing may be left: no
// process, nobody on the port, and no file.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  assertGone,
  BINARY,
  filesIn,
  freePort,
  Program,
  projectFor,
  serversIn,
  tool,
  until,
} from './support.js';

/** Runs Node with `args` in the project, and kills it as soon as its output matches `when`. */
async function killed(folder, { args, env, when }) {
  const temporary = join(folder, 'node_modules/tmp');
  mkdirSync(temporary);
  const program = new Program(process.execPath, args, {
    cwd: folder,
    env: { TMPDIR: temporary, ...env },
  });
  await until(
    'the middle of the tests',
    () => when.test(program.output),
    () => program.output,
  );
  await program.stop('SIGKILL');
  return {
    output: program.output,
    left: readdirSync(temporary).filter((name) => name.includes('weir')),
  };
}

test('after a kill of Node, nothing is left', async (t) => {
  const folder = projectFor(t, 'plain');
  const before = filesIn(folder);
  const { output, left } = await killed(folder, { args: ['wait.js'], when: /^server \d+ \d+\n/m });
  await assertGone(serversIn(output)[0]);
  assert.deepEqual([...filesIn(folder), ...left], before);
});

test('after a kill of vitest, nothing is left', async (t) => {
  const folder = projectFor(t, 'vitest');
  const before = filesIn(folder);
  const { output, left } = await killed(folder, {
    args: [tool('vitest/vitest.mjs'), 'run', '--config', 'global.config.js', 'first'],
    env: { HANG: '1', NO_COLOR: '1' },
    when: /^server \d+ \d+\n/m,
  });
  await assertGone(serversIn(output)[0]);
  assert.deepEqual([...filesIn(folder), ...left], before);
});

test('after a kill of jest, nothing is left', async (t) => {
  const folder = projectFor(t, 'jest');
  const before = filesIn(folder);
  // The tests of jest do not know the server's process, so that it says itself which it is.
  const binary = join(folder, 'node_modules/weir');
  const script = `#!/bin/sh\necho $$ >${binary}.pid\nexec ${BINARY} "$@"\n`;
  writeFileSync(binary, script, { mode: 0o755 });
  const port = await freePort();
  const { left } = await killed(folder, {
    args: [tool('jest/bin/jest.js'), '--ci', '--cacheDirectory', 'node_modules/cache'],
    env: { HANG: '1', DYNAMODB_PORT: port, WEIR_BINARY: binary },
    when: /in the middle/,
  });
  await assertGone({ pid: Number(readFileSync(`${binary}.pid`)), port });
  assert.deepEqual([...filesIn(folder), ...left], before);
});
