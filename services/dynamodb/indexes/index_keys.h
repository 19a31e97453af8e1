// SPDX-License-Identifier: Apache-2.0
// What secondary indexes ask of the items that are written to their table.
#pragma once

#include <cstddef>

#include "core/item.h"
#include "core/result.h"
#include "expression/update.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

// ValidationException if an index cannot hold what an item that is put has for its key. An item may
// also lack the attribute: then it is not in the index. Several attributes of one key may take
// together what one may take (DynamoDB Local 3.3; AWS documents no rule).
Status CheckIndexKeysOfPut(const storage::TableMetadata& table, MapView item);

// The same for an update, which answers for the attributes that it changed. Null stands for an
// update that computes nothing.
Status CheckIndexKeysOfUpdate(const storage::TableMetadata& table, const Item& before,
                              const Item& after, const expression::Update* update);

// Those refusals of the two above that a transaction makes before it looks at any item: the values
// of a request that are empty.
Status CheckIndexKeysNotEmptyInPut(const storage::TableMetadata& table, MapView item);
Status CheckIndexKeysNotEmptyInUpdate(const storage::TableMetadata& table,
                                      const expression::Update& update);

// The text for a value that an index cannot hold as its key, where a request names the value:
// in items, key conditions and start keys.
ApiError IndexKeyError(const storage::IndexDefinition& index, const KeyAttribute& attribute,
                       Value value, IndexKeyFault fault);

}  // namespace weir::dynamodb
