// SPDX-License-Identifier: Apache-2.0
// Set-ups that were written for DynamoDB Local's image (amazon/dynamodb-local). Each has arguments
// for the image's entry point, and a check that tells when the server is ready. They are tried here
// without containers: the server starts as the entry point of Weir's image starts it, but on a free
// port instead of 8000, and in an empty folder instead of the set-up's working_dir. The checks run
// outside the server, too. So these cases do not show that an image has the shell and the curl with
// which compose files and testcontainers check from inside the container.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DynamoDB } from '@aws-sdk/client-dynamodb';

import { Program, until } from './program.js';

// --- Checks: each tells whether `server`, which listens on `port`, seems to be ready -------------

/** Tries to connect, as testcontainers' Wait.forListeningPort() does, which is its default. */
export function listens({ port }) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** testcontainers' Wait.forHttp('/').forStatusCode(400), which it has in all of its languages. */
async function answers400({ port }) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/`)).status === 400;
  } catch {
    return false;
  }
}

/** testcontainers' Wait.forLogMessage(), which reads both streams of a container. */
const logs =
  (text) =>
  ({ server }) =>
    server.output.includes(text);

/** A compose file's CMD-SHELL check; bash runs it, because DynamoDB Local's image has it as sh. */
export const shell =
  (line) =>
  async ({ port }) => {
    const check = new Program('bash', ['-c', line.replaceAll(':8000', `:${port}`)]);
    return (await check.end()) === 0;
  };

// --- Set-ups -------------------------------------------------------------------------------------

const IN_MEMORY = '-jar DynamoDBLocal.jar -inMemory -sharedDb';
const JVM_FLAGS = ['-Djava.library.path=./DynamoDBLocal_lib', '-Xmx512m', '-XX:+UseSerialGC'];

// By the name of each set-up: its arguments, its check, and, if there are any, its environment and
// the arguments that Weir must report as ignored.
const SETUPS = {
  // docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.DownloadingAndRunning.html
  "AWS's compose file, in memory": {
    args: '-jar DynamoDBLocal.jar -sharedDb -inMemory',
    ready: listens,
  },
  'an environment made for Java and the AWS SDKs': {
    args: IN_MEMORY,
    ready: listens,
    env: {
      JAVA_TOOL_OPTIONS: '-Xmx512m',
      AWS_ACCESS_KEY_ID: 'DUMMYIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'DUMMYEXAMPLEKEY',
      AWS_REGION: 'eu-west-1',
    },
  },
  'flags of the JVM': {
    args: `${JVM_FLAGS.join(' ')} -jar DynamoDBLocal.jar -inMemory -sharedDb -port 8000`,
    ready: listens,
    passedOver: JVM_FLAGS,
  },
  // What the npm package dynamodb-local runs. Serverless plugins and jest presets use that package
  // to start DynamoDB Local.
  'the command line of the package dynamodb-local': {
    args:
      '-Xrs -Djava.library.path=./DynamoDBLocal_lib -jar DynamoDBLocal.jar -port 8000 ' +
      '-sharedDb -inMemory',
    ready: answers400,
    passedOver: ['-Xrs', '-Djava.library.path=./DynamoDBLocal_lib'],
  },
  'testcontainers that wait for the port': { args: IN_MEMORY, ready: listens },
  'testcontainers that wait for status 400': { args: IN_MEMORY, ready: answers400 },
  'testcontainers that wait for the first line of the log': {
    args: IN_MEMORY,
    ready: logs('Initializing DynamoDB Local with the following configuration:'),
  },
  'testcontainers that wait for the last line of the log': {
    args: IN_MEMORY,
    ready: logs('CorsParams:'),
  },
  'a health check for any answer': {
    args: IN_MEMORY,
    ready: shell('curl -s http://localhost:8000 || exit 1'),
  },
  'a health check for any answer of the old shell': {
    args: IN_MEMORY,
    ready: shell('curl -s http://localhost:8000/shell/ || exit 1'),
  },
  'a health check for status 400': {
    args: IN_MEMORY,
    ready: shell(`[ "$(curl -s -o /dev/null -w '%{http_code}' http://localhost:8000)" -eq 400 ]`),
  },
  'a health check for status 400 of HEAD': {
    args: IN_MEMORY,
    ready: shell(
      `[ "$(curl -s -o /dev/null -I -w '%{http_code}' http://localhost:8000)" == "400" ]`,
    ),
  },
  'a health check for the type of the error': {
    args: IN_MEMORY,
    ready: shell("curl -s http://localhost:8000 | grep -q 'MissingAuthenticationToken' || exit 1"),
  },
};

/** A port of this machine that nobody listens on. */
export async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((ready, failed) => listener.once('listening', ready).once('error', failed));
  const { port } = listener.address();
  await new Promise((closed) => listener.close(closed));
  return port;
}

/** `command` with the arguments of a set-up, and with `port` as the server's port. */
function lineOf(command, args, port) {
  const given = args.split(' ');
  const at = given.indexOf('-port');
  if (at < 0) return [...command, '--port', `${port}`, ...given];
  given[at + 1] = `${port}`;
  return [...command, ...given];
}

/** Runs the server in an empty folder for as long as `use` takes; returns its exit code. */
async function withServer([program, ...args], env, use) {
  const folder = await mkdtemp(join(tmpdir(), 'weir-tools-'));
  const server = new Program(program, args, { env, cwd: folder });
  try {
    await use(server);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
  return server.exitCode;
}

/** Starts a server with the arguments of a set-up, and waits until its check says it is ready. */
export async function trySetup(command, { args, ready, env, passedOver }) {
  const port = await freePort();
  // The check must fail without a server, because it would tell nothing otherwise.
  assert.equal(await ready({ port, server: { output: '' } }), false);
  const ended = await withServer(lineOf(command, args, port), env, async (server) => {
    const isReady = () => {
      if (server.hasEnded) throw new Error(`ended with ${server.exitCode}:\n${server.output}`);
      return ready({ port, server });
    };
    await until('the check', isReady, () => server.output);
    const client = new DynamoDB({ endpoint: `http://localhost:${port}`, region: 'us-east-1' });
    assert.deepEqual((await client.listTables({})).TableNames, []);
    if (passedOver) assertPassedOver(server.stderr, passedOver);
  });
  assert.equal(ended, 0);
}

