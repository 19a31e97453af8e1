// SPDX-License-Identifier: Apache-2.0
// The preset `weir-dynamodb/jest`, which takes the place of `@shelf/jest-dynamodb`. A project's own
// `reporters` take the place of these.

const { join } = require('node:path');

module.exports = {
  globalSetup: join(__dirname, 'setup.js'),
  globalTeardown: join(__dirname, 'teardown.js'),
  reporters: ['default', join(__dirname, 'reporter.js')],
  testEnvironment: 'node',
};
