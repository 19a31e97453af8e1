// SPDX-License-Identifier: Apache-2.0
#include "storage/secondary_index.h"

#include <optional>
#include <utility>

namespace weir::storage {

void Statistics::Add(std::size_t size) {
  ++item_count;
  size_bytes += size;
}

void Statistics::Remove(std::size_t size) {
  --item_count;
  size_bytes -= size;
}

void WriteSet::Add(Space* space, std::string key, Item item) {
  if (keys_.empty()) {
    keys_.reserve(writes_.capacity());  // so that views of the keys stay valid
  }
  AddBorrowed(space, keys_.emplace_back(std::move(key)), std::move(item));
}

void WriteSet::AddBorrowed(Space* space, std::string_view key, Item item) {
  writes_.push_back({space, key, std::move(item)});
}

SecondaryIndex::SecondaryIndex(IndexDefinitionPtr definition, std::unique_ptr<Space> entries,
                               bool complete)
    : definition_(std::move(definition)), entries_(std::move(entries)), progress_(complete) {}

void SecondaryIndex::Maintain(std::string_view primary_key, const IndexedItem& before,
                              const IndexedItem& after, WriteSet& writes) {
  if (progress_.Covers(primary_key)) {
    Change(primary_key, before, after, writes);
  }
}

void SecondaryIndex::Change(std::string_view primary_key, const IndexedItem& before,
                            const IndexedItem& after, WriteSet& writes) {
  const IndexDefinition& index = *definition_;
  std::optional<std::string> old_key =
      IndexEntryKey(index.key_schema, before.part.attributes(), primary_key);
  std::optional<std::string> new_key =
      IndexEntryKey(index.key_schema, after.part.attributes(), primary_key);
  if (old_key.has_value()) {
    statistics_.Remove(before.AwsSizeOf(index.projected));
    if (old_key != new_key) {
      writes.Add(entries_.get(), *std::move(old_key), {});
    }
  }
  if (new_key.has_value()) {
    statistics_.Add(after.AwsSizeOf(index.projected));
    writes.Add(entries_.get(), *std::move(new_key), after.whole);
  }
}

}  // namespace weir::storage
