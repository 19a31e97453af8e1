// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "core/item.h"
#include "core/key.h"
#include "core/result.h"
#include "services/dynamodb/partiql/partiql_members.h"
#include "storage/mutation.h"

namespace weir::dynamodb {

// An INSERT, UPDATE or DELETE on the item that it is about; or the condition of an EXISTS. Refers
// to its statement.
struct StatementWrite {
  storage::TablePtr table;
  storage::TableMetadataPtr metadata;
  Item key;  // the key attributes; of an INSERT the item
  PrimaryKey primary_key;
  std::unique_ptr<storage::Mutation> mutation;
};

// Finds out what a statement writes. `returns_item`: a failed condition shows the item.
// ValidationException for a key that is not there, or not one of the table, and for what the
// table's indexes cannot hold; ResourceNotFoundException.
Result<StatementWrite> PrepareWrite(const ReadyStatement& ready, bool returns_item);

// What RETURNING asks for: one item, or none.
Item ReturnedItem(const expression::PartiqlStatement& statement,
                  const storage::WriteResult& result);

}  // namespace weir::dynamodb
