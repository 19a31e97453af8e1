// SPDX-License-Identifier: Apache-2.0
// node build.js --version V --binary ARCH=PATH [--binary ARCH=PATH] --out DIR
//
// Packs `weir-dynamodb` and, for each binary, its package `@weir-dynamodb/linux-ARCH`, where ARCH is
// x64 or arm64. Prints the paths of the tarballs in DIR. The same input gives the same tarballs,
// byte for byte.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const HERE = import.meta.dirname;
const LICENSE = join(HERE, '../../LICENSE');
const USAGE = 'usage: node build.js --version V --binary ARCH=PATH… --out DIR';

// npm is beside Node, where each installation of Node has it.
const NPM = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');

// The second byte of `e_machine` is 0 for both, and so is not looked at.
const ELF_MACHINES = { x64: 62, arm64: 183 };

function readArguments() {
  const { values } = parseArgs({
    options: {
      version: { type: 'string' },
      binary: { type: 'string', multiple: true },
      out: { type: 'string' },
    },
  });
  if (!values.version || !values.binary || !values.out) throw new Error(USAGE);
  const binaries = values.binary.map((text) => {
    const [, arch, path] = /^(x64|arm64)=(.+)$/.exec(text) ?? [];
    if (!arch) throw new Error(`--binary ${text}: not x64=PATH or arm64=PATH`);
    return { arch, path: resolve(path) };
  });
  return { version: values.version, binaries, out: resolve(values.out) };
}

/** Throws if the file at `path` is not a program for `arch`. */
function checkBinary({ arch, path }) {
  const head = readFileSync(path).subarray(0, 20);
  if (head.toString('latin1', 0, 4) !== '\x7fELF' || head[18] !== ELF_MACHINES[arch]) {
    throw new Error(`${path} is not a Linux binary for ${arch}`);
  }
}

const nameFor = (arch) => `@weir-dynamodb/linux-${arch}`;

/** Packs the files of `folder` with `manifest` as their package.json; returns the tarball's path. */
function pack(folder, manifest, out) {
  cpSync(LICENSE, join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', out];
  const answer = execFileSync(process.execPath, [NPM, ...options], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return join(out, Object.values(JSON.parse(answer))[0].filename);
}

function packBinary({ arch, path }, version, folder, out) {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  cpSync(path, join(folder, 'bin/weir'));
  chmodSync(join(folder, 'bin/weir'), 0o755);
  const manifest = {
    name: nameFor(arch),
    version,
    description: `The binary of weir-dynamodb for Linux on ${arch}`,
    license: 'Apache-2.0',
    os: ['linux'],
    cpu: [arch],
    files: ['bin'],
    preferUnplugged: true,
  };
  return pack(folder, manifest, out);
}

function packMain(binaries, version, folder, out) {
  const manifest = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8'));
  for (const name of [...manifest.files, 'README.md']) {
    cpSync(join(HERE, name), join(folder, name), { recursive: true });
  }
  const platforms = binaries.map(({ arch }) => [nameFor(arch), version]);
  const optionalDependencies = Object.fromEntries(platforms);
  return pack(folder, { ...manifest, version, optionalDependencies }, out);
}

function main() {
  const { version, binaries, out } = readArguments();
  binaries.forEach(checkBinary);
  mkdirSync(out, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'weir-npm-'));
  try {
    for (const binary of binaries) {
      console.log(packBinary(binary, version, join(work, binary.arch), out));
    }
    mkdirSync(join(work, 'main'));
    console.log(packMain(binaries, version, join(work, 'main'), out));
  } finally {
    rmSync(work, { recursive: true });
  }
}

try {
  main();
} catch (error) {
  console.error(`build.js: ${error.message}`);
  process.exit(1);
}
