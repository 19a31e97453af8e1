// SPDX-License-Identifier: Apache-2.0
#include "storage/disk/recovered_tables.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace weir::storage {

bool RecoveredTables::Apply(const Row& row, bool only_log) {
  RecordReader reader(row.payload);
  if (row.kind != RowKind::kItems) {
    EndFilling();
  }
  if (row.kind == RowKind::kChanges) {
    return ApplyChanges(row, only_log);
  }
  if (only_log) {
    if (row.kind == RowKind::kTable) {
      latest_table_ = std::max(latest_table_, reader.Unsigned());
    }
    return true;
  }
  switch (row.kind) {
    case RowKind::kTable:
      return AddTable(reader);
    case RowKind::kItems:
      return AddItems(reader);
    case RowKind::kMetadata:
      return SetMetadata(reader, false);
    case RowKind::kDropped:
      return SetMetadata(reader, true);
    case RowKind::kBackup:
      return AddBackup(reader);
    case RowKind::kBackupRemoved:
      if (auto removed = backups_.extract(std::string(reader.Text()))) {
        removed_backups_.insert(std::move(removed));
      }
      return reader.finished();
    case RowKind::kLog: {
      const std::uint64_t table = reader.Unsigned();
      latest_table_ = std::max(latest_table_, table);
      NoteNext(table, reader.Unsigned());
      return reader.finished();
    }
    default:
      return false;
  }
}

bool RecoveredTables::AddTable(RecordReader& reader) {
  TableRow row = ReadTableRow(reader);
  if (!reader.finished()) {
    return false;
  }
  latest_table_ = std::max(latest_table_, row.number);
  if (tables_.contains(row.number)) {
    return true;  // the checkpoint has the table, and was made after it was created
  }
  RecoveredTable table;
  table.as_of = row.as_of;
  table.kept.number = row.number;
  table.kept.metadata = std::move(row.metadata);
  table.kept.latest_write = row.latest_write;
  table.kept.dropped = row.dropped;
  if (row.from_backup) {
    const RecoveredBackup* const source = SourceOf(*table.kept.metadata);
    if (source == nullptr) {
      return false;
    }
    table.kept.items = engine_.NewSpace(*source->items->Snapshot());
    table.kept.statistics = source->statistics;
  } else {
    table.kept.items = engine_.NewSpace();
  }
  tables_.emplace(row.number, std::move(table));
  return true;
}

const RecoveredTables::RecoveredBackup* RecoveredTables::SourceOf(
    const TableMetadata& metadata) const {
  if (!metadata.restore.has_value()) {
    return nullptr;
  }
  for (const Backups* backups : {&backups_, &removed_backups_}) {
    const auto found = backups->find(metadata.restore->source_backup_arn);
    if (found != backups->end()) {
      return &found->second;
    }
  }
  return nullptr;
}

bool RecoveredTables::AddBackup(RecordReader& reader) {
  RecoveredBackup backup;
  backup.row = ReadBackupRow(reader);
  if (!reader.finished()) {
    return false;
  }
  if (backup.row.table == 0) {
    backup.items = engine_.NewSpace();
  } else {
    const auto table = tables_.find(backup.row.table);
    if (table == tables_.end()) {
      return false;
    }
    backup.items = engine_.NewSpace(*table->second.kept.items->Snapshot());
    backup.statistics = table->second.kept.statistics;
  }
  std::string arn = backup.row.arn;
  backups_.insert_or_assign(std::move(arn), std::move(backup));
  return true;
}

bool RecoveredTables::AddItems(RecordReader& reader) {
  const ItemOwner owner = ReadOwner(reader);
  std::unique_ptr<Space>* items = nullptr;
  Statistics* statistics = nullptr;
  if (const auto table = tables_.find(owner.table); table != tables_.end()) {
    items = &table->second.kept.items;
    statistics = &table->second.kept.statistics;
  } else if (const auto backup = backups_.find(owner.backup_arn); backup != backups_.end()) {
    items = &backup->second.items;
    statistics = &backup->second.statistics;
  }
  if (items == nullptr) {
    return false;
  }
  if (filling_.items != items) {
    EndFilling();
    const std::unique_ptr<SpaceView> view = (*items)->Snapshot();
    const std::unique_ptr<Cursor> cursor = view->NewCursor();
    cursor->SeekToFirst();
    if (cursor->valid()) {
      return false;  // items of one table come together
    }
    filling_ = {.builder = engine_.NewSpaceBuilder(), .items = items, .last_key = {}};
  }
  while (!reader.failed() && !reader.finished()) {
    std::string_view key;
    Item item = ReadEntry(reader, key);
    if (reader.failed() || key <= filling_.last_key) {
      return false;
    }
    filling_.last_key = key;
    statistics->Add(item.aws_size());
    filling_.builder->Add(key, std::move(item));
  }
  return !reader.failed();
}

