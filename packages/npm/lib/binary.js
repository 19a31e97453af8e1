// SPDX-License-Identifier: Apache-2.0
// Finds the server's binary: the file that WEIR_BINARY names, else the one in the package for this
// platform, else `weir` on the PATH.

import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// The launcher is on the PATH of npm scripts as `weir`, too. It looks for the binary by itself.
const LAUNCHER = fileURLToPath(new URL('../bin/weir.js', import.meta.url));

const HELP = {
  darwin:
    'On macOS, build Weir from source (scripts/run in its repository) or use its Docker image.',
  win32: 'On Windows, use WSL or the Docker image.',
};
const OTHER_HELP =
  'Build Weir from source (scripts/run in its repository), and name the binary in WEIR_BINARY.';

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function fromPackage() {
  try {
    const name = `@weir-dynamodb/${process.platform}-${process.arch}/bin/weir`;
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

function fromPath() {
  const files = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'weir'));
  return files.find((file) => isExecutable(file) && realpathSync(file) !== LAUNCHER);
}

function adviceFor(platform, arch) {
  if (platform === 'linux' && ['x64', 'arm64'].includes(arch)) {
    return (
      `It is in the package @weir-dynamodb/${platform}-${arch}, an optional dependency of ` +
      'weir-dynamodb. Install it again without --omit=optional.'
    );
  }
  return `There is no package for ${platform}-${arch}. ${HELP[platform] ?? OTHER_HELP}`;
}

/**
 * Returns the path of the server's binary. Throws an error that says how to get one if there is
 * none, and also if WEIR_BINARY names a file that cannot be run. The launcher does without
 * `searchPath`, because what it found on the PATH could be another launcher that looks for it.
 */
export function findBinary({ searchPath = true } = {}) {
  const named = process.env.WEIR_BINARY;
  if (named) {
    // A name without a folder would be looked for on the PATH when it is run.
    if (isExecutable(named)) return resolve(named);
    throw new Error(`WEIR_BINARY names ${named}, which is not a file that can be run`);
  }
  const found = fromPackage() ?? (searchPath ? fromPath() : undefined);
  if (found) return found;
  throw new Error(`The binary of Weir was not found. ${adviceFor(process.platform, process.arch)}`);
}
