// SPDX-License-Identifier: Apache-2.0
#include "runtimes/work_folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "runtimes/code/folder_rights.h"

namespace weir::runtimes {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "weir-functions-";
constexpr std::string_view kLock = "lock";

bool IsOurs(const fs::path& folder) {
  struct stat info {};
  return lstat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == geteuid();
}

// Removes the folders of servers that no longer run.
void RemoveLeftovers(const fs::path& parent) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().string().compare(0, kPrefix.size(), kPrefix) == 0 &&
        IsOurs(entry->path())) {
      folders.push_back(entry->path());
    }
  }
  for (const fs::path& folder : folders) {
    const FileDescriptor lock(open((folder / kLock).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (lock.is_open() && flock(lock.get(), LOCK_EX | LOCK_NB) == 0) {
      RemoveFolder(folder);
    }
  }
}

}  // namespace

Result<std::unique_ptr<WorkFolder>, std::string> WorkFolder::Create(const fs::path& given) {
  std::error_code error;
  const fs::path parent = fs::absolute(given, error);  // processes have other working folders
  if (error) {
    return given.string() + ": " + error.message();
  }
  RemoveLeftovers(parent);
  std::string path = (parent / kPrefix).string() + "XXXXXX";
  const auto failed = [&path] { return path + ": " + std::strerror(errno); };
  if (mkdtemp(path.data()) == nullptr) {
    return failed();
  }
  // The lock gets its name once it is locked, so that another server does not take this folder for
  // a leftover in between.
  const fs::path folder = path;
  const fs::path unnamed = folder / "lock.new";
  constexpr mode_t kOwnerOnly = 0600;
  FileDescriptor lock(open(unnamed.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (!lock.is_open() || flock(lock.get(), LOCK_EX | LOCK_NB) != 0 ||
      rename(unnamed.c_str(), (folder / kLock).c_str()) != 0) {
    std::string text = failed();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return text;
  }
  return std::unique_ptr<WorkFolder>(new WorkFolder(folder, std::move(lock)));
}

WorkFolder::~WorkFolder() {
  RemoveFolder(path_);
}

}  // namespace weir::runtimes
