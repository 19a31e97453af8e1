// SPDX-License-Identifier: Apache-2.0
#include "storage/table_metadata.h"

#include <algorithm>

#include "core/index_key.h"

namespace weir::storage {

TableChange ChangeAt(const TableMetadata& table, Micros now) {
  return now < table.change_due ? table.change : TableChange::kNone;
}

bool IsBeingAdded(const TableMetadata& table, std::string_view index, Micros now) {
  const std::optional<OnlineIndex>& online = table.online_index;
  return table.building.contains(index) || (online.has_value() && online->before == nullptr &&
                                            online->name == index && now < online->due);
}

bool ChangesIndexes(const TableMetadata& table, Micros now) {
  return !table.building.empty() ||
         (table.online_index.has_value() && now < table.online_index->due);
}

IndexDefinitionPtr FindIndex(const TableMetadata& table, std::string_view name) {
  const auto found = std::find_if(table.indexes.begin(), table.indexes.end(),
                                  [&](const auto& index) { return index->name == name; });
  return found == table.indexes.end() ? nullptr : *found;
}

bool HasLocalIndex(const TableMetadata& table) {
  return std::any_of(table.indexes.begin(), table.indexes.end(),
                     [](const auto& index) { return !index->global(); });
}

std::size_t SizeWithLocalEntries(const TableMetadata& table, const Item& item) {
  return SizeWithLocalEntries(table, IndexedItem{.whole = item, .part = item});
}

std::size_t SizeWithLocalEntries(const TableMetadata& table, const IndexedItem& item) {
  std::size_t size = item.whole.aws_size();
  for (const IndexDefinitionPtr& index : table.indexes) {
    if (!index->global() &&
        IndexEntryKey(index->key_schema, item.part.attributes(), {}).has_value()) {
      size += item.AwsSizeOf(index->projected);
    }
  }
  return size;
}

}  // namespace weir::storage
