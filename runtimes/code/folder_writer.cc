// SPDX-License-Identifier: Apache-2.0
#include "runtimes/code/folder_writer.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

namespace weir::runtimes {
namespace {

std::span<const std::string> FolderOf(const PathParts& path) {
  return std::span(path).first(path.size() - 1);
}

}  // namespace

int FolderWriter::Enter(std::span<const std::string> path) {
  if (std::equal(path.begin(), path.end(), parent_path_.begin(), parent_path_.end())) {
    return 0;
  }
  parent_path_.clear();
  parent_ = FileDescriptor();
  for (const std::string& name : path) {
    if (mkdirat(parent(), name.c_str(), 0755) == 0) {
      ++folders_;
    } else if (errno != EEXIST) {
      return errno;
    }
    FileDescriptor next(
        openat(parent(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next.is_open()) {
      return errno;
    }
    parent_ = std::move(next);
    parent_path_.push_back(name);
  }
  return 0;
}

int FolderWriter::OpenNew(const PathParts& path, FileDescriptor& file) {
  if (const int error = Enter(FolderOf(path)); error != 0) {
    return error;
  }
  file = FileDescriptor(openat(parent(), path.back().c_str(),
                               O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  return file.is_open() ? 0 : errno;
}

int FolderWriter::MakeFolder(const PathParts& path) {
  return Enter(path);
}

int FolderWriter::MakeLink(const PathParts& path, const std::string& target) {
  if (const int error = Enter(FolderOf(path)); error != 0) {
    return error;
  }
  return symlinkat(target.c_str(), parent(), path.back().c_str()) == 0 ? 0 : errno;
}

}  // namespace weir::runtimes
