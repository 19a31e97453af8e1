// SPDX-License-Identifier: Apache-2.0
// What the tests of this folder share: their flags, a browser, HTTP servers for its pages.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import puppeteer from 'puppeteer-core';

/** The values of the flags that all tests take, and of those in `more`. */
export function readFlags(more = {}) {
  const options = {
    weir: { type: 'string', default: 'build/dev/weir' },
    browser: { type: 'string', default: '/usr/bin/chromium' },
    ...more,
  };
  return parseArgs({ options }).values;
}

/** Calls `use` with a browser that has a profile of its own; answers what it answers. */
export async function withBrowser(executablePath, flags, use) {
  const profile = await mkdtemp(join(tmpdir(), 'weir-gui-'));
  let browser;
  try {
    browser = await puppeteer.launch({
      executablePath,
      userDataDir: profile,
      // The sandbox needs rights that a container seldom has; only local pages are opened. No
      // proxy: that of the user may not reach this machine.
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--disable-gpu',
        '--no-proxy-server',
        ...flags,
      ],
    });
    return await use(browser);
  } finally {
    await browser?.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** Has an HTTP server listen on a port that the system picks; answers what is listening. */
export async function listen(server) {
  const listener = server.listen(0, '127.0.0.1');
  await new Promise((ready, failed) => listener.once('listening', ready).once('error', failed));
  return listener;
}

/** Prints the last line, and sets the exit code by it. */
export function report(passed, failed) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
