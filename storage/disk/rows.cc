// SPDX-License-Identifier: Apache-2.0
#include "storage/disk/rows.h"

#include <algorithm>
#include <bit>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::storage {
namespace {

static_assert(std::endian::native == std::endian::little, "the format's integers are copied");

constexpr std::string_view kMagic = "WEIRDATA";
constexpr std::size_t kCheckBytes = 8;

template <class Integer>
void AppendInteger(Integer value, std::string& out) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

template <class Integer>
Integer IntegerAt(std::string_view bytes, std::size_t at) {
  Integer value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::uint64_t CheckOf(std::string_view bytes, std::uint64_t data_set) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), data_set);
}

// Places of a row's parts.
constexpr std::size_t kSizeAt = kCheckBytes;
constexpr std::size_t kKindAt = kSizeAt + 4;
constexpr std::size_t kNumberAt = kKindAt + 4;
static_assert(kNumberAt + 8 == kRowHeaderBytes);

// Places of a header's parts.
constexpr std::size_t kVersionAt = kMagic.size();
constexpr std::size_t kDataSetAt = kVersionAt + 4;
constexpr std::size_t kFirstAt = kDataSetAt + 8;
constexpr std::size_t kHeaderCheckAt = kFirstAt + 8;
static_assert(kHeaderCheckAt + kCheckBytes == kFileHeaderBytes);

}  // namespace

void AppendFileHeader(const FileHeader& header, std::string& out) {
  const std::size_t begin = out.size();
  out += kMagic;
  AppendInteger(header.version, out);
  AppendInteger(header.data_set, out);
  AppendInteger(header.first, out);
  AppendInteger(CheckOf(std::string_view(out).substr(begin), header.data_set), out);
}

void AppendRow(const Row& row, std::uint64_t data_set, std::string& out) {
  const std::size_t begin = out.size();
  out.append(kCheckBytes, '\0');
  AppendInteger(static_cast<std::uint32_t>(row.payload.size()), out);
  AppendInteger(static_cast<std::uint32_t>(row.kind), out);
  AppendInteger(row.number, out);
  out += row.payload;
  const std::uint64_t check = CheckOf(std::string_view(out).substr(begin + kCheckBytes), data_set);
  std::memcpy(out.data() + begin, &check, sizeof check);
}

std::optional<Row> TakeRow(std::string_view& rows) {
  if (rows.size() < kRowHeaderBytes) {
    return std::nullopt;
  }
  const Row row{.kind = static_cast<RowKind>(IntegerAt<std::uint32_t>(rows, kKindAt)),
                .number = IntegerAt<std::uint64_t>(rows, kNumberAt),
                .payload = rows.substr(kRowHeaderBytes, IntegerAt<std::uint32_t>(rows, kSizeAt))};
  rows.remove_prefix(kRowHeaderBytes + row.payload.size());
  return row;
}

void AppendGroupedRow(RowKind kind, std::string_view payload, std::string& out) {
  constexpr std::size_t kHeader = 8;
  if (const std::size_t needed = out.size() + kHeader + payload.size(); needed > out.capacity()) {
    out.reserve(std::max(needed, 2 * out.capacity()));  // may fail, and then leaves `out` as it was
  }
  AppendInteger(static_cast<std::uint32_t>(payload.size()), out);
  AppendInteger(static_cast<std::uint32_t>(kind), out);
  out += payload;
}

std::optional<Row> TakeGroupedRow(std::string_view& group) {
  constexpr std::size_t kHeader = 8;
  if (group.size() < kHeader) {
    return std::nullopt;
  }
  const auto size = IntegerAt<std::uint32_t>(group, 0);
  if (group.size() - kHeader < size) {
    return std::nullopt;
  }
  const Row row{.kind = static_cast<RowKind>(IntegerAt<std::uint32_t>(group, 4)),
                .number = 0,
                .payload = group.substr(kHeader, size)};
  group.remove_prefix(kHeader + size);
  return row;
}

Io<bool> RowReader::Fill(std::size_t size, std::size_t ahead) {
  if (buffer_.size() - at_ >= size) {
    return true;
  }
  base_ += at_;
  at_ = 0;
  WEIR_RETURN_IF_ERROR(file_.ReadAt(base_, std::max(size, ahead), buffer_));
  return buffer_.size() >= size;
}

Io<std::optional<FileHeader>> RowReader::ReadHeader() {
  WEIR_ASSIGN_OR_RETURN(const bool whole, Fill(kFileHeaderBytes, 0));
  if (!whole || !Here().starts_with(kMagic)) {
    return std::optional<FileHeader>();
  }
  const std::string_view header = Here().substr(0, kFileHeaderBytes);
  header_.version = IntegerAt<std::uint32_t>(header, kVersionAt);
  if (header_.version > kDataFormatVersion) {
    return std::optional(FileHeader{.version = header_.version});
  }
  header_.data_set = IntegerAt<std::uint64_t>(header, kDataSetAt);
  header_.first = IntegerAt<std::uint64_t>(header, kFirstAt);
  if (IntegerAt<std::uint64_t>(header, kHeaderCheckAt) !=
      CheckOf(header.substr(0, kHeaderCheckAt), header_.data_set)) {
    return std::optional<FileHeader>();
  }
  at_ += kFileHeaderBytes;
  expected_ = header_.first;
  return std::optional(header_);
}

void RowReader::StartAt(std::uint64_t offset, std::uint64_t number, std::uint64_t data_set) {
  base_ = offset;
  expected_ = number;
  header_.data_set = data_set;
}

Io<std::optional<Row>> RowReader::Next() {
  WEIR_ASSIGN_OR_RETURN(const bool has_header, Fill(kRowHeaderBytes, read_bytes_));
  broken_ = !has_header && !Here().empty();
  if (!has_header) {
    return std::optional<Row>();
  }
  const std::size_t size = IntegerAt<std::uint32_t>(Here(), kSizeAt);
  const std::size_t whole = kRowHeaderBytes + size;
  broken_ = true;
  if (size > kMaxRowPayload) {
    return std::optional<Row>();
  }
  WEIR_ASSIGN_OR_RETURN(const bool has_payload, Fill(whole, read_bytes_));
  if (!has_payload) {
    return std::optional<Row>();
  }
  const std::string_view bytes = Here().substr(0, whole);
  const Row row{.kind = static_cast<RowKind>(IntegerAt<std::uint32_t>(bytes, kKindAt)),
                .number = IntegerAt<std::uint64_t>(bytes, kNumberAt),
                .payload = bytes.substr(kRowHeaderBytes)};
  if (IntegerAt<std::uint64_t>(bytes, 0) != CheckOf(bytes.substr(kCheckBytes), header_.data_set) ||
      row.number != expected_) {
    return std::optional<Row>();
  }
  broken_ = false;
  ++expected_;
  at_ += whole;
  return std::optional(row);
}

}  // namespace weir::storage
