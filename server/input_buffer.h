// SPDX-License-Identifier: Apache-2.0
// InputBuffer: bytes that were read from a socket and not parsed yet.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "core/uninitialized.h"

namespace weir::server {

// A contiguous buffer, written at its end and consumed at its beginning. Not thread-safe.
class InputBuffer {
 public:
  explicit InputBuffer(std::size_t capacity) { Reallocate(capacity); }

  [[nodiscard]] std::string_view data() const { return {bytes_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

  // The free space after the data, which is made at least `size` bytes. Invalidates data().
  struct Room {
    char* data;
    std::size_t size;
  };
  [[nodiscard]] Room Prepare(std::size_t size) {
    if (begin_ == end_) {
      begin_ = end_ = 0;
    }
    if (capacity_ - end_ < size) {
      if (capacity_ - (end_ - begin_) >= size) {
        std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
      } else {
        Reallocate(std::max(capacity_ * 2, end_ - begin_ + size));
      }
    }
    return {.data = bytes_.get() + end_, .size = capacity_ - end_};
  }
  void Commit(std::size_t size) { end_ += size; }
  void Consume(std::size_t size) { begin_ += size; }

 private:
  void Reallocate(std::size_t capacity) {
    auto bytes = UninitializedBytes(capacity);
    if (begin_ != end_) {
      std::memcpy(bytes.get(), bytes_.get() + begin_, end_ - begin_);
    }
    end_ -= begin_;
    begin_ = 0;
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace weir::server
