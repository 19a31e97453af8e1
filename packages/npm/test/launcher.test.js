// SPDX-License-Identifier: Apache-2.0
// The commands `weir` and `weir-dynamodb`, both where the binary takes the place of Node and where
// it is a child of Node.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { PACKAGE, Program, projectFor, until } from './support.js';

const LAUNCHER = join(PACKAGE, 'bin/weir.js');
const WITHOUT_EXECVE = ['--import', 'data:text/javascript,process.execve = undefined'];
const READY = /^weir \S+ ready on (\S+)$/m;

const run = (options, args, env) =>
  new Program(process.execPath, [...options, LAUNCHER, ...args], { env });

async function readyUrl(program) {
  await until(
    'the ready line',
    () => READY.test(program.stdout),
    () => program.output,
  );
  return READY.exec(program.stdout)[1];
}

for (const [how, options] of [
  ['in its place', process.execve ? [] : WITHOUT_EXECVE],
  ['as a child', WITHOUT_EXECVE],
]) {
  test(`the binary runs ${how} with the arguments and the exit code`, async () => {
    const version = run(options, ['--version']);
    assert.equal(await version.end(), 0);
    assert.match(version.stdout, /^weir \d/);
    assert.equal(version.stderr, '');
    const wrong = run(options, ['serve', '--nonsense']);
    assert.equal(await wrong.end(), 2);
    assert.match(wrong.stderr, /--nonsense/);
  });

  test(`a binary of the working directory runs ${how}`, async (t) => {
    const folder = projectFor(t, 'plain');
    writeFileSync(join(folder, 'weir'), '#!/bin/sh\necho it is\n', { mode: 0o755 });
    const program = new Program(process.execPath, [...options, LAUNCHER], {
      cwd: folder,
      env: { WEIR_BINARY: 'weir' },
    });
    assert.equal(await program.end(), 0, program.output);
    assert.equal(program.stdout, 'it is\n');
  });

  for (const signal of ['SIGTERM', 'SIGINT']) {
    test(`${signal} ends the binary that runs ${how}`, async () => {
      const program = run(options, ['--port', '0']);
      const url = await readyUrl(program);
      assert.equal(await program.stop(signal), 0, program.output);
      await assert.rejects(fetch(url));
    });
  }

  test(`SIGHUP reaches the binary that runs ${how}`, async (t) => {
    // Weir itself goes on when a terminal closes, so that a program that tells of it stands in.
    const folder = projectFor(t, 'plain');
    const binary = join(folder, 'told');
    const script = "#!/bin/sh\ntrap 'exit 7' HUP\necho ready\nwhile :; do sleep 0.02; done\n";
    writeFileSync(binary, script, { mode: 0o755 });
    const program = run(options, [], { WEIR_BINARY: binary });
    await until(
      'its start',
      () => program.stdout === 'ready\n',
      () => program.output,
    );
    assert.equal(await program.stop('SIGHUP'), 7, program.output);
  });
}

test('without a package for the platform, the error says what to do', async (t) => {
  const folder = projectFor(t, 'plain');
  const launcher = join(folder, 'node_modules/weir-dynamodb/bin/weir.js');
  const expected = {
    linux: /@weir-dynamodb\/linux-x64, an optional dependency/,
    darwin: /no package for darwin-x64\. On macOS, build Weir from source/,
    win32: /no package for win32-x64\. On Windows, use WSL or the Docker image/,
  };
  for (const [platform, message] of Object.entries(expected)) {
    const text = `Object.defineProperties(process,
      { platform: { value: '${platform}' }, arch: { value: 'x64' } });`;
    const options = ['--import', `data:text/javascript,${encodeURIComponent(text)}`, launcher];
    const program = new Program(process.execPath, options, { env: { WEIR_BINARY: '' } });
    assert.equal(await program.end(), 1, program.output);
    assert.match(program.stderr, message);
  }
});
