// SPDX-License-Identifier: Apache-2.0
// Global secondary indexes that UpdateTable adds to a table with items, or takes from it:
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

// Adds the index that is asked for, with those of the request's `definitions` that it needs. A
// table whose description has it builds it beside writes (storage/table.h). LimitExceededException
// while another one is being created or deleted; ValidationException for what is wrong with it.
Status AddIndex(const GlobalSecondaryIndex& wanted, AttributeDefinitions definitions, Micros now,
                storage::TableMetadata& table);

// Takes the index away with all that is kept of it, and the definitions of attributes that are in
// no key any more. ResourceNotFoundException when there is none of that name,
// ResourceInUseException while it is being given its place, LimitExceededException while another
// one is being created or deleted.
Status RemoveIndex(std::string_view name, Micros now, storage::TableMetadata& table);

// LimitExceededException.
ApiError OneOnlineIndex();

// Takes out the definitions of attributes that are in no key.
void PruneDefinitions(storage::TableMetadata& table);

}  // namespace weir::dynamodb
