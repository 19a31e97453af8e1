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
// which its items expire. All of it can be made from the items again: what is added to a table that
// has items is built step by step, beside the writes. Its table's lock guards it.
class DerivedState {
 public:
  // For a table without items if `complete`; else all is still to be built.
  DerivedState(TableMetadata& metadata, Engine& engine, const Clock& clock, bool complete);

  [[nodiscard]] const std::vector<SecondaryIndex>& indexes() const { return indexes_; }

  // Makes the indexes and the time to live those of `next`, in which it notes which indexes are
  // being built.
  struct Followed {
    std::vector<std::unique_ptr<Space>> unused;  // to be freed elsewhere: they may be large
    bool builds = false;                         // there is something to build
  };
  Followed Follow(TableMetadata& next);

  // Counts the change of an item in its item collection, and sets `result.collection_size`; or
  // fails with kItemCollectionTooLarge.
  Outcome<void> Account(const TableMetadata& metadata, const PrimaryKey& key, WriteResult& result);
  // Takes back what Account counted.
  void Release(const TableMetadata& metadata, const PrimaryKey& key, const WriteResult& result);
  // Bytes of an item collection; none unless the table has local secondary indexes.
  [[nodiscard]] std::optional<std::uint64_t> CollectionSize(std::string_view partition) const;

  // Adds to `writes` what a change of an item means for the indexes, and counts it. Returns when
  // the item expires, if it does.
  std::optional<Micros> Stage(std::string_view key, const WriteResult& result, WriteSet& writes);
  // The most records that Stage adds.
  [[nodiscard]] std::size_t MaxStagedWrites() const {
    return indexes_.size() * SecondaryIndex::kMaxWrites +
           (expiry_.has_value() ? ExpiryIndex::kMaxWrites : 0);
  }

  // Takes up the next items into the first thing that is still to be built.
  struct Built {
    bool any = false;                      // false: nothing was left to build
    std::optional<std::string> completed;  // the index that can be read now
  };
  Built BuildSome(const TableMetadata& metadata, const Space& items);

  // Whether the table has a time to live.
  [[nodiscard]] bool expires() const { return expiry_.has_value(); }
  // Up to `limit` items that are expired at `now`, but for those passed over. Only if `expires`.
  [[nodiscard]] ExpiryIndex::Due ExpiredAt(Micros now, std::size_t limit,
                                           const ExpiryIndex::IsPassedOver& passed_over) const {
    return expiry_->DueAt(now, limit, passed_over);
  }

 private:
  // Bytes that count for an item in its item collection.
  [[nodiscard]] std::uint64_t CollectedSize(const TableMetadata& metadata, const Item& item) const;
  using IncludeItem = std::function<void(std::string_view, const Item&, WriteSet&)>;
  // Takes up the next items of a walk.
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
