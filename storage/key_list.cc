// SPDX-License-Identifier: Apache-2.0
#include "storage/key_list.h"

#include <algorithm>

namespace weir::storage {
namespace {

std::size_t CommonSizeOf(std::string_view a, std::string_view b) {
  const auto ends = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<std::size_t>(ends.first - a.begin());
}

template <class List>
auto At(List& list, std::size_t index) {
  return list.begin() + static_cast<std::ptrdiff_t>(index);
}

}  // namespace

KeyList::Suffix KeyList::Split(std::string_view suffix) {
  Suffix split;
  std::uint64_t bytes = 0;
  split.head_size =
      static_cast<std::uint8_t>(suffix.copy(reinterpret_cast<char*>(&bytes), kHeadSize));
  split.head = __builtin_bswap64(bytes);
  split.tail = suffix.substr(split.head_size);
  return split;
}

int KeyList::Compare(std::size_t index, const Suffix& other) const {
  if (heads_[index] != other.head) {
    return heads_[index] < other.head ? -1 : 1;
  }
  // The zeros behind a short key are not its own.
  if (head_sizes_[index] != other.head_size) {
    return head_sizes_[index] < other.head_size ? -1 : 1;
  }
  return TailAt(index).compare(other.tail);
}

void KeyList::Get(std::size_t index, std::string& key) const {
  key.assign(prefix_);
  const std::uint64_t bytes = __builtin_bswap64(heads_[index]);
  key.append(reinterpret_cast<const char*>(&bytes), head_sizes_[index]);
  key.append(TailAt(index));
}

std::size_t KeyList::CountLess(std::uint64_t head) const {
  // No branch depends on what is compared: half of them would be mispredicted.
  const std::uint64_t* begin = heads_.data();
  std::size_t left = size_;
  while (left > 1) {
    const std::size_t half = left / 2;
    begin += begin[half - 1] < head ? half : 0;
    left -= half;
  }
  const auto count = static_cast<std::size_t>(begin - heads_.data());
  return count + (left == 1 && *begin < head ? 1 : 0);
}

KeyList::Place KeyList::Find(std::string_view key) const {
  if (const int order = key.substr(0, prefix_.size()).compare(prefix_); order != 0) {
    return {order < 0 ? 0 : size_, false};
  }
  const Suffix suffix = Split(key.substr(prefix_.size()));
  std::size_t low = CountLess(suffix.head);
  std::size_t high = size_;
  // Mostly one key or none has this head, and the first look ends it.
  for (std::size_t middle = low; low < high; middle = (low + high) / 2) {
    const int order = Compare(middle, suffix);
    if (order == 0) {
      return {middle, true};
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return {low, false};
}

void KeyList::Prefetch() const {
  constexpr std::size_t kHeadsOfALine = 8;
  for (std::size_t i = 0; i < kCapacity; i += 2 * kHeadsOfALine) {
    __builtin_prefetch(&heads_[i]);
  }
}

void KeyList::Insert(std::size_t index, std::string_view key) {
  if (size_ == 0) {
    prefix_ = key;
  } else if (const std::size_t common = CommonSizeOf(prefix_, key); common < prefix_.size()) {
    *this = Part(0, size_, common);
  }
  InsertSuffix(index, Split(key.substr(prefix_.size())));
}

void KeyList::InsertSuffix(std::size_t index, const Suffix& suffix) {
  const std::uint32_t begin = index == 0 ? 0 : tail_ends_[index - 1];
  const auto added = static_cast<std::uint32_t>(suffix.tail.size());
  // A vector would double its memory, of which a tree has much.
  if (const std::size_t needed = tails_.size() + added; needed > tails_.capacity()) {
    tails_.reserve(needed + needed / 8);
  }
  tails_.insert(At(tails_, begin), suffix.tail.begin(), suffix.tail.end());
  std::move_backward(At(heads_, index), At(heads_, size_), At(heads_, size_ + 1));
  std::move_backward(At(head_sizes_, index), At(head_sizes_, size_), At(head_sizes_, size_ + 1));
  heads_[index] = suffix.head;
  head_sizes_[index] = suffix.head_size;
  for (std::size_t i = size_; i > index; --i) {
    tail_ends_[i] = tail_ends_[i - 1] + added;
  }
  tail_ends_[index] = begin + added;
  ++size_;
}

void KeyList::Append(const KeyList& keys) {
  std::string key;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    keys.Get(i, key);
    Append(key);
  }
}

void KeyList::Erase(std::size_t index) {
  const auto removed = static_cast<std::uint32_t>(TailAt(index).size());
  const std::uint32_t end = tail_ends_[index];
  tails_.erase(At(tails_, end - removed), At(tails_, end));
  std::move(At(heads_, index + 1), At(heads_, size_), At(heads_, index));
  std::move(At(head_sizes_, index + 1), At(head_sizes_, size_), At(head_sizes_, index));
  for (std::size_t i = index + 1; i < size_; ++i) {
    tail_ends_[i - 1] = tail_ends_[i] - removed;
  }
  --size_;
}

KeyList KeyList::SplitOff(std::size_t index) {
  KeyList tail = Part(index, size_, CommonSize(index, size_));
  *this = Part(0, index, CommonSize(0, index));
  return tail;
}

std::size_t KeyList::CommonSize(std::size_t begin, std::size_t end) const {
  if (begin == end) {
    return 0;
  }
  std::string first;
  std::string last;
  Get(begin, first);
  Get(end - 1, last);
  return CommonSizeOf(first, last);
}

KeyList KeyList::Part(std::size_t begin, std::size_t end, std::size_t prefix_size) const {
  KeyList part;
  std::string key;
  for (std::size_t i = begin; i < end; ++i) {
    Get(i, key);
    if (i == begin) {
      part.prefix_ = key.substr(0, prefix_size);
      part.tails_.reserve(tail_ends_[end - 1] - (begin == 0 ? 0 : tail_ends_[begin - 1]));
    }
    part.InsertSuffix(part.size_, Split(std::string_view(key).substr(prefix_size)));
  }
  return part;
}

}  // namespace weir::storage
