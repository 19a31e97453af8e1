// SPDX-License-Identifier: Apache-2.0
// The control endpoints of a server: its clock, its shards and its reset (docs/control.md).

import { Agent, request } from 'node:http';

// The codes of a request on a connection that the server has closed.
const CLOSED = ['ECONNRESET', 'EPIPE'];

/** Sends requests to the control endpoints of one server on connections that are kept open. */
export class Control {
  #url;
  #explain;
  // A connection of its own that stays open: a reset takes less than opening one. Node does not
  // wait for the end of a connection that is kept for later.
  #agent = new Agent({ keepAlive: true });

  /** `explain` returns what an error adds when the server at `url` does not answer. */
  constructor(url, explain) {
    this.#url = url;
    this.#explain = explain;
  }

  /** Sends a request to `/_weir/` and `path`; resolves with the body of the answer, parsed. */
  async send(method, path, body) {
    const text = body === undefined ? '' : JSON.stringify(body);
    let reply;
    try {
      reply = await this.#exchange(method, path, text);
    } catch (cause) {
      const message = `weir does not answer: ${cause.message}\n${this.#explain()}`;
      throw new Error(message, { cause });
    }
    if (reply.status === 200) return JSON.parse(reply.answer);
    throw new Error(messageOf(reply.answer, `${method} /_weir/${path}`));
  }

  /** Resolves with the `status` and the text of the `answer`. */
  #exchange(method, path, text, { again = true } = {}) {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    return new Promise((resolve, reject) => {
      const agent = again ? this.#agent : false;
      const sent = request(`${this.#url}/_weir/${path}`, { method, headers, agent });
      sent.once('error', (error) => {
        // The server closes idle connections. It answers what it has read, so a request on one that
        // was kept and got no answer can be sent again, on a new one.
        if (sent.reusedSocket && CLOSED.includes(error.code)) {
          resolve(this.#exchange(method, path, text, { again: false }));
        } else {
          reject(error);
        }
      });
      sent.once('response', (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (chunk) => (answer += chunk));
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode, answer }));
      });
      sent.end(text);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

function messageOf(answer, what) {
  try {
    return JSON.parse(answer).message;
  } catch {
    return `not an answer of Weir to ${what}: ${answer}`;
  }
}

/** A time as the server reads it: a Date, milliseconds since 1970, or text, which stays as it is. */
function timeOf(at) {
  return typeof at === 'string' ? at : new Date(at).toISOString();
}

/** The server's clock. Each method resolves with `{ now, epochSeconds, frozen }`. */
export class Clock {
  #control;

  constructor(control) {
    this.#control = control;
  }

  now() {
    return this.#control.send('GET', 'clock');
  }

  freeze(at) {
    return this.#change(at === undefined ? { freeze: true } : { freeze: true, set: timeOf(at) });
  }

  advance(by) {
    return this.#change({ advance: typeof by === 'number' ? `${by}ms` : by });
  }

  set(at) {
    return this.#change({ set: timeOf(at) });
  }

  resume() {
    return this.#change({ resume: true });
  }

  #change(body) {
    return this.#control.send('POST', 'clock', body);
  }
}

/** The shards of the latest stream of a table, or of a stream that is named by its ARN. */
export class Shards {
  #control;
  #table;

  constructor(control, table) {
    this.#control = control;
    this.#table = table;
  }

  async list() {
    const key = this.#isStream ? 'stream' : 'table';
    const query = new URLSearchParams({ [key]: this.#table });
    const shards = [];
    for (;;) {
      const page = await this.#control.send('GET', `shards?${query}`);
      shards.push(...page.Shards);
      if (page.LastEvaluatedShardId === undefined) return shards;
      query.set('after', page.LastEvaluatedShardId);
    }
  }

  split(id) {
    return this.#act('SPLIT', { ShardId: id });
  }

  rotate(id) {
    return this.#act('ROTATE', { ShardId: id });
  }

  close(id) {
    return this.#act('CLOSE', { ShardId: id });
  }

  set(count) {
    return this.#act('SET', { OpenShards: count });
  }

  get #isStream() {
    return this.#table.startsWith('arn:') && this.#table.includes('/stream/');
  }

  async #act(Action, options) {
    const of = this.#isStream ? { StreamArn: this.#table } : { TableName: this.#table };
    return (await this.#control.send('POST', 'shards', { ...of, Action, ...options })).Shards;
  }
}
