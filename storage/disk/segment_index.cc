// SPDX-License-Identifier: Apache-2.0
#include "storage/disk/segment_index.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include "core/record.h"
#include "storage/disk/journal.h"
#include "storage/disk/table_rows.h"

namespace weir::storage {
namespace {

constexpr std::uint64_t kVersion = 1;

void AddChanges(const Row& row, std::uint64_t number, std::uint64_t offset, SegmentIndex& index) {
  RecordReader reader(row.payload);
  while (!reader.failed() && !reader.finished()) {
    const ChangeHead head = SkimChange(reader);
    if (reader.failed()) {
      return;  // the row's check is right, so it was written like that; a reader of it will say so
    }
    index.latest = std::max(index.latest, head.time);
    if (head.sequence == 0) {
      continue;
    }
    LogPart& part = index.parts[head.table];
    part.next = head.sequence + 1;
    if (part.points.empty() || offset >= part.points.back().offset + SegmentIndex::kPointDistance) {
      part.points.push_back(
          {.sequence = head.sequence, .offset = offset, .row = number, .time = head.time});
    }
  }
}

}  // namespace

constexpr auto RecordMembers(const LogPoint* /*type*/) {
  return std::tuple(&LogPoint::sequence, &LogPoint::offset, &LogPoint::row, &LogPoint::time);
}
constexpr auto RecordMembers(const LogPart* /*type*/) {
  return std::tuple(&LogPart::next, &LogPart::points);
}
constexpr auto RecordMembers(const SegmentIndex* /*type*/) {
  return std::tuple(&SegmentIndex::last, &SegmentIndex::size, &SegmentIndex::latest,
                    &SegmentIndex::parts);
}

void SegmentIndex::Add(const Row& row, std::uint64_t offset, std::uint64_t end) {
  last = row.number;
  size = end;
  ForEachRow(row, [&](const Row& part) {
    if (part.kind == RowKind::kChanges) {
      AddChanges(part, row.number, offset, *this);
    }
  });
}

std::string IndexName(std::uint64_t first) {
  return NumberedName(kIndexPrefix, first);
}

Io<void> SaveIndex(Files& files, std::uint64_t data_set, std::uint64_t first,
                   const SegmentIndex& index) {
  std::string payload;
  RecordWriter(payload).Write(kVersion, index);
  std::string bytes;
  AppendFileHeader({.data_set = data_set, .first = 1}, bytes);
  AppendRow({.kind = RowKind::kSegmentIndex, .number = 1, .payload = payload}, data_set, bytes);
  WEIR_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Create(kNewIndex));
  WEIR_RETURN_IF_ERROR(file->WriteAt(0, bytes));
  return files.Rename(kNewIndex, IndexName(first));
}

std::optional<SegmentIndex> LoadIndex(const Files& files, std::uint64_t data_set,
                                      std::uint64_t first) {
  const Io<std::unique_ptr<File>> file = files.Open(IndexName(first));
  const Io<std::unique_ptr<File>> segment = files.Open(JournalName(first));
  if (!file.ok() || !segment.ok()) {
    return std::nullopt;
  }
  RowReader reader(*file.value());
  const Io<std::optional<FileHeader>> header = reader.ReadHeader();
  if (!header.ok() || !header.value().has_value() || header.value()->data_set != data_set ||
      header.value()->version > kDataFormatVersion) {
    return std::nullopt;
  }
  const Io<std::optional<Row>> row = reader.Next();
  if (!row.ok() || !row.value().has_value() || row.value()->kind != RowKind::kSegmentIndex) {
    return std::nullopt;
  }
  RecordReader record(row.value()->payload);
  if (record.Unsigned() != kVersion) {
    return std::nullopt;
  }
  SegmentIndex index;
  record.Read(index);
  const Io<std::uint64_t> size = segment.value()->Size();
  const bool fits = record.finished() && size.ok() && size.value() >= index.size;
  index.whole = fits && size.value() == index.size;
  return fits ? std::optional(std::move(index)) : std::nullopt;
}

}  // namespace weir::storage
