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
#include "stream/stream_state.h"

namespace weir::stream {

// When shards open or close: the position of the log's next change, and the time.
struct LogMoment {
  std::uint64_t position = 0;
  Micros time{0};
};

// Bookkeeping only: no records, no locks. Until CloseAll, the open and the vacant shards cover the
// whole hash range, each hash once, and every other shard has children that cover its range. A
// child's id is always greater than its parent's, even while the clock stands still.
class Lineage {
 public:
  // Opens `count` shards of equal hash ranges. `name` makes their ids differ from those of other
  // streams.
  Lineage(std::string_view name, int count, LogMoment begin);
  // The shards of an earlier process.
  Lineage(std::string_view name, LineageState state);

  [[nodiscard]] LineageState state() const {
    return {.shards = shards_, .latest_bound = latest_bound_, .latest_ms = latest_ms_};
  }
  // How often the state has changed.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

  // All shards but the forgotten ones, in the order of their ids.
  [[nodiscard]] const std::vector<Shard>& shards() const { return shards_; }
  // nullptr if there is no such shard.
  [[nodiscard]] const Shard* Find(const ShardId& id) const;
  [[nodiscard]] std::size_t open_count() const { return open_; }
  [[nodiscard]] bool has_vacant() const { return vacant_ > 0; }
  [[nodiscard]] std::size_t vacant_count() const { return vacant_; }

  // The shard with the greatest id: after Rotate, the child.
  [[nodiscard]] const Shard& newest() const { return shards_.back(); }
  // Whether the stream keeps limits::kStreamShardsKept shards, so that none may rotate or split.
  [[nodiscard]] bool full() const { return shards_.size() >= limits::kStreamShardsKept; }
  // Checks that there may be `added` more shards in all, and `opened` more that are open or vacant.
  // Fails with kTooManyOpenShards or kTooManyShards.
  [[nodiscard]] Outcome<void> CheckRoom(std::size_t added, std::size_t opened) const;

  // The next three close an open shard. They fail with kShardMissing or kShardClosed if it is not
  // one, and like CheckRoom if the stream would have too many shards; they then change nothing.
  //
  // One child takes over the shard's range.
  Outcome<void> Rotate(const ShardId& id, LogMoment at);
  // Two children take over the shard's range: one has the hashes below `middle`, the other the
  // rest. Fails with kShardTooNarrow if either would have no hash.
  Outcome<void> Split(const ShardId& id, std::uint64_t middle, LogMoment at);
  // The shard becomes vacant: it has no child before Reopen.
  Outcome<void> Close(const ShardId& id, LogMoment at);

  // Opens the child of a vacant shard, from the position where the vacant shard closed. Does
  // nothing if the shard is not vacant.
  void Reopen(const ShardId& id, Micros time);
  // Closes all open shards for good. Vacant shards will have no child, either.
  void CloseAll(LogMoment at);

  // Drops the shards that closed at `time` or before, except vacant ones.
  void Forget(Micros time);
  // The earliest closing time of the shards that Forget may drop; nullopt if there are none.
  [[nodiscard]] std::optional<Micros> OldestClosing() const;

  // Notes that the shard's records before `position` were trimmed.
  void NoteTrimmed(const ShardId& id, std::uint64_t position);

 private:
  Outcome<Shard*> FindOpen(const ShardId& id);
  // Closes the shard, and sets the number that it ends with and the one that its first child starts
  // with.
  void CloseShard(Shard& shard, LogMoment at);
  void AddChild(const Shard& parent, std::uint64_t first, std::uint64_t last, Micros time);
  ShardId NewId(std::uint64_t created_ms, std::uint64_t hash);
  // A number for a shard's bound just before the log position `next`, greater than all that were
  // returned before.
  std::uint64_t NextBound(std::uint64_t next);

  std::uint64_t seed_;
  std::vector<Shard> shards_;  // by id
  std::uint64_t latest_bound_ = 0;
  std::uint64_t latest_ms_ = 0;  // the greatest time in an id
  std::size_t open_ = 0;
  std::size_t vacant_ = 0;
  std::uint64_t changes_ = 0;
};

// Finds the shard that a record belongs to, for records in the order of their log positions. The
// shards must outlive the walk.
class LineageWalk {
 public:
  explicit LineageWalk(const std::vector<Shard>& shards);
  // The shard of the record at `position` whose key has `hash`; nullptr if it is not among the
  // shards, as it was forgotten.
  const Shard* At(std::uint64_t position, std::uint64_t hash);

 private:
  std::vector<const Shard*> order_;                // by begin
  std::size_t next_ = 0;                           // in `order_`: the first that has not begun
  std::map<std::uint64_t, const Shard*> current_;  // those that have begun, by their last hash
};

}  // namespace weir::stream
