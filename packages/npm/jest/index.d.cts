// SPDX-License-Identifier: Apache-2.0
import type { CreateTableCommandInput, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** The preset, for a configuration that takes its members over: `{ ...preset, … }`. */
declare const preset: {
  globalSetup: string;
  globalTeardown: string;
  reporters: string[];
  testEnvironment: 'node';
};

declare namespace preset {
  /** What jest-dynamodb-config.js exports, or what the function that it exports returns. */
  interface Config {
    tables: CreateTableCommandInput[];
    /** Settings of the client that makes the tables. */
    clientConfig?: DynamoDBClientConfig;
    /** Of DynamoDB Local's installer. It is ignored with a warning: nothing is downloaded. */
    installerConfig?: { installPath?: string; downloadUrl?: string };
    /** Where the server is, or is to be. Default: 8000. */
    port?: number;
    /** Default: localhost. */
    hostname?: string;
    /** Flags of DynamoDB Local or of `weir serve`. Default: `['-sharedDb']`. */
    options?: string[];
  }
}

export = preset;
