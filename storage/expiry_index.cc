// SPDX-License-Identifier: Apache-2.0
#include "storage/expiry_index.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/number.h"

namespace weir::storage {
namespace {

constexpr std::size_t kDueSize = 8;
constexpr std::size_t kFractionDigits = 6;
// 9999-12-31T23:59:59Z
constexpr std::int64_t kLastSecond = 253'402'300'799;
constexpr std::size_t kMostSecondDigits = 12;

std::string EntryKey(Micros due, std::string_view primary_key) {
  std::string key(kDueSize, '\0');
  auto left = static_cast<std::uint64_t>(due.count());
  for (std::size_t i = kDueSize; i-- > 0; left >>= 8U) {
    key[i] = static_cast<char>(left & 0xFFU);
  }
  key.append(primary_key);
  return key;
}

Micros DueOf(std::string_view entry_key) {
  std::uint64_t due = 0;
  for (const char byte : entry_key.substr(0, kDueSize)) {
    due = due << 8U | static_cast<unsigned char>(byte);
  }
  return Micros(static_cast<std::int64_t>(due));
}

std::int64_t Digits(std::string_view text) {
  std::int64_t value = 0;
  for (const char c : text) {
    value = value * 10 + (c - '0');
  }
  return value;
}

// An encoded number of seconds in µs, without what is smaller; nullopt if it is negative or greater
// than kLastSecond.
std::optional<Micros> TimeOf(std::string_view number) {
  std::string text;
  AppendNumberText(number, text);
  const std::string_view whole = std::string_view(text).substr(0, text.find('.'));
  if (text.front() == '-' || whole.size() > kMostSecondDigits || Digits(whole) > kLastSecond) {
    return std::nullopt;
  }
  std::string fraction = text.substr(std::min(text.size(), whole.size() + 1), kFractionDigits);
  fraction.resize(kFractionDigits, '0');
  return std::chrono::seconds(Digits(whole)) + Micros(Digits(fraction));
}

}  // namespace

std::optional<Micros> ExpiryOf(const Item& item, std::string_view attribute) {
  const std::optional<Value> value = item.attributes().Find(attribute);
  if (!value.has_value() || value->type() != ValueType::kNumber) {
    return std::nullopt;
  }
  const std::optional<Micros> time = TimeOf(value->bytes());
  return time.has_value() ? std::optional(*time + Micros(1)) : std::nullopt;
}

ExpiryIndex::ExpiryIndex(std::string attribute, std::unique_ptr<Space> entries, bool complete)
    : attribute_(std::move(attribute)), entries_(std::move(entries)), progress_(complete) {}

std::optional<Micros> ExpiryIndex::EntryTime(const Item& item, Micros now) const {
  const std::optional<Micros> due = ExpiryOf(item, attribute_);
  return due.has_value() && now - *due <= limits::kOldestExpiry ? due : std::nullopt;
}

std::optional<Micros> ExpiryIndex::Maintain(std::string_view primary_key, const WriteResult& change,
                                            Micros now, WriteSet& writes) {
  if (!progress_.Covers(primary_key)) {
    return std::nullopt;
  }
  const std::optional<Micros> before = ExpiryOf(change.before, attribute_);
  const std::optional<Micros> after = EntryTime(change.after, now);
  if (before.has_value() && before != after) {
    // If the item was too old to have an entry, this removes nothing.
    writes.Add(entries_.get(), EntryKey(*before, primary_key), {});
  }
  if (after.has_value()) {
    writes.Add(entries_.get(), EntryKey(*after, primary_key), change.after);
  }
  return after;
}

void ExpiryIndex::Include(std::string_view primary_key, const Item& item, Micros now,
                          WriteSet& writes) {
  if (const std::optional<Micros> due = EntryTime(item, now)) {
    writes.Add(entries_.get(), EntryKey(*due, primary_key), item);
  }
}

ExpiryIndex::Due ExpiryIndex::DueAt(Micros now, std::size_t limit,
                                    const IsPassedOver& passed_over) const {
  Due due;
  const std::unique_ptr<SpaceView> view = entries_->Snapshot();
  const std::unique_ptr<Cursor> cursor = view->NewCursor();
  for (cursor->SeekToFirst(); cursor->valid(); cursor->Next()) {
    const Micros at = DueOf(cursor->key());
    if (at > now || due.items.size() == limit) {
      due.next = at;
      break;
    }
    if (!passed_over || !passed_over(cursor->key().substr(kDueSize))) {
      due.items.push_back(cursor->item());
    }
  }
  return due;
}

}  // namespace weir::storage
