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

// The number of items, and their size as AWS counts it.
struct Statistics {
  std::uint64_t item_count = 0;
  std::uint64_t size_bytes = 0;

  void Add(std::size_t size);
  void Remove(std::size_t size);
};

// Records that are committed together.
class WriteSet {
 public:
  // Must not get more than `size` records.
  explicit WriteSet(std::size_t size) { writes_.reserve(size); }
  void Add(Space* space, std::string key, Item item);
  // Adds a record whose key is borrowed, and must outlive the set.
  void AddBorrowed(Space* space, std::string_view key, Item item);
  [[nodiscard]] std::span<const RecordWrite> writes() const { return writes_; }

 private:
  std::vector<std::string> keys_;  // of Add; the writes refer to them
  std::vector<RecordWrite> writes_;
};

// The entries hold the items themselves, shared with the table, and a reader projects them. So an
// index costs a key and a pointer per item, and a local index has at hand what DynamoDB's would
// have to fetch from the table. The table's lock guards this object.
class SecondaryIndex {
 public:
  // `complete`: the table has no items from which the index must be built.
  SecondaryIndex(IndexDefinitionPtr definition, std::unique_ptr<Space> entries, bool complete);

  [[nodiscard]] const IndexDefinition& definition() const { return *definition_; }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] std::unique_ptr<SpaceView> Snapshot() const { return entries_->Snapshot(); }
  [[nodiscard]] BuildProgress& progress() { return progress_; }
  [[nodiscard]] const BuildProgress& progress() const { return progress_; }
  // For an index that is removed: its entries, to be freed elsewhere.
  [[nodiscard]] std::unique_ptr<Space> TakeEntries() { return std::move(entries_); }

  // Adds to `writes` what the index has to write when `before` becomes `after`, and counts it;
  // either may be "no item". Does nothing for an item that the build still comes to.
  void Maintain(std::string_view primary_key, const IndexedItem& before, const IndexedItem& after,
                WriteSet& writes);
  // Adds to `writes` the entry of an item that the build takes up, if it has one, and counts it.
  void Include(std::string_view primary_key, const IndexedItem& item, WriteSet& writes) {
    Change(primary_key, {}, item, writes);
  }
  // Takes over the entries of all of the table's items, which completes the index.
  void Complete(std::unique_ptr<Space> entries, const Statistics& statistics) {
    entries_ = std::move(entries);
    statistics_ = statistics;
    progress_.Finish();
  }
  // The most records that Maintain or Include adds.
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
