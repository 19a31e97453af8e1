// SPDX-License-Identifier: Apache-2.0
// What a CommonJS module uses, as TypeScript sees it. It is checked and never run.

import preset = require('weir-dynamodb/jest');
import byPath = require('weir-dynamodb/jest/jest-preset');

import type { Config } from 'weir-dynamodb/jest';

import WeirPlugin = require('weir-dynamodb/serverless');

export const config: Config = { tables: [], options: ['-sharedDb'] };
export const same: preset.Config = config;
export const jest = { ...preset, reporters: [...byPath.reporters, 'other'] };
export const folder: string = preset.globalSetup;
export const plugin = new WeirPlugin({}, {});
export const url = async (): Promise<string> => (await (await import('weir-dynamodb')).start()).url;
// @ts-expect-error: a port is a number
export const wrong: Config = { tables: [], port: '8000' };
