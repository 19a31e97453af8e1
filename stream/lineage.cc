// SPDX-License-Identifier: Apache-2.0
#include "stream/lineage.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/memory_reserve.h"
#include "stream/sequence_number.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::stream {
namespace {

std::uint64_t Milliseconds(Micros time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

// The first hash of a slice, when the hash range is cut into `count` equal slices. The last takes
// the remainder.
std::uint64_t SliceBegin(int index, int count) {
  return static_cast<std::uint64_t>(index) * (UINT64_MAX / static_cast<std::uint64_t>(count) + 1);
}

bool IdBefore(const Shard& shard, const ShardId& id) {
  return shard.id < id;
}

}  // namespace

Lineage::Lineage(std::string_view name, int count, LogMoment begin)
    : seed_(XXH3_64bits(name.data(), name.size())), latest_ms_(Milliseconds(begin.time)) {
  for (int i = 0; i < count; ++i) {
    Shard shard;
    shard.hash_first = SliceBegin(i, count);
    shard.hash_last = i + 1 == count ? UINT64_MAX : SliceBegin(i + 1, count) - 1;
    shard.id = NewId(latest_ms_, shard.hash_first);
    shard.begin = begin.position;
    shard.created = begin.time;
    shard.starting_number = NextBound(begin.position);
    shards_.insert(std::lower_bound(shards_.begin(), shards_.end(), shard.id, IdBefore), shard);
    ++open_;
  }
}

Lineage::Lineage(std::string_view name, LineageState state)
    : seed_(XXH3_64bits(name.data(), name.size())),
      shards_(std::move(state.shards)),
      latest_bound_(state.latest_bound),
      latest_ms_(state.latest_ms) {
  for (const Shard& shard : shards_) {
    open_ += shard.open() ? 1 : 0;
    vacant_ += shard.vacant ? 1 : 0;
  }
}

ShardId Lineage::NewId(std::uint64_t created_ms, std::uint64_t hash) {
  ShardId id{created_ms, static_cast<std::uint32_t>(
                             XXH3_64bits_withSeed(&hash, sizeof hash, seed_ ^ created_ms))};
  while (Find(id) != nullptr) {
    ++id.suffix;
  }
  return id;
}

std::uint64_t Lineage::NextBound(std::uint64_t next) {
  latest_bound_ = std::max(latest_bound_, NumberOf(next - 1)) + 1;
  return latest_bound_;
}

const Shard* Lineage::Find(const ShardId& id) const {
  const auto found = std::lower_bound(shards_.begin(), shards_.end(), id, IdBefore);
  return found == shards_.end() || found->id != id ? nullptr : &*found;
}

Outcome<Shard*> Lineage::FindOpen(const ShardId& id) {
  const auto found = std::lower_bound(shards_.begin(), shards_.end(), id, IdBefore);
  if (found == shards_.end() || found->id != id) {
    return Fault(Fault::Kind::kShardMissing, id);
  }
  if (!found->open()) {
    return Fault(Fault::Kind::kShardClosed, id);
  }
  return &*found;
}

Outcome<void> Lineage::CheckRoom(std::size_t added, std::size_t opened) const {
  if (open_ + vacant_ + opened > limits::kMaxStreamShards) {
    return Fault(Fault::Kind::kTooManyOpenShards);
  }
  if (shards_.size() + added > limits::kStreamShardsKept) {
    return Fault(Fault::Kind::kTooManyShards);
  }
  return {};
}

void Lineage::CloseShard(Shard& shard, LogMoment at) {
  --open_;
  ++changes_;
  shard.end = at.position;
  shard.closed = at.time;
  shard.ending_number = NextBound(at.position);
  shard.successor_number = NextBound(at.position);
}

void Lineage::AddChild(const Shard& parent, std::uint64_t first, std::uint64_t last, Micros time) {
  Shard child;
  child.parent = parent.id;
  child.hash_first = first;
  child.hash_last = last;
  child.id = NewId(latest_ms_, first);
  child.begin = *parent.end;
  child.created = time;
  child.starting_number =
      first == parent.hash_first ? parent.successor_number : NextBound(*parent.end);
  shards_.insert(std::lower_bound(shards_.begin(), shards_.end(), child.id, IdBefore), child);
  ++open_;
  ++changes_;
}

Outcome<void> Lineage::Rotate(const ShardId& id, LogMoment at) {
  WEIR_ASSIGN_OR_RETURN(Shard * shard, FindOpen(id));
  WEIR_RETURN_IF_ERROR(CheckRoom(1, 0));
  const MemoryReserve::Scope whole;
  CloseShard(*shard, at);
  const Shard parent = *shard;
  latest_ms_ = std::max(latest_ms_ + 1, Milliseconds(at.time));
  AddChild(parent, parent.hash_first, parent.hash_last, at.time);
  return {};
}

Outcome<void> Lineage::Split(const ShardId& id, std::uint64_t middle, LogMoment at) {
  WEIR_ASSIGN_OR_RETURN(Shard * shard, FindOpen(id));
  if (middle <= shard->hash_first || middle > shard->hash_last) {
    return Fault(Fault::Kind::kShardTooNarrow, id);
  }
  WEIR_RETURN_IF_ERROR(CheckRoom(2, 1));
  const MemoryReserve::Scope whole;
  CloseShard(*shard, at);
  const Shard parent = *shard;
  latest_ms_ = std::max(latest_ms_ + 1, Milliseconds(at.time));
  AddChild(parent, parent.hash_first, middle - 1, at.time);
  AddChild(parent, middle, parent.hash_last, at.time);
  return {};
}

Outcome<void> Lineage::Close(const ShardId& id, LogMoment at) {
  WEIR_ASSIGN_OR_RETURN(Shard * shard, FindOpen(id));
  WEIR_RETURN_IF_ERROR(CheckRoom(1 + vacant_, 0));  // room for the children of all vacant shards
  CloseShard(*shard, at);
  shard->vacant = true;
  ++vacant_;
  return {};
}

void Lineage::Reopen(const ShardId& id, Micros time) {
  const auto found = std::lower_bound(shards_.begin(), shards_.end(), id, IdBefore);
  if (found == shards_.end() || found->id != id || !found->vacant) {
    return;
  }
  const MemoryReserve::Scope whole;
  found->vacant = false;
  --vacant_;
  const Shard parent = *found;
  latest_ms_ = std::max(latest_ms_ + 1, Milliseconds(time));
  AddChild(parent, parent.hash_first, parent.hash_last, time);
}

void Lineage::CloseAll(LogMoment at) {
  for (Shard& shard : shards_) {
    if (shard.open()) {
      CloseShard(shard, at);
    }
    shard.vacant = false;
  }
  vacant_ = 0;
}

void Lineage::Forget(Micros time) {
  const std::size_t forgotten = std::erase_if(shards_, [&](const Shard& shard) {
    return !shard.open() && !shard.vacant && shard.closed <= time;
  });
  changes_ += forgotten;
}

std::optional<Micros> Lineage::OldestClosing() const {
  std::optional<Micros> oldest;
  for (const Shard& shard : shards_) {
    if (!shard.open() && !shard.vacant) {
      oldest = std::min(shard.closed, oldest.value_or(shard.closed));
    }
  }
  return oldest;
}

void Lineage::NoteTrimmed(const ShardId& id, std::uint64_t position) {
  const auto found = std::lower_bound(shards_.begin(), shards_.end(), id, IdBefore);
  if (found != shards_.end() && found->id == id) {
    found->trimmed_to = std::max(found->trimmed_to, position);
    ++changes_;
  }
}

LineageWalk::LineageWalk(const std::vector<Shard>& shards) {
  order_.reserve(shards.size());
  for (const Shard& shard : shards) {
    order_.push_back(&shard);
  }
  std::stable_sort(order_.begin(), order_.end(),
                   [](const Shard* a, const Shard* b) { return a->begin < b->begin; });
}

const Shard* LineageWalk::At(std::uint64_t position, std::uint64_t hash) {
  // A child whose last hash is its parent's takes the parent's place.
  for (; next_ < order_.size() && order_[next_]->begin <= position; ++next_) {
    current_[order_[next_]->hash_last] = order_[next_];
  }
  const auto found = current_.lower_bound(hash);
  const bool is_its = found != current_.end() && found->second->Covers(hash) &&
                      position < found->second->end.value_or(UINT64_MAX);
  return is_its ? found->second : nullptr;
}

}  // namespace weir::stream
