// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/table_members.h"

#include <algorithm>
#include <utility>

#include "services/dynamodb/tables/throughput_settings.h"

namespace weir::dynamodb {
namespace {

TableStatus StatusOf(const storage::TableMetadata& table, TableDescriptionKind kind, Micros now) {
  switch (kind) {
    case TableDescriptionKind::kCreated:
      return TableStatus::kCreating;
    case TableDescriptionKind::kDescribed:
      return StatusAt(table, now);
    case TableDescriptionKind::kDeleted:
      return TableStatus::kDeleting;
  }
  return TableStatus::kActive;
}

// CreateTable's answer has the warm throughput only if the request did, DeleteTable's never.
bool ShowsWarmThroughput(const storage::Capacity& capacity, TableDescriptionKind kind) {
  return kind == TableDescriptionKind::kDescribed ||
         (kind == TableDescriptionKind::kCreated && capacity.warm.due() > Micros(0));
}

TableWarmThroughputDescription WarmThroughputOf(const storage::Capacity& capacity,
                                                TableDescriptionKind kind, Micros now) {
  TableWarmThroughputDescription warm = DescribeWarm(capacity, now);
  if (kind == TableDescriptionKind::kCreated) {
    warm.status = "UPDATING";
  }
  return warm;
}

void AddStream(const storage::TableMetadata& table, TableDescription& view) {
  if (table.stream_view.has_value()) {
    view.stream_specification = {true, table.stream_view};
  }
  if (!table.latest_stream_arn.empty()) {
    view.latest_stream_arn = table.latest_stream_arn;
    view.latest_stream_label = table.latest_stream_label;
  }
}

LocalSecondaryIndexDescription DescribeLocal(const storage::IndexDefinition& index,
                                             const storage::Statistics& statistics) {
  LocalSecondaryIndexDescription view;
  view.index_name = index.name;
  view.index_arn = index.arn;
  view.key_schema = KeySchemaElements(index.key_schema);
  view.projection.projection_type = index.projection_type;
  if (!index.non_key_attributes.empty()) {
    view.projection.non_key_attributes = index.non_key_attributes;
    std::sort(view.projection.non_key_attributes->begin(),
              view.projection.non_key_attributes->end());
  }
  view.item_count = static_cast<std::int64_t>(statistics.item_count);
  view.index_size_bytes = static_cast<std::int64_t>(statistics.size_bytes);
  return view;
}

// An index is CREATING while its table is, and while it is being added.
std::string_view IndexStatus(const storage::TableMetadata& table, const std::string& index,
                             TableDescriptionKind kind, Micros now) {
  if (IsBeingAdded(table, index, now) || StatusOf(table, kind, now) == TableStatus::kCreating) {
    return "CREATING";
  }
  return IsIndexUpdating(table, index, now) ? "UPDATING" : "ACTIVE";
}

// Whether an index has been allocated; if it is still being added, it is being filled now.
bool IsPlaced(const storage::TableMetadata& table, std::string_view index, Micros now) {
  return !table.online_index.has_value() || table.online_index->name != index ||
         now >= table.online_index->placed;
}

void AddIndexes(const storage::TableMetadata& table, const storage::TableStatistics& statistics,
                TableDescriptionKind kind, Micros now, TableDescription& view) {
  for (const storage::IndexDefinitionPtr& index : table.indexes) {
    const auto counted = statistics.indexes.find(index->name);
    const LocalSecondaryIndexDescription local = DescribeLocal(
        *index, counted == statistics.indexes.end() ? storage::Statistics{} : counted->second);
    if (!index->global()) {
      Append(view.local_secondary_indexes, local);
      continue;
    }
    const storage::Capacity& capacity = table.index_capacity.find(index->name)->second;
    GlobalSecondaryIndexDescription global;
    static_cast<LocalSecondaryIndexDescription&>(global) = local;
    global.index_status = IndexStatus(table, index->name, kind, now);
    if (IsBeingAdded(table, index->name, now) && !IsRestoring(table)) {
      global.backfilling = IsPlaced(table, index->name, now);
    }
    global.provisioned_throughput =
        DescribeProvisioned(capacity, capacity.provisioned.At(now), now);
    global.on_demand_throughput = DescribeOnDemand(capacity.on_demand);
    if (kind == TableDescriptionKind::kDescribed) {
      global.warm_throughput = DescribeWarm(capacity, now);
    }
    Append(view.global_secondary_indexes, std::move(global));
  }
}

void AddBilling(const storage::TableMetadata& table, TableDescriptionKind kind, Micros now,
                TableDescription& view) {
  view.provisioned_throughput =
      DescribeProvisioned(table.capacity, table.capacity.provisioned.At(now), now);
  view.on_demand_throughput = DescribeOnDemand(table.capacity.on_demand);
  if (ShowsWarmThroughput(table.capacity, kind)) {
    view.warm_throughput = WarmThroughputOf(table.capacity, kind, now);
  }
  // A table that was never on demand has no summary.
  if (!table.on_demand_since.has_value()) {
    return;
  }
  std::optional<Timestamp> since;
  if (kind != TableDescriptionKind::kCreated && now >= *table.on_demand_since) {
    since = Timestamp{*table.on_demand_since};
  }
  ShowBillingMode(table.billing_mode, since, view);
}

// The RestoreSummary shows only until the restored table has been created (observed on AWS).
void AddRestore(const storage::TableMetadata& table, TableDescription& view) {
  if (table.restore.has_value() && view.table_status == TableStatus::kCreating) {
    view.restore_summary =
        RestoreSummary{table.restore->source_backup_arn, table.restore->source_table_arn,
                       Timestamp{table.restore->time}, true};
  }
}

void AddTableClass(const storage::TableMetadata& table, Micros now, TableDescription& view) {
  const std::optional<storage::TableClass>& shown = table.table_class.At(now);
  if (!shown.has_value()) {
    return;
  }
  view.table_class_summary = TableClassSummary{*shown, std::nullopt};
  const Micros changed = table.table_class.due();
  if (changed > Micros(0) && now >= changed) {
    view.table_class_summary->last_update_date_time = Timestamp{changed};
  }
}

// The attribute definitions, sorted by name as on AWS.
std::vector<AttributeDefinition> Definitions(const storage::TableMetadata& table) {
  std::vector<AttributeDefinition> definitions;
  definitions.reserve(table.attribute_definitions.size());
  for (const KeyAttribute& attribute : table.attribute_definitions) {
    definitions.push_back({attribute.name, attribute.type});
  }
  std::sort(definitions.begin(), definitions.end(),
            [](const auto& a, const auto& b) { return a.attribute_name < b.attribute_name; });
  return definitions;
}

}  // namespace

void ShowBillingMode(storage::BillingMode mode, std::optional<Timestamp> on_demand_since,
                     TableDescription& view) {
  view.billing_mode_summary = BillingModeSummary{mode, on_demand_since};
  view.table_throughput_mode_summary = TableThroughputModeSummary{mode, on_demand_since};
}

TableDescription Describe(const storage::TableMetadata& table,
                          const storage::TableStatistics& statistics, TableDescriptionKind kind,
                          Micros now) {
  TableDescription view;
  view.table_name = table.name;
  view.table_arn = table.arn;
  view.table_id = table.id;
  view.table_status = StatusOf(table, kind, now);
  view.item_count = static_cast<std::int64_t>(statistics.item_count);
  view.table_size_bytes = static_cast<std::int64_t>(statistics.size_bytes);
  view.deletion_protection_enabled = table.deletion_protection;
  AddBilling(table, kind, now, view);
  AddTableClass(table, now, view);
  AddRestore(table, view);
  view.sse_description =
      DescribeEncryption(table.encryption_key.At(now), table.encryption_key.IsSettled(now));
  AddStream(table, view);
  if (kind != TableDescriptionKind::kDeleted) {
    view.key_schema = KeySchemaElements(table.key_schema);
    view.attribute_definitions = Definitions(table);
    view.creation_date_time = Timestamp{table.creation_time};
    AddIndexes(table, statistics, kind, now, view);
    const std::optional<storage::OnlineIndex>& online = table.online_index;
    if (online.has_value() && online->before != nullptr && now < online->due) {
      ShowRemovedIndex(online->name, *online->before, now, view);
    }
  }
  return view;
}

void ShowRemovedIndex(std::string_view name, const storage::TableMetadata& before, Micros now,
                      TableDescription& view) {
  TableDescription old = Describe(before, {}, TableDescriptionKind::kDescribed, now);
  for (GlobalSecondaryIndexDescription& index : *old.global_secondary_indexes) {
    if (index.index_name == name) {
      index.index_status = "DELETING";
      index.backfilling.reset();
      Append(view.global_secondary_indexes, std::move(index));
    }
  }
  view.attribute_definitions = std::move(old.attribute_definitions);
}

}  // namespace weir::dynamodb
