// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/database.h"

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

#include "core/limits.h"
#include "core/memory.h"
#include "core/memory_reserve.h"
#include "core/system.h"
#include "services/dynamodb/common/table_arn.h"
#include "services/dynamodb/kept_state.h"
#include "services/dynamodb/transactions/held_transactions.h"
#include "storage/disk/data_store.h"
#include "storage/disk/table_rows.h"

namespace weir::dynamodb {
namespace {

// How soon after a write the work of its stream is done.
constexpr Micros kStreamPeriod = stream::StreamCatalogue::kPeriod;

constexpr std::int64_t DivideUp(std::int64_t value, std::int64_t by) {
  return (value + by - 1) / by;
}

}  // namespace

Database::Database(const Clock& clock, DatabaseOptions options, storage::DataStore* store,
                   KeptState* kept)
    : timeline_(clock, kept != nullptr ? kept->ClockFor(clock) : ClockState(),
                [this](const ClockState& state) { KeptState::Keep(state, engine_); }),
      options_(options),
      log_budget_(std::make_shared<storage::LogBudget>(
          options.stream_max_bytes, [this] { background_.Post([this] { TrimLogs(); }); })),
      store_(store),
      memory_(store == nullptr ? storage::NewMemoryEngine() : nullptr),
      engine_(store == nullptr ? *memory_ : store->engine()),
      streams_(
          timeline_.clock(), options.shard_policy,
          [this] { work_timer_.SetNoLaterThan(this->clock().Now() + kStreamPeriod); }, engine_,
          store == nullptr ? 0 : store->data_set()),
      read_limits_(timeline_.clock(), options.enforce_stream_limits),
      tokens_(timeline_.clock(), engine_),
      records_(engine_),
      held_transactions_(std::make_unique<HeldTransactions>(options.held_transaction_life)),
      work_timer_(timeline_, [this] { Work(); }) {
  if (kept != nullptr) {
    kept->AdoptInto(*this);
  }
  if (store_ != nullptr) {
    checkpoints_ = std::make_unique<BackgroundExecutor>();
    checkpoints_->Post([this] { WriteCheckpointIfDue(); });  // the start does not wait for it
  }
}

void Database::Work() {
  ExpireTables();
  ExpireBackups();
  // Work that comes up meanwhile sets the timer itself.
  for (const std::optional<Micros> due :
       {streams_.Work(), tables_.NextExpiry(), backups_.NextExpiry()}) {
    if (due.has_value()) {
      work_timer_.SetNoLaterThan(*due);
    }
  }
}

void Database::TrimLogs() {
  if (store_ != nullptr) {
    (void)store_->journal().Write();  // so that it can be read from there
  }
  if (streams_.TrimTo(*log_budget_) > kWorthReturning) {
    system::ReturnFreeMemory();
  }
}

storage::Outcome<void> Database::AddTable(const storage::TablePtr& table,
                                          const std::function<Status()>& prepare) {
  return tables().Add(table, prepare);
}

storage::Outcome<storage::BackupPtr> Database::AddBackup(storage::Backup backup,
                                                         const storage::Table& table) {
  const storage::RowGroup together(engine_);
  std::vector<storage::BackupPtr> displaced;
  storage::Outcome<storage::BackupPtr> added = backups_.Add(std::move(backup), displaced);
  for (const storage::BackupPtr& gone : displaced) {
    storage::KeepBackupRemoved(gone->arn, engine_);
  }
  if (added.ok()) {
    storage::KeepBackup(*added.value(), table.number(), engine_);
  }
  if (!displaced.empty()) {
    Discard(std::move(displaced));
  }
  if (added.ok() && added.value()->expiry.has_value()) {
    work_timer_.SetNoLaterThan(*added.value()->expiry);
  }
  return added;
}

storage::BackupPtr Database::RemoveBackup(std::string_view arn) {
  const Structure structure(*this);
  storage::BackupPtr removed = backups().Remove(arn);
  if (removed != nullptr) {
    storage::KeepBackupRemoved(removed->arn, engine_);
  }
  return removed;
}

void Database::WriteLastCheckpoint() {
  constexpr std::chrono::seconds kLongest{3};  // less than --drain-timeout, which ends the process
  if (store_ == nullptr || !store_->IsCheckpointUseful()) {
    return;
  }
  // If it fails, the next start reads the journal.
  try {
    const MemoryReserve::MayFail here;
    (void)WriteCheckpoint(std::chrono::steady_clock::now() + kLongest).ok();
  } catch (const std::bad_alloc&) {
    return;
  }
}

storage::Io<void> Database::WriteCheckpoint(Deadline deadline) {
  std::unique_lock<std::shared_mutex> structure(structure_);
  const KeptSnapshot snapshot(*this);
  structure.unlock();
  return store_->WriteCheckpoint(
      snapshot.position(), snapshot.FindOldestNeeded(), deadline,
      [&](storage::CheckpointWriter& writer) { return snapshot.Write(writer, deadline); });
}

void Database::WriteCheckpointIfDue() {
  // How often the journal's size is looked at.
  constexpr std::chrono::seconds kPeriod{1};
  if (store_->IsCheckpointDue()) {
    (void)WriteCheckpoint().ok();  // if it failed, the journal still has everything
  }
  checkpoints_->PostAt(BackgroundExecutor::Clock::now() + kPeriod,
                       [this] { WriteCheckpointIfDue(); });
}

void Database::RemoveAt(const storage::TablePtr& table, Micros due) {
  tables_.RemoveAt(table, due);
  work_timer_.SetNoLaterThan(due);
}

Database::~Database() {
  timeline_.Stop();
}

void Database::ExpireTables() {
  if (!tables_.expires()) {
    return;
  }
  for (storage::TablePtr& table : tables_.Expire(clock().Now())) {
    Discard(std::move(table));
  }
}

void Database::Discard(storage::TablePtr table) {
  const std::uint64_t size = table->statistics().size_bytes;
  std::shared_ptr<storage::ChangeLog> log = table->log();
  std::vector<std::shared_ptr<const void>> handles;  // a list in braces would keep a copy
  handles.push_back(std::move(table));
  Discard(std::move(handles), size);
  // A stream may still follow the log.
  background_.Post([log = std::move(log)] { log->OutliveTable(); });
}

void Database::Discard(std::vector<storage::BackupPtr> backups) {
  std::uint64_t size = 0;
  std::vector<std::shared_ptr<const void>> handles;
  for (storage::BackupPtr& backup : backups) {
    size += backup->image.statistics.size_bytes;
    handles.push_back(std::move(backup));
  }
  Discard(std::move(handles), size);
}

void Database::Discard(std::vector<std::shared_ptr<const void>> handles, std::uint64_t size) {
  background_.Post([handles = std::move(handles), size]() mutable {
    if (size < kWorthReturning) {
      handles.clear();
      return;
    }
    // A backup, a stream or the table itself may still refer to the items.
    const std::size_t before = system::AllocatedMemory();
    handles.clear();
    if (system::AllocatedMemory() + kWorthReturning < before) {
      system::ReturnFreeMemory();
    }
  });
}

void Database::ExpireBackups() {
  if (std::vector<storage::BackupPtr> expired = backups_.Expire(clock().Now()); !expired.empty()) {
    Discard(std::move(expired));
  }
}

// As many shards as the table has partitions. AWS documents no number, but a stream's shards follow
// the partitions, and the partitions follow the throughput.
int Database::ShardCount(const storage::TableMetadata& table) const {
  return options_.stream_shards.value_or(static_cast<int>(std::min<std::int64_t>(
      PartitionCount(table.billing_mode, table.capacity.provisioned.value().units),
      limits::kMaxStreamShards)));
}

void Database::EnableStream(storage::TableMetadata& table, stream::StreamViewType view_type,
                            const std::shared_ptr<storage::ChangeLog>& log) {
  const stream::StreamPtr opened = streams_.Open(table, view_type, log, ShardCount(table));
  table.stream_view = view_type;
  table.latest_stream_arn = opened->info().arn;
  table.latest_stream_label = opened->info().label;
}

void Database::DisableStream(const storage::TableMetadata& table) {
  if (!table.stream_view.has_value()) {
    return;
  }
  if (const stream::StreamPtr enabled = streams_.Find(table.latest_stream_arn)) {
    enabled->Disable(clock().Now(), table.change_due);
    // From now on the table overwrites images without telling the log, which may then be all that
    // keeps them.
    background_.Post([log = enabled->log()] { log->OutliveTable(); });
  }
}

std::int64_t PartitionCount(storage::BillingMode billing_mode, storage::Throughput throughput) {
  const bool on_demand = billing_mode == storage::BillingMode::kPayPerRequest;
  const std::int64_t reads = on_demand ? limits::kOnDemandWarmReadUnits : throughput.read_units;
  const std::int64_t writes = on_demand ? limits::kOnDemandWarmWriteUnits : throughput.write_units;
  const std::int64_t wanted = std::max(DivideUp(reads, limits::kPartitionReadUnits),
                                       DivideUp(writes, limits::kPartitionWriteUnits));
  return std::clamp(wanted, std::int64_t{1}, limits::kMaxPartitions);
}

std::string TableArn(std::string_view region, std::string_view name) {
  return MakeTableArn(region, kAccountId, name);
}

std::string_view TableNameOf(std::string_view name_or_arn) {
  return TableNameOfArn(name_or_arn).value_or(name_or_arn);
}

}  // namespace weir::dynamodb
