// SPDX-License-Identifier: Apache-2.0
export default { test: { dir: 'global', globalSetup: ['weir-dynamodb/vitest'] } };
