// SPDX-License-Identifier: Apache-2.0
// One process of the server: from its start to its end.

import { spawn } from 'node:child_process';
import { resolve as absolute } from 'node:path';

import { withoutWeirVariables } from './environment.js';

const READY_LINE = /^weir (?<version>\S+) ready on (?<url>http:\/\/\S+:(?<port>\d+))$/;

// Milliseconds: until the ready line, from SIGTERM to SIGKILL, and until the end of the output of a
// process that has not become ready. It has no end while another process has the pipes, which a
// script in the place of the binary may have started. Tests have shorter ones.
const LIMITS = { start: 30_000, stop: 5_000, rest: 500 };

// The bytes of standard error that are kept.
const LOG_LIMIT = 64 * 1024;

/** Whether `flags` say which port to use, in the spelling of Weir or of DynamoDB Local. */
const namePort = (flags) => flags.some((flag) => /^--?port(=|$)/.test(flag));

/** Resolves with the first line that `stream` has, and discards what comes after it. */
function firstLine(stream) {
  return new Promise((resolve) => {
    let text = '';
    const read = (chunk) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end < 0) return;
      stream.off('data', read).resume();
      resolve(text.slice(0, end));
    };
    stream.setEncoding('utf8').on('data', read);
  });
}

/** Waits for `promise`, but not longer than `limit`. */
async function within(promise, limit) {
  let timer;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, limit);
  });
  await Promise.race([promise, over]);
  clearTimeout(timer);
}

/** A server that runs: `version`, `url` and `port` are those of its ready line. */
export class ServerProcess {
  #child;
  #log = Buffer.alloc(0);
  #limits;
  // Promises: that the process has ended, and that all of its output has been read, too.
  #exited;
  #closed;

  /**
   * Starts `binary serve` with `flags`, which are an array of strings, on a free port unless they
   * name one, and waits until it is ready. It ends when this process does. In the `foreground` it
   * also keeps this process alive, and its log goes to this process's standard error. Throws an
   * error with the end of its log if it does not get ready.
   */
  static async start(binary, flags, { foreground = false, limits = LIMITS } = {}) {
    const server = new ServerProcess();
    server.#limits = limits;
    // A name without a folder would be looked for on the PATH.
    server.#spawn(absolute(binary), flags, foreground);
    try {
      await server.#becomeReady();
    } catch (error) {
      await server.#kill();
      throw new Error(`${binary} did not start: ${error.message}\n${server.log}`);
    }
    if (!foreground) server.#child.unref();
    return server;
  }

  get pid() {
    return this.#child.pid;
  }

  /** The last 64 KiB that the server has written to standard error. */
  get log() {
    return this.#log.toString();
  }

  /** How the server ended, as text; undefined while it runs. */
  get end() {
    const { exitCode, signalCode } = this.#child;
    if (signalCode !== null) return `signal ${signalCode}`;
    return exitCode === null ? undefined : `exit code ${exitCode}`;
  }

  /** Ends the server with SIGTERM, or SIGKILL after five seconds. Resolves when it has ended. */
  async stop() {
    if (this.end !== undefined) return;
    this.#child.ref();
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#limits.stop);
    await this.#exited;
    clearTimeout(timer);
    await this.#closePipes(this.#limits.stop);
  }

  #spawn(binary, flags, foreground) {
    const port = namePort(flags) ? [] : ['--port', '0'];
    // Its standard input is never written to. The system closes it when this process ends.
    this.#child = spawn(binary, ['serve', ...port, '--exit-with-stdin', ...flags], {
      // In a session of its own: Ctrl-C in a terminal or a debugger is for this process.
      detached: true,
      env: withoutWeirVariables(),
      stdio: 'pipe',
    });
    this.#exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stderr.on('data', (chunk) => {
      this.#log = Buffer.concat([this.#log, chunk]).subarray(-LOG_LIMIT);
      if (foreground) process.stderr.write(chunk);
    });
    // The pipes do not keep this process alive; the child does, until it is told not to.
    for (const pipe of this.#child.stdio) pipe.unref?.();
  }

  async #becomeReady() {
    const { start, rest } = this.#limits;
    let timer;
    const failure = new Promise((_, reject) => {
      const fail = (message) => reject(new Error(message));
      this.#child.once('error', reject);
      this.#exited.then(async () => {
        await within(this.#closed, rest); // What it has written may be the line.
        fail(`it ended before its ready line, ${this.end}`);
      });
      timer = setTimeout(() => fail(`no ready line in ${start / 1000} seconds`), start);
    });
    try {
      const line = await Promise.race([firstLine(this.#child.stdout), failure]);
      const match = READY_LINE.exec(line);
      if (!match) throw new Error(`not a ready line: ${line}`);
      this.version = match.groups.version;
      this.url = match.groups.url;
      this.port = Number(match.groups.port);
    } finally {
      clearTimeout(timer);
    }
  }

  async #kill() {
    if (this.pid === undefined) return; // It could not be run at all.
    this.#child.kill('SIGKILL');
    await this.#exited;
    await this.#closePipes(this.#limits.rest);
  }

  /**
   * After the process's end: reads the rest of its output, for `limit` at most. Node has closed its
   * standard input by then, which ends the server of a script that does not hand on a signal.
   */
  async #closePipes(limit) {
    await within(this.#closed, limit);
    for (const pipe of this.#child.stdio) pipe.destroy();
  }
}
