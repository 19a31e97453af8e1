// SPDX-License-Identifier: Apache-2.0
// WorkFolder: a folder for one server's functions and their processes, which nobody else may read.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/result.h"
#include "runtimes/file_descriptor.h"

namespace weir::runtimes {

// The destructor removes the folder with all that is in it. A server that is killed leaves its
// folder behind; the next one that makes a folder beside it removes it. It can tell by a file in
// the folder, `lock`, which its server keeps locked.
class WorkFolder {
 public:
  // Makes a new folder beneath `parent`, such as the system's for temporary files. Fails with a
  // text for people.
  static Result<std::unique_ptr<WorkFolder>, std::string> Create(
      const std::filesystem::path& parent);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  WorkFolder(std::filesystem::path path, FileDescriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  const std::filesystem::path path_;
  const FileDescriptor lock_;
};

}  // namespace weir::runtimes
