// SPDX-License-Identifier: Apache-2.0
// ShardTraffic: how many records the open shards of a stream have taken lately.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "core/clock.h"
#include "storage/change_log.h"
#include "stream/lineage.h"
#include "stream/shard_policy.h"

namespace weir::stream {

// A shard that takes too many records, and the hash that cuts its latest traffic in half.
struct HotShard {
  ShardId id;
  std::uint64_t middle = 0;
};

// Not thread-safe.
class ShardTraffic {
 public:
  // Counts from the log position `from` on.
  explicit ShardTraffic(std::uint64_t from) : seen_to_(from) {}

  // The log position up to which records have been counted.
  [[nodiscard]] std::uint64_t seen_to() const { return seen_to_; }

  // Counts the records that are new in the log; false if there are none.
  bool Count(const storage::ChangeLog& log, const Lineage& lineage);

  // The shards that are hot by the policy: they took more than its rate in each of the last whole
  // seconds before `now`, are old enough, and their latest records have at least two hashes.
  [[nodiscard]] std::vector<HotShard> FindHot(const Lineage& lineage, Micros now,
                                              const ShardPolicy& policy) const;

  // The hash that cuts a shard's latest traffic in half; nullopt unless that has at least two
  // hashes.
  [[nodiscard]] std::optional<std::uint64_t> MiddleOf(const ShardId& id) const;

 private:
  struct ShardCount {
    std::map<std::int64_t, std::uint64_t> by_second;  // the latest few
    std::deque<std::uint64_t> hashes;                 // of the newest records
  };
  void CountChange(ShardCount& count, const Change& change);
  static std::optional<std::uint64_t> Middle(const std::deque<std::uint64_t>& hashes);

  std::uint64_t seen_to_;
  std::map<ShardId, ShardCount> counts_;  // of open shards
};

}  // namespace weir::stream
