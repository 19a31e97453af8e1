// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "runtimes/function_spec.h"

namespace weir::runtimes::testing {

// Code that a test has put into a folder.
class FolderCode final : public CodeSource {
 public:
  explicit FolderCode(std::filesystem::path path) : path_(std::move(path)) {}

  [[nodiscard]] Result<CodeFolderPtr, std::string> Open() const override {
    const auto folder = std::make_shared<CodeFolder>();
    folder->path = path_;
    return CodeFolderPtr(folder);
  }

 private:
  const std::filesystem::path path_;
};

}  // namespace weir::runtimes::testing
