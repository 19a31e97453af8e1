// SPDX-License-Identifier: Apache-2.0
#include "storage/item_collections.h"

#include "core/limits.h"

namespace weir::storage {

std::uint64_t ItemCollections::SizeOf(std::string_view partition) const {
  const auto found = sizes_.find(std::string(partition));
  return found == sizes_.end() ? 0 : found->second;
}

Outcome<void> ItemCollections::CheckGrowth(std::string_view partition, std::uint64_t removed,
                                           std::uint64_t added) const {
  if (added > removed && SizeOf(partition) - removed + added > limits::kItemCollectionSize) {
    return Fault(Fault::Kind::kItemCollectionTooLarge);
  }
  return {};
}

void ItemCollections::Change(std::string_view partition, std::uint64_t removed,
                             std::uint64_t added) {
  const auto entry = sizes_.try_emplace(std::string(partition), 0).first;
  entry->second = entry->second - removed + added;
  if (entry->second == 0) {
    sizes_.erase(entry);
  }
}

}  // namespace weir::storage
