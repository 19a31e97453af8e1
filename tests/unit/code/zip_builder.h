// SPDX-License-Identifier: Apache-2.0
// ZipBuilder: zips for tests, byte by byte, so that they may also be wrong.
#pragma once

#include <cstdint>
#include <string>

namespace weir::runtimes {

// What one entry is, and what its headers say of it.
struct TestEntry {
  std::string name = {};
  std::string content = {};
  unsigned mode = 0100644;
  unsigned system = 3;  // that the zip was made on: 3 is Unix, 0 is DOS
  bool deflated = false;
  // What is not so: added to what is right.
  std::uint32_t crc_error = 0;
  std::int64_t size_error = 0;
  // Bits of the general purpose flags beside that for sizes after the data.
  unsigned flags = 0;
  int method = -1;           // -1: stored or deflated, as it is
  bool sizes_after = false;  // a data descriptor follows the data
  // The sizes are in the extra field of zip64: in the local header, as those write it that do not
  // know before how large an entry becomes; or in the directory, too, as for entries beyond 4 GB.
  bool zip64 = false;
  bool zip64_in_directory = false;
};

// Not thread-safe.
class ZipBuilder {
 public:
  ZipBuilder& Add(const TestEntry& entry);
  // With another number of entries in the directory's end than there are, if `count_error` is not
  // 0.
  [[nodiscard]] std::string Zip(int count_error = 0) const;

 private:
  std::string entries_;
  std::string directory_;
  int count_ = 0;
};

// `content` as deflate packs it.
std::string Deflate(const std::string& content);

}  // namespace weir::runtimes
