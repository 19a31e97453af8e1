// SPDX-License-Identifier: Apache-2.0
// A naive model of one stream. It knows which record is in which shard, and the right answer to
// every read. The test tells it of each write and, after each step, of the shards; the model checks
// that they have changed only as AWS's rules allow (tests/model/stream_model.cc cites the rules).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/clock.h"
#include "services/dynamodb/streams/shard_control.h"
#include "tests/model/model_value.h"

namespace weir::model {

struct StreamRecord {
  std::string key;  // the partition key, a string
  std::uint64_t key_hash = 0;
  Json before;  // null if there was no item
  Json after;
  Micros time{0};
  std::string number;  // empty until it has been read
};

struct StreamShard {
  dynamodb::ShardDetails details;
  std::uint64_t first_hash = 0;
  std::uint64_t last_hash = 0;
  std::vector<StreamRecord> records;  // in order; removed ones keep their places

  [[nodiscard]] bool open() const { return details.state == dynamodb::ShardState::kOpen; }
  [[nodiscard]] bool vacant() const { return details.state == dynamodb::ShardState::kVacant; }
  [[nodiscard]] bool Covers(std::uint64_t hash) const {
    return first_hash <= hash && hash <= last_hash;
  }
  // The place of the first record that is not 24 hours old.
  [[nodiscard]] std::size_t FirstKept(Micros now) const;
};

// What the rules allow as the answer of GetShardIterator: one of the error types, or if `errors` is
// empty, an iterator at this place among the shard's records.
struct Expectation {
  std::set<std::string> errors;
  std::size_t place = 0;
};

class StreamModel {
 public:
  StreamModel(std::string arn, std::string view_type, Micros now)
      : arn_(std::move(arn)), view_type_(std::move(view_type)), seen_at_(now) {}

  [[nodiscard]] const std::string& arn() const { return arn_; }
  [[nodiscard]] bool enabled() const { return !disabled_at_.has_value(); }
  [[nodiscard]] bool Expired(Micros now) const;
  [[nodiscard]] const std::map<std::string, StreamShard>& shards() const { return shards_; }
  [[nodiscard]] std::size_t open_count() const;

  void Disable(Micros now) { disabled_at_ = now; }
  void Write(StreamRecord record);

  // Takes and checks the shards as they are listed after one step. `by_time` says that the step did
  // not change shards or streams itself, so that a shard that closed was rotated.
  void Take(const std::vector<dynamodb::ShardDetails>& listed, Micros now, bool by_time);

  // Checks the shards that all pages of a DescribeStream without a filter show.
  void CheckDescription(const std::vector<Json>& described) const;

  [[nodiscard]] Expectation AtTime(const StreamShard& shard, Micros time, Micros now) const;
  [[nodiscard]] Expectation AtNumber(const StreamShard& shard, const std::string& number,
                                     bool after, Micros now) const;

  // Checks a page that starts at `place` of a shard, where no record may be trimmed, and returns
  // where the next page starts. Notes the sequence numbers of its records.
  std::size_t CheckPage(const std::string& shard_id, std::size_t place, std::size_t limit,
                        const Json& page);

  // Checks that `records`, which were read from all shards, parents first, are exactly those less
  // than 24 hours old, with those of each key in order.
  void CheckAll(const std::vector<Json>& records, Micros now) const;

 private:
  using Shards = std::map<std::string, StreamShard>;
  using Family = std::map<std::string, std::vector<const StreamShard*>>;  // by the parent's id
  // The parts of Take. `before` has the shards from before the step; those that still exist have
  // lost their records to shards_.
  void CheckKept(const StreamShard& known, const dynamodb::ShardDetails* listed, Micros now,
                 const Family& family) const;
  void CheckNew(const StreamShard& shard, const Shards& before, Micros now) const;
  static void CheckClosed(const StreamShard& shard, std::vector<const StreamShard*> children,
                          bool by_time);
  void CheckCover() const;
  void Place(StreamRecord record, const Shards& before, const Family& family);

  void CheckRecord(const StreamShard& shard, StreamRecord& expected, const Json& record) const;
  // Notes the sequence number of a record. It must never change, and grow from record to record.
  static void CheckNumber(const StreamShard& shard, StreamRecord& expected,
                          const std::string& number);
  [[nodiscard]] std::size_t RecordSize(const StreamRecord& record) const;
  [[nodiscard]] bool Shows(const char* image) const;

  std::string arn_;
  std::string view_type_;
  Micros seen_at_;
  std::optional<Micros> disabled_at_;
  Shards shards_;
  std::vector<StreamRecord> pending_;                         // written since the last Take
  std::map<std::string, std::vector<StreamRecord>> history_;  // by key
};

}  // namespace weir::model
