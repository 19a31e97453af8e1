// SPDX-License-Identifier: Apache-2.0
// What of a database outlives the process, on its way from and to a data folder.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/adjustable_clock.h"
#include "core/clock.h"
#include "storage/backup.h"
#include "storage/disk/data_folder.h"
#include "storage/disk/recovered_tables.h"
#include "storage/engine.h"
#include "storage/kept_records.h"
#include "storage/table.h"
#include "stream/stream_state.h"

namespace weir::dynamodb {

class Database;

// Collects what the rows of a folder say. Not thread-safe.
class KeptState final : public storage::RowVisitor {
 public:
  // `engine`, of the folder's DataStore, must outlive it.
  explicit KeptState(storage::Engine& engine) : tables_(engine), records_(engine) {}

  [[nodiscard]] bool Visit(const storage::Row& row, bool only_log) override;
  void PassOver(Micros latest) override { tables_.PassOver(latest); }
  // The time of the latest change; the clock must not show an earlier one.
  [[nodiscard]] Micros latest_time() const { return tables_.latest_time(); }
  // The greatest number of a table, also of one that is no more.
  [[nodiscard]] std::uint64_t latest_table() const;

  // How the database's clock stands to `base`: as it stood before, but never earlier than the
  // latest change.
  [[nodiscard]] ClockState ClockFor(const Clock& base) const;
  // Adds everything to `database`, which is empty. To be called once.
  void AdoptInto(Database& database);

  // A line about each table, backup and stream, for people.
  [[nodiscard]] std::vector<std::string> Describe() const;

  // Has the engine, if it is durable, keep a change of the clock.
  static void Keep(const ClockState& state, storage::Engine& engine);

 private:
  using Logs = std::map<std::uint64_t, std::shared_ptr<storage::ChangeLog>>;
  static void AdoptTable(storage::KeptTable kept, std::shared_ptr<storage::ChangeLog> log,
                         Database& database);

  storage::RecoveredTables tables_;
  std::map<std::string, stream::StreamState> streams_;  // by ARN
  std::vector<std::string> tokens_;                     // their rows
  storage::KeptRecords records_;                        // only to be adopted by the database's
  ClockState clock_;
};

// All that is to be kept, as it is at one moment, or, for what says itself up to which row it is
// (the tables), a little later.
class KeptSnapshot {
 public:
  // To be made while nothing is being restructured (Database::Structure).
  explicit KeptSnapshot(Database& database);

  // The row after which the checkpoint is.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  // Fails if that takes until after `deadline`.
  storage::Io<void> Write(storage::CheckpointWriter& writer,
                          std::chrono::steady_clock::time_point deadline) const;
  // A time before which no log had a change when the snapshot was made. May read from the disk.
  [[nodiscard]] Micros FindOldestNeeded() const;

 private:
  struct KeptTableOf {
    std::uint64_t number = 0;
    storage::Table::Kept kept;
  };

  std::uint64_t position_ = 0;
  std::vector<KeptTableOf> tables_;
  std::vector<storage::BackupPtr> backups_;
  std::map<std::uint64_t, std::uint64_t> logs_;  // the next sequence of each, by table
  std::vector<std::shared_ptr<const storage::ChangeLog>> followed_;
  std::vector<stream::StreamState> streams_;
  std::vector<std::string> tokens_;
  std::map<storage::KeptRecords::Key, storage::KeptRecords::Value> records_;
  ClockState clock_;
};

}  // namespace weir::dynamodb
