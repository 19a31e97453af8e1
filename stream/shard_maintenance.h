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

// Only the clock decides when a shard closes because of its age, and only the times of the records
// in the log decide which of them are the shard's and which its child's. So Settle can make up for
// rotations when somebody looks at the shards, and an idle stream costs nothing. Not thread-safe:
// the lock of its Stream guards it.
class ShardMaintenance {
 public:
  // Opens `count` shards of equal hash ranges, from the log's next change on.
  ShardMaintenance(std::string_view stream_arn, std::shared_ptr<storage::ChangeLog> log, int count,
                   const ShardPolicy& policy, Micros creation_time);
  // The shards of an earlier process.
  ShardMaintenance(std::string_view stream_arn, std::shared_ptr<storage::ChangeLog> log,
                   const ShardPolicy& policy, const StreamState& state);

  // Sets what this keeps of the state of its stream.
  void Describe(StreamState& state) const;

  // The shards as the last call of another function left them.
  [[nodiscard]] const Lineage& lineage() const { return lineage_; }

  // Brings the shards up to date at `now`: rotates old shards, forgets those that closed 24 hours
  // ago, and does what FillVacant does.
  void Settle(Micros now);
  // Opens the children of vacant shards whose hash range has had a record since they closed.
  void FillVacant();

  // Closes all shards for good.
  void End(Micros now);

  // Close an open shard at the end of the log, and fail as the functions of Lineage do. All that
  // follow fail with kStreamDisabled after End. A split cuts the latest traffic in half, or the
  // hash range if there was no traffic.
  Outcome<void> SplitShard(const ShardId& id, Micros now);
  Outcome<void> RotateShard(const ShardId& id, Micros now);
  Outcome<void> CloseShard(const ShardId& id, Micros now);
  // Split, rotate or close all open shards, or none of them: if there is no room for all
  // (Lineage::CheckRoom), or a shard to split has only one hash (kShardTooNarrow).
  Outcome<void> SplitAll(Micros now);
  Outcome<void> RotateAll(Micros now);
  Outcome<void> CloseAll(Micros now);
  // Splits the widest open shard until `count` are open. Fails with kFewerShardsAsked if more are
  // open, with kNoOpenShard if all are vacant, and as Lineage::CheckRoom; then it splits none.
  Outcome<void> SetOpenShards(std::size_t count, Micros now);

  // Counts what was written since the last call, and splits the hot shards. Returns when to call it
  // again; nullopt if nothing was written: then after the log's next change, the one at
  // traffic_seen_to().
  std::optional<Micros> SplitHot(Micros now);
  [[nodiscard]] std::uint64_t traffic_seen_to() const { return traffic_.seen_to(); }

  // Notes that the shard's records before that log position were trimmed.
  void NoteTrimmed(const ShardId& id, std::uint64_t position) {
    lineage_.NoteTrimmed(id, position);
  }

 private:
  void RotateOld(Micros now);
  // To be called before shards are changed on request: settles, and has the next Settle look at all
  // of them again. Fails with kStreamDisabled after End.
  Outcome<void> BeginChange(Micros now);
  Outcome<void> Split(const ShardId& id, Micros now);
  [[nodiscard]] std::vector<ShardId> OpenIds() const;
  [[nodiscard]] LogMoment EndOfLog(Micros now) const { return {log_->next_sequence(), now}; }
  [[nodiscard]] std::uint64_t MiddleOf(const Shard& shard) const;
  // When a shard is to be rotated; nullopt if never.
  [[nodiscard]] std::optional<Micros> RotationOf(const Shard& shard) const;

  const std::shared_ptr<storage::ChangeLog> log_;
  const ShardPolicy policy_;
  Lineage lineage_;
  bool ended_ = false;
  Micros unsettled_at_{0};            // when the next shard will be old enough to rotate or forget
  std::uint64_t vacant_seen_to_ = 0;  // the log position up to which FillVacant has looked
  ShardTraffic traffic_;
};

}  // namespace weir::stream
