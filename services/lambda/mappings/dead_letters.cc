// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/dead_letters.h"

#include <algorithm>
#include <utility>

#include "core/digits.h"
#include "core/time_text.h"

namespace weir::lambda {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kKind = "lambda.dead-letter";
// The number of the next letter, so that no number is used twice.
constexpr std::string_view kCounterKind = "lambda.counter";
constexpr const char* kPayload = "payload";

// Keys have as many digits as the greatest number, so that they sort by age.
constexpr std::size_t kDigits = 20;

std::string KeyOf(std::uint64_t number) {
  return PaddedDecimal(number, kDigits);
}

Json Describe(const DeadLetter& letter) {
  return {{"mapping", letter.mapping},
          {"functionArn", letter.function_arn},
          {"streamArn", letter.stream_arn},
          {"shardId", letter.shard_id},
          {"condition", letter.condition},
          {"requestId", letter.request_id},
          {"approximateInvokeCount", letter.invocations},
          {"error", letter.error},
          {"startSequenceNumber", letter.first_number},
          {"endSequenceNumber", letter.last_number},
          {"approximateArrivalOfFirstRecord", UtcSeconds(letter.first_arrival) + "Z"},
          {"approximateArrivalOfLastRecord", UtcSeconds(letter.last_arrival) + "Z"},
          {"batchSize", letter.size},
          {"timestamp", UtcMicros(letter.time)},
          {"reportsFailures", letter.reports_failures},
          {kPayload, letter.payload}};
}

// The id, without its leading zeros, and the members of a record.
std::optional<Json> Read(std::string_view key, const std::string& value) {
  Json stored = Json::parse(value, nullptr, false);
  const std::optional<std::uint64_t> number = ReadDecimal(key);
  if (!stored.is_object() || !number.has_value()) {
    return std::nullopt;
  }
  Json letter = {{"id", std::to_string(*number)}};
  letter.update(stored);
  return letter;
}

}  // namespace

DeadLetters::DeadLetters(storage::KeptRecords& records) : records_(records) {
  const MutexLock lock(mutex_);
  next_ = ReadDecimal(records_.Get(kCounterKind, kKind).value_or("")).value_or(1);
  for (const storage::KeptRecords::Record& record : records_.All(kKind)) {
    AddLocked(record.key, record.value);
    next_ = std::max(next_, ReadDecimal(record.key).value_or(0) + 1);
  }
}

void DeadLetters::AddLocked(const std::string& key, const std::string& value) {
  if (std::optional<Json> letter = Read(key, value)) {
    letter->erase(kPayload);
    letters_.emplace(key, Kept{.bytes = value.size(), .shown = *std::move(letter)});
    bytes_ += value.size();
  }
}

void DeadLetters::Add(const DeadLetter& letter) {
  std::string value = Describe(letter).dump(-1, ' ', false, Json::error_handler_t::replace);
  const MutexLock lock(mutex_);
  const std::string key = KeyOf(next_++);
  records_.Put(kCounterKind, kKind, std::to_string(next_));
  AddLocked(key, value);
  records_.Put(kKind, key, std::move(value));
  while (letters_.size() > 1 && (letters_.size() > kMost || bytes_ > kMostBytes)) {
    DropLocked(letters_.begin());
    ++dropped_;
  }
}

void DeadLetters::DropLocked(Letters::iterator letter) {
  records_.Remove(kKind, letter->first);
  bytes_ -= letter->second.bytes;
  letters_.erase(letter);
}

Json DeadLetters::List() const {
  Json list = Json::array();
  const MutexLock lock(mutex_);
  for (const auto& [key, letter] : letters_) {
    list.push_back(letter.shown);
  }
  return list;
}

std::optional<Json> DeadLetters::Find(std::string_view id) const {
  const std::optional<std::uint64_t> number = ReadDecimal(id);
  if (!number.has_value()) {
    return std::nullopt;
  }
  const std::string key = KeyOf(*number);
  const std::optional<std::string> value = records_.Get(kKind, key);
  return value.has_value() ? Read(key, *value) : std::nullopt;
}

bool DeadLetters::Remove(std::string_view id) {
  const std::optional<std::uint64_t> number = ReadDecimal(id);
  const MutexLock lock(mutex_);
  const auto found = number.has_value() ? letters_.find(KeyOf(*number)) : letters_.end();
  if (found == letters_.end()) {
    return false;
  }
  DropLocked(found);
  return true;
}

std::vector<std::string> DeadLetters::Ids() const {
  std::vector<std::string> ids;
  const MutexLock lock(mutex_);
  ids.reserve(letters_.size());
  for (const auto& [key, letter] : letters_) {
    ids.push_back(letter.shown["id"].get<std::string>());
  }
  return ids;
}

std::uint64_t DeadLetters::dropped() const {
  const MutexLock lock(mutex_);
  return dropped_;
}

}  // namespace weir::lambda
