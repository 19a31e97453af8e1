// SPDX-License-Identifier: Apache-2.0
// ItemCollections: how large the item collections of a table with local secondary indexes are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "storage/fault.h"

namespace weir::storage {

// An item collection is all items with one partition key, with their entries in the table's local
// secondary indexes. It may have 10 GB at most:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections
// The table's lock guards this object.
class ItemCollections {
 public:
  // Bytes of the collection with that partition key (its prefix, core/key.h).
  [[nodiscard]] std::uint64_t SizeOf(std::string_view partition) const;

  // Fails with kItemCollectionTooLarge if the collection would grow beyond the limit when `removed`
  // bytes are replaced by `added` bytes.
  [[nodiscard]] Outcome<void> CheckGrowth(std::string_view partition, std::uint64_t removed,
                                          std::uint64_t added) const;
  void Change(std::string_view partition, std::uint64_t removed, std::uint64_t added);

 private:
  std::unordered_map<std::string, std::uint64_t> sizes_;  // no collection that is empty
};

}  // namespace weir::storage
