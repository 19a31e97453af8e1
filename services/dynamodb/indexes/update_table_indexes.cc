// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/indexes/update_table_indexes.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "services/dynamodb/operation.h"
#include "services/dynamodb/tables/table_state.h"
#include "services/dynamodb/tables/throughput_settings.h"

namespace weir::dynamodb {
namespace {

using storage::BillingMode;
using storage::TableMetadata;

Status CheckAction(const UpdateGlobalSecondaryIndexAction& action) {
  if (action.warm_throughput.has_value() &&
      !action.warm_throughput->read_units_per_second.has_value() &&
      !action.warm_throughput->write_units_per_second.has_value()) {
    return InvalidParameter(
        "WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond "
        "specified for index: " +
        action.index_name);
  }
  if (action.on_demand_throughput.has_value()) {
    return CheckOnDemandRange(*action.on_demand_throughput, action.index_name,
                              ThroughputRequest::kUpdate);
  }
  return {};
}

bool HasLimits(const std::optional<OnDemandThroughput>& limits) {
  return limits.has_value() && (limits->max_read_request_units.has_value() ||
                                limits->max_write_request_units.has_value());
}

ApiError NoSuchIndex(const UpdateGlobalSecondaryIndexAction& action, const TableMetadata& table) {
  const std::optional<ProvisionedThroughput>& units = action.provisioned_throughput;
  // The text for capacities out of bounds for an index that is missing (recorded on AWS).
  if (units.has_value() && !CheckBounds(*units).ok()) {
    return ValidationError(
        "This operation cannot be performed with given input values. Please contact DynamoDB "
        "service team for more info: Action Blocked: IndexUpdate");
  }
  return MakeError(
      ErrorCode::kResourceNotFound,
      "Requested resource not found: Index " + action.index_name + " for table " + table.name);
}

Status CheckExisting(const UpdateGlobalSecondaryIndexAction& action, const TableMetadata& table) {
  const storage::IndexDefinitionPtr index = FindIndex(table, action.index_name);
  if (index == nullptr) {
    return NoSuchIndex(action, table);
  }
  if (!index->global()) {
    return ValidationError("Cannot update an index that is not a GlobalSecondaryIndex: " +
                           action.index_name);
  }
  return {};
}

// ValidationException unless the members of `action` fit the billing mode that the table will have.
Status CheckMode(const UpdateGlobalSecondaryIndexAction& action, BillingMode wanted,
                 BillingMode current) {
  const std::string& name = action.index_name;
  const bool warm = action.warm_throughput.has_value();
  if (wanted == BillingMode::kPayPerRequest) {
    if (action.provisioned_throughput.has_value() && current != wanted) {
      return InvalidParameter(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: " + name +
          " when BillingMode is PAY_PER_REQUEST");
    }
    if (action.provisioned_throughput.has_value() ||
        (!warm && !HasLimits(action.on_demand_throughput))) {
      return InvalidParameter("The only Updates for index: " + name +
                              " when TableThroughputMode is PAY_PER_REQUEST can be to "
                              "OnDemandThroughput, WarmThroughput");
    }
    return {};
  }
  if (HasLimits(action.on_demand_throughput)) {
    return CheckNoOnDemand(*action.on_demand_throughput, name, ThroughputRequest::kUpdate);
  }
  if (!action.provisioned_throughput.has_value() && !warm) {
    return InvalidParameter(
        "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: " + name);
  }
  return {};
}

// ValidationException unless each global index of a table that becomes provisioned is given units.
Status CheckAllProvisioned(IndexUpdates updates, const TableMetadata& table) {
  std::string missing;
  for (const storage::IndexDefinitionPtr& index : table.indexes) {
    const bool given = std::any_of(updates.begin(), updates.end(), [&](const auto& update) {
      return update.update.has_value() && update.update->index_name == index->name &&
             update.update->provisioned_throughput.has_value();
    });
    if (index->global() && !given) {
      missing += (missing.empty() ? "" : ",") + index->name;
    }
  }
  if (!missing.empty()) {
    return InvalidParameter("ProvisionedThroughput must be specified for index: " + missing);
  }
  return {};
}

Status Apply(const UpdateGlobalSecondaryIndexAction& action, bool switches,
             const IndexChangeTime& time, storage::Capacity& capacity) {
  if (action.provisioned_throughput.has_value()) {
    const storage::Throughput units{action.provisioned_throughput->read_capacity_units,
                                    action.provisioned_throughput->write_capacity_units};
    WEIR_RETURN_IF_ERROR(
        CheckBounds(*action.provisioned_throughput, " for index " + action.index_name));
    if (switches) {
      SetProvisioned(capacity, units, time.now);
    } else {
      WEIR_RETURN_IF_ERROR(
          ChangeProvisioned(capacity, units, action.index_name, time.now, time.throughput_due));
    }
  }
  if (action.on_demand_throughput.has_value()) {
    MergeOnDemand(*action.on_demand_throughput, capacity.on_demand);
  }
  if (action.warm_throughput.has_value()) {
    WEIR_RETURN_IF_ERROR(
        CheckWarmIncrease(*action.warm_throughput, action.index_name, capacity.warm.At(time.now)));
    ChangeWarm(capacity, *action.warm_throughput, time.now, time.warm_due);
  }
  return {};
}

GlobalSecondaryIndexDescription* FindView(TableDescription& view, std::string_view name) {
  std::vector<GlobalSecondaryIndexDescription>& indexes = *view.global_secondary_indexes;
  return &*std::find_if(
      indexes.begin(), indexes.end(),
      [&](const GlobalSecondaryIndexDescription& index) { return index.index_name == name; });
}

void ShowCapacity(const UpdateGlobalSecondaryIndexAction& action, const TableMetadata& table,
                  Micros now, GlobalSecondaryIndexDescription& shown) {
  const storage::Capacity& capacity = table.index_capacity.find(action.index_name)->second;
  if (action.provisioned_throughput.has_value()) {
    shown.index_status = "UPDATING";
    shown.provisioned_throughput =
        DescribeProvisioned(capacity, capacity.provisioned.before(), now);
  }
  if (action.on_demand_throughput.has_value()) {
    shown.index_status = "UPDATING";
  }
  if (action.warm_throughput.has_value()) {
    const storage::Throughput& before = capacity.warm.before();
    shown.warm_throughput = {before.read_units, before.write_units, "UPDATING"};
  }
}

// Notes that the table is UPDATING until `busy_until`, and the index being changed until it is due.
void NoteOnline(storage::OnlineIndex index, Micros busy_until, Micros now, TableMetadata& table) {
  table.online_index.reset();
  if (busy_until > now) {
    Begin(table, storage::TableChange::kIndex, now, busy_until - now);
  }
  if (index.due > now) {
    table.online_index = std::move(index);
  }
}

}  // namespace

bool ChangesIndexes(IndexUpdates updates) {
  return std::any_of(updates.begin(), updates.end(), [](const auto& update) {
    return update.create.has_value() || update.remove.has_value();
  });
}

Status CheckIndexUpdates(IndexUpdates updates) {
  if (updates.empty()) {
    return InvalidParameter("List of GlobalSecondaryIndexUpdates is empty");
  }
  std::set<std::string_view> names;
  int changed_indexes = 0;
  for (const GlobalSecondaryIndexUpdate& update : updates) {
    const int actions = static_cast<int>(update.update.has_value()) +
                        static_cast<int>(update.create.has_value()) +
                        static_cast<int>(update.remove.has_value());
    if (actions == 0) {
      return InvalidParameter(
          "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
          "GlobalSecondaryIndexUpdate.Delete must not be null");
    }
    if (actions > 1) {
      return InvalidParameter(
          "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate "
          "object");
    }
    const std::string& name = update.update.has_value()   ? update.update->index_name
                              : update.create.has_value() ? update.create->index_name
                                                          : update.remove->index_name;
    if (!names.insert(name).second) {
      return InvalidParameter(
          "Only one global secondary index update per index is allowed simultaneously. Index: " +
          name);
    }
    if (update.update.has_value()) {
      WEIR_RETURN_IF_ERROR(CheckAction(*update.update));
    } else {
      ++changed_indexes;
    }
  }
  return changed_indexes > 1 ? Status(OneOnlineIndex()) : Status();
}

Status UpdateIndexCapacity(IndexUpdates updates, BillingMode wanted, const IndexChangeTime& time,
                           TableMetadata& table) {
  const bool switches = wanted != table.billing_mode;
  for (const GlobalSecondaryIndexUpdate& update : updates) {
    if (!update.update.has_value()) {
      continue;
    }
    WEIR_RETURN_IF_ERROR(CheckExisting(*update.update, table));
    WEIR_RETURN_IF_ERROR(CheckMode(*update.update, wanted, table.billing_mode));
    WEIR_RETURN_IF_ERROR(CheckIndexChange(table, update.update->index_name, time.now));
  }
  if (switches && wanted == BillingMode::kProvisioned) {
    WEIR_RETURN_IF_ERROR(CheckAllProvisioned(updates, table));
  }
  if (switches && wanted == BillingMode::kPayPerRequest) {
    for (auto& [name, capacity] : table.index_capacity) {
      SetProvisioned(capacity, {}, time.now);
    }
  }
  for (const GlobalSecondaryIndexUpdate& update : updates) {
    if (!update.update.has_value()) {
      continue;
    }
    storage::Capacity& capacity = table.index_capacity[update.update->index_name];
    WEIR_RETURN_IF_ERROR(Apply(*update.update, switches, time, capacity));
  }
  return {};
}

Status ChangeIndexes(IndexUpdates updates, AttributeDefinitions definitions,
                     const OnlineIndexTime& time, TableMetadata& table) {
  for (const GlobalSecondaryIndexUpdate& update : updates) {
    if (update.create.has_value()) {
      WEIR_RETURN_IF_ERROR(AddIndex(*update.create, definitions, time.now, table));
      NoteOnline({update.create->index_name, time.placed, time.filled, nullptr}, time.placed,
                 time.now, table);
    } else if (update.remove.has_value()) {
      auto before = std::make_shared<TableMetadata>(table);
      before->online_index.reset();
      WEIR_RETURN_IF_ERROR(RemoveIndex(update.remove->index_name, time.now, table));
      NoteOnline({update.remove->index_name, time.removed, time.removed, std::move(before)},
                 time.removed, time.now, table);
    }
  }
  return {};
}

void ShowIndexUpdates(IndexUpdates updates, const TableMetadata& before, const TableMetadata& table,
                      Micros now, TableDescription& view) {
  for (const GlobalSecondaryIndexUpdate& update : updates) {
    if (update.update.has_value()) {
      ShowCapacity(*update.update, table, now, *FindView(view, update.update->index_name));
    } else if (update.create.has_value()) {
      // The answer shows the index before its resources have been allocated.
      GlobalSecondaryIndexDescription& shown = *FindView(view, update.create->index_name);
      shown.backfilling = false;
      shown.warm_throughput.reset();
    } else if (!table.online_index.has_value()) {  // already deleted
      ShowRemovedIndex(update.remove->index_name, before, now, view);
    }
  }
}

}  // namespace weir::dynamodb
