// SPDX-License-Identifier: Apache-2.0
#include "storage/disk/table_rows.h"

namespace weir::storage {
namespace {

constexpr std::uint64_t kHasBefore = 1;
constexpr std::uint64_t kHasAfter = 2;
constexpr unsigned kOriginShift = 2;

void WriteStamp(const Item& item, RecordWriter& writer) {
  writer.Write(item.write_time(), item.origin());
}

void ReadStamp(RecordReader& reader, Micros& time, Origin& origin) {
  reader.Read(time, origin);
}

Item ReadImage(RecordReader& reader, Micros time, Origin origin) {
  const std::string_view contents = reader.Text();
  if (reader.failed()) {
    return {};
  }
  Item item = Item::FromContents(contents);
  item.Stamp(time, origin);
  return item;
}

}  // namespace

BackupRow RowOf(const Backup& backup, std::uint64_t table) {
  return {.table = table,
          .arn = backup.arn,
          .name = backup.name,
          .creation_time = backup.creation_time,
          .expiry = backup.expiry,
          .metadata = backup.image.metadata};
}

void KeepBackup(const Backup& backup, std::uint64_t table, Engine& engine) {
  if (engine.durable()) {
    std::string row;
    WriteRow(RowOf(backup, table), row);
    engine.Keep(RowKind::kBackup, row);
  }
}

void KeepBackupRemoved(std::string_view arn, Engine& engine) {
  if (engine.durable()) {
    std::string row;
    RecordWriter(row).Put(arn);
    engine.Keep(RowKind::kBackupRemoved, row);
  }
}

void WriteRow(const TableRow& row, std::string& out) {
  RecordWriter writer(out);
  writer.Write(row.number, row.from_backup, row.as_of, row.dropped, row.latest_write);
  WriteMetadata(*row.metadata, writer);
}

TableRow ReadTableRow(RecordReader& reader) {
  TableRow row;
  reader.Read(row.number, row.from_backup, row.as_of, row.dropped, row.latest_write);
  row.metadata = ReadMetadata(reader);
  return row;
}

void WriteRow(const BackupRow& row, std::string& out) {
  RecordWriter writer(out);
  writer.Write(row.table, row.arn, row.name, row.creation_time, row.expiry);
  WriteMetadata(*row.metadata, writer);
}

BackupRow ReadBackupRow(RecordReader& reader) {
  BackupRow row;
  reader.Read(row.table, row.arn, row.name, row.creation_time, row.expiry);
  row.metadata = ReadMetadata(reader);
  return row;
}

void WriteChange(const KeptChange& kept, std::uint64_t sequence, std::string& out) {
  const Change& change = *kept.change;
  const bool before = sequence != 0 && change.before;
  const std::uint64_t flags = (before ? kHasBefore : 0) | (change.after ? kHasAfter : 0) |
                              (static_cast<std::uint64_t>(change.origin) << kOriginShift);
  RecordWriter writer(out);
  writer.Write(kept.table, kept.key, flags, sequence, change.time);
  if (before) {
    WriteStamp(change.before, writer);
    writer.Put(change.before.attributes().contents());
  }
  if (change.after) {
    writer.Put(change.after.attributes().contents());
  }
}

ChangeRow ReadChange(RecordReader& reader, Images images) {
  ChangeRow row;
  reader.Read(row.table);
  row.key = reader.Text();
  const std::uint64_t flags = reader.Unsigned();
  reader.Read(row.change.sequence, row.change.time);
  const std::uint64_t origin = flags >> kOriginShift;
  constexpr std::size_t kShortestKey = 8;  // its hash
  if (origin > static_cast<std::uint64_t>(Origin::kReplica) || row.key.size() < kShortestKey) {
    reader.Fail();
    return row;
  }
  row.change.origin = static_cast<Origin>(origin);
  row.change.key_hash = PrimaryKey::HashOf(row.key);
  if ((flags & kHasBefore) != 0) {
    Micros time{0};
    Origin by{};
    ReadStamp(reader, time, by);
    if (images == Images::kBoth) {
      row.change.before = ReadImage(reader, time, by);
    } else {
      (void)reader.Text();
    }
  }
  if ((flags & kHasAfter) != 0) {
    row.change.after = ReadImage(reader, row.change.time, row.change.origin);
  }
  return row;
}

ChangeHead SkimChange(RecordReader& reader) {
  ChangeHead head;
  reader.Read(head.table);
  (void)reader.Text();  // the key
  const std::uint64_t flags = reader.Unsigned();
  reader.Read(head.sequence, head.time);
  if ((flags & kHasBefore) != 0) {
    Micros time{0};
    Origin origin{};
    ReadStamp(reader, time, origin);
    (void)reader.Text();
  }
  if ((flags & kHasAfter) != 0) {
    (void)reader.Text();
  }
  return head;
}

void WriteOwner(const ItemOwner& owner, std::string& out) {
  RecordWriter(out).Write(owner.table, owner.backup_arn);
}

ItemOwner ReadOwner(RecordReader& reader) {
  ItemOwner owner;
  reader.Read(owner.table, owner.backup_arn);
  return owner;
}

void WriteEntry(std::string_view key, const Item& item, std::string& out) {
  RecordWriter writer(out);
  writer.Put(key);
  WriteStamp(item, writer);
  writer.Put(item.attributes().contents());
}

Item ReadEntry(RecordReader& reader, std::string_view& key) {
  key = reader.Text();
  Micros time{0};
  Origin origin{};
  ReadStamp(reader, time, origin);
  return ReadImage(reader, time, origin);
}

}  // namespace weir::storage
