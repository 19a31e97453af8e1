// SPDX-License-Identifier: Apache-2.0
// SecondaryIndex: the entries of one index.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/item.h"
#include "storage/build_progress.h"
#include "storage/engine.h"
#include "storage/index_definition.h"
#include "storage/indexed_item.h"

namespace weir::storage {

// Items, and their size as AWS counts it.
struct Statistics {
  std::uint64_t item_count = 0;
  std::uint64_t size_bytes = 0;

  void Add(std::size_t size);
  void Remove(std::size_t size);
};

// Records that are committed together.
class WriteSet {
 public:
  // For up to `size` records.
  explicit WriteSet(std::size_t size) { writes_.reserve(size); }
  void Add(Space* space, std::string key, Item item);
  // The same with a key that outlives the set.
  void AddBorrowed(Space* space, std::string_view key, Item item);
  [[nodiscard]] std::span<const RecordWrite> writes() const { return writes_; }

 private:
  std::vector<std::string> keys_;  // of Add; the writes refer to them
  std::vector<RecordWrite> writes_;
};

// The entries hold the items themselves, shared with the table, and a reader projects them: so an
// index costs a key and a pointer an item, and what a local index has to fetch from the table is
// there. Its table's lock guards it.
class SecondaryIndex {
 public:
  // `complete`: there are no items yet that it would have to be built up from.
  SecondaryIndex(IndexDefinitionPtr definition, std::unique_ptr<Space> entries, bool complete);

  [[nodiscard]] const IndexDefinition& definition() const { return *definition_; }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] std::unique_ptr<SpaceView> Snapshot() const { return entries_->Snapshot(); }
  [[nodiscard]] BuildProgress& progress() { return progress_; }
  [[nodiscard]] const BuildProgress& progress() const { return progress_; }
  // For an index that is to go: its entries, to be freed elsewhere.
  [[nodiscard]] std::unique_ptr<Space> TakeEntries() { return std::move(entries_); }

  // Adds what the index has to write when an item becomes another (none: absent), and counts it.
  void Maintain(std::string_view primary_key, const IndexedItem& before, const IndexedItem& after,
                WriteSet& writes);
  // The same for an item that the building comes by.
  void Include(std::string_view primary_key, const IndexedItem& item, WriteSet& writes) {
    Change(primary_key, {}, item, writes);
  }
  // The most records that either adds.
  static constexpr std::size_t kMaxWrites = 2;

 private:
  void Change(std::string_view primary_key, const IndexedItem& before, const IndexedItem& after,
              WriteSet& writes);

  IndexDefinitionPtr definition_;
  std::unique_ptr<Space> entries_;
  BuildProgress progress_;
  Statistics statistics_;
};

}  // namespace weir::storage
