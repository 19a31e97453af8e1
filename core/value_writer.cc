// SPDX-License-Identifier: Apache-2.0
#include "core/value_writer.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace weir {

void ValueWriter::BeginItem() {
  buffer_.clear();
  entries_.clear();
  frames_.clear();
  frames_.push_back({0, 0, true});
}

std::string_view ValueWriter::FinishContents() {
  assert(frames_.size() == 1);
  CloseEntry();
  SortEntries(frames_.back());
  frames_.clear();
  return buffer_;
}

Item ValueWriter::FinishItem() {
  return Item::FromContents(FinishContents());
}

void ValueWriter::Length(std::size_t length) {
  while (length >= 0x80) {
    buffer_.push_back(static_cast<char>((length & 0x7FU) | 0x80U));
    length >>= 7;
  }
  buffer_.push_back(static_cast<char>(length));
}

void ValueWriter::Name(std::string_view name) {
  CloseEntry();
  const std::size_t begin = buffer_.size();
  Length(name.size());
  entries_.push_back({begin, buffer_.size(), name.size(), 0});
  buffer_.append(name);
}

// Sets the end of the innermost map's newest entry, which is where the next name starts or the map
// ends.
void ValueWriter::CloseEntry() {
  const Frame& frame = frames_.back();
  if (frame.is_map && entries_.size() > frame.first_entry) {
    entries_.back().end = buffer_.size();
  }
}

void ValueWriter::Raw(std::string_view encoded) {
  buffer_.append(encoded);
}

void ValueWriter::Scalar(ValueType type, std::string_view bytes) {
  buffer_.push_back(static_cast<char>(type));
  Length(bytes.size());
  buffer_.append(bytes);
}

void ValueWriter::Bool(bool value) {
  buffer_.push_back(static_cast<char>(ValueType::kBool));
  buffer_.push_back(value ? '\1' : '\0');
}

void ValueWriter::Null() {
  buffer_.push_back(static_cast<char>(ValueType::kNull));
}

void ValueWriter::Set(ValueType type, std::span<const std::string_view> elements) {
  assert(std::is_sorted(elements.begin(), elements.end()));
  Begin(type, false);
  for (const std::string_view element : elements) {
    Length(element.size());
    buffer_.append(element);
  }
  End();
}

void ValueWriter::BeginMap() {
  Begin(ValueType::kMap, true);
}
void ValueWriter::BeginList() {
  Begin(ValueType::kList, false);
}
void ValueWriter::EndList() {
  End();
}

void ValueWriter::EndMap() {
  CloseEntry();
  SortEntries(frames_.back());
  End();
}

void ValueWriter::Begin(ValueType type, bool is_map) {
  buffer_.push_back(static_cast<char>(type));
  buffer_.append(sizeof(std::uint32_t), '\0');
  frames_.push_back({buffer_.size(), entries_.size(), is_map});
}

void ValueWriter::End() {
  const Frame frame = frames_.back();
  frames_.pop_back();
  const auto size = static_cast<std::uint32_t>(buffer_.size() - frame.contents);
  std::memcpy(buffer_.data() + frame.contents - sizeof size, &size, sizeof size);
}

void ValueWriter::SortEntries(const Frame& frame) {
  const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(frame.first_entry);
  const auto out_of_order = [this](const Entry& a, const Entry& b) {
    return NameOf(a) >= NameOf(b);
  };
  const auto no_value = [](const Entry& entry) { return !entry.has_value(); };
  if (std::adjacent_find(first, entries_.end(), out_of_order) != entries_.end() ||
      std::any_of(first, entries_.end(), no_value)) {
    std::stable_sort(first, entries_.end(),
                     [this](const Entry& a, const Entry& b) { return NameOf(a) < NameOf(b); });
    scratch_.clear();
    for (auto entry = first; entry != entries_.end(); ++entry) {
      const bool overwritten =
          entry + 1 != entries_.end() && NameOf(*entry) == NameOf(*(entry + 1));
      if (!overwritten && entry->has_value()) {
        scratch_.append(buffer_, entry->begin, entry->end - entry->begin);
      }
    }
    buffer_.resize(frame.contents);
    buffer_.append(scratch_);
  }
  entries_.resize(frame.first_entry);
}

}  // namespace weir
