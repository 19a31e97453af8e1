// SPDX-License-Identifier: Apache-2.0
// ItemCollectionMetrics, which writes to a table with local secondary indexes return on request:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ItemCollectionMetrics.html
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/item.h"
#include "services/dynamodb/common/fields.h"
#include "storage/mutation.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

enum class ReturnItemCollectionMetrics : std::uint8_t { kNone, kSize };

template <>
struct EnumNames<ReturnItemCollectionMetrics> {
  static constexpr std::array<EnumName<ReturnItemCollectionMetrics>, 2> kNames{{
      {"NONE", ReturnItemCollectionMetrics::kNone},
      {"SIZE", ReturnItemCollectionMetrics::kSize},
  }};
};

struct ItemCollectionMetrics {
  Item item_collection_key;                    // the partition key
  std::vector<double> size_estimate_range_gb;  // lower and upper bound
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"ItemCollectionKey", &ItemCollectionMetrics::item_collection_key},
        Field{"SizeEstimateRangeGB", &ItemCollectionMetrics::size_estimate_range_gb});
  }
};

// The metrics of the item collection that was written to. `key` has the item's key attributes,
// among others perhaps. nullopt if the table has no local secondary index.
std::optional<ItemCollectionMetrics> MetricsOf(const storage::TableMetadata& table, MapView key,
                                               const storage::WriteResult& write);

// The metrics of a request with several writes, by table: each collection once, with its newest
// size.
class CollectionReport {
 public:
  void Add(const std::string& table_name, std::optional<ItemCollectionMetrics> metrics);
  // nullopt if no metrics were added.
  std::optional<MapOf<std::vector<ItemCollectionMetrics>>> Take() && { return std::move(tables_); }

 private:
  std::optional<MapOf<std::vector<ItemCollectionMetrics>>> tables_;
};

}  // namespace weir::dynamodb
