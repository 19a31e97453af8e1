// SPDX-License-Identifier: Apache-2.0
// DerivedState: what a table keeps in step with its items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/attribute_selection.h"
#include "core/clock.h"
#include "core/key.h"
#include "storage/build_progress.h"
#include "storage/engine.h"
#include "storage/expiry_index.h"
#include "storage/fault.h"
#include "storage/item_collections.h"
#include "storage/mutation.h"
#include "storage/secondary_index.h"
#include "storage/table_metadata.h"

namespace weir::storage {

// The entries of a table's secondary indexes, the sizes of its item collections, and the order in
// which its items expire. All of this can be computed from the items. What is added to a table that
// has items is built step by step, while writes go on. The table's lock guards this object.
class DerivedState {
 public:
  // `complete`: the table has no items, so nothing has to be built. Else all is still to be built,
  // and `metadata` notes which indexes are.
  DerivedState(TableMetadata& metadata, Engine& engine, const Clock& clock, bool complete);

  [[nodiscard]] const std::vector<SecondaryIndex>& indexes() const { return indexes_; }

  // Takes over the indexes and the time to live of `next`, and notes in `next` which indexes are
  // being built.
  struct Followed {
    std::vector<std::unique_ptr<Space>> unused;  // to be freed elsewhere: they may be large
    bool builds = false;                         // there is something to build
  };
  Followed Follow(TableMetadata& next);

  // Counts the change of an item in its item collection, and sets `result.collection_size`. Fails
  // with kItemCollectionTooLarge, and then counts nothing. Does nothing in a table without local
  // secondary indexes.
  Outcome<void> Account(const TableMetadata& metadata, const PrimaryKey& key, WriteResult& result);
  // Undoes what Account counted.
  void Release(const TableMetadata& metadata, const PrimaryKey& key, const WriteResult& result);
  // Bytes of the item collection with that partition key (its prefix, core/key.h); nullopt unless
  // the table has local secondary indexes.
  [[nodiscard]] std::optional<std::uint64_t> CollectionSize(std::string_view partition) const;

  // Adds to `writes` the records of the indexes that change with an item, and counts them in the
  // indexes' statistics. Returns when the item expires, if it does.
  std::optional<Micros> Stage(std::string_view key, const WriteResult& result, WriteSet& writes);
  // The most records that Stage adds.
  [[nodiscard]] std::size_t MaxStagedWrites() const {
    return indexes_.size() * SecondaryIndex::kMaxWrites +
           (expiry_.has_value() ? ExpiryIndex::kMaxWrites : 0);
  }

  // Takes up the next items into the first of these that is still to be built.
  struct Built {
    bool any = false;                      // false: nothing was left to build
    std::optional<std::string> completed;  // the index that has become complete
  };
  Built BuildSome(const TableMetadata& metadata, const Space& items);
  // Completes the indexes at once, for a table that nobody uses yet.
  void BuildIndexes(const Space& items);

  // Whether the table has a time to live.
  [[nodiscard]] bool expires() const { return expiry_.has_value(); }
  // Up to `limit` items that have expired at `now`, without those for which `passed_over` is true.
  // Only if expires().
  [[nodiscard]] ExpiryIndex::Due ExpiredAt(Micros now, std::size_t limit,
                                           const ExpiryIndex::IsPassedOver& passed_over) const {
    return expiry_->DueAt(now, limit, passed_over);
  }

 private:
  // Bytes that count for an item in its item collection.
  [[nodiscard]] std::uint64_t CollectedSize(const TableMetadata& metadata, const Item& item) const;
  using IncludeItem = std::function<void(std::string_view, const Item&, WriteSet&)>;
  // Calls `include` for the next items of a walk, commits the records that it adds, and moves
  // `progress` on.
  void Build(BuildProgress& progress, const Space& items, const IncludeItem& include);

  Engine& engine_;
  const Clock& clock_;
  std::vector<SecondaryIndex> indexes_;
  AttributeSelection indexed_;  // what the indexes look at
  // Only in a table with local secondary indexes.
  std::optional<ItemCollections> collections_;
  BuildProgress collections_progress_;
  // Only in a table with a time to live.
  std::optional<ExpiryIndex> expiry_;
};

}  // namespace weir::storage
