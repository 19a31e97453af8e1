// SPDX-License-Identifier: Apache-2.0
#include "cli/watched_files.h"

#include <algorithm>
#include <system_error>

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

bool IsLeftOut(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || name == "node_modules" || name == "__pycache__";
}

// The first path that only one of the maps has, or that they have with different values.
template <class Map>
std::optional<std::string> FirstDifference(const Map& one, const Map& other) {
  auto a = one.begin();
  auto b = other.begin();
  while (a != one.end() && b != other.end() && *a == *b) {
    ++a;
    ++b;
  }
  if (a == one.end() && b == other.end()) {
    return std::nullopt;
  }
  const bool is_of_one = b == other.end() || (a != one.end() && a->first <= b->first);
  return is_of_one ? a->first : b->first;
}

}  // namespace

std::string WatchedFiles::Begin() {
  for (const std::string& path : paths_) {
    std::error_code error;
    if (!fs::exists(path, error)) {
      return "there is no " + path;
    }
  }
  files_ = Look();
  return files_.size() <= kMost ? std::string()
                                : "there are more than " + std::to_string(kMost) +
                                      " files to watch; name fewer folders";
}

std::optional<std::string> WatchedFiles::TakeChange() {
  Files now = Look();
  if (std::optional<std::string> difference = FirstDifference(files_, now)) {
    changed_ = std::move(difference);
    files_ = std::move(now);
    return std::nullopt;
  }
  return std::exchange(changed_, std::nullopt);
}

WatchedFiles::Files WatchedFiles::Look() const {
  Files files;
  const auto add = [&files](const fs::path& path) {
    std::error_code error;
    const Time time = fs::last_write_time(path, error);
    const std::uintmax_t size = error ? 0 : fs::file_size(path, error);
    if (!error) {  // else it has just gone
      files.emplace(path.string(), std::pair(time, size));
    }
  };
  for (const std::string& path : paths_) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      add(path);
      continue;
    }
    fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied,
                                           error);
    for (; !error && entry != fs::recursive_directory_iterator() && files.size() <= kMost;
         entry.increment(error)) {
      if (IsLeftOut(entry->path())) {
        entry.disable_recursion_pending();
      } else if (std::error_code ignored; entry->is_regular_file(ignored)) {
        add(entry->path());
      }
    }
  }
  return files;
}

}  // namespace weir::cli
