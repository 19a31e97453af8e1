// SPDX-License-Identifier: Apache-2.0
// GlobalSecondaryIndexUpdates of UpdateTable.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <tuple>

#include "core/clock.h"
#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/indexes/online_indexes.h"
#include "services/dynamodb/tables/key_members.h"
#include "services/dynamodb/tables/table_members.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

struct UpdateGlobalSecondaryIndexAction {
  std::string index_name;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<WarmThroughput> warm_throughput;
  static constexpr auto Fields() {
    using Self = UpdateGlobalSecondaryIndexAction;
    return std::make_tuple(Field{"IndexName", &Self::index_name},
                           Field{"ProvisionedThroughput", &Self::provisioned_throughput},
                           Field{"OnDemandThroughput", &Self::on_demand_throughput},
                           Field{"WarmThroughput", &Self::warm_throughput});
  }
};

// Exactly one of the members must be there (CheckIndexUpdates).
struct GlobalSecondaryIndexUpdate {
  std::optional<UpdateGlobalSecondaryIndexAction> update;
  std::optional<GlobalSecondaryIndex> create;
  std::optional<DeleteGlobalSecondaryIndexAction> remove;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Update", &GlobalSecondaryIndexUpdate::update},
                           Field{"Create", &GlobalSecondaryIndexUpdate::create},
                           Field{"Delete", &GlobalSecondaryIndexUpdate::remove});
  }
};

using IndexUpdates = std::span<const GlobalSecondaryIndexUpdate>;

// Whether an index is to be created or deleted.
bool ChangesIndexes(IndexUpdates updates);

// Checks the updates without looking at the table: ValidationException, or LimitExceededException
// if more than one index is to be created or deleted.
Status CheckIndexUpdates(IndexUpdates updates);

// When changes of index capacity happen, and when answers show them as complete.
struct IndexChangeTime {
  Micros now{0};
  Micros throughput_due{0};
  Micros warm_due{0};
};

// Changes the capacity of indexes. `wanted` is the billing mode that the table has or is changing
// to.
Status UpdateIndexCapacity(IndexUpdates updates, storage::BillingMode wanted,
                           const IndexChangeTime& time, storage::TableMetadata& table);

// When an added index has its resources (`placed`) and its items, and when a removed one is
// deleted.
struct OnlineIndexTime {
  Micros now{0};
  Micros placed{0};
  Micros filled{0};
  Micros removed{0};
};

// Creates or deletes the index that the updates ask for, if any (AddIndex, RemoveIndex).
Status ChangeIndexes(IndexUpdates updates, AttributeDefinitions definitions,
                     const OnlineIndexTime& time, storage::TableMetadata& table);

// Changes the answer of UpdateTable as AWS does: updated indexes show their figures from before,
// and a deleted index is still there. `before` is the metadata before the request, `table` after
// it.
void ShowIndexUpdates(IndexUpdates updates, const storage::TableMetadata& before,
                      const storage::TableMetadata& table, Micros now, TableDescription& view);

}  // namespace weir::dynamodb
