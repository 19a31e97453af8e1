// SPDX-License-Identifier: Apache-2.0
// Functions that run from where their code is written: HotFolders tells when something in a folder
// was last changed, HotFolder is the code in one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/mutex.h"
#include "runtimes/function_spec.h"

namespace weir::lambda {

// Files and folders that are looked at in one folder. A larger one is not refused, but changes
// beyond these are not seen.
inline constexpr std::size_t kMostWatched = 20'000;

// Thread-safe. No lock is held while a folder is looked at.
class HotFolders {
 public:
  // The newest time of change in the folder and below it, in ticks of the file system's clock; 0 if
  // it can't be read. A folder's own time changes when a file in it is made, removed or renamed.
  // Looks at most once a second.
  std::int64_t NewestChange(const std::filesystem::path& folder);

 private:
  struct Look {
    std::chrono::steady_clock::time_point at;
    std::int64_t newest = 0;
  };
  Mutex mutex_;
  // Forgotten when there are kMostRemembered.
  std::map<std::string, Look> looks_ WEIR_GUARDED_BY(mutex_);
};

// Thread-safe.
class HotFolder final : public runtimes::CodeSource {
 public:
  HotFolder(std::filesystem::path path, std::shared_ptr<HotFolders> looks)
      : path_(std::move(path)), looks_(std::move(looks)) {}
  // The folder need not be there; then no process can be started in it.
  [[nodiscard]] Result<runtimes::CodeFolderPtr, std::string> Open() const override;
  [[nodiscard]] bool may_change() const override { return true; }

 private:
  const std::filesystem::path path_;
  const std::shared_ptr<HotFolders> looks_;
};

}  // namespace weir::lambda
