// SPDX-License-Identifier: Apache-2.0
// RecoveredTables: tables, backups and logs, as rows of a data folder make them.
#pragma once

#include <algorithm>
#include <cstdint>
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

// Not thread-safe.
class RecoveredTables {
 public:
  // `engine` must outlive it, and make the spaces of the tables.
  explicit RecoveredTables(Engine& engine) : engine_(engine) {}

  // Takes over a row that is no group. With `only_log`, it only counts for the logs: it was kept
  // before the checkpoint. False if the row makes no sense, which its check should have shown.
  [[nodiscard]] bool Apply(const Row& row, bool only_log);
  // Takes note of changes that are not applied. None was made after `latest`.
  void PassOver(Micros latest) { latest_time_ = std::max(latest_time_, latest); }

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
  // The sequence that the next change of the table gets in its log.
  [[nodiscard]] std::uint64_t NextSequence(std::uint64_t table) const;

 private:
  struct RecoveredTable {
    KeptTable kept;
    std::uint64_t as_of = 0;
  };
  // What of a checkpoint's items comes next: more of the same table or backup.
  struct Filling {
    std::unique_ptr<SpaceBuilder> builder;  // null if nothing is being filled
    std::unique_ptr<Space>* items = nullptr;
    std::string last_key;
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
  void EndFilling();
  bool SetMetadata(RecordReader& reader, bool dropped);
  bool ApplyChanges(const Row& row, bool only_log);
  void Apply(const ChangeRow& row, RecoveredTable& table);
  void NoteNext(std::uint64_t table, std::uint64_t sequence);
  void Store(Space& space, std::string_view key, Item item);

  Engine& engine_;
  std::map<std::uint64_t, RecoveredTable> tables_;
  Backups backups_;
  Backups removed_backups_;
  Filling filling_;
  std::map<std::uint64_t, std::uint64_t> next_sequences_;  // of logs, by table
  std::uint64_t latest_table_ = 0;
  Micros latest_time_{0};
};

}  // namespace weir::storage
