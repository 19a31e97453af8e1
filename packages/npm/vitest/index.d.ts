// SPDX-License-Identifier: Apache-2.0
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of the global set-up `weir-dynamodb/vitest`. */
    weir: { pid: number; port: number; url: string };
  }
}

/** Starts the server of a run, provides it as `weir`, and returns the function that ends it. */
export default function setup(project: TestProject): Promise<() => Promise<void>>;
