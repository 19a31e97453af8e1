// SPDX-License-Identifier: Apache-2.0
export default { test: { dir: 'worker', setupFiles: ['weir-dynamodb/vitest/worker'] } };
