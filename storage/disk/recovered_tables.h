// SPDX-License-Identifier: Apache-2.0
// RecoveredTables: tables, backups and logs, as rows of a data folder make them.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/change.h"
#include "storage/backup.h"
#include "storage/disk/rows.h"
#include "storage/disk/table_rows.h"
#include "storage/engine.h"
#include "storage/table.h"

namespace weir::storage {

// The changes of one table's log, without gaps, and where it goes on.
struct RecoveredLog {
  std::deque<Change> changes;
  std::uint64_t next = 1;
};

// Not thread-safe.
class RecoveredTables {
 public:
  // `engine` must outlive it, and make the spaces of the tables.
  explicit RecoveredTables(Engine& engine) : engine_(engine) {}

  // Takes over a row that is no group. With `only_log`, only the logs take it: the row was kept
  // before the checkpoint. False if the row makes no sense, which its check should have shown.
  [[nodiscard]] bool Apply(const Row& row, bool only_log);

  [[nodiscard]] std::uint64_t latest_table() const { return latest_table_; }
  // The time of the latest change; the clock must not show an earlier one.
  [[nodiscard]] Micros latest_time() const { return latest_time_; }

  // What there is so far: the tables by name, then the backups by ARN.
  struct Holding {
    std::string name;
    bool backup = false;
    Statistics statistics;
  };
  [[nodiscard]] std::vector<Holding> Holdings() const;

  // What was recovered; afterwards this object is empty.
  std::map<std::uint64_t, KeptTable> TakeTables();
  std::vector<Backup> TakeBackups();
  std::map<std::uint64_t, RecoveredLog> TakeLogs() { return std::move(logs_); }

 private:
  struct RecoveredTable {
    KeptTable kept;
    std::uint64_t as_of = 0;
  };
  struct RecoveredBackup {
    BackupRow row;
    std::unique_ptr<Space> items;
    Statistics statistics;
  };

  using Backups = std::map<std::string, RecoveredBackup, std::less<>>;

  bool AddTable(RecordReader& reader);
  // The backup that a table was restored from; null if there is none. It may have been removed
  // while the table was being restored, and before that was kept.
  [[nodiscard]] const RecoveredBackup* SourceOf(const TableMetadata& metadata) const;
  bool AddBackup(RecordReader& reader);
  bool AddItems(RecordReader& reader);
  bool SetMetadata(RecordReader& reader, bool dropped);
  bool ApplyChanges(const Row& row, bool only_log);
  void Apply(const ChangeRow& row, RecoveredTable& table);
  void AddToLog(const ChangeRow& row);
  void Store(Space& space, std::string_view key, Item item);

  Engine& engine_;
  std::map<std::uint64_t, RecoveredTable> tables_;
  Backups backups_;
  Backups removed_backups_;
  std::map<std::uint64_t, RecoveredLog> logs_;
  std::uint64_t latest_table_ = 0;
  Micros latest_time_{0};
};

}  // namespace weir::storage
