// SPDX-License-Identifier: Apache-2.0
import type { Weir } from '../index.js';

declare module 'vitest' {
  interface TestContext {
    /** The server of this test file, from the set-up file `weir-dynamodb/vitest/worker`. */
    weir: Weir;
  }
}