void RecoveredTables::EndFilling() {
  if (filling_.builder != nullptr) {
    *filling_.items = filling_.builder->Finish();
    filling_ = {};
  }
}

bool RecoveredTables::SetMetadata(RecordReader& reader, bool dropped) {
  const auto table = tables_.find(reader.Unsigned());
  TableMetadataPtr metadata = ReadMetadata(reader);
  if (!reader.finished()) {
    return false;
  }
  if (table != tables_.end()) {  // a table that is being created has its row after this one
    table->second.kept.metadata = std::move(metadata);
    table->second.kept.dropped = table->second.kept.dropped || dropped;
  }
  return true;
}

bool RecoveredTables::ApplyChanges(const Row& row, bool only_log) {
  RecordReader reader(row.payload);
  while (!reader.failed() && !reader.finished()) {
    RecordReader whole = reader;
    const ChangeHead head = SkimChange(reader);
    if (reader.failed()) {
      return false;
    }
    latest_time_ = std::max(latest_time_, head.time);
    latest_table_ = std::max(latest_table_, head.table);
    if (head.sequence != 0) {
      NoteNext(head.table, head.sequence + 1);
    }
    const auto table = tables_.find(head.table);
    if (!only_log && table != tables_.end() && row.number > table->second.as_of) {
      const ChangeRow change = ReadChange(whole, Images::kAfter);
      if (whole.failed()) {
        return false;
      }
      Apply(change, table->second);
    }
  }
  return !reader.failed();
}

void RecoveredTables::NoteNext(std::uint64_t table, std::uint64_t sequence) {
  std::uint64_t& next = next_sequences_[table];
  next = std::max(next, sequence);
}

std::uint64_t RecoveredTables::NextSequence(std::uint64_t table) const {
  const auto next = next_sequences_.find(table);
  return next == next_sequences_.end() ? 1 : next->second;
}

void RecoveredTables::Apply(const ChangeRow& row, RecoveredTable& table) {
  KeptTable& kept = table.kept;
  if (const Item before = kept.items->Get(row.key)) {
    kept.statistics.Remove(before.aws_size());
  }
  if (row.change.after) {
    kept.statistics.Add(row.change.after.aws_size());
  }
  Store(*kept.items, row.key, row.change.after);
  kept.latest_write = std::max(kept.latest_write, row.change.time);
}

void RecoveredTables::Store(Space& space, std::string_view key, Item item) {
  const RecordWrite write{.space = &space, .key = key, .item = std::move(item)};
  engine_.Commit({&write, 1});
}

std::vector<RecoveredTables::Holding> RecoveredTables::Holdings() const {
  std::vector<Holding> holdings;
  for (const auto& [number, table] : tables_) {
    if (!table.kept.dropped) {
      holdings.push_back({.name = table.kept.metadata->name,
                          .backup = false,
                          .statistics = table.kept.statistics});
    }
  }
  std::sort(holdings.begin(), holdings.end(),
            [](const Holding& a, const Holding& b) { return a.name < b.name; });
  for (const auto& [arn, backup] : backups_) {
    holdings.push_back({.name = arn, .backup = true, .statistics = backup.statistics});
  }
  return holdings;
}

std::map<std::uint64_t, KeptTable> RecoveredTables::TakeTables() {
  EndFilling();
  std::map<std::uint64_t, KeptTable> tables;
  for (auto& [number, table] : tables_) {
    tables.emplace(number, std::move(table.kept));
  }
  tables_.clear();
  removed_backups_.clear();
  return tables;
}

std::vector<Backup> RecoveredTables::TakeBackups() {
  EndFilling();
  std::vector<Backup> backups;
  backups.reserve(backups_.size());
  for (auto& [arn, backup] : backups_) {
    backups.push_back({.arn = backup.row.arn,
                       .name = std::move(backup.row.name),
                       .creation_time = backup.row.creation_time,
                       .expiry = backup.row.expiry,
                       .image = {.metadata = std::move(backup.row.metadata),
                                 .items = backup.items->Snapshot(),
                                 .statistics = backup.statistics}});
  }
  backups_.clear();
  return backups;
}

}  // namespace weir::storage
