// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/hot_folders.h"

#include <algorithm>
#include <system_error>

namespace weir::lambda {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kBetweenLooks(1);
constexpr std::size_t kMostRemembered = 1000;

std::int64_t ChangeOf(const fs::path& path) {
  std::error_code error;
  const fs::file_time_type time = fs::last_write_time(path, error);
  return error ? 0 : static_cast<std::int64_t>(time.time_since_epoch().count());
}

// Links to folders are not followed, so a walk ends.
std::int64_t Walk(const fs::path& folder) {
  std::int64_t newest = ChangeOf(folder);
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
  for (std::size_t seen = 0;
       !error && at != fs::recursive_directory_iterator() && seen < kMostWatched;
       ++seen, at.increment(error)) {
    newest = std::max(newest, ChangeOf(at->path()));
  }
  return newest;
}

}  // namespace

std::int64_t HotFolders::NewestChange(const fs::path& folder) {
  const auto now = std::chrono::steady_clock::now();
  {
    const MutexLock lock(mutex_);
    const auto found = looks_.find(folder.string());
    if (found != looks_.end() && now - found->second.at < kBetweenLooks) {
      return found->second.newest;
    }
  }
  const std::int64_t newest = Walk(folder);
  const MutexLock lock(mutex_);
  if (looks_.size() >= kMostRemembered) {
    looks_.clear();
  }
  looks_.insert_or_assign(folder.string(), Look{now, newest});
  return newest;
}

Result<runtimes::CodeFolderPtr, std::string> HotFolder::Open() const {
  const auto folder = std::make_shared<runtimes::CodeFolder>();
  folder->path = path_;
  folder->state = std::to_string(looks_->NewestChange(path_));
  return runtimes::CodeFolderPtr(folder);
}

}  // namespace weir::lambda
