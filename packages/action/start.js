// SPDX-License-Identifier: Apache-2.0
// Starts Weir for the steps that follow in a job, and tells them where it is. It runs until stop.js
// ends it after the job's last step.

import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const READY_LINE = /^weir \S+ ready on (http:\/\/\S+)$/;
const START_DEADLINE = 30_000; // milliseconds

const { env } = process;
const input = (name) => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();

/** Adds `name=value` to the file that the variable names, through which the runner learns of it. */
function tell(variable, name, value) {
  appendFileSync(env[variable], `${name}=${value}\n`);
}

/** The path of the binary: the one that is given, or that of a release, which is installed. */
function binary(folder) {
  if (input('binary')) return input('binary');
  const script = join(HERE, '..', 'install.sh');
  const args = ['--url', input('url') || ownRelease(), '--to', folder];
  execFileSync('sh', [script, ...args], { stdio: 'inherit' });
  return join(folder, 'weir');
}

/** The address of the release that the action itself is of. */
function ownRelease() {
  const { GITHUB_SERVER_URL: server, GITHUB_ACTION_REPOSITORY: repository } = env;
  if (!repository) {
    throw new Error(
      'an action of the same repository has no release: name one by url, or a binary',
    );
  }
  return `${server}/${repository}/releases/download/${env.GITHUB_ACTION_REF}`;
}

/** This environment without WEIR_…: packages/README.md says why. */
function ownEnvironment() {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('WEIR_'));
  return Object.fromEntries(kept);
}

/** The URL of the server's ready line. Fails with the server's log if it ends or is late. */
function ready(server, log) {
  return new Promise((resolve, reject) => {
    const fail = (what) => {
      server.kill('SIGKILL');
      reject(new Error(`weir ${what}\n${readFileSync(log, 'utf8')}`));
    };
    const timer = setTimeout(fail, START_DEADLINE, 'is not ready in time');
    server.once('error', (error) => fail(`did not start: ${error.message}`));
    server.once('exit', (code) => fail(`ended with exit code ${code}`));
    createInterface({ input: server.stdout }).once('line', (line) => {
      clearTimeout(timer);
      server.removeAllListeners('exit');
      const match = READY_LINE.exec(line);
      if (match) resolve(match[1]);
      else fail(`printed something else than its ready line: ${line}`);
    });
  });
}

async function main() {
  const log = join(env.RUNNER_TEMP, `weir-${process.pid}.log`);
  const flags = input('flags').split(/\s+/).filter(Boolean);
  const command = binary(join(env.RUNNER_TEMP, 'weir'));
  const server = spawn(command, ['serve', '--port', input('port') || '8000', ...flags], {
    env: ownEnvironment(),
    detached: true, // the runner ends what is left of a step's process group
    stdio: ['ignore', 'pipe', openSync(log, 'w')],
  });
  const endpoint = await ready(server, log);
  tell('GITHUB_STATE', 'pid', server.pid);
  tell('GITHUB_STATE', 'log', log);
  tell('GITHUB_OUTPUT', 'endpoint', endpoint);
  for (const service of ['DYNAMODB', 'DYNAMODB_STREAMS', 'STS']) {
    tell('GITHUB_ENV', `AWS_ENDPOINT_URL_${service}`, endpoint);
  }
  // Real credentials that the job has for other services stay.
  const defaults = {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  for (const [name, value] of Object.entries(defaults)) {
    if (!env[name]) tell('GITHUB_ENV', name, value);
  }
  console.log(`weir ready on ${endpoint}`);
  process.exit(0); // the server runs on
}

main().catch((error) => {
  console.log(`::error::${error.message.replaceAll('\n', '%0A')}`);
  process.exit(1);
});
