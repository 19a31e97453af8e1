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

// One of the members is there.
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

// The faults of the updates themselves. LimitExceededException for more than one index that is to
// be created or deleted.
Status CheckIndexUpdates(IndexUpdates updates);

// When index changes happen.
struct IndexChangeTime {
  Micros now{0};
  Micros throughput_due{0};
  Micros warm_due{0};
};

// Changes the capacity of indexes of a table whose billing mode is `wanted`, or is about to be.
Status UpdateIndexCapacity(IndexUpdates updates, storage::BillingMode wanted,
                           const IndexChangeTime& time, storage::TableMetadata& table);

// When an index that is added has its place and is filled, and when one that is removed is gone.
struct OnlineIndexTime {
  Micros now{0};
  Micros placed{0};
  Micros filled{0};
  Micros removed{0};
};

// Creates or deletes an index, if that is asked for.
Status ChangeIndexes(IndexUpdates updates, AttributeDefinitions definitions,
                     const OnlineIndexTime& time, storage::TableMetadata& table);

// Gives the indexes in the answer to an update the figures from before it, as AWS does, and shows
// an index that is gone. `before` is the table as it was.
void ShowIndexUpdates(IndexUpdates updates, const storage::TableMetadata& before,
                      const storage::TableMetadata& table, Micros now, TableDescription& view);

}  // namespace weir::dynamodb
