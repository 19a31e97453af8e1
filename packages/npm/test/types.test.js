// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Program, projectFor, tool } from './support.js';

test('TypeScript finds the declarations of all that is exported', async (t) => {
  const folder = projectFor(t, 'types');
  const program = new Program(process.execPath, [tool('typescript/bin/tsc')], { cwd: folder });
  assert.equal(await program.end(), 0, program.output);
});
