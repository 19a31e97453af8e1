// SPDX-License-Identifier: Apache-2.0
#include "storage/key_list.h"

#include <algorithm>
#include <cassert>

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
  const std::size_t head_size = suffix.copy(reinterpret_cast<char*>(&bytes), kHeadSize);
  split.head = __builtin_bswap64(bytes);
  split.size = suffix.size();
  split.tail = suffix.substr(head_size);
  return split;
}

std::size_t KeyList::TailBegin(std::size_t index) const {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < index; ++i) {
    begin += TailSizeAt(i);
  }
  return begin;
}

int KeyList::Compare(std::size_t index, const Suffix& other) const {
  if (heads_[index] != other.head) {
    return heads_[index] < other.head ? -1 : 1;
  }
  // If a key ends within its head, the zeros after it are not part of the key.
  if (const std::size_t size = suffix_sizes_[index]; std::min(size, other.size) < kHeadSize) {
    return size == other.size ? 0 : size < other.size ? -1 : 1;
  }
  return TailAt(index).compare(other.tail);
}

void KeyList::Get(std::size_t index, std::string& key) const {
  key.assign(prefix_);
  const std::uint64_t bytes = __builtin_bswap64(heads_[index]);
  key.append(reinterpret_cast<const char*>(&bytes), HeadSizeAt(index));
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
  // Mostly at most one key has this head, so the first comparison ends the search.
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
  ReserveTails(suffix.tail.size());
  const std::size_t begin = index == size_ ? tails_.size() : TailBegin(index);
  tails_.insert(At(tails_, begin), suffix.tail.begin(), suffix.tail.end());
  std::move_backward(At(heads_, index), At(heads_, size_), At(heads_, size_ + 1));
  std::move_backward(At(suffix_sizes_, index), At(suffix_sizes_, size_),
                     At(suffix_sizes_, size_ + 1));
  heads_[index] = suffix.head;
  assert(suffix.size <= UINT16_MAX);
  suffix_sizes_[index] = static_cast<std::uint16_t>(suffix.size);
  ++size_;
}

void KeyList::ReserveTails(std::size_t added) {
  // Left to itself, the vector would double its capacity. A tree has many of these vectors.
  if (const std::size_t needed = tails_.size() + added; needed > tails_.capacity()) {
    tails_.reserve(needed + needed / 8);
  }
}

void KeyList::Append(const KeyList& keys) {
  if (size_ == 0) {
    *this = keys;
    return;
  }
  const std::size_t common = CommonSizeOf(prefix_, keys.prefix_);
  if (common < prefix_.size()) {
    *this = Part(0, size_, common);
  }
  if (common < keys.prefix_.size()) {
    Append(keys.Part(0, keys.size_, common));
    return;
  }
  ReserveTails(keys.tails_.size());
  tails_.insert(tails_.end(), keys.tails_.begin(), keys.tails_.end());
  std::copy_n(keys.heads_.begin(), keys.size_, At(heads_, size_));
  std::copy_n(keys.suffix_sizes_.begin(), keys.size_, At(suffix_sizes_, size_));
  size_ += keys.size_;
}

void KeyList::Erase(std::size_t index) {
  const auto begin = At(tails_, TailBegin(index));
  tails_.erase(begin, begin + static_cast<std::ptrdiff_t>(TailSizeAt(index)));
  std::move(At(heads_, index + 1), At(heads_, size_), At(heads_, index));
  std::move(At(suffix_sizes_, index + 1), At(suffix_sizes_, size_), At(suffix_sizes_, index));
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
  const std::size_t tails_begin = TailBegin(begin);
  const std::size_t tails_end = TailBegin(end);
  part.tails_.reserve(tails_end - tails_begin);
  if (prefix_size == prefix_.size()) {
    part.prefix_ = prefix_;
    part.tails_.assign(At(tails_, tails_begin), At(tails_, tails_end));
    std::copy(At(heads_, begin), At(heads_, end), part.heads_.begin());
    std::copy(At(suffix_sizes_, begin), At(suffix_sizes_, end), part.suffix_sizes_.begin());
    part.size_ = static_cast<std::uint32_t>(end - begin);
    return part;
  }
  std::string key;
  for (std::size_t i = begin; i < end; ++i) {
    Get(i, key);
    if (i == begin) {
      part.prefix_ = key.substr(0, prefix_size);
    }
    part.InsertSuffix(part.size_, Split(std::string_view(key).substr(prefix_size)));
  }
  return part;
}

}  // namespace weir::storage
