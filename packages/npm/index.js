// SPDX-License-Identifier: Apache-2.0
// weir-dynamodb: starts a local DynamoDB for tests. index.d.ts describes the interface.

import { findBinary } from './lib/binary.js';
import { Clock, Control, Shards } from './lib/control.js';
import { awsEnvironment } from './lib/environment.js';
import { ServerProcess } from './lib/process.js';

export { setEnvironment } from './lib/environment.js';

class Weir {
  #server;
  #control;

  constructor(server) {
    this.#server = server;
    this.#control = new Control(server.url, () => server.log);
    this.url = server.url;
    this.port = server.port;
    this.pid = server.pid;
    this.version = server.version;
    this.env = awsEnvironment(server.url);
    this.clock = new Clock(this.#control);
  }

  get log() {
    return this.#server.log;
  }

  shards(table) {
    return new Shards(this.#control, table);
  }

  async reset() {
    await this.#control.send('POST', 'reset');
  }

  async stop() {
    this.#control.close();
    await this.#server.stop();
  }
}

export async function start({ flags = [], binary = findBinary(), foreground } = {}) {
  return new Weir(await ServerProcess.start(binary, flags, { foreground }));
}
