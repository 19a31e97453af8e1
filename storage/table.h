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

// A table as a data folder has it (storage/disk).
struct KeptTable {
  std::uint64_t number = 0;
  TableMetadataPtr metadata;
  std::unique_ptr<Space> items;
  Statistics statistics;
  Micros latest_write{0};
  bool dropped = false;
};

struct TableStatistics : Statistics {
  std::map<std::string, Statistics, std::less<>> indexes;  // by name
};

// Thread-safe. Every write, whatever its origin, goes through Write or a transaction
// (storage/transaction.h). Both lock, look up the item before, compute the item after, commit to
// the engine, and append to the change log. A dropped table refuses everything with kTableDropped.
class Table {
 public:
  // `log_budget`, if not null, counts the bytes that the table's change log keeps.
  Table(TableMetadata metadata, Engine& engine, const Clock& clock,
        std::shared_ptr<LogBudget> log_budget = nullptr);
  // A table that starts with the items of `image`. Work builds its indexes.
  Table(TableMetadata metadata, Engine& engine, const Clock& clock, const TableImage& image,
        std::shared_ptr<LogBudget> log_budget = nullptr);

  // A table of an earlier process, with all that is derived from its items.
  Table(KeptTable kept, Engine& engine, const Clock& clock, std::shared_ptr<ChangeLog> log);

  [[nodiscard]] TableMetadataPtr metadata() const;
  // Distinguishes the table from all others that there were.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const KeySchema& key_schema() const { return key_schema_; }
  [[nodiscard]] const std::shared_ptr<ChangeLog>& log() const { return log_; }

  [[nodiscard]] TableStatistics statistics() const;

  // Whether the table is still being restored, so that item operations must not find it yet. Takes
  // no lock.
  [[nodiscard]] bool restoring() const { return restoring_.load(std::memory_order_acquire); }

  // The newest version of an item; "no item" if it is missing.
  [[nodiscard]] Outcome<Item> Get(const PrimaryKey& key) const;

  // The table's items as they are now. Reading them holds no lock and sees no later write.
  [[nodiscard]] Outcome<std::unique_ptr<SpaceView>> Snapshot() const;
  // The entries of one of the table's indexes as they are now: whole items, with the keys of
  // core/index_key.h. Fails with kIndexBuilding until the index can be read, and with kIndexMissing
  // if the table does not have it.
  [[nodiscard]] Outcome<std::unique_ptr<SpaceView>> Snapshot(const IndexDefinition& index) const;

  // The table as it is now, in O(1). While `use` runs, the table does not change.
  using ImageUse = std::function<void(const TableImage&)>;
  [[nodiscard]] Outcome<TableImage> Image(const ImageUse& use = nullptr) const;
  // A dropped table as it was at the end.
  [[nodiscard]] TableImage LastImage() const;

  // Applies one write. The change log gets an entry only if the item's content changed. Fails with
  // kItemHeld if a held transaction holds the item, with kRefused if the mutation fails, with
  // kItemCollectionTooLarge, and as Engine::CheckWritable.
  Outcome<WriteResult> Write(const PrimaryKey& key, const Mutation& mutation,
                             Origin origin = Origin::kUser);

  // Replaces the metadata by what `change` makes of it, and returns it. If `change` fails, nothing
  // changes, and kRefused has its error. Writes wait meanwhile, so what `change` does to the log
  // (following it, say) falls between two writes. Work builds the indexes and the time to live that
  // are new in the metadata, while writes go on.
  using MetadataChange = std::function<Status(TableMetadata&)>;
  Outcome<TableMetadataPtr> Alter(const MetadataChange& change);

  // Drops the table, with what `change` makes of its metadata, and returns that. If `change` fails,
  // nothing changes, and kRefused has its error. From then on every call that can fail fails with
  // kTableDropped.
  Outcome<TableMetadataPtr> Drop(const MetadataChange& change);

  // Has the engine keep the table, which nobody else has yet, and later its changes.
  void KeepAsNew();
  [[nodiscard]] Engine& engine() const { return engine_; }
  // The table, also a dropped one, and the rows that the engine had kept of it at that moment.
  struct Kept {
    TableImage image;
    std::uint64_t position = 0;  // Engine::position
    Micros latest_write{0};
    bool dropped = false;
    std::uint64_t next_sequence = 1;  // of the log
  };
  [[nodiscard]] Kept AsKept() const;

  // Has `timeline` call Work when there is something to do, and `background` free what the table no
  // longer needs. Both must outlive the table. To be called once, before anybody else has the
  // table.
  void DriveBy(Timeline& timeline, BackgroundExecutor& background);
  // Does a bounded share of what the table does by itself: builds what is derived from its items,
  // and deletes items that have expired.
  void Work();

