// SPDX-License-Identifier: Apache-2.0
// DeadLetters: the batches that a mapping gave up, with their records, for people to look at and to
// send again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "storage/kept_records.h"

namespace weir::lambda {

// A batch that was given up. Named as in AWS's on-failure document:
// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
struct DeadLetter {
  std::string mapping;  // its UUID
  std::string function_arn;
  std::string stream_arn;
  std::string shard_id;
  std::string_view condition;  // "RetryAttemptsExhausted" or "RecordAgeExceeded"; static
  std::string request_id;
  int invocations = 0;
  std::string error;  // what the function answered last; cut
  std::string first_number;
  std::string last_number;
  Micros first_arrival{0};
  Micros last_arrival{0};
  std::size_t size = 0;
  Micros time{0};
  std::string payload;            // the event, as the function got it
  bool reports_failures = false;  // the function may return batchItemFailures
};

// Thread-safe. Keeps kMost batches and kMostBytes at most; the oldest are then dropped for good.
class DeadLetters {
 public:
  static constexpr std::size_t kMost = 1000;
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20U;

  // Has the dead letters that `records` has, and keeps its own there. `records` must outlive it.
  explicit DeadLetters(storage::KeptRecords& records);

  void Add(const DeadLetter& letter);
  // Without the payloads, the oldest first.
  [[nodiscard]] nlohmann::ordered_json List() const;
  // With its payload; nullopt if there is none with this id.
  [[nodiscard]] std::optional<nlohmann::ordered_json> Find(std::string_view id) const;
  // False if there is none with this id.
  bool Remove(std::string_view id);
  [[nodiscard]] std::vector<std::string> Ids() const;
  // How many were dropped to make room, since the start.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct Kept {
    std::size_t bytes = 0;         // of the record
    nlohmann::ordered_json shown;  // as List has it
  };
  using Letters = std::map<std::string, Kept, std::less<>>;
  void AddLocked(const std::string& key, const std::string& value) WEIR_REQUIRES(mutex_);
  void DropLocked(Letters::iterator letter) WEIR_REQUIRES(mutex_);

  storage::KeptRecords& records_;
  mutable Mutex mutex_;
  Letters letters_ WEIR_GUARDED_BY(mutex_);  // by the key of the record
  std::size_t bytes_ WEIR_GUARDED_BY(mutex_) = 0;
  std::uint64_t next_ WEIR_GUARDED_BY(mutex_) = 1;
  std::uint64_t dropped_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::lambda
