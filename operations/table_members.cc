// SPDX-License-Identifier: Apache-2.0
#include "operations/table_members.h"

#include <utility>

#include "core/limits.h"

namespace weir::operations {
namespace {

std::string_view StatusOf(TableViewKind kind) {
  switch (kind) {
    case TableViewKind::kCreated:
      return "CREATING";
    case TableViewKind::kDescribed:
      return "ACTIVE";
    case TableViewKind::kUpdated:
      return "UPDATING";
    case TableViewKind::kDeleted:
      return "DELETING";
  }
  return "ACTIVE";
}

TableWarmThroughput WarmThroughput(storage::BillingMode mode, storage::Throughput throughput) {
  const bool on_demand = mode == storage::BillingMode::kPayPerRequest;
  return {on_demand ? limits::kOnDemandWarmReadUnits : throughput.read_units,
          on_demand ? limits::kOnDemandWarmWriteUnits : throughput.write_units, "ACTIVE"};
}

bool ShowsWarmThroughput(TableViewKind kind) {
  return kind == TableViewKind::kDescribed || kind == TableViewKind::kUpdated;
}

void AddStream(const storage::TableDescription& table, TableView& view) {
  if (table.stream_view.has_value()) {
    view.stream_specification = {true, table.stream_view};
  }
  if (!table.latest_stream_arn.empty()) {
    view.latest_stream_arn = table.latest_stream_arn;
    view.latest_stream_label = table.latest_stream_label;
  }
}

LocalIndexView DescribeLocal(const storage::IndexDefinition& index,
                             const storage::Statistics& statistics) {
  LocalIndexView view;
  view.index_name = index.name;
  view.index_arn = index.arn;
  view.key_schema = KeySchemaElements(index.key_schema);
  view.projection.projection_type = index.projection;
  if (!index.non_key_attributes.empty()) {
    view.projection.non_key_attributes = index.non_key_attributes;
  }
  view.item_count = static_cast<std::int64_t>(statistics.item_count);
  view.index_size_bytes = static_cast<std::int64_t>(statistics.size_bytes);
  return view;
}

// An index lives through its table's states.
void AddIndexes(const storage::TableDescription& table, const storage::TableStatistics& statistics,
                TableViewKind kind, TableView& view) {
  for (const storage::IndexDefinitionPtr& index : table.indexes) {
    const auto counted = statistics.indexes.find(index->name);
    const LocalIndexView local = DescribeLocal(
        *index, counted == statistics.indexes.end() ? storage::Statistics{} : counted->second);
    if (!index->global()) {
      Append(view.local_secondary_indexes, local);
      continue;
    }
    GlobalIndexView global;
    static_cast<LocalIndexView&>(global) = local;
    const bool building = table.building.contains(index->name);
    global.index_status = building || kind == TableViewKind::kCreated ? "CREATING" : "ACTIVE";
    if (building && !IsRestoring(table)) {
      // A new index is given its place before anything is put there.
      global.backfilling = kind != TableViewKind::kUpdated;
    }
    global.provisioned_throughput = {0, index->throughput.read_units,
                                     index->throughput.write_units};
    if (ShowsWarmThroughput(kind)) {
      global.warm_throughput = WarmThroughput(table.billing_mode, index->throughput);
    }
    Append(view.global_secondary_indexes, std::move(global));
  }
}

}  // namespace

TableView Describe(const storage::TableDescription& table,
                   const storage::TableStatistics& statistics, TableViewKind kind) {
  TableView view;
  view.table_name = table.name;
  view.table_arn = table.arn;
  view.table_id = table.id;
  view.table_status = IsRestoring(table) ? "CREATING" : StatusOf(kind);
  view.item_count = static_cast<std::int64_t>(statistics.item_count);
  view.table_size_bytes = static_cast<std::int64_t>(statistics.size_bytes);
  view.provisioned_throughput = {0, table.throughput.read_units, table.throughput.write_units};
  view.deletion_protection_enabled = table.deletion_protection;
  if (table.billing_mode == storage::BillingMode::kPayPerRequest) {
    view.billing_mode_summary = BillingModeSummary{};
    if (kind != TableViewKind::kCreated) {
      view.billing_mode_summary->last_update_to_pay_per_request_date_time =
          Timestamp{table.creation_time};
    }
  }
  if (table.table_class_given) {
    view.table_class_summary = TableClassSummary{table.table_class};
  }
  if (table.restore.has_value()) {
    view.restore_summary =
        RestoreSummary{table.restore->source_backup_arn, table.restore->source_table_arn,
                       Timestamp{table.restore->time}, table.restore->in_progress};
  }
  AddStream(table, view);
  if (kind != TableViewKind::kDeleted) {
    view.key_schema = KeySchemaElements(table.key_schema);
    view.attribute_definitions.emplace();
    for (const KeyAttribute& attribute : table.attribute_definitions) {
      view.attribute_definitions->push_back({attribute.name, attribute.type});
    }
    view.creation_date_time = Timestamp{table.creation_time};
    AddIndexes(table, statistics, kind, view);
  }
  if (ShowsWarmThroughput(kind)) {
    view.warm_throughput = WarmThroughput(table.billing_mode, table.throughput);
  }
  return view;
}

}  // namespace weir::operations
