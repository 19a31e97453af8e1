// SPDX-License-Identifier: Apache-2.0
export default {
  test: {
    dir: 'shared',
    setupFiles: ['weir-dynamodb/vitest/worker'],
    isolate: false,
    maxWorkers: 1,
    fileParallelism: false,
  },
};
