// SPDX-License-Identifier: Apache-2.0
// The rows of tables and backups, as records (core/record.h).
//
//   kTable    := TableRow                     a new table; in a checkpoint, a table as it was
//   kItems    := owner entry*                 in a checkpoint only: more items of the owner
//   owner     := unsigned text                the number of a table, or 0 and the ARN of a backup
//   entry     := text(key) signed(stamp) text(contents)
//   kChanges  := change*                      what one write or transaction did
//   change    := unsigned(table) text(key) unsigned(flags) unsigned(sequence) time stamp? text?
//                text?                        the image before with its stamp, and the image after
//   kMetadata := unsigned(table) metadata     a table's metadata was replaced
//   kDropped  := unsigned(table) metadata     a table was dropped
//   kBackup   := BackupRow                    of the table as it is when the row is read; in a
//                                             checkpoint its items follow
//   kBackupRemoved := text(ARN)
//   kLog      := unsigned(table) unsigned     in a checkpoint: the next sequence of a table's log
//
// A stamp is that of core/item.h: when the image was written, and by whom. The image before of a
// change is only there if the change is in the table's log, as its readers may want it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/change.h"
#include "core/record.h"
#include "storage/backup.h"
#include "storage/engine.h"
#include "storage/metadata_record.h"

namespace weir {

constexpr auto RecordRange(const Origin* /*type*/) {
  return std::pair(Origin::kUser, Origin::kReplica);
}

}  // namespace weir

namespace weir::storage {

struct TableRow {
  std::uint64_t number = 0;
  bool from_backup = false;  // a new table that has the items of the backup its metadata names
  // The rows up to this one have had their effect on the table.
  std::uint64_t as_of = 0;
  bool dropped = false;
  Micros latest_write{0};
  TableMetadataPtr metadata;
};

struct BackupRow {
  std::uint64_t table = 0;  // 0 in a checkpoint
  std::string arn;
  std::string name;
  Micros creation_time{0};
  std::optional<Micros> expiry;
  TableMetadataPtr metadata;
};

struct ItemOwner {
  std::uint64_t table = 0;  // 0: a backup
  std::string backup_arn;
};

struct ChangeRow {
  std::uint64_t table = 0;
  std::string_view key;
  Change change;  // `before` only if it was written down, and asked for
};

// What a ChangeRow begins with, of use without its images.
struct ChangeHead {
  std::uint64_t table = 0;
  std::uint64_t sequence = 0;  // 0: the change is in no log
  Micros time{0};
};

// Have the engine, if it is durable, keep a new backup of the table of that number, or the removal
// of a backup.
void KeepBackup(const Backup& backup, std::uint64_t table, Engine& engine);
void KeepBackupRemoved(std::string_view arn, Engine& engine);

void WriteRow(const TableRow& row, std::string& out);
void WriteRow(const BackupRow& row, std::string& out);
// The row of a backup of the table of that number; 0 in a checkpoint.
BackupRow RowOf(const Backup& backup, std::uint64_t table);
// `sequence` is the one that the change will have in its log; 0 if the log does not record it.
void WriteChange(const KeptChange& kept, std::uint64_t sequence, std::string& out);
void WriteOwner(const ItemOwner& owner, std::string& out);
void WriteEntry(std::string_view key, const Item& item, std::string& out);

// These fail by `reader.failed()`.
TableRow ReadTableRow(RecordReader& reader);
BackupRow ReadBackupRow(RecordReader& reader);
enum class Images : bool { kAfter, kBoth };
ChangeRow ReadChange(RecordReader& reader, Images images);
// Passes over a change.
ChangeHead SkimChange(RecordReader& reader);
ItemOwner ReadOwner(RecordReader& reader);
// Reads an item, and sets `key` to its key, in the record.
Item ReadEntry(RecordReader& reader, std::string_view& key);

}  // namespace weir::storage