/** Checks that exactly one line on stderr names any of `flags`, and that it names them all. */
function assertPassedOver(stderr, flags) {
  const lines = stderr.split('\n').filter((line) => flags.some((flag) => line.includes(flag)));
  assert.equal(lines.length, 1, stderr);
  for (const flag of flags) assert.ok(lines[0].includes(flag), `${flag} is not in: ${lines[0]}`);
}

/** AWS's compose file without changes: after a stop and a new start, the server has its data. */
async function tryDataOnDisk(command) {
  const args = '-jar DynamoDBLocal.jar -sharedDb -dbPath ./data';
  const folder = await mkdtemp(join(tmpdir(), 'weir-tools-'));
  const port = await freePort();
  const [program, ...rest] = lineOf(command, args, port);
  const client = new DynamoDB({ endpoint: `http://localhost:${port}`, region: 'us-east-1' });
  try {
    for (const known of [[], ['Kept']]) {
      const server = new Program(program, rest, { cwd: folder });
      try {
        await until(
          'the port',
          () => listens({ port }),
          () => server.output,
        );
        assert.deepEqual((await client.listTables({})).TableNames, known);
        if (known.length === 0) {
          await client.createTable({
            TableName: 'Kept',
            BillingMode: 'PAY_PER_REQUEST',
            KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
            AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          });
          await client.putItem({ TableName: 'Kept', Item: { pk: { S: 'item' } } });
        } else {
          const { Items } = await client.scan({ TableName: 'Kept' });
          assert.deepEqual(Items, [{ pk: { S: 'item' } }]);
        }
      } finally {
        await server.stop();
      }
      assert.equal(server.exitCode, 0);
    }
  } finally {
    client.destroy();
    await rm(folder, { recursive: true });
  }
}

export const SETUP_CASES = Object.fromEntries(
  Object.entries(SETUPS).map(([name, setup]) => [
    `set-up: ${name}`,
    (command) => trySetup(command, setup),
  ]),
);
SETUP_CASES["set-up: AWS's compose file keeps its data on disk"] = tryDataOnDisk;
