// SPDX-License-Identifier: Apache-2.0
#include "operations/item_collection_metrics.h"

#include "core/value_writer.h"

namespace weir::operations {
namespace {

constexpr std::uint64_t kGigabyte = std::uint64_t{1} << 30U;

}  // namespace

std::optional<ItemCollectionMetrics> MetricsOf(const storage::TableDescription& table, MapView key,
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

}  // namespace weir::operations
