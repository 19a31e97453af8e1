// SPDX-License-Identifier: Apache-2.0

/** Shows the log of the server that the set-up has started, if a test has failed. */
export default class LogReporter {
  onRunComplete(
    contexts: unknown,
    results: { numFailedTests: number; numFailedTestSuites: number },
  ): void;
}
