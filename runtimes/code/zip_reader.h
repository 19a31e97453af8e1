// SPDX-License-Identifier: Apache-2.0
// ZipReader: the entries of a zip in memory, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weir::runtimes {

struct ZipEntry {
  std::string name;  // as it is in the zip: any bytes
  // The Unix mode, with the type of the file; 0 if the zip was made on a system without modes.
  unsigned mode = 0;
  bool encrypted = false;
  // The directory has the sizes in zip64's way, which is for 4 GB and more. minizip 1.1 reads them
  // wrongly where `long` has 64 bits.
  bool beyond_4_gb = false;
  bool known_method = false;  // it is stored or deflated
};

// Reads by minizip, which finds each entry by the directory at the end of the zip. Not thread-safe.
class ZipReader {
 public:
  // `zip` must outlive the reader.
  explicit ZipReader(std::string_view zip);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  // Whether there is the directory of a zip. Everything below is only for one that has it.
  [[nodiscard]] bool ok() const;
  // How many entries there are, as the directory says.
  [[nodiscard]] std::uint64_t size() const;
  // The next entry, to begin with the first; nullopt if the directory is damaged. Not to be called
  // more than size() times.
  std::optional<ZipEntry> Next();
  // The next bytes of the entry, at most as many as its header says; none at its end. nullopt if
  // the data is damaged or at its end differs from what the header says of it.
  std::optional<std::size_t> Read(std::span<char> buffer);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::runtimes
