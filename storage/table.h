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
#include "storage/change_log.h"
#include "storage/derived_state.h"
#include "storage/engine.h"
#include "storage/fault.h"
#include "storage/mutation.h"
#include "storage/table_metadata.h"

namespace weir::storage {

// A table as it was at one moment; reading it sees no later write.
struct TableImage {
  TableMetadataPtr metadata;
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
  Table(TableMetadata metadata, Engine& engine, const Clock& clock,
        std::shared_ptr<LogBudget> log_budget = nullptr);
  // With the items of an image. Its indexes are built by Work.
  Table(TableMetadata metadata, Engine& engine, const Clock& clock, const TableImage& image,
        std::shared_ptr<LogBudget> log_budget = nullptr);

  [[nodiscard]] TableMetadataPtr metadata() const;
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

  // Replaces the metadata by what `change` makes of it; on its error nothing changes. Writes
  // wait meanwhile, so what `change` does to the log (following it, say) falls between two writes.
  // Indexes and time to live that the metadata then has are built by Work, beside writes.
  using MetadataChange = std::function<Status(TableMetadata&)>;
  Outcome<TableMetadataPtr> Alter(const MetadataChange& change);

  // Ends the table, with what `change` makes of its metadata, unless that refuses: from then on
  // no call succeeds but those that look at it.
  Outcome<TableMetadataPtr> Drop(const MetadataChange& change);

  // Has `timeline` do the table's work when it is due, and `background` free what it no longer
  // needs.
  // To be called once, before anybody else has the table.
  void DriveBy(Timeline& timeline, BackgroundExecutor& background);
  // A bounded share of what the table does by itself: builds what is derived from its items, and
  // deletes those that are expired.
  void Work();

 private:
  friend class TransactionScope;

  [[nodiscard]] Outcome<void> CheckPresent() const WEIR_REQUIRES_SHARED(mutex_);
  Outcome<TableMetadataPtr> Change(const MetadataChange& change) WEIR_REQUIRES(mutex_);
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
  // Adds what the table and its indexes have to store, and counts it.
  void Stage(const PrimaryKey& key, const WriteResult& result, WriteSet& writes)
      WEIR_REQUIRES(mutex_);
  // The most records that Stage adds.
  [[nodiscard]] std::size_t MaxStagedWrites() const WEIR_REQUIRES_SHARED(mutex_) {
    return 1 + derived_.MaxStagedWrites();
  }
  // Appends the change to the log.
  void Record(const PrimaryKey& key, const WriteResult& result, Origin origin)
      WEIR_REQUIRES(mutex_);

  // Work is wanted at `due`, if not earlier.
  void Schedule(Micros due) WEIR_REQUIRES(mutex_);
  void DeleteExpired() WEIR_REQUIRES(mutex_);
  // Frees spaces in the background: they may be large, and no request is to wait for that.
  void Free(std::vector<std::unique_ptr<Space>> spaces) const;
  // Makes `next` the metadata, for those under the lock and for those who look without it.
  void Publish(TableMetadataPtr next) WEIR_REQUIRES(mutex_);
  // Notes in the metadata what the table's own work has done.
  void Note(const std::function<void(TableMetadata&)>& change) WEIR_REQUIRES(mutex_);

  Engine& engine_;
  const Clock& clock_;
  const KeySchema key_schema_;
  const std::shared_ptr<ChangeLog> log_;

  std::atomic<bool> restoring_{false};

  // The metadata again: every request wants it, and none has to wait for another's write then.
  mutable Mutex published_mutex_;
  TableMetadataPtr published_ WEIR_GUARDED_BY(published_mutex_);

  mutable SharedMutex mutex_;
  TableMetadataPtr metadata_ WEIR_GUARDED_BY(mutex_);  // changed by Publish alone
  std::unique_ptr<Space> items_ WEIR_GUARDED_BY(mutex_);
  bool dropped_ WEIR_GUARDED_BY(mutex_) = false;
  Micros latest_write_ WEIR_GUARDED_BY(mutex_){0};
  Statistics statistics_ WEIR_GUARDED_BY(mutex_);
  DerivedState derived_ WEIR_GUARDED_BY(mutex_);
  // The keys of items that held transactions have; nearly always none.
  std::unordered_set<std::string> held_ WEIR_GUARDED_BY(mutex_);

  Micros scheduled_ WEIR_GUARDED_BY(mutex_) = Micros::max();  // when Work is wanted first
  BackgroundExecutor* background_ = nullptr;                  // null, like work_, until DriveBy
  std::optional<Timeline::Timer> work_;  // last: its end waits for Work, which uses the rest
};

}  // namespace weir::storage
