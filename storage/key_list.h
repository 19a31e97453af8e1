// SPDX-License-Identifier: Apache-2.0
// A short sorted list of byte strings in one buffer: the keys of a tree node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::storage {

class KeyList {
 public:
  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t index) const {
    const std::uint32_t begin = index == 0 ? 0 : ends_[index - 1];
    return {bytes_.data() + begin, ends_[index] - begin};
  }
  // Index of the first key not less than `key`.
  [[nodiscard]] std::size_t LowerBound(std::string_view key) const {
    std::size_t low = 0;
    std::size_t high = size();
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if ((*this)[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
  // Index of the first key greater than `key`.
  [[nodiscard]] std::size_t UpperBound(std::string_view key) const {
    const std::size_t index = LowerBound(key);
    return index < size() && (*this)[index] == key ? index + 1 : index;
  }
  void Insert(std::size_t index, std::string_view key) {
    const std::uint32_t begin = index == 0 ? 0 : ends_[index - 1];
    bytes_.insert(begin, key);
    ends_.insert(ends_.begin() + static_cast<std::ptrdiff_t>(index), begin);
    Shift(index, key.size());
  }
  void Erase(std::size_t index) {
    const std::size_t removed = (*this)[index].size();
    bytes_.erase(ends_[index] - removed, removed);
    ends_.erase(ends_.begin() + static_cast<std::ptrdiff_t>(index));
    Shift(index, std::size_t{0} - removed);
  }
  // Moves the keys from `index` on to a list of their own.
  KeyList SplitOff(std::size_t index) {
    KeyList tail;
    for (std::size_t i = index; i < size(); ++i) {
      tail.Append((*this)[i]);
    }
    bytes_.resize(index == 0 ? 0 : ends_[index - 1]);
    ends_.resize(index);
    return tail;
  }
  void Append(std::string_view key) {
    bytes_.append(key);
    ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  }

 private:
  void Shift(std::size_t from, std::size_t by) {
    for (std::size_t i = from; i < ends_.size(); ++i) {
      ends_[i] = static_cast<std::uint32_t>(ends_[i] + by);
    }
  }
  std::string bytes_;
  std::vector<std::uint32_t> ends_;  // where each key ends in bytes_
};

}  // namespace weir::storage
