// SPDX-License-Identifier: Apache-2.0
// KeyList: a short sorted list of byte strings, the keys of a tree node.
//
//   key := prefix head tail    prefix: what all keys of the list start with, kept once
//                              head: the next 8 bytes; a shorter key is filled up with zeros
//                              tail: the rest
//
// Heads lie side by side, as integers that sort as their bytes do, so a search seldom has to look
// at tails. That is so if keys differ at once, as those of different partitions do, and if they
// differ after a long common part, as those of one partition do. Where a tail starts is not stored,
// but is the sum of the sizes before it. A table has as many keys as items, so each byte per key
// here is a byte per item.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::storage {

// A regular type; not thread-safe. Keys are shorter than 64 KB.
class KeyList {
 public:
  static constexpr std::size_t kCapacity = 65;

  [[nodiscard]] std::size_t size() const { return size_; }
  // Where a key is or would be.
  struct Place {
    std::size_t index = 0;  // of the first key that is not less
    bool found = false;     // whether that key is equal
    [[nodiscard]] std::size_t upper() const { return found ? index + 1 : index; }
  };
  [[nodiscard]] Place Find(std::string_view key) const;
  // Has the processor load what Find will look at, all at once and not line by line.
  void Prefetch() const;
  // Sets `key` to the key at `index`.
  void Get(std::size_t index, std::string& key) const;

  // The caller must keep the keys in order, and their number within kCapacity.
  void Insert(std::size_t index, std::string_view key);
  void Append(std::string_view key) { Insert(size_, key); }
  void Append(const KeyList& keys);
  void Erase(std::size_t index);
  // Moves the keys from `index` on to a list of their own.
  KeyList SplitOff(std::size_t index);

 private:
  static constexpr std::size_t kHeadSize = sizeof(std::uint64_t);

  // A key without the prefix.
  struct Suffix {
    std::uint64_t head = 0;
    std::size_t size = 0;  // of head and tail; less than 8 if the key ends within its head
    std::string_view tail;
  };
  static Suffix Split(std::string_view suffix);
  [[nodiscard]] std::size_t HeadSizeAt(std::size_t index) const {
    return std::min<std::size_t>(suffix_sizes_[index], kHeadSize);
  }
  // Where the tail at `index` begins in tails_; for size(), where the last one ends.
  [[nodiscard]] std::size_t TailBegin(std::size_t index) const;
  [[nodiscard]] std::size_t TailSizeAt(std::size_t index) const {
    return suffix_sizes_[index] - HeadSizeAt(index);
  }
  [[nodiscard]] std::string_view TailAt(std::size_t index) const {
    return {tails_.data() + TailBegin(index), TailSizeAt(index)};
  }
  // Less than, equal to or greater than 0, as the key at `index` is less than, equal to or greater
  // than `other`.
  [[nodiscard]] int Compare(std::size_t index, const Suffix& other) const;
  // How many keys at the front have a head less than `head`.
  [[nodiscard]] std::size_t CountLess(std::uint64_t head) const;
  // The keys in [begin, end) as a list with a prefix of `prefix_size` bytes, which they share.
  [[nodiscard]] KeyList Part(std::size_t begin, std::size_t end, std::size_t prefix_size) const;
  // The size of the longest prefix that the keys in [begin, end) share.
  [[nodiscard]] std::size_t CommonSize(std::size_t begin, std::size_t end) const;
  void InsertSuffix(std::size_t index, const Suffix& suffix);
  void ReserveTails(std::size_t added);

  std::uint32_t size_ = 0;
  std::string prefix_;
  std::array<std::uint64_t, kCapacity> heads_{};
  std::array<std::uint16_t, kCapacity> suffix_sizes_{};
  std::vector<char> tails_;
};

}  // namespace weir::storage
