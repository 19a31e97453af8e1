// SPDX-License-Identifier: Apache-2.0
// The configuration of @shelf/jest-dynamodb: the file jest-dynamodb-config.js.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const OPTIONS = ['clientConfig', 'hostname', 'options', 'port', 'tables'];

/** The nearest folder with a package.json, from the current folder upwards. */
function packageFolder() {
  let folder = process.cwd();
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) return process.cwd();
    folder = dirname(folder);
  }
  return folder;
}

/**
 * Reads the file that JEST_DYNAMODB_CONFIG names, or else jest-dynamodb-config.js in the nearest
 * folder with a package.json, and returns its configuration with the defaults. The file exports an
 * object, or a function that returns one or a promise of one. Options that mean nothing to Weir are
 * named in a warning.
 */
export async function readConfig() {
  const named = process.env.JEST_DYNAMODB_CONFIG;
  const path = named || join(packageFolder(), 'jest-dynamodb-config.js');
  // Like a path that is required, it need not have the suffix.
  const file = createRequire(import.meta.url).resolve(path);
  const { default: exported } = await import(pathToFileURL(file));
  const config = typeof exported === 'function' ? await exported() : exported;
  // Among them is installerConfig, because nothing is downloaded.
  const ignored = Object.keys(config).filter((name) => !OPTIONS.includes(name));
  if (ignored.length > 0) console.warn(`weir-dynamodb/jest: ignored: ${ignored.join(', ')}`);
  return { port: 8000, hostname: 'localhost', options: ['-sharedDb'], tables: [], ...config };
}
