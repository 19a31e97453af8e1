// SPDX-License-Identifier: Apache-2.0
// The tarballs of build.js, and what npm makes of them. No registry is asked.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

import { BINARY, PACKAGE, Program } from './support.js';

const VERSION = '0.0.1';
const NPM = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');

function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-npm-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const build = (...args) => new Program(process.execPath, [join(PACKAGE, 'build.js'), ...args]);

async function tarballs(out, binary = `${process.arch}=${BINARY}`) {
  const program = build('--version', VERSION, '--binary', binary, '--out', out);
  assert.equal(await program.end(), 0, program.output);
  return program.stdout.trim().split('\n');
}

test('npm installs the tarballs, and both commands and the interface work', async (t) => {
  const folder = temporaryFolder(t);
  const files = await tarballs(folder);
  assert.deepEqual(
    files.map((file) => basename(file)),
    [`weir-dynamodb-linux-${process.arch}-${VERSION}.tgz`, `weir-dynamodb-${VERSION}.tgz`],
  );
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const args = ['install', '--offline', '--no-audit', '--no-fund', '--no-save', ...files];
  const npm = new Program(process.execPath, [NPM, ...args], { cwd: folder });
  assert.equal(await npm.end(), 0, npm.output);

  const env = { WEIR_BINARY: '', PATH: dirname(process.execPath) };
  for (const name of ['weir', 'weir-dynamodb']) {
    const launcher = join(folder, 'node_modules/.bin', name);
    const command = new Program(launcher, ['--version'], { env });
    assert.equal(await command.end(), 0, command.output);
    assert.match(command.stdout, /^weir \d/);
  }
  const text = "import { start } from 'weir-dynamodb'; console.log((await start()).url)";
  const script = ['--input-type=module', '--eval', text];
  const program = new Program(process.execPath, script, { cwd: folder, env });
  assert.equal(await program.end(), 0, program.output);
  assert.match(program.stdout, /^http:\/\//);

  const { version, optionalDependencies } = JSON.parse(
    readFileSync(join(folder, 'node_modules/weir-dynamodb/package.json'), 'utf8'),
  );
  assert.equal(version, VERSION);
  assert.deepEqual(optionalDependencies, { [`@weir-dynamodb/linux-${process.arch}`]: VERSION });
});

test('the same input gives the same tarballs', async (t) => {
  const binary = join(temporaryFolder(t), 'weir');
  writeFileSync(binary, readFileSync(BINARY).subarray(0, 1000)); // It is only packed, never run.
  const [first, second] = [
    await tarballs(temporaryFolder(t), `${process.arch}=${binary}`),
    await tarballs(temporaryFolder(t), `${process.arch}=${binary}`),
  ];
  for (const [at, file] of first.entries()) {
    assert.ok(readFileSync(file).equals(readFileSync(second[at])), file);
  }
});

test('a binary for another machine, and an unknown one, are refused', async (t) => {
  const out = temporaryFolder(t);
  const other = process.arch === 'x64' ? 'arm64' : 'x64';
  for (const [binary, message] of [
    [`${other}=${BINARY}`, `is not a Linux binary for ${other}`],
    [`${process.arch}=${join(PACKAGE, 'build.js')}`, 'is not a Linux binary'],
    [`mips=${BINARY}`, 'not x64=PATH or arm64=PATH'],
  ]) {
    const program = build('--version', VERSION, '--binary', binary, '--out', out);
    assert.equal(await program.end(), 1);
    assert.ok(program.stderr.includes(message), program.stderr);
  }
});
