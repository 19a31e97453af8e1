// SPDX-License-Identifier: Apache-2.0
// Rows: what the journal and checkpoints are made of.
//
//   file    := magic version data-set first check row*
//   magic   := "WEIRDATA"
//   version := 4 bytes: kDataFormatVersion     data-set := 8 bytes
//   first   := 8 bytes: the number of the file's first row
//   row     := check size kind number payload
//   size    := 4 bytes: of the payload         kind := 4 bytes: RowKind
//   number  := 8 bytes: one more than that of the row before
//   check   := 8 bytes: XXH3 of what follows it, in the header or the row, seeded with the data set
//
// Integers are little-endian. A row of another data set, one at the wrong place, and one that was
// torn or changed all fail the check or have a wrong number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/disk/files.h"
#include "storage/row_kind.h"

namespace weir::storage {

// Version 1 had no index files, and no revision in the states of streams. Version 2 had no records
// of other services.
inline constexpr std::uint32_t kDataFormatVersion = 3;

// The most bytes of a payload. A transaction of the most and largest items takes less.
inline constexpr std::size_t kMaxRowPayload = std::size_t{256} << 20U;

struct Row {
  RowKind kind = RowKind::kEnd;
  std::uint64_t number = 0;
  std::string_view payload;
};

struct FileHeader {
  std::uint32_t version = kDataFormatVersion;
  std::uint64_t data_set = 0;
  std::uint64_t first = 0;
};

inline constexpr std::size_t kFileHeaderBytes = 36;
inline constexpr std::size_t kRowHeaderBytes = 24;

void AppendFileHeader(const FileHeader& header, std::string& out);
void AppendRow(const Row& row, std::uint64_t data_set, std::string& out);

// Reads the row at the beginning of `rows`, which AppendRow wrote, and moves past it; nullopt at
// the end.
std::optional<Row> TakeRow(std::string_view& rows);

// Appends to `out` a row within a group: kind, size and payload, without number or check.
void AppendGroupedRow(RowKind kind, std::string_view payload, std::string& out);
// Calls `visit` for each row of a group's payload, or once for a row that is no group. False if the
// payload is no group after all.
template <class Visit>
bool ForEachRow(const Row& row, const Visit& visit);

// Reads the rows of a file.
class RowReader {
 public:
  static constexpr std::size_t kReadBytes = std::size_t{1} << 20U;
  // `file` must outlive it. `read_bytes`: how much is read in one go.
  explicit RowReader(const File& file, std::size_t read_bytes = kReadBytes)
      : file_(file), read_bytes_(read_bytes) {}

  // To be called first, once, to read from the beginning. nullopt if the file does not begin with a
  // whole header. The header of a newer version has only its `version`.
  Io<std::optional<FileHeader>> ReadHeader();
  // To be called first, once, to read from the row `number` on, which begins at `offset`.
  void StartAt(std::uint64_t offset, std::uint64_t number, std::uint64_t data_set);

  // The next row; its payload lives until the next call. nullopt at the end: of the file, or of
  // what is right in it, which `broken` tells apart.
  Io<std::optional<Row>> Next();
  [[nodiscard]] bool broken() const { return broken_; }
  // Where in the file the next row begins.
  [[nodiscard]] std::uint64_t offset() const { return base_ + at_; }

 private:
  // Has `size` bytes from the present place on in the buffer, and `ahead` if the file has so many;
  // false if the file has not so many as `size`.
  Io<bool> Fill(std::size_t size, std::size_t ahead);
  [[nodiscard]] std::string_view Here() const { return std::string_view(buffer_).substr(at_); }

  const File& file_;
  const std::size_t read_bytes_;
  FileHeader header_;
  std::uint64_t expected_ = 0;  // the next row's number
  std::uint64_t base_ = 0;      // where in the file the buffer begins
  std::size_t at_ = 0;          // in the buffer
  std::string buffer_;
  bool broken_ = false;
};

// Reads a row within a group at the beginning of `group` and moves past it; nullopt at the end, or
// if that is no row, which leaves `group` not empty.
std::optional<Row> TakeGroupedRow(std::string_view& group);

template <class Visit>
bool ForEachRow(const Row& row, const Visit& visit) {
  if (row.kind != RowKind::kGroup) {
    visit(row);
    return true;
  }
  std::string_view rest = row.payload;
  while (std::optional<Row> part = TakeGroupedRow(rest)) {
    part->number = row.number;
    visit(*part);
  }
  return rest.empty();
}

}  // namespace weir::storage
