// SPDX-License-Identifier: Apache-2.0
export default { test: { setupFiles: ['weir-dynamodb/vitest/worker'] } };
