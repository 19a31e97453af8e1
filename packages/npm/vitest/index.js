// SPDX-License-Identifier: Apache-2.0
// A global set-up of vitest: one server for a whole run, which all test files share. Tests get it
// by `inject('weir')`, and code under test by the variables that AWS SDKs read.

import { setEnvironment, start } from '../index.js';

export default async function setup(project) {
  const weir = await start();
  const takeBack = setEnvironment(weir.env);
  project.provide('weir', { pid: weir.pid, port: weir.port, url: weir.url });
  return async () => {
    takeBack();
    await weir.stop();
    if (project.vitest.state.getCountOfFailedTests() > 0) process.stderr.write(weir.log);
  };
}
