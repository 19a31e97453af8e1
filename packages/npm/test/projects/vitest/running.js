// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';

/** How many of the servers run whose binary has written its process to the file PIDS. */
export function running() {
  const pids = readFileSync(process.env.PIDS, 'utf8').trim().split('\n');
  return pids.filter((pid) => {
    try {
      return process.kill(Number(pid), 0);
    } catch {
      return false;
    }
  }).length;
}
