// SPDX-License-Identifier: Apache-2.0
// FileDescriptor: an open file that is closed with its owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace weir::runtimes {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  // Owns `file`, which may be negative: none.
  explicit FileDescriptor(int file) : file_(file) {}
  FileDescriptor(FileDescriptor&& other) noexcept : file_(other.Release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    Reset(other.Release());
    return *this;
  }
  ~FileDescriptor() { Reset(-1); }

  [[nodiscard]] int get() const { return file_; }
  [[nodiscard]] bool is_open() const { return file_ >= 0; }
  // Gives the file to the caller.
  int Release() { return std::exchange(file_, -1); }

 private:
  void Reset(int file) {
    if (const int old = std::exchange(file_, file); old >= 0) {
      close(old);
    }
  }
  int file_ = -1;
};

}  // namespace weir::runtimes
