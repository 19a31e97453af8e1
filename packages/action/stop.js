// SPDX-License-Identifier: Apache-2.0
// Ends the server that start.js has started, and shows its log.

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const { STATE_pid: pid, STATE_log: log } = process.env;
const STOP_DEADLINE = 10_000; // milliseconds

/** Whether the process is there, and not one that has got the number of a server that has ended. */
function runs() {
  try {
    process.kill(Number(pid), 0);
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] === 'serve';
  } catch {
    return false;
  }
}

if (pid && runs()) {
  process.kill(Number(pid), 'SIGTERM');
  const deadline = Date.now() + STOP_DEADLINE;
  while (runs()) {
    if (Date.now() > deadline) {
      process.kill(Number(pid), 'SIGKILL');
      break;
    }
    await pause(20);
  }
}
if (log) console.log(`::group::weir's log\n${readFileSync(log, 'utf8')}\n::endgroup::`);
