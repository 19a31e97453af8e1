// SPDX-License-Identifier: Apache-2.0
// Database: everything that operations work on.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/background.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/result.h"
#include "core/timeline.h"
#include "services/dynamodb/context.h"
#include "services/dynamodb/tables/transition_times.h"
#include "services/dynamodb/transactions/client_request_tokens.h"
#include "storage/backup.h"
#include "storage/catalogue.h"
#include "storage/disk/files.h"
#include "storage/engine.h"
#include "storage/kept_records.h"
#include "storage/log_budget.h"
#include "stream/read_limits.h"
#include "stream/stream_catalogue.h"

namespace weir::storage {
class DataStore;
}

namespace weir::dynamodb {

class HeldTransactions;
class KeptState;

// The account that all tables belong to.
inline constexpr std::string_view kAccountId = protocol::kAccount;

std::string TableArn(std::string_view region, std::string_view name);
// `<name>` of "arn:aws:dynamodb:<region>:<account>:table/<name>"; any other text as it is.
std::string_view TableNameOf(std::string_view name_or_arn);

// How many partitions serve that throughput of a table or index, at most limits::kMaxPartitions:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
std::int64_t PartitionCount(storage::BillingMode billing_mode, storage::Throughput throughput);

struct DatabaseOptions {
  // How many shards a new stream has; nullopt: as many as its table has partitions.
  std::optional<int> stream_shards;
  stream::ShardPolicy shard_policy;
  bool enforce_stream_limits = false;
  bool iterators_expire = true;  // after 15 minutes, as on AWS
  TransitionTimes transition_times;
  // How many bytes the records of all streams may take in memory; the oldest of more are trimmed
  // before their 24 hours are over.
  std::uint64_t stream_max_bytes = limits::kDefaultStreamBytes;
  // How long a control request may hold a transaction open, by the machine's time.
  std::chrono::steady_clock::duration held_transaction_life = limits::kHeldTransactionLife;
};

// Thread-safe, as all its parts are. `clock` must outlive it.
class Database {
 public:
  // The database's own clock follows `clock` until it is changed through timeline(). With `store`,
  // a data folder that has been started, everything outlives the process; `kept` is what an earlier
  // one left there. Both must outlive the database.
  Database(const Clock& clock, DatabaseOptions options, storage::DataStore* store = nullptr,
           KeptState* kept = nullptr);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] const Clock& clock() const { return timeline_.clock(); }
  Timeline& timeline() { return timeline_; }
  [[nodiscard]] const DatabaseOptions& options() const { return options_; }
  storage::Engine& engine() { return engine_; }
  storage::Catalogue& tables() {
    ExpireTables();
    return tables_;
  }
  stream::StreamCatalogue& streams() { return streams_; }
  stream::ReadLimits& read_limits() { return read_limits_; }
  storage::BackupCatalogue& backups() {
    ExpireBackups();
    return backups_;
  }
  ClientRequestTokens& tokens() { return tokens_; }
  // The small records of other services.
  storage::KeptRecords& records() { return records_; }
  HeldTransactions& held_transactions() { return *held_transactions_; }
  // The memory that the change logs of all tables may take together.
  [[nodiscard]] const std::shared_ptr<storage::LogBudget>& log_budget() const {
    return log_budget_;
  }
  // Adds a table (Catalogue::Add). The caller has a Structure.
  storage::Outcome<void> AddTable(const storage::TablePtr& table,
                                  const std::function<Status()>& prepare);
  // Adds a backup of `table` (BackupCatalogue::Add, whose fault it returns), and frees the backups
  // that this displaces. The backup is deleted when it expires. Called while the table cannot
  // change.
  storage::Outcome<storage::BackupPtr> AddBackup(storage::Backup backup,
                                                 const storage::Table& table);
  // Removes a user's backup (BackupCatalogue::Remove).
  storage::BackupPtr RemoveBackup(std::string_view arn);

  // To be held while a table is added or dropped, or a backup added or removed, from the first look
  // at what that depends on: no snapshots for a checkpoint are taken meanwhile. A thread may not
  // have two.
  class Structure {
   public:
    explicit Structure(Database& database) : lock_(database.structure_) {}

   private:
    const std::shared_lock<std::shared_mutex> lock_;
  };

  // Writes all that is to outlive the process to a checkpoint, and drops what the journal has
  // before it and nobody needs. Only with a data folder. Fails with the system's error; then the
  // checkpoint before this one counts. Gives up at about `deadline`.
  using Deadline = std::chrono::steady_clock::time_point;
  storage::Io<void> WriteCheckpoint(Deadline deadline = Deadline::max());
  // To be called at the end, when no requests come any more: writes a checkpoint if the next start
  // would otherwise have much of the journal to read, and if that does not take too long.
  void WriteLastCheckpoint();
  // Has a table deleted at the time `due`; it stays in tables() until then.
  void RemoveAt(const storage::TablePtr& table, Micros due);
  // Frees a deleted table, or deleted backups, in the background, as they may have many items.
  void Discard(storage::TablePtr table);
  void Discard(std::vector<storage::BackupPtr> backups);

  // Runs a task in the background at a time of the machine's clock.
  void PostAt(BackgroundExecutor::Clock::time_point due, BackgroundExecutor::Task task) {
    background_.PostAt(due, std::move(task));
  }

  // Has the timeline do a new table's own work from now on.
  void Drive(storage::Table& table) { table.DriveBy(timeline_, background_); }

  // Opens a stream on a table and notes it in `table`, which is about to become the table's
  // metadata. To be called where no write can come between (creation, Table::Alter). The stream
  // shows as ENABLING until `table.change_due`.
  void EnableStream(storage::TableMetadata& table, stream::StreamViewType view_type,
                    const std::shared_ptr<storage::ChangeLog>& log);
  // Closes the enabled stream, if there is one; its records stay readable for 24 hours. The stream
  // shows as DISABLING until `table.change_due`.
  void DisableStream(const storage::TableMetadata& table);

 private:
  // Writes a checkpoint if the journal has grown enough since the last one.
  void WriteCheckpointIfDue();
  // Removes the tables whose deletion is complete.
  void ExpireTables();
  // Drops `handles`, which refer to about `size` bytes of items, in the background.
  void Discard(std::vector<std::shared_ptr<const void>> handles, std::uint64_t size);
  // Removes the expired backups.
  void ExpireBackups();
  [[nodiscard]] int ShardCount(const storage::TableMetadata& table) const;
  // Does the work that is due, except that within tables, which have timers of their own.
  void Work();
  // Trims the change logs, which have exceeded their budget.
  void TrimLogs();

  Timeline timeline_;
  const DatabaseOptions options_;
  const std::shared_ptr<storage::LogBudget> log_budget_;
  storage::DataStore* const store_;                // null without a data folder
  const std::unique_ptr<storage::Engine> memory_;  // null with a data folder
  storage::Engine& engine_;
  std::shared_mutex structure_;  // see Structure
  storage::Catalogue tables_;
  stream::StreamCatalogue streams_;
  stream::ReadLimits read_limits_;
  storage::BackupCatalogue backups_;
  ClientRequestTokens tokens_;
  storage::KeptRecords records_;
  const std::unique_ptr<HeldTransactions> held_transactions_;  // refers to tables_ and tokens_
  Timeline::Timer work_timer_;
  // Last, so that their tasks end before the members they use.
  BackgroundExecutor background_;
  std::unique_ptr<BackgroundExecutor> checkpoints_;  // null without a data folder
};

}  // namespace weir::dynamodb
