// SPDX-License-Identifier: Apache-2.0
// Table: items and index entries under one lock, and the one write path.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/background.h"
#include "core/clock.h"
#include "core/key.h"
#include "core/mutex.h"
#include "core/result.h"
#include "core/timeline.h"
#include "storage/build_progress.h"
#include "storage/change_log.h"
#include "storage/engine.h"
#include "storage/expiry_index.h"
#include "storage/fault.h"
#include "storage/item_collections.h"
#include "storage/mutation.h"
#include "storage/secondary_index.h"
#include "storage/table_description.h"

namespace weir::storage {

// A table as it was at one moment; reading it sees no later write.
struct TableImage {
  TableDescriptionPtr description;
  std::shared_ptr<const SpaceView> items;
  Statistics statistics;
};

struct TableStatistics : Statistics {
  std::map<std::string, Statistics, std::less<>> indexes;  // by name
};

// Thread-safe. Every write, whatever its origin, goes through Write or a transaction
// (storage/transaction.h): lock, before, after, engine, change log. A dropped table refuses
// everything with kTableDropped.
class Table {
 public:
  // `log_budget`, if there is one, counts what its change log keeps.
  Table(TableDescription description, Engine& engine, const Clock& clock,
        std::shared_ptr<LogBudget> log_budget = nullptr);
  // With the items of an image. Its indexes are built by Work.
  Table(TableDescription description, Engine& engine, const Clock& clock, const TableImage& image,
        std::shared_ptr<LogBudget> log_budget = nullptr);

  [[nodiscard]] TableDescriptionPtr description() const;
  [[nodiscard]] const KeySchema& key_schema() const { return key_schema_; }
  [[nodiscard]] const std::shared_ptr<ChangeLog>& log() const { return log_; }

  [[nodiscard]] TableStatistics statistics() const;

  // Whether it is still being restored, and so not there for item operations. Takes no lock.
  [[nodiscard]] bool restoring() const { return restoring_.load(std::memory_order_acquire); }

  // The newest version of an item; none when it is absent.
  [[nodiscard]] Outcome<Item> Get(const PrimaryKey& key) const;

  // The table's items as they are now. Reading them holds no lock and sees no later write.
  [[nodiscard]] Outcome<std::unique_ptr<SpaceView>> Snapshot() const;
  // One of its indexes as it is now: whole items, by core/index_key.h. kIndexBuilding until it is
  // built.
  [[nodiscard]] Outcome<std::unique_ptr<SpaceView>> Snapshot(const IndexDefinition& index) const;

  // The table as it is now, in O(1).
  [[nodiscard]] Outcome<TableImage> Image() const;
  // A table that has ended, as it was then.
  [[nodiscard]] TableImage LastImage() const;

  // Applies one write. The change log gets an entry only if the item's content changed.
  // kItemHeld when a held transaction has the item.
  Outcome<WriteResult> Write(const PrimaryKey& key, const Mutation& mutation,
                             Origin origin = Origin::kUser);

  // Replaces the description by what `change` makes of it; on its error nothing changes. Writes
  // wait meanwhile, so what `change` does to the log (following it, say) falls between two writes.
  // Indexes and time to live that the description then has are built by Work, beside writes.
  using DescriptionChange = std::function<Status(TableDescription&)>;
  Outcome<TableDescriptionPtr> Alter(const DescriptionChange& change);

  // Ends the table, with what `change` makes of its description, unless that refuses: from then on
  // no call succeeds but those that look at it.
  Outcome<TableDescriptionPtr> Drop(const DescriptionChange& change);

  // Has `timeline` do the table's work when it is due, and `background` free what it needs no more.
  // To be called once, before anybody else has the table.
  void DriveBy(Timeline& timeline, BackgroundExecutor& background);
  // A bounded share of what the table does by itself: builds what follows its items, and deletes
  // those that are expired.
  void Work();

 private:
  friend class TransactionScope;

  [[nodiscard]] Outcome<void> CheckPresent() const WEIR_REQUIRES_SHARED(mutex_);
  Outcome<TableDescriptionPtr> Change(const DescriptionChange& change) WEIR_REQUIRES(mutex_);
  [[nodiscard]] bool IsHeld(std::string_view key) const WEIR_REQUIRES_SHARED(mutex_) {
    return !held_.empty() && held_.contains(std::string(key));
  }

