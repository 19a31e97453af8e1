// SPDX-License-Identifier: Apache-2.0
// Definitions of secondary indexes for CreateTable.

import { keySchema } from './tables.js';

const projection = (wanted) =>
  Array.isArray(wanted)
    ? { ProjectionType: 'INCLUDE', NonKeyAttributes: wanted }
    : { ProjectionType: wanted };

/**
 * An index with the key attributes `keys`. `wanted` is a ProjectionType, or the list of the
 * attributes that an INCLUDE projection has.
 */
export const index = (name, keys, wanted = 'ALL') => ({
  IndexName: name,
  KeySchema: keySchema(keys),
  Projection: projection(wanted),
});
