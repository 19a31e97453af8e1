// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/items/item_collection_metrics.h"

#include <algorithm>

#include "core/value_writer.h"

namespace weir::dynamodb {
namespace {

constexpr std::uint64_t kGigabyte = std::uint64_t{1} << 30U;

}  // namespace

std::optional<ItemCollectionMetrics> MetricsOf(const storage::TableMetadata& table, MapView key,
                                               const storage::WriteResult& write) {
  if (!write.collection_size.has_value()) {
    return std::nullopt;
  }
  ValueWriter writer;
  writer.BeginItem();
  writer.Name(table.key_schema.partition.name);
  writer.Copy(*key.Find(table.key_schema.partition.name));
  const std::uint64_t whole_gigabytes = *write.collection_size / kGigabyte;
  const auto lower = static_cast<double>(whole_gigabytes);
  return ItemCollectionMetrics{writer.FinishItem(), {lower, lower + 1}};
}

void CollectionReport::Add(const std::string& table_name,
                           std::optional<ItemCollectionMetrics> metrics) {
  if (!metrics.has_value()) {
    return;
  }
  if (!tables_.has_value()) {
    tables_.emplace();
  }
  auto& entries = tables_->entries;
  auto table = std::find_if(entries.begin(), entries.end(),
                            [&](const auto& entry) { return entry.first == table_name; });
  if (table == entries.end()) {
    table = entries.insert(entries.end(), {table_name, {}});
  }
  for (ItemCollectionMetrics& known : table->second) {
    if (known.item_collection_key.SameContent(metrics->item_collection_key)) {
      known = *std::move(metrics);
      return;
    }
  }
  table->second.push_back(*std::move(metrics));
}

}  // namespace weir::dynamodb
