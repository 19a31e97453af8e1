// SPDX-License-Identifier: Apache-2.0
// Files: the one folder that durable state is kept in, as an interface, so that tests can put a
// failing disk in its place.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace weir::storage {

// What the system refused. `code` is an errno.
struct IoError {
  int code = 0;
  std::string what;  // the call and the path: "open /data/journal-1"

  // "open /data/journal-1: No space left on device".
  [[nodiscard]] std::string ToString() const;
};

template <class T>
using Io = Result<T, IoError>;

// An open file. For one thread at a time, but reads may run together.
class File {
 public:
  virtual ~File() = default;
  // Writes all of `bytes` at the offset, or fails; a part of them may then be there.
  virtual Io<void> WriteAt(std::uint64_t offset, std::string_view bytes) = 0;
  // Replaces `bytes` by up to `size` bytes from the offset on: fewer at the end of the file.
  virtual Io<void> ReadAt(std::uint64_t offset, std::size_t size, std::string& bytes) const = 0;
  // What was written survives a crash of the machine when this has succeeded. After a failure
  // nothing is known of what was written since the last success, and trying again proves nothing:
  // the system may have dropped it.
  virtual Io<void> Sync() = 0;
  [[nodiscard]] virtual Io<std::uint64_t> Size() const = 0;
};

// The files of one folder, by their names in it. Thread-safe.
class Files {
 public:
  virtual ~Files() = default;
  [[nodiscard]] virtual Io<std::unique_ptr<File>> Open(std::string_view name) const = 0;
  // The same for a file that will be written.
  [[nodiscard]] virtual Io<std::unique_ptr<File>> OpenToWrite(std::string_view name) = 0;
  // Makes a new, empty file that only this user may read, in place of one of that name.
  virtual Io<std::unique_ptr<File>> Create(std::string_view name) = 0;
  [[nodiscard]] virtual Io<std::vector<std::string>> List() const = 0;
  // Renames a file, in place of another of that name.
  virtual Io<void> Rename(std::string_view from, std::string_view to) = 0;
  // It is no error if there is no such file.
  virtual Io<void> Remove(std::string_view name) = 0;
  // Which files there are survives a crash of the machine when this has succeeded.
  virtual Io<void> SyncNames() = 0;
  // The path of a file, for messages.
  [[nodiscard]] virtual std::string PathOf(std::string_view name) const = 0;
};

// The prefix and the number in 20 digits, so that names sort as their numbers do.
std::string NumberedName(std::string_view prefix, std::uint64_t number);

// The files of a folder of this machine. `path` must exist.
std::unique_ptr<Files> NewFolderFiles(std::string path);

}  // namespace weir::storage
