// SPDX-License-Identifier: Apache-2.0

/** The plugin of the Serverless Framework. */
declare class WeirPlugin {
  constructor(serverless: unknown, options: Record<string, unknown>, utils?: unknown);
  readonly commands: Record<string, unknown>;
  readonly hooks: Record<string, () => Promise<void> | undefined | void>;
}
export = WeirPlugin;
