// SPDX-License-Identifier: Apache-2.0
// What secondary indexes require of the items that are written to their table.
#pragma once

#include <cstddef>

#include "core/item.h"
#include "core/result.h"
#include "expression/update.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

// ValidationException if `item`, which is put, has a value that an index cannot hold in its key. An
// item without a key attribute is no fault: it is not in the index. The attributes of a partition
// key, or of a sort key, may together take as many bytes as a single one may (DynamoDB Local 3.3;
// AWS documents no rule).
Status CheckIndexKeysOfPut(const storage::TableMetadata& table, MapView item);

// ValidationException if an update changed an attribute to a value that an index cannot hold in its
// key. `update` is the UpdateExpression; null for AttributeUpdates, whose values all count as the
// request's own.
Status CheckIndexKeysOfUpdate(const storage::TableMetadata& table, const Item& before,
                              const Item& after, const expression::Update* update);

// ValidationException if the request has an empty value for a key attribute of an index. A
// transaction checks this before it looks at any item, and the rest of the checks above later.
Status CheckIndexKeysNotEmptyInPut(const storage::TableMetadata& table, MapView item);
Status CheckIndexKeysNotEmptyInUpdate(const storage::TableMetadata& table,
                                      const expression::Update& update);

// The text for a value that an index cannot hold as its key, where a request names the value:
// in items, key conditions and start keys.
ApiError IndexKeyError(const storage::IndexDefinition& index, const KeyAttribute& attribute,
                       Value value, IndexKeyFault fault);

}  // namespace weir::dynamodb
