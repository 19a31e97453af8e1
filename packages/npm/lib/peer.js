// SPDX-License-Identifier: Apache-2.0
// Packages that this one does not install, because only some of its users need them.

/** Imports the package `name`. If it is missing, the error says how to install it. */
export async function importPeer(name) {
  try {
    return await import(name);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`weir-dynamodb needs ${name} here: npm install --save-dev ${name}`, {
      cause: error,
    });
  }
}
