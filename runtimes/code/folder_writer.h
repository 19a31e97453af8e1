// SPDX-License-Identifier: Apache-2.0
// FolderWriter: fills a folder, and writes nowhere else.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "runtimes/file_descriptor.h"

namespace weir::runtimes {

// The names along a path below the folder. None is empty, `.` or `..`, or has a slash in it.
using PathParts = std::vector<std::string>;

// Each name of a path is opened by itself, beneath the folder that the name before it is, and never
// if it is a symbolic link. So a link that was made before, by whomever, leads nowhere, and a path
// ends beneath the folder. The functions return 0, or the errno that says why they failed; they may
// then have made some of the folders on the way. Not thread-safe.
class FolderWriter {
 public:
  // `root` is the open folder.
  explicit FolderWriter(FileDescriptor root) : root_(std::move(root)) {}

  // Opens a file that is written from its beginning: a new one, or the one that is there. Makes the
  // folders that it is in.
  int OpenNew(const PathParts& path, FileDescriptor& file);
  // Makes a folder, and those that it is in, if it is not there.
  int MakeFolder(const PathParts& path);
  // Makes a symbolic link, and the folders that it is in. Fails with EEXIST if there is anything.
  int MakeLink(const PathParts& path, const std::string& target);

  // How many folders were made.
  [[nodiscard]] std::size_t folders() const { return folders_; }

 private:
  // Has parent() be the folder at `path`, which is made.
  int Enter(std::span<const std::string> path);
  [[nodiscard]] int parent() const { return parent_.is_open() ? parent_.get() : root_.get(); }

  FileDescriptor root_;
  // The folder that was entered last, since entries of one folder mostly follow each other.
  FileDescriptor parent_;  // none: the root
  PathParts parent_path_;
  std::size_t folders_ = 0;
};

}  // namespace weir::runtimes
