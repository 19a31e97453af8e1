// SPDX-License-Identifier: Apache-2.0
declare const console: { log(...values: unknown[]): void };
