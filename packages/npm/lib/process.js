// SPDX-License-Identifier: Apache-2.0
// One process of the server: from its start to its end.

import { spawn } from 'node:child_process';

import { withoutWeirVariables } from './environment.js';

const READY_LINE = /^weir (?<version>\S+) ready on (?<url>http:\/\/\S+:(?<port>\d+))$/;

// Milliseconds.
const START_DEADLINE = 30_000;
const STOP_DEADLINE = 5_000;

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

/** A server that runs: `version`, `url` and `port` are those of its ready line. */
export class ServerProcess {
  #child;
  #log = Buffer.alloc(0);
  #closed;

  /**
   * Starts `binary serve` with `flags`, which are an array of strings, on a free port unless they
   * name one, and waits until it is ready. It ends when this process does. In the `foreground` it
   * also keeps this process alive, and its log goes to this process's standard error. Throws an
   * error with the end of its log if it does not get ready.
   */
  static async start(binary, flags, { foreground = false } = {}) {
    const server = new ServerProcess();
    server.#spawn(binary, flags, foreground);
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
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_DEADLINE);
    await this.#closed;
    clearTimeout(timer);
  }

  #spawn(binary, flags, foreground) {
    const port = namePort(flags) ? [] : ['--port', '0'];
    // Its standard input is never written to. The system closes it when this process ends.
    this.#child = spawn(binary, ['serve', ...port, '--exit-with-stdin', ...flags], {
      env: withoutWeirVariables(),
      stdio: 'pipe',
    });
    this.#closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stderr.on('data', (chunk) => {
      this.#log = Buffer.concat([this.#log, chunk]).subarray(-LOG_LIMIT);
      if (foreground) process.stderr.write(chunk);
    });
    // The pipes do not keep this process alive; the child does, until it is told not to.
    for (const pipe of this.#child.stdio) pipe.unref?.();
  }

  async #becomeReady() {
    let timer;
    const failure = new Promise((_, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', () =>
        reject(new Error(`it ended before its ready line, ${this.end}`)),
      );
      timer = setTimeout(() => reject(new Error('no ready line in 30 seconds')), START_DEADLINE);
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
    await this.#closed;
  }
}