 private:
  friend class TransactionScope;

  [[nodiscard]] Outcome<void> CheckPresent() const WEIR_REQUIRES_SHARED(mutex_);
  Outcome<TableMetadataPtr> ChangeMetadata(const MetadataChange& change) WEIR_REQUIRES(mutex_);
  [[nodiscard]] bool IsHeld(std::string_view key) const WEIR_REQUIRES_SHARED(mutex_) {
    return !held_.empty() && held_.contains(std::string(key));
  }

  // A write consists of Try, Stage and Record. Try finds out what the item becomes, unless
  // `attempt` has found that out for the item as it is now. The work is taken from `work_left`; if
  // that is not enough, `attempt` is left unevaluated. Fails with the mutation's refusal.
  Outcome<void> Try(const PrimaryKey& key, const Mutation& mutation, std::size_t& work_left,
                    WriteAttempt& attempt) const WEIR_REQUIRES_SHARED(mutex_);
  // Does all steps of a write, or only Try if that leaves `attempt` unevaluated.
  Outcome<void> TryToWrite(const PrimaryKey& key, const Mutation& mutation, Origin origin,
                           std::size_t work_left, WriteAttempt& attempt);
  // Adds to `writes` what the table and its indexes have to store, and counts it in the statistics.
  void Stage(const PrimaryKey& key, const WriteResult& result, WriteSet& writes)
      WEIR_REQUIRES(mutex_);
  // The most records that Stage adds.
  [[nodiscard]] std::size_t MaxStagedWrites() const WEIR_REQUIRES_SHARED(mutex_) {
    return 1 + derived_.MaxStagedWrites();
  }
  // What the log gets for a write at `latest_write_`.
  [[nodiscard]] Change ChangeOf(const PrimaryKey& key, const WriteResult& result,
                                Origin origin) const WEIR_REQUIRES(mutex_);
  [[nodiscard]] KeptChange ToKeep(const PrimaryKey& key, const Change& change) const {
    return {.table = number_, .key = key.bytes(), .log = log_.get(), .change = &change};
  }

  // Has Work run at `due`, unless it is to run earlier.
  void Schedule(Micros due) WEIR_REQUIRES(mutex_);
  void DeleteExpired() WEIR_REQUIRES(mutex_);
  // Frees spaces in the background: they may be large, and no request should wait for that.
  void Free(std::vector<std::unique_ptr<Space>> spaces) const;
  // Builds all that is derived from the items, and waits for it.
  void BuildAll() WEIR_REQUIRES(mutex_);
  void KeepMetadata(RowKind kind, const TableMetadata& metadata) const;
  // Makes `next` the metadata, for readers with the table's lock and for those without it.
  void Publish(TableMetadataPtr next) WEIR_REQUIRES(mutex_);
  // Has `change` note in the metadata what Work has done.
  void Note(const std::function<void(TableMetadata&)>& change) WEIR_REQUIRES(mutex_);

  Engine& engine_;
  const Clock& clock_;
  const std::uint64_t number_;
  const KeySchema key_schema_;
  const std::shared_ptr<ChangeLog> log_;

  std::atomic<bool> restoring_{false};
  std::atomic<bool> kept_{false};  // the engine keeps the table, if it is a durable one

  // The metadata again, with a lock of its own: every request reads it, and should not wait for
  // another's write.
  mutable Mutex published_mutex_;
  TableMetadataPtr published_ WEIR_GUARDED_BY(published_mutex_);

  mutable SharedMutex mutex_;
  TableMetadataPtr metadata_ WEIR_GUARDED_BY(mutex_);  // changed by Publish alone
  std::unique_ptr<Space> items_ WEIR_GUARDED_BY(mutex_);
  bool dropped_ WEIR_GUARDED_BY(mutex_) = false;
  Micros latest_write_ WEIR_GUARDED_BY(mutex_){0};
  Statistics statistics_ WEIR_GUARDED_BY(mutex_);
  DerivedState derived_ WEIR_GUARDED_BY(mutex_);
  // The keys of the items that held transactions hold; nearly always empty.
  std::unordered_set<std::string> held_ WEIR_GUARDED_BY(mutex_);

  Micros scheduled_ WEIR_GUARDED_BY(mutex_) = Micros::max();  // when Work runs next
  BackgroundExecutor* background_ = nullptr;                  // null, like work_, until DriveBy
  std::optional<Timeline::Timer> work_;  // last: its destructor waits for Work, which uses the rest
};

}  // namespace weir::storage
