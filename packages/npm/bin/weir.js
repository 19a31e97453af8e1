#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Runs Weir's binary with the same arguments, streams and environment. Where Node can do so, the
// binary takes the place of this process, so that a signal or a debugger meets nothing in between.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

import { findBinary } from '../lib/binary.js';

// The signals that ask a program to end. A terminal sends SIGINT to the binary itself as well.
const FORWARDED = ['SIGTERM', 'SIGINT', 'SIGHUP'];

function runAsChild(binary, args) {
  const child = spawn(binary, args, { stdio: 'inherit' });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  child.once('error', fail);
  // A shell has the same exit code for a program that a signal has ended.
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function fail(error) {
  console.error(`weir-dynamodb: ${error.message}`);
  process.exit(1);
}

try {
  const binary = findBinary({ searchPath: false });
  const args = process.argv.slice(2);
  if (process.execve) process.execve(binary, [binary, ...args]);
  else runAsChild(binary, args);
} catch (error) {
  fail(error);
}
