// SPDX-License-Identifier: Apache-2.0
#include "stream/shard_maintenance.h"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <utility>

#include "core/limits.h"

namespace weir::stream {
namespace {

// Opens the children of vacant shards that the log has records for in [from, to). Of what is not in
// memory, it passes over what comes after a record that cannot be read.
void Reopen(Lineage& lineage, const storage::ChangeLog& log, std::uint64_t from, std::uint64_t to) {
  std::map<std::uint64_t, Shard> vacant;  // by their last hash; their ranges do not overlap
  for (const Shard& shard : lineage.shards()) {
    if (shard.vacant) {
      vacant.emplace(shard.hash_last, shard);
    }
  }
  const auto visit = [&](const Change& change) {
    const auto found = vacant.lower_bound(change.key_hash);
    if (found != vacant.end() && found->second.Covers(change.key_hash) &&
        *found->second.end <= change.sequence) {
      lineage.Reopen(found->second.id, change.time);
      vacant.erase(found);
    }
    return !vacant.empty();
  };
  if (!log.Read(from, to, visit).ok() && !vacant.empty()) {
    (void)log.Read(log.first_in_memory(), to, visit).ok();
  }
}

// Traffic is counted by the second, so it is looked at once a second.
constexpr Micros kTrafficPeriod = std::chrono::seconds(1);

}  // namespace

ShardMaintenance::ShardMaintenance(std::string_view stream_arn,
                                   std::shared_ptr<storage::ChangeLog> log, int count,
                                   const ShardPolicy& policy, Micros creation_time)
    : log_(std::move(log)),
      policy_(policy),
      lineage_(stream_arn, count, {log_->next_sequence(), creation_time}),
      traffic_(log_->next_sequence()) {}

ShardMaintenance::ShardMaintenance(std::string_view stream_arn,
                                   std::shared_ptr<storage::ChangeLog> log,
                                   const ShardPolicy& policy, const StreamState& state)
    : log_(std::move(log)),
      policy_(policy),
      lineage_(stream_arn, state.lineage),
      ended_(state.ended),
      vacant_seen_to_(state.vacant_seen_to),
      traffic_(log_->next_sequence()) {}

void ShardMaintenance::Describe(StreamState& state) const {
  state.lineage = lineage_.state();
  state.ended = ended_;
  state.vacant_seen_to = vacant_seen_to_;
}

void ShardMaintenance::FillVacant() {
  if (!lineage_.has_vacant()) {
    return;
  }
  const std::uint64_t end = log_->next_sequence();
  Reopen(lineage_, *log_, vacant_seen_to_, end);
  vacant_seen_to_ = end;
  unsettled_at_ = Micros(0);
}

void ShardMaintenance::Settle(Micros now) {
  FillVacant();
  if (now < unsettled_at_) {
    return;
  }
  if (!ended_) {
    RotateOld(now);
  }
  lineage_.Forget(now - limits::kStreamRetention);
  unsettled_at_ = Micros::max();
  if (const std::optional<Micros> closing = lineage_.OldestClosing()) {
    unsettled_at_ = *closing + limits::kStreamRetention;
  }
  for (const Shard& shard : lineage_.shards()) {
    if (shard.open()) {
      unsettled_at_ = std::min(unsettled_at_, RotationOf(shard).value_or(Micros::max()));
    }
  }
}

void ShardMaintenance::RotateOld(Micros now) {
  using Due = std::pair<Micros, ShardId>;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due;
  const auto add = [&](const Shard& shard) {
    const std::optional<Micros> rotation = shard.open() ? RotationOf(shard) : std::nullopt;
    if (rotation.has_value() && *rotation <= now) {
      due.emplace(*rotation, shard.id);
    }
  };
  std::for_each(lineage_.shards().begin(), lineage_.shards().end(), add);
  // After a long idle time, nobody can see the generations of shards that closed more than 24 hours
  // ago, so they are skipped.
  const Micros seen_from = now - 2 * limits::kStreamRetention - 2 * policy_.rotation_age;
  while (!due.empty() && !lineage_.full()) {
    auto [time, id] = due.top();
    due.pop();
    if (time < seen_from) {
      time += (seen_from - time) / policy_.rotation_age * policy_.rotation_age;
    }
    const std::uint64_t begin = lineage_.Find(id)->begin;
    const std::uint64_t position = std::max(begin, log_->FirstSequenceSince(time));
    if (lineage_.Rotate(id, {position, time}).ok()) {
      add(lineage_.newest());
    }
  }
}

void ShardMaintenance::End(Micros now) {
  Settle(now);
  ended_ = true;
  lineage_.CloseAll(EndOfLog(now));
  unsettled_at_ = Micros(0);
}

Outcome<void> ShardMaintenance::BeginChange(Micros now) {
  if (ended_) {
    return Fault(Fault::Kind::kStreamDisabled);
  }
  Settle(now);
  unsettled_at_ = Micros(0);
  return {};
}

std::vector<ShardId> ShardMaintenance::OpenIds() const {
  std::vector<ShardId> ids;
  for (const Shard& shard : lineage_.shards()) {
    if (shard.open()) {
      ids.push_back(shard.id);
    }
  }
  return ids;
}

std::uint64_t ShardMaintenance::MiddleOf(const Shard& shard) const {
  return traffic_.MiddleOf(shard.id).value_or(shard.hash_first +
                                              (shard.hash_last - shard.hash_first) / 2 + 1);
}

Outcome<void> ShardMaintenance::Split(const ShardId& id, Micros now) {
  const Shard* shard = lineage_.Find(id);
  return shard == nullptr ? Outcome<void>(Fault(Fault::Kind::kShardMissing, id))
                          : lineage_.Split(id, MiddleOf(*shard), EndOfLog(now));
}

Outcome<void> ShardMaintenance::SplitShard(const ShardId& id, Micros now) {
  WEIR_RETURN_IF_ERROR(BeginChange(now));
  traffic_.Count(*log_, lineage_);
  return Split(id, now);
}

Outcome<void> ShardMaintenance::RotateShard(const ShardId& id, Micros now) {
  WEIR_RETURN_IF_ERROR(BeginChange(now));
  return lineage_.Rotate(id, EndOfLog(now));
}

Outcome<void> ShardMaintenance::CloseShard(const ShardId& id, Micros now) {
  WEIR_RETURN_IF_ERROR(BeginChange(now));
  if (!lineage_.has_vacant()) {
    vacant_seen_to_ = log_->next_sequence();
  }
  return lineage_.Close(id, EndOfLog(now));
}

Outcome<void> ShardMaintenance::SplitAll(Micros now) {
  WEIR_RETURN_IF_ERROR(BeginChange(now));
  WEIR_RETURN_IF_ERROR(lineage_.CheckRoom(2 * lineage_.open_count(), lineage_.open_count()));
  for (const Shard& shard : lineage_.shards()) {
    if (shard.open() && shard.hash_first == shard.hash_last) {
      return Fault(Fault::Kind::kShardTooNarrow, shard.id);
    }
  }
  traffic_.Count(*log_, lineage_);
  for (const ShardId& id : OpenIds()) {
    WEIR_RETURN_IF_ERROR(Split(id, now));
  }
  return {};
}

Outcome<void> ShardMaintenance::RotateAll(Micros now) {
  WEIR_RETURN_IF_ERROR(BeginChange(now));
  WEIR_RETURN_IF_ERROR(lineage_.CheckRoom(lineage_.open_count(), 0));
  for (const ShardId& id : OpenIds()) {
    WEIR_RETURN_IF_ERROR(lineage_.Rotate(id, EndOfLog(now)));
  }
  return {};
}

Outcome<void> ShardMaintenance::CloseAll(Micros now) {
  WEIR_RETURN_IF_ERROR(BeginChange(now));
  WEIR_RETURN_IF_ERROR(lineage_.CheckRoom(lineage_.open_count() + lineage_.vacant_count(), 0));
  if (!lineage_.has_vacant()) {
    vacant_seen_to_ = log_->next_sequence();
  }
  for (const ShardId& id : OpenIds()) {
    WEIR_RETURN_IF_ERROR(lineage_.Close(id, EndOfLog(now)));
  }
  return {};
}

Outcome<void> ShardMaintenance::SetOpenShards(std::size_t count, Micros now) {
  WEIR_RETURN_IF_ERROR(BeginChange(now));
  if (count < lineage_.open_count()) {
    Fault fault(Fault::Kind::kFewerShardsAsked);
    fault.open_shards = lineage_.open_count();
    return fault;
  }
  constexpr std::size_t kTooMany = limits::kMaxStreamShards + 1;
  const std::size_t splits = std::min(count, kTooMany) - lineage_.open_count();
  WEIR_RETURN_IF_ERROR(lineage_.CheckRoom(2 * splits, splits));
  while (lineage_.open_count() < count) {
    const Shard* widest = nullptr;
    for (const Shard& shard : lineage_.shards()) {
      if (shard.open() && (widest == nullptr || shard.hash_last - shard.hash_first >
                                                    widest->hash_last - widest->hash_first)) {
        widest = &shard;
      }
    }
    if (widest == nullptr) {
      return Fault(Fault::Kind::kNoOpenShard);
    }
    const std::uint64_t middle =
        widest->hash_first + (widest->hash_last - widest->hash_first) / 2 + 1;
    WEIR_RETURN_IF_ERROR(lineage_.Split(ShardId(widest->id), middle, EndOfLog(now)));
  }
  return {};
}

std::optional<Micros> ShardMaintenance::RotationOf(const Shard& shard) const {
  if (policy_.rotation_age == Micros(0)) {
    return std::nullopt;
  }
  // The id's suffix serves as a random number, which is the same in every run of a test.
  const Micros most = policy_.rotation_age / 12;
  const std::int64_t range = 2 * most.count() + 1;
  const Micros jitter(static_cast<std::int64_t>(shard.id.suffix) * 1'000'003 % range);
  return shard.created + policy_.rotation_age - most + jitter;
}

std::optional<Micros> ShardMaintenance::SplitHot(Micros now) {
  if (!traffic_.Count(*log_, lineage_)) {
    return std::nullopt;
  }
  if (policy_.split_rate > 0) {
    for (const HotShard& hot : traffic_.FindHot(lineage_, now, policy_)) {
      if (lineage_.open_count() < policy_.max_open_shards) {
        // On failure the shard stays as it is: it has only one hash, or the stream has no room.
        (void)lineage_.Split(hot.id, hot.middle, EndOfLog(now)).ok();
        unsettled_at_ = Micros(0);
      }
    }
  }
  return now + kTrafficPeriod;
}

}  // namespace weir::stream
