// SPDX-License-Identifier: Apache-2.0
// The raw answers to a client's calls: status, headers, and the bytes of the body.

import { Readable } from 'node:stream';

/** Makes `client` record the answers that it gets, in the list that this returns. */
export function recordAnswers(client) {
  const answers = [];
  const record = (next) => async (args) => {
    const result = await next(args);
    const { response } = result;
    const chunks = [];
    for await (const chunk of response.body) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    answers.push({ status: response.statusCode, headers: response.headers, body });
    response.body = Readable.from([body]);
    return result;
  };
  // Low priority puts this next to the network, so the deserializer reads the body put back here.
  client.middlewareStack.add(record, { step: 'deserialize', priority: 'low', name: 'record' });
  return answers;
}
