// SPDX-License-Identifier: Apache-2.0
// What the cases share: servers, other programs, and waiting for what they do.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

import { WeirServer } from '../sdk_js/support/weir_server.js';

// Milliseconds. Generous, because the machine may be busy; what works takes a small part of them.
export const TIMEOUT = 30_000;

// The arguments of a server that stands in for DynamoDB Local.
const LOCAL_FLAGS = ['-inMemory', '-sharedDb'];

/** Waits until `check` returns true; fails with `what` and the text of `explain` after TIMEOUT. */
export async function until(what, check, explain = () => '') {
  const deadline = Date.now() + TIMEOUT;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`${what}: not in time\n${explain()}`);
    await pause(20);
  }
}

/** Runs `command` with flags of DynamoDB Local, on a free port, for as long as `use` takes. */
export async function withWeir(command, use) {
  const [program, ...args] = command;
  const server = await WeirServer.start(program, [...args, ...LOCAL_FLAGS]);
  let ended;
  try {
    await use(server.endpoint);
  } finally {
    ended = await server.stop();
  }
  assert.equal(ended, 0, `weir ended with exit code ${ended}:\n${server.stderr}`);
}

/** Moves the clock of the server at `endpoint`, as `weir clock advance` does. */
export async function advanceClock(endpoint, time) {
  const body = JSON.stringify({ advance: time });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${endpoint}/_weir/clock`, { method: 'POST', headers, body });
  assert.equal(response.status, 200, await response.text());
}

/** A running program: what it has printed, and how it ended. */
export class Program {
  stdout = '';
  stderr = '';
  exitCode = undefined; // or the signal that ended it, or why it did not start
  #process;
  #ended;

  constructor(program, args, { env = {}, cwd } = {}) {
    this.#process = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout.setEncoding('utf8').on('data', (text) => (this.stdout += text));
    this.#process.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.#ended = new Promise((resolve) => {
      this.#process.once('error', resolve);
      this.#process.once('close', (code, signal) => resolve(code ?? signal));
    }).then((how) => (this.exitCode = how));
  }

  get output() {
    return this.stdout + this.stderr;
  }

  get hasEnded() {
    return this.exitCode !== undefined;
  }

  /** Waits for the program's end; returns its exit code. Kills it and fails after TIMEOUT. */
  async end() {
    try {
      await until(
        'the end of the program',
        () => this.hasEnded,
        () => this.output,
      );
    } catch (error) {
      this.#process.kill('SIGKILL');
      await this.#ended;
      throw error;
    }
    return this.exitCode;
  }

  /** Ends the program with `signal`, by default as `docker stop` does; returns its exit code. */
  stop(signal = 'SIGTERM') {
    this.#process.kill(signal);
    return this.end();
  }
}
