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

/** Calls `use` with a browser that has a profile of its own; returns what `use` returns. */
export async function withBrowser(executablePath, flags, use) {
  const profile = await mkdtemp(join(tmpdir(), 'weir-gui-'));
  let browser;
  try {
    browser = await puppeteer.launch({
      executablePath,
      userDataDir: profile,
      // No sandbox, because it needs rights that a container seldom has, and the tests open only
      // local pages. No proxy, because the user's proxy may not reach this machine.
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

/** Makes an HTTP server listen on a port that the system picks; returns the server. */
export async function listen(server) {
  const listener = server.listen(0, '127.0.0.1');
  await new Promise((ready, failed) => listener.once('listening', ready).once('error', failed));
  return listener;
}

/** Prints how many tests passed and failed; sets the exit code to 1 if one failed, or else to 0. */
export function report(passed, failed) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
