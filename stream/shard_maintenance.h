// SPDX-License-Identifier: Apache-2.0
// ShardMaintenance: the shards of one stream, and what time, traffic and requests do to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "storage/change_log.h"
#include "stream/fault.h"
#include "stream/lineage.h"
#include "stream/shard.h"
#include "stream/shard_policy.h"
#include "stream/shard_traffic.h"

namespace weir::stream {

// When a shard closes of age depends on nothing but the clock, and which records are its and which
// its child's on their times in the log. So it is found out when somebody looks (Settle): an idle
// stream costs nothing however long. Its stream's lock guards it.
class ShardMaintenance {
 public:
  // `count` shards of equal hash ranges, from the log's next change on.
  ShardMaintenance(std::string_view stream_arn, std::shared_ptr<storage::ChangeLog> log, int count,
                   const ShardPolicy& policy, Micros creation_time);

  // The shards as they were when Settle or FillVacant was called last.
  [[nodiscard]] const Lineage& lineage() const { return lineage_; }

  // Brings the shards up to what they are at `now`: old ones are rotated, those that closed 24
  // hours ago forgotten, and vacant ones have the children that records have come for.
  void Settle(Micros now);
  // Opens the children of vacant shards that records have come for.
  void FillVacant();

  // Closes all shards for good.
  void End(Micros now);

  // Changes of an open shard at the end of the log; see Lineage. kStreamDisabled after End. A split
  // goes through the middle of the latest traffic, or of the hash range if there was none.
  Outcome<void> SplitShard(const ShardId& id, Micros now);
  Outcome<void> RotateShard(const ShardId& id, Micros now);
  Outcome<void> CloseShard(const ShardId& id, Micros now);
  // One of these for all open shards, or for none of them.
  Outcome<void> SplitAll(Micros now);
  Outcome<void> RotateAll(Micros now);
  Outcome<void> CloseAll(Micros now);
  // Splits the widest open shards until there are `count`; kFewerShardsAsked if there are more.
  Outcome<void> SetOpenShards(std::size_t count, Micros now);

  // Counts what was written since the last call, and splits the shards that are hot. Returns when
  // to count again; none if nothing was written, so after the next change beyond `traffic_seen_to`.
  std::optional<Micros> SplitHot(Micros now);
  [[nodiscard]] std::uint64_t traffic_seen_to() const { return traffic_.seen_to(); }

  // The shard's records before that log position are gone.
  void NoteTrimmed(const ShardId& id, std::uint64_t position) {
    lineage_.NoteTrimmed(id, position);
  }

 private:
  void RotateOld(Micros now);
  // Settles for a change of the shards, which is then looked at again.
  Outcome<void> BeginChange(Micros now);
  Outcome<void> Split(const ShardId& id, Micros now);
  [[nodiscard]] std::vector<ShardId> OpenIds() const;
  [[nodiscard]] LogMoment EndOfLog(Micros now) const { return {log_->next_sequence(), now}; }
  [[nodiscard]] std::uint64_t MiddleOf(const Shard& shard) const;
  // When a shard is to be rotated; none if never.
  [[nodiscard]] std::optional<Micros> RotationOf(const Shard& shard) const;

  const std::shared_ptr<storage::ChangeLog> log_;
  const ShardPolicy policy_;
  Lineage lineage_;
  bool ended_ = false;
  Micros unsettled_at_{0};  // when age changes the next shard
  std::uint64_t vacant_seen_to_ = 0;
  ShardTraffic traffic_;
};

}  // namespace weir::stream
