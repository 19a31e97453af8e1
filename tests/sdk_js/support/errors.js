// SPDX-License-Identifier: Apache-2.0
// Checks of refused requests: the error's name, AWS's exact text, and the status.

import assert from 'node:assert/strict';

export const VALIDATION = 'ValidationException';
export const NOT_FOUND = 'ResourceNotFoundException';

// PutItem, UpdateItem and DeleteItem put ONE before the text of a fault in the request itself, but
// not before the text of a fault that depends on the table or the item.
export const ONE = '1 validation error detected: ';
export const TWO = '2 validation errors detected: ';
export const INVALID = 'One or more parameter values were invalid: ';
export const NOT_VALID = 'One or more parameter values are not valid. ';

/**
 * Awaits a call that must end in the error `name`, with status 400; returns the error. If `message`
 * is a string, it must be the error's whole text; if it is a regular expression, it must match.
 */
export async function refused(call, name, message) {
  let answer;
  try {
    answer = await call;
  } catch (error) {
    assert.equal(error.name, name, `${error.name}: ${error.message}`);
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.equal(error.$fault, 'client');
    if (message instanceof RegExp) assert.match(error.message, message);
    else if (message !== undefined) assert.equal(error.message, message);
    return error;
  }
  assert.fail(`expected ${name}, got ${JSON.stringify(answer)}`);
}

export const invalid = (call, message) => refused(call, VALIDATION, message);

/** The text for one member that breaks `rule`; `value` is as AWS echoes it, with any quotes. */
export function constraint(value, path, rule) {
  return `Value ${value} at '${path}' failed to satisfy constraint: Member must ${rule}`;
}

export const LENGTH_AT_LEAST = (bound) => `have length greater than or equal to ${bound}`;
export const LENGTH_AT_MOST = (bound) => `have length less than or equal to ${bound}`;
export const ONE_OF = (...names) => `satisfy enum value set: [${names.join(', ')}]`;
