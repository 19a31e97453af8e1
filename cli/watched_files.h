// SPDX-License-Identifier: Apache-2.0
// WatchedFiles: tells when files change, by looking at their times again and again. That is slower
// than to be told by the system, but it is the same on every system and in every container,
// whatever its folders are mounted from.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

// Files are those that are named, and all in folders that are named and in folders within. Left out
// are what begins with a dot, `node_modules` and `__pycache__`, which the running program writes
// itself; symbolic links within folders are not followed. Not thread-safe.
class WatchedFiles {
 public:
  // How many files there may be: each look goes through all of them.
  static constexpr std::size_t kMost = 20'000;

  explicit WatchedFiles(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  // Looks at the files for the first time. Returns why they cannot be watched; empty if they can.
  std::string Begin();
  // The path of a file that has changed, come or gone since it was called last, or since Begin,
  // once nothing more has changed between two calls; nullopt otherwise.
  std::optional<std::string> TakeChange();

 private:
  using Time = std::filesystem::file_time_type;
  using Files = std::map<std::string, std::pair<Time, std::uintmax_t>>;  // and their sizes

  // kMost + 1 files at most.
  [[nodiscard]] Files Look() const;

  std::vector<std::string> paths_;
  Files files_;
  std::optional<std::string> changed_;
};

}  // namespace weir::cli
