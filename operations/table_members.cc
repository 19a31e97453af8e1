// SPDX-License-Identifier: Apache-2.0
#include "operations/table_members.h"

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

TableWarmThroughput WarmThroughput(const storage::TableDescription& table) {
  const bool on_demand = table.billing_mode == storage::BillingMode::kPayPerRequest;
  return {on_demand ? limits::kOnDemandWarmReadUnits : table.throughput.read_units,
          on_demand ? limits::kOnDemandWarmWriteUnits : table.throughput.write_units, "ACTIVE"};
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

}  // namespace

std::vector<KeySchemaElement> KeySchemaElements(const KeySchema& schema) {
  std::vector<KeySchemaElement> elements{{schema.partition.name, KeyType::kHash}};
  if (schema.sort.has_value()) {
    elements.push_back({schema.sort->name, KeyType::kRange});
  }
  return elements;
}

TableView Describe(const storage::TableDescription& table,
                   const storage::Table::Statistics& statistics, TableViewKind kind) {
  TableView view;
  view.table_name = table.name;
  view.table_arn = table.arn;
  view.table_id = table.id;
  view.table_status = StatusOf(kind);
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
  AddStream(table, view);
  if (kind != TableViewKind::kDeleted) {
    view.key_schema = KeySchemaElements(table.key_schema);
    view.attribute_definitions.emplace();
    for (const KeyAttribute& attribute : table.attribute_definitions) {
      view.attribute_definitions->push_back({attribute.name, attribute.type});
    }
    view.creation_date_time = Timestamp{table.creation_time};
  }
  if (kind == TableViewKind::kDescribed || kind == TableViewKind::kUpdated) {
    view.warm_throughput = WarmThroughput(table);
  }
  return view;
}

}  // namespace weir::operations