  // The steps of a write, in their order. What the item becomes: if that takes more work than
  // `work_left`, from which it is taken, and has not been found out before for the item as it is
  // now, `attempt` is left unevaluated.
  Outcome<void> Try(const PrimaryKey& key, const Mutation& mutation, std::size_t& work_left,
                    WriteAttempt& attempt) const WEIR_REQUIRES_SHARED(mutex_);
  // All steps; only the first if that leaves `attempt` unevaluated.
  Outcome<CommitTicket> TryToWrite(const PrimaryKey& key, const Mutation& mutation, Origin origin,
                                   std::size_t work_left, WriteAttempt& attempt);
  // Bytes that count for it in its item collection.
  [[nodiscard]] std::uint64_t CollectedSize(const Item& item) const WEIR_REQUIRES_SHARED(mutex_);
  // Counts the change in its item collection, or fails with kItemCollectionTooLarge.
  Outcome<void> AccountCollection(const PrimaryKey& key, WriteResult& result) WEIR_REQUIRES(mutex_);
  // Takes that back.
  void ReleaseCollection(const PrimaryKey& key, const WriteResult& result) WEIR_REQUIRES(mutex_);
  // Adds what the table and its indexes have to store, and counts it.
  void Stage(const PrimaryKey& key, const WriteResult& result, WriteSet& writes)
      WEIR_REQUIRES(mutex_);
  // The most records that Stage adds.
  [[nodiscard]] std::size_t MaxStagedWrites() const WEIR_REQUIRES_SHARED(mutex_) {
    return 1 + indexes_.size() * SecondaryIndex::kMaxWrites +
           (expiry_.has_value() ? ExpiryIndex::kMaxWrites : 0);
  }
  // Appends the change to the log.
  void Record(const PrimaryKey& key, const WriteResult& result, Origin origin)
      WEIR_REQUIRES(mutex_);

  // Work is wanted at `due`, if not earlier.
  void Schedule(Micros due) WEIR_REQUIRES(mutex_);
  // Goes on with the first thing that is still to be built; false if there is none.
  bool BuildSome() WEIR_REQUIRES(mutex_);
  using IncludeItem = std::function<void(std::string_view, const Item&, WriteSet&)>;
  // Takes up the next items of a walk.
  void Build(BuildProgress& progress, const IncludeItem& include) WEIR_REQUIRES(mutex_);
  void DeleteExpired() WEIR_REQUIRES(mutex_);
  // Takes up and gives up indexes as the description that is about to be the table's has them.
  void Follow(TableDescription& next) WEIR_REQUIRES(mutex_);
  // Has what is needed no more freed where no request waits for it.
  void Free(std::vector<std::unique_ptr<Space>> spaces) const;
  // Makes `next` the description. What others may see of it without the lock is true by then.
  void Publish(TableDescriptionPtr next) WEIR_REQUIRES(mutex_);
  // Changes what the description says of the table's own work.
  void Describe(const std::function<void(TableDescription&)>& change) WEIR_REQUIRES(mutex_);

  Engine& engine_;
  const Clock& clock_;
  const KeySchema key_schema_;
  const std::shared_ptr<ChangeLog> log_;

  std::atomic<bool> restoring_{false};

  // The description again: every request wants it, and none has to wait for another's write then.
  mutable Mutex published_mutex_;
  TableDescriptionPtr published_ WEIR_GUARDED_BY(published_mutex_);

  mutable SharedMutex mutex_;
  TableDescriptionPtr description_ WEIR_GUARDED_BY(mutex_);  // changed by Publish alone
  std::unique_ptr<Space> items_ WEIR_GUARDED_BY(mutex_);
  bool dropped_ WEIR_GUARDED_BY(mutex_) = false;
  Micros latest_write_ WEIR_GUARDED_BY(mutex_){0};
  Statistics statistics_ WEIR_GUARDED_BY(mutex_);
  std::vector<SecondaryIndex> indexes_ WEIR_GUARDED_BY(mutex_);
  AttributeSelection indexed_ WEIR_GUARDED_BY(mutex_);  // what these look at
  // Only in a table with local secondary indexes.
  std::optional<ItemCollections> collections_ WEIR_GUARDED_BY(mutex_);
  BuildProgress collections_progress_ WEIR_GUARDED_BY(mutex_){true};
  // Only in a table with time to live.
  std::optional<ExpiryIndex> expiry_ WEIR_GUARDED_BY(mutex_);
  // The keys of items that held transactions have; nearly always none.
  std::unordered_set<std::string> held_ WEIR_GUARDED_BY(mutex_);

  Micros scheduled_ WEIR_GUARDED_BY(mutex_) = Micros::max();  // when Work is wanted first
  BackgroundExecutor* background_ = nullptr;                  // null, like work_, until DriveBy
  std::optional<Timeline::Timer> work_;  // last: its end waits for Work, which uses the rest
};

}  // namespace weir::storage
