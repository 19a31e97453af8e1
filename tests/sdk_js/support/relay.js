// SPDX-License-Identifier: Apache-2.0
// A TCP relay in front of the server under test that counts connections and can break some.

import { connect, createServer } from 'node:net';

import { endpoint } from './clients.js';

/**
 * A relay for the test `t`, closed when the test ends. Its members: `endpoint`, its URL;
 * `accepted`, how many connections it has accepted; `open`, the sockets of its open connections;
 * `refuse`, how many of the next connections it closes before any byte is sent; `break`, how many
 * of the next connections it closes at the first byte of the answer.
 */
export async function relayTo(t, target = endpoint) {
  const { hostname, port } = new URL(target);
  const relay = { accepted: 0, open: new Set(), refuse: 0, break: 0 };
  const server = createServer((client) => {
    relay.accepted += 1;
    relay.open.add(client);
    client.on('close', () => relay.open.delete(client)).on('error', () => client.destroy());
    if (relay.refuse > 0) {
      relay.refuse -= 1;
      client.destroy();
      return;
    }
    const upstream = connect({ host: hostname.replace(/^\[|\]$/g, ''), port });
    upstream.on('error', () => client.destroy()).on('close', () => client.end());
    client.on('close', () => upstream.destroy());
    client.pipe(upstream);
    if (relay.break > 0) {
      relay.break -= 1;
      upstream.once('data', () => client.destroy());
    } else {
      upstream.pipe(client);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    for (const socket of relay.open) socket.destroy();
  });
  relay.endpoint = `http://127.0.0.1:${server.address().port}`;
  return relay;
}
