// SPDX-License-Identifier: Apache-2.0
// Lineage: the shards of one stream and how they follow one another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/limits.h"
#include "stream/fault.h"
#include "stream/shard.h"

namespace weir::stream {

// Where a change of the shards stands in the log, and when it happens.
struct LogMoment {
  std::uint64_t position = 0;
  Micros time{0};
};

// Bookkeeping only: no records, no locks. The open shards and the vacant ones cover the whole hash
// range, each hash once; every other shard has children that cover its range. Ids grow along every
// lineage, whatever the clock shows.
class Lineage {
 public:
  // `count` shards of equal hash ranges. `name` makes their ids differ from those of other streams.
  Lineage(std::string_view name, int count, LogMoment begin);

  // All that are not forgotten, by id.
  [[nodiscard]] const std::vector<Shard>& shards() const { return shards_; }
  // Null when there is no such shard.
  [[nodiscard]] const Shard* Find(const ShardId& id) const;
  [[nodiscard]] std::size_t open_count() const { return open_; }
  [[nodiscard]] bool has_vacant() const { return vacant_ > 0; }

  // The one with the greatest id: of a change, the last child.
  [[nodiscard]] const Shard& newest() const { return shards_.back(); }
  // Whether no shard may close any more; limits::kStreamShardsKept.
  [[nodiscard]] bool full() const { return shards_.size() >= limits::kStreamShardsKept; }
  // kTooManyOpenShards or kTooManyShards if there is no room for so many shards more, of which so
  // many will be open beyond those that are now.
  [[nodiscard]] Outcome<void> CheckRoom(std::size_t added, std::size_t opened) const;

  // The changes of an open shard; kShardMissing or kShardClosed if it is not one, and as CheckRoom
  // if the stream would have too many shards.
  //
  // It closes, and one child takes its range over.
  Outcome<void> Rotate(const ShardId& id, LogMoment at);
  // It closes, and two children do: one has the hashes below `middle`, the other the rest. Each has
  // at least one, or it fails.
  Outcome<void> Split(const ShardId& id, std::uint64_t middle, LogMoment at);
  // It closes without a child, as vacant.
  Outcome<void> Close(const ShardId& id, LogMoment at);

  // The child of a vacant shard opens, as of the position where that one closed.
  void Reopen(const ShardId& id, Micros time);
  // All open shards close for good, and vacant ones stay without a child.
  void CloseAll(LogMoment at);

  // Drops the shards that closed at `time` or before, except vacant ones.
  void Forget(Micros time);
  // When the first of them will be old enough to be dropped, if there is one: its closing time.
  [[nodiscard]] std::optional<Micros> OldestClosing() const;

  // The records of a shard before `position` are gone.
  void NoteTrimmed(const ShardId& id, std::uint64_t position);

 private:
  Outcome<Shard*> FindOpen(const ShardId& id);
  // Closes it and names the bounds that its children start with.
  void CloseShard(Shard& shard, LogMoment at);
  void AddChild(const Shard& parent, std::uint64_t first, std::uint64_t last, Micros time);
  ShardId NewId(std::uint64_t created_ms, std::uint64_t hash);
  // A number for a shard's bound at the log position `next`, greater than all given before.
  std::uint64_t NextBound(std::uint64_t next);

  std::uint64_t seed_;
  std::vector<Shard> shards_;  // by id
  std::uint64_t latest_bound_ = 0;
  std::uint64_t latest_ms_ = 0;  // the greatest time in an id
  std::size_t open_ = 0;
  std::size_t vacant_ = 0;
};

// Tells which shard the record at a log position belongs to, for positions that grow. The shards
// must outlive it.
class LineageWalk {
 public:
  explicit LineageWalk(const std::vector<Shard>& shards);
  // Null when the shard is forgotten.
  const Shard* At(std::uint64_t position, std::uint64_t hash);

 private:
  std::vector<const Shard*> order_;                // by begin
  std::size_t next_ = 0;                           // the first that has not begun
  std::map<std::uint64_t, const Shard*> current_;  // by their last hash
};

}  // namespace weir::stream
