// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/code/zip_builder.h"

#include <zlib.h>

#include <algorithm>

namespace weir::runtimes {
namespace {

// Appends a little-endian number.
void Put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    out += static_cast<char>((value >> static_cast<unsigned>(8 * i)) & 0xFFU);
  }
}

constexpr std::uint32_t kInExtraField = 0xFFFFFFFF;

struct Sizes {
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;
  std::uint64_t unpacked = 0;
};

void PutExtra(std::string& out, const Sizes& sizes) {
  Put(out, 1, 2);
  Put(out, 16, 2);
  Put(out, sizes.unpacked, 8);
  Put(out, sizes.packed, 8);
}

// What the local header and that of the directory have in common.
void PutShared(std::string& out, const TestEntry& entry, const Sizes& sizes, bool zip64) {
  constexpr unsigned kSizesAfter = 1U << 3U;
  constexpr unsigned kUtf8 = 1U << 11U;
  Put(out, zip64 ? 45 : 20, 2);
  Put(out, entry.flags | kUtf8 | (entry.sizes_after ? kSizesAfter : 0U), 2);
  Put(out,
      static_cast<unsigned>(entry.method >= 0 ? entry.method
                            : entry.deflated  ? Z_DEFLATED
                                              : 0),
      2);
  Put(out, 0, 4);  // the time
  Put(out, sizes.crc, 4);
  Put(out, zip64 ? kInExtraField : sizes.packed, 4);
  Put(out, zip64 ? kInExtraField : sizes.unpacked, 4);
  Put(out, entry.name.size(), 2);
  Put(out, zip64 ? 20 : 0, 2);
}

}  // namespace

std::string Deflate(const std::string& content) {
  z_stream stream{};
  constexpr int kNoHeader = -MAX_WBITS;
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kNoHeader, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, content.size()), '\0');
  std::string input = content;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

ZipBuilder& ZipBuilder::Add(const TestEntry& entry) {
  const std::string packed = entry.deflated ? Deflate(entry.content) : entry.content;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()),
                         static_cast<uInt>(entry.content.size()));
  const Sizes sizes{
      .crc = static_cast<std::uint32_t>(crc) + entry.crc_error,
      .packed = packed.size(),
      .unpacked = entry.content.size() + static_cast<std::uint64_t>(entry.size_error)};
  const std::size_t offset = entries_.size();

  entries_ += "PK\3\4";
  const bool zip64 = entry.zip64 || entry.zip64_in_directory;
  const Sizes before = entry.sizes_after ? Sizes() : sizes;
  PutShared(entries_, entry, before, zip64);
  entries_ += entry.name;
  if (zip64) {
    PutExtra(entries_, before);
  }
  entries_ += packed;
  if (entry.sizes_after) {
    entries_ += "PK\7\10";
    Put(entries_, sizes.crc, 4);
    Put(entries_, sizes.packed, zip64 ? 8 : 4);
    Put(entries_, sizes.unpacked, zip64 ? 8 : 4);
  }

  directory_ += "PK\1\2";
  Put(directory_, entry.system << 8U | 45U, 2);
  PutShared(directory_, entry, sizes, entry.zip64_in_directory);
  Put(directory_, 0, 2);  // no comment
  Put(directory_, 0, 2);  // the disk
  Put(directory_, 0, 2);
  Put(directory_, std::uint64_t{entry.mode} << 16U, 4);
  Put(directory_, offset, 4);
  directory_ += entry.name;
  if (entry.zip64_in_directory) {
    PutExtra(directory_, sizes);
  }
  ++count_;
  return *this;
}

std::string ZipBuilder::Zip(int count_error) const {
  std::string zip = entries_ + directory_ + "PK\5\6";
  const auto count = static_cast<unsigned>(count_ + count_error);
  Put(zip, 0, 4);  // the disks
  Put(zip, count, 2);
  Put(zip, count, 2);
  Put(zip, directory_.size(), 4);
  Put(zip, entries_.size(), 4);
  Put(zip, 0, 2);  // no comment
  return zip;
}

}  // namespace weir::runtimes
