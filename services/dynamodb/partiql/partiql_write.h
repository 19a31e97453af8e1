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

// An INSERT, UPDATE or DELETE with the item that it writes, or an EXISTS with the item whose
// condition it checks. `mutation` refers to the statement, which must outlive it.
struct StatementWrite {
  storage::TablePtr table;
  storage::TableMetadataPtr metadata;
  Item key;  // the key attributes; for an INSERT the whole item
  PrimaryKey primary_key;
  std::unique_ptr<storage::Mutation> mutation;
};

// Prepares the write of a statement. `returns_item`: the error of a failed condition has the item.
// ResourceNotFoundException for a missing table. ValidationException if the statement does not name
// the whole primary key, with valid values, or writes what the table or its indexes cannot hold.
Result<StatementWrite> PrepareWrite(const ReadyStatement& ready, bool returns_item);

// The item that RETURNING asks for; empty if it asks for nothing.
Item ReturnedItem(const expression::PartiqlStatement& statement,
                  const storage::WriteResult& result);

}  // namespace weir::dynamodb
