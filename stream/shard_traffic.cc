// SPDX-License-Identifier: Apache-2.0
#include "stream/shard_traffic.h"

#include <algorithm>

namespace weir::stream {
namespace {

// How many seconds of a shard are remembered: more than any policy looks back.
constexpr std::size_t kSeconds = 64;
// How many hashes of a shard are remembered, to find the middle of its traffic.
constexpr std::size_t kHashes = 1024;

std::int64_t SecondOf(Micros time) {
  return std::chrono::floor<std::chrono::seconds>(time).count();
}

}  // namespace

bool ShardTraffic::Count(const storage::ChangeLog& log, const Lineage& lineage) {
  const std::uint64_t end = log.next_sequence();
  if (end == seen_to_) {
    return false;
  }
  std::map<std::uint64_t, const Shard*> open;  // by the last hash of each
  std::erase_if(counts_, [&](const auto& entry) {
    const Shard* shard = lineage.Find(entry.first);
    return shard == nullptr || !shard->open();
  });
  for (const Shard& shard : lineage.shards()) {
    if (shard.open()) {
      open[shard.hash_last] = &shard;
    }
  }
  const auto visit = [&](const Change& change) {
    const auto found = open.lower_bound(change.key_hash);
    if (found != open.end() && found->second->Covers(change.key_hash) &&
        found->second->begin <= change.sequence) {
      CountChange(counts_[found->second->id], change);
    }
    return true;
  };
  (void)log.Read(seen_to_, end, visit).ok();  // what cannot be read does not count
  seen_to_ = end;
  return true;
}

void ShardTraffic::CountChange(ShardCount& count, const Change& change) {
  ++count.by_second[SecondOf(change.time)];
  if (count.by_second.size() > kSeconds) {
    count.by_second.erase(count.by_second.begin());
  }
  count.hashes.push_back(change.key_hash);
  if (count.hashes.size() > kHashes) {
    count.hashes.pop_front();
  }
}

std::vector<HotShard> ShardTraffic::FindHot(const Lineage& lineage, Micros now,
                                            const ShardPolicy& policy) const {
  std::vector<HotShard> hot;
  const std::int64_t second = SecondOf(now);
  for (const auto& [id, count] : counts_) {
    const Shard* shard = lineage.Find(id);
    if (shard == nullptr || !shard->open() || now - shard->created < policy.split_cooldown) {
      continue;
    }
    bool always = true;
    for (std::size_t back = 1; always && back <= policy.split_seconds; ++back) {
      const auto found = count.by_second.find(second - static_cast<std::int64_t>(back));
      always = found != count.by_second.end() && found->second > policy.split_rate;
    }
    const std::optional<std::uint64_t> middle = always ? Middle(count.hashes) : std::nullopt;
    if (middle.has_value()) {
      hot.push_back({id, *middle});
    }
  }
  return hot;
}

std::optional<std::uint64_t> ShardTraffic::MiddleOf(const ShardId& id) const {
  const auto found = counts_.find(id);
  return found == counts_.end() ? std::nullopt : Middle(found->second.hashes);
}

// The median, or the next greater hash if the median is the least; nullopt if all are the same.
std::optional<std::uint64_t> ShardTraffic::Middle(const std::deque<std::uint64_t>& hashes) {
  std::vector<std::uint64_t> sorted(hashes.begin(), hashes.end());
  std::sort(sorted.begin(), sorted.end());
  const std::uint64_t median = sorted[sorted.size() / 2];
  if (median != sorted.front()) {
    return median;
  }
  const auto above = std::upper_bound(sorted.begin(), sorted.end(), median);
  return above == sorted.end() ? std::nullopt : std::optional(*above);
}

}  // namespace weir::stream
