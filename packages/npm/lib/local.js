// SPDX-License-Identifier: Apache-2.0

import { lookup } from 'node:dns/promises';

/**
 * The flags with which a server listens where clients look for `hostname`. DynamoDB Local listens
 * on all addresses; Weir listens on those of `localhost` alone unless it is told otherwise.
 */
export async function bindFlags(hostname) {
  return hostname === 'localhost' ? [] : ['--bind', (await lookup(hostname)).address];
}
