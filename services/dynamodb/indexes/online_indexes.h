// SPDX-License-Identifier: Apache-2.0
// Global secondary indexes that UpdateTable adds to a table with items, or deletes from it:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "core/result.h"
#include "services/dynamodb/indexes/index_members.h"
#include "services/dynamodb/tables/table_keys.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

struct DeleteGlobalSecondaryIndexAction {
  std::string index_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"IndexName", &DeleteGlobalSecondaryIndexAction::index_name});
  }
};

// Adds the index to the metadata, with those of the request's `definitions` that it needs; the
// table then builds it while writes go on (storage/table.h). LimitExceededException while another
// index is being created or deleted, or if there would be too many; ValidationException for any
// other fault.
Status AddIndex(const GlobalSecondaryIndex& wanted, AttributeDefinitions definitions, Micros now,
                storage::TableMetadata& table);

// Removes the index with its capacity and settings from the metadata, and the definitions of
// attributes that are then in no key. ResourceNotFoundException if there is no such index,
// ValidationException if it is a local one, ResourceInUseException while its resources are being
// allocated, LimitExceededException while another index is being created or deleted.
Status RemoveIndex(std::string_view name, Micros now, storage::TableMetadata& table);

// LimitExceededException: only one index can be created or deleted at a time.
ApiError OneOnlineIndex();

// Removes the definitions of attributes that are in no key of the table or its indexes.
void PruneDefinitions(storage::TableMetadata& table);

}  // namespace weir::dynamodb
