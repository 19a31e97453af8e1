// SPDX-License-Identifier: Apache-2.0
// Every option of @shelf/jest-dynamodb, from a function.
const { tables, port } = require('../jest-dynamodb-config.js');

module.exports = async () => ({
  tables,
  port,
  hostname: '127.0.0.2',
  options: ['-sharedDb', '--log-level', 'trace'],
  clientConfig: { region: 'eu-central-1' },
  installerConfig: { installPath: './dynamodb' },
});
