// SPDX-License-Identifier: Apache-2.0
// Starts the weir binary for tests, waits until it answers, and stops it by its process id.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const READY_LINE = /^weir (\S+) ready on (http:\/\/\S+:\d+)$/;

// Milliseconds. Generous, because the machine may be busy; nothing waits this long if all is well.
const START_DEADLINE = 30_000;
const STOP_DEADLINE = 30_000;

/** Settles as `promise` does, or fails with `what` after `milliseconds`. */
async function within(milliseconds, what, promise) {
  let timer;
  const expired = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(what)), milliseconds);
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}

/** One weir process. `endpoint` is the URL that its ready line gives. */
export class WeirServer {
  #process;
  #folder;
  #stderr = '';
  #ended;

  /** Starts `binary flags…` in a folder of its own, on a port that the system picks. */
  static async start(binary, flags = []) {
    const server = new WeirServer();
    server.#folder = await mkdtemp(join(tmpdir(), 'weir-js-'));
    server.#process = spawn(binary, [...flags, '--port', '0'], {
      cwd: server.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      await server.#awaitReadyLine();
    } catch (error) {
      server.#process.kill('SIGKILL');
      await rm(server.#folder, { recursive: true });
      throw new Error(`${binary} did not start: ${error.message}\n${server.#stderr}`);
    }
    return server;
  }

  async #awaitReadyLine() {
    this.#process.stderr.setEncoding('utf8').on('data', (text) => (this.#stderr += text));
    this.#ended = new Promise((resolve) => this.#process.once('close', resolve));
    const lines = createInterface({ input: this.#process.stdout });
    const first = new Promise((resolve, reject) => {
      // The readline interface reads on after this line, so a full pipe never blocks the server.
      lines.once('line', resolve);
      lines.once('close', () => reject(new Error('ended before its ready line')));
      this.#process.once('error', reject);
    });
    const line = await within(START_DEADLINE, 'no ready line in time', first);
    const match = READY_LINE.exec(line);
    if (!match) throw new Error(`not a ready line: ${line}`);
    this.endpoint = match[2];
  }

  get stderr() {
    return this.#stderr;
  }

  /** Ends the server with SIGTERM, as Docker and systemd do; returns its exit code. */
  async stop() {
    this.#process.kill('SIGTERM');
    try {
      return await within(STOP_DEADLINE, 'weir did not end on SIGTERM', this.#ended);
    } catch (error) {
      this.#process.kill('SIGKILL');
      throw error;
    } finally {
      await rm(this.#folder, { recursive: true });
    }
  }
}
