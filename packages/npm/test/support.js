// SPDX-License-Identifier: Apache-2.0
// What the tests share: projects that use the package, and what a server leaves behind. The tests
// need the variable WEIR_BINARY. The projects' other packages are those of tests/tools, which
// `install_js_packages tools` in scripts/lib.sh installs into build/tools.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';

import { until } from '../../../tests/tools/program.js';

export { Program, until } from '../../../tests/tools/program.js';

assert.ok(process.env.WEIR_BINARY, 'the variable WEIR_BINARY does not name a binary');
export const BINARY = resolve(process.env.WEIR_BINARY);

export const PACKAGE = resolve(import.meta.dirname, '..');
const TOOLS = resolve(PACKAGE, '../../build/tools');

/** The path of a file in one of the packages of tests/tools. */
export const tool = (path) => join(TOOLS, 'node_modules', path);

/** Copies the files that npm would publish of this package to `node_modules` in `folder`. */
function installInto(folder) {
  const target = join(folder, 'node_modules/weir-dynamodb');
  const { files } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  mkdirSync(target, { recursive: true });
  for (const name of [...files, 'package.json']) {
    cpSync(join(PACKAGE, name), join(target, name), { recursive: true });
  }
}

/**
 * Copies the project `name` to a new folder where it finds this package and those of tests/tools.
 * The folder is removed after the test `t`. Returns its path.
 */
export function projectFor(t, name) {
  const folder = mkdtempSync(join(TOOLS, 'npm-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(import.meta.dirname, 'projects', name), folder, { recursive: true });
  installInto(folder);
  return folder;
}

/** Whether the process runs. One that has ended, and whose parent has not asked how, does not. */
export function isRunning(pid) {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1][0];
    return state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

function isOpen(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => done(false));
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
  });
}

/** Waits until the server is gone, and checks that nobody listens on its port. */
export async function assertGone({ pid, port }) {
  await until(`the end of server ${pid}`, () => !isRunning(pid));
  assert.equal(await isOpen(port), false);
}

/** The servers that a program has told of: lines `server PID PORT` in its output. */
export function serversIn(output) {
  return Array.from(output.matchAll(/^server (\d+) (\d+)$/gm), ([, pid, port]) => ({
    pid: Number(pid),
    port: Number(port),
  }));
}

/** The names of all files in `folder` but those of installed packages. */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true }).filter(
    (name) => !name.startsWith('node_modules'),
  );
}

/** A port that was free a moment ago. */
export async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  await once(listener, 'close');
  return port;
}

/** Writes a program to `folder` that is Weir with a log of level debug; returns its path. */
export function talkativeBinary(folder) {
  const path = join(folder, 'talkative-weir');
  writeFileSync(path, `#!/bin/sh\nexec '${BINARY}' "$@" --log-level debug\n`, { mode: 0o755 });
  return path;
}
