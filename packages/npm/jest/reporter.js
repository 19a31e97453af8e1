// SPDX-License-Identifier: Apache-2.0

/** Shows the log of the server that the set-up has started, if a test has failed. */
export default class LogReporter {
  onRunComplete(_contexts, { numFailedTests, numFailedTestSuites }) {
    if (numFailedTests + numFailedTestSuites > 0 && globalThis.__DYNAMODB__) {
      process.stderr.write(globalThis.__DYNAMODB__.log);
    }
  }
}
