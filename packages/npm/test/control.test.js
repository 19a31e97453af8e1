// SPDX-License-Identifier: Apache-2.0
// The connection of the control requests, with a server that counts.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { Control } from '../lib/control.js';

/** A server that answers the requests for which `answers` is true, and closes the others' connection. */
async function serve(t, answers) {
  const counts = { connections: 0, requests: 0 };
  const server = createServer((request, response) => {
    counts.requests += 1;
    request.socket.requests = (request.socket.requests ?? 0) + 1;
    if (answers(request.socket, counts)) request.resume().on('end', () => response.end('{}'));
    else request.socket.destroy();
  });
  server.on('connection', () => (counts.connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const control = new Control(`http://127.0.0.1:${server.address().port}`, () => 'its log');
  t.after(() => {
    control.close();
    server.closeAllConnections();
    server.close();
  });
  return { control, counts };
}

test('the connection is kept', async (t) => {
  const { control, counts } = await serve(t, () => true);
  for (let round = 0; round < 3; round += 1) {
    await control.send('POST', 'reset');
    await control.send('GET', 'clock');
  }
  assert.deepEqual(counts, { connections: 1, requests: 6 });
});

// As when the time limit of an idle connection is over while a request is under way.
test('a request on a connection that the server has closed is sent once more', async (t) => {
  const { control, counts } = await serve(t, ({ requests }) => requests === 1);
  await control.send('POST', 'reset');
  await control.send('POST', 'reset');
  assert.deepEqual(counts, { connections: 2, requests: 3 });
});

test('a request on a new connection is sent once, and one on a kept one twice', async (t) => {
  const { control, counts } = await serve(t, (_, { requests }) => requests === 2);
  const failure = /weir does not answer: socket hang up\nits log/;
  await assert.rejects(control.send('POST', 'reset'), failure);
  assert.deepEqual(counts, { connections: 1, requests: 1 });
  await control.send('POST', 'reset');
  await assert.rejects(control.send('POST', 'reset'), failure);
  assert.deepEqual(counts, { connections: 3, requests: 4 });
});
