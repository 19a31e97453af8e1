// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "storage/disk/data_folder.h"

namespace weir::storage {
namespace {

constexpr mode_t kPrivateFolder = 0700;
constexpr mode_t kPrivateFile = 0600;

FolderFault Failed(const std::string& call, const std::string& path) {
  return {call + " " + path + ": " + std::generic_category().message(errno)};
}

// Makes the folder, and those above it, as far as they are missing.
bool MakeFolder(const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    if (!part.empty() && ::mkdir(part.c_str(), kPrivateFolder) != 0 && errno != EEXIST) {
      return false;
    }
    if (slash == std::string::npos) {
      return true;
    }
  }
}

}  // namespace

FolderLock::~FolderLock() {
  ::close(descriptor_);
}

Loaded<std::unique_ptr<FolderLock>> FolderLock::Take(const std::string& path, Missing missing) {
  if (missing == Missing::kIsMade && !MakeFolder(path)) {
    return Failed("make", path);
  }
  const std::string name = path + "/lock";
  const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivateFile);
  if (descriptor < 0) {
    return Failed("open", name);
  }
  std::unique_ptr<FolderLock> lock(new FolderLock(descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Failed("lock", name);
    }
    char text[32] = {};
    const ssize_t size = ::pread(descriptor, text, sizeof text - 1, 0);
    const std::string holder(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    return FolderFault{"the data folder " + path + " is used by another server" +
                       (holder.empty() ? "" : ", process " + holder)};
  }
  const std::string self = std::to_string(::getpid());
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, self.data(), self.size(), 0) != static_cast<ssize_t>(self.size())) {
    return Failed("write", name);
  }
  return lock;
}

}  // namespace weir::storage
