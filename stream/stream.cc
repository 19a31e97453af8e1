// SPDX-License-Identifier: Apache-2.0
#include "stream/stream.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "core/digits.h"
#include "core/limits.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::stream {
namespace {

// Records are trimmed at most this often. Readers never see records that are past their 24 hours
// and not yet trimmed.
constexpr Micros kTrimPeriod = std::chrono::minutes(1);
// How long one read may walk over the log, which may be on a disk, and how many changes it passes
// before it looks at the time.
constexpr std::chrono::milliseconds kLongestRead{50};
constexpr unsigned kVisitedPerLook = 32;

std::optional<Micros> Earlier(std::optional<Micros> a, std::optional<Micros> b) {
  if (!a.has_value() || !b.has_value()) {
    return a.has_value() ? a : b;
  }
  return std::min(*a, *b);
}

// What a read of the log returned.
Outcome<void> Checked(storage::Outcome<void> read) {
  return read.ok() ? Outcome<void>() : Outcome<void>(Fault(std::move(read).error()));
}

// The position of the first record that a stream has ever had.
std::uint64_t FirstPosition(const StreamState& state) {
  std::uint64_t first = UINT64_MAX;
  for (const Shard& shard : state.lineage.shards) {
    first = std::min(first, shard.begin);
  }
  return first;
}

}  // namespace

Stream::Stream(StreamInfo info, std::shared_ptr<storage::ChangeLog> log, int shard_count,
               const ShardPolicy& policy, std::function<void()> wake)
    : info_(std::move(info)),
      log_(std::move(log)),
      wake_(std::move(wake)),
      shards_(info_.arn, log_, shard_count, policy, info_.creation_time),
      hold_(log_->Follow()) {}

Stream::Stream(StreamState state, std::shared_ptr<storage::ChangeLog> log,
               const ShardPolicy& policy, std::function<void()> wake)
    : info_(std::move(state.info)),
      log_(std::move(log)),
      wake_(std::move(wake)),
      revision_(state.revision),
      shards_(info_.arn, log_, policy, state),
      dropped_to_(state.dropped_to),
      trimmed_to_(state.trimmed_to),
      disabled_at_(state.disabled_at),
      disabling_until_(state.disabling_until),
      hold_(log_->Hold(std::max(state.trimmed_to, FirstPosition(state)),
                       !state.disabled_at.has_value())) {}

void Stream::KeepBy(Keep keep) {
  keep_ = std::move(keep);
  const MutexLock lock(mutex_);
  KeepAll();
}

StreamState Stream::state() const {
  const MutexLock lock(mutex_);
  return StateLocked();
}

StreamState Stream::StateLocked() const {
  StreamState state;
  state.revision = revision_;
  state.table = log_->table();
  state.info = info_;
  shards_.Describe(state);
  state.trimmed_to = trimmed_to_;
  state.dropped_to = dropped_to_;
  state.disabled_at = disabled_at_;
  state.disabling_until = disabling_until_;
  return state;
}

void Stream::KeepChanges() const {
  if (keep_ && shards_.lineage().changes() != kept_changes_) {
    KeepAll();
  }
}

void Stream::KeepAll() const {
  if (keep_) {
    kept_changes_ = shards_.lineage().changes();
    ++revision_;
    keep_(StateLocked());
  }
}

bool Stream::enabled() const {
  const MutexLock lock(mutex_);
  return !disabled_at_.has_value();
}

StreamStatus Stream::StatusAt(Micros now) const {
  const MutexLock lock(mutex_);
  if (disabled_at_.has_value()) {
    return now < disabling_until_ ? StreamStatus::kDisabling : StreamStatus::kDisabled;
  }
  return now < info_.settled_at ? StreamStatus::kEnabling : StreamStatus::kEnabled;
}

std::vector<Shard> Stream::ShardsAt(Micros now) const {
  const MutexLock lock(mutex_);
  shards_.Settle(now);
  KeepChanges();
  return shards_.lineage().shards();
}

std::vector<Shard> Stream::Shards() const {
  const MutexLock lock(mutex_);
  shards_.FillVacant();
  KeepChanges();
  return shards_.lineage().shards();
}

Outcome<Stream::Extent> Stream::ExtentOf(const ShardId& id, Micros now) const {
  const MutexLock lock(mutex_);
  shards_.Settle(now);
  KeepChanges();
  const Shard* shard = shards_.lineage().Find(id);
  if (shard == nullptr) {
    return Fault(Fault::Kind::kShardMissing, id);
  }
  // Shards are closed under the same lock, so what is in the log now was written before that.
  return Extent{*shard, shard->end.value_or(log_->next_sequence())};
}

std::optional<std::uint64_t> Stream::TrimmedTo(const ShardId& id) const {
  const MutexLock lock(mutex_);
  const Shard* shard = shards_.lineage().Find(id);
  return shard == nullptr ? std::nullopt : std::optional(shard->trimmed_to);
}

void Stream::Disable(Micros now, Micros settled_at) {
  {
    const MutexLock lock(mutex_);
    if (disabled_at_.has_value()) {
      return;
    }
    disabled_at_ = now;
    disabling_until_ = settled_at;
    {
      const MutexLock hold_lock(hold_mutex_);
      hold_.StopFollowing();
    }
    shards_.End(now);
    KeepAll();
  }
  log_->WakeAll();
  if (wake_) {
    wake_();  // Work finds out when the stream expires
  }
}

std::uint64_t Stream::TrimHorizon(Micros now) const {
  return std::max(dropped_to_.load(),
                  log_->FirstSequenceSince(now - limits::kStreamRetention + Micros(1)));
}

Outcome<std::uint64_t> Stream::PositionOf(const ShardId& id, const IteratorStart& start,
                                          Micros now) const {
  WEIR_ASSIGN_OR_RETURN(const Extent extent, ExtentOf(id, now));
  const std::uint64_t horizon = std::max(extent.shard.begin, TrimHorizon(now));
  switch (start.type) {
    case IteratorType::kTrimHorizon:
      return horizon;
    case IteratorType::kLatest:
      return extent.end;
    case IteratorType::kAtTimestamp:
      if (start.timestamp > now) {
        return Fault(Fault::Kind::kTimestampInFuture);
      }
      return std::max(horizon, log_->FirstSequenceSince(start.timestamp));
    case IteratorType::kAtSequence:
    case IteratorType::kAfterSequence:
      return PositionOfNumber(extent, start, horizon);
  }
  return horizon;
}

Outcome<std::uint64_t> Stream::PositionOfNumber(const Extent& extent, const IteratorStart& start,
                                                std::uint64_t horizon) const {
  const std::optional<std::uint64_t> number =
      ParseSequenceNumber(info_.creation_time, start.sequence_number);
  if (!number.has_value()) {
    return Fault(Fault::Kind::kSequenceNumberInvalid);
  }
  WEIR_ASSIGN_OR_RETURN(const bool is_its, IsOfShard(extent, *number));
  if (!is_its) {
    return Fault(Fault::Kind::kSequenceNumberInvalid);
  }
  // A shard's bound is a number between those of two records. It stands for the later record.
  const std::uint64_t position = start.type == IteratorType::kAtSequence
                                     ? (*number + kNumbersPerPosition - 1) / kNumbersPerPosition
                                     : *number / kNumbersPerPosition + 1;
  WEIR_ASSIGN_OR_RETURN(const bool lost,
                        HasLost(extent.shard, position, std::min(horizon, extent.end)));
  if (lost) {
    return Fault(Fault::Kind::kTrimmed);
  }
  return position;
}

Outcome<bool> Stream::IsOfShard(const Extent& extent, std::uint64_t number) const {
  const Shard& shard = extent.shard;
  if (number == shard.starting_number || (!shard.open() && number == shard.ending_number)) {
    return true;
  }
  const std::uint64_t position = number / kNumbersPerPosition;
  if (number % kNumbersPerPosition != 0 || position < shard.begin || position >= extent.end) {
    return false;
  }
  if (position < log_->first_sequence()) {
    // The record was trimmed, so its shard is no longer known. But the shard's trimmed records are
    // all before its `trimmed_to`, which is read now, as Trim sets it before it drops records.
    return position < TrimmedTo(shard.id).value_or(UINT64_MAX);
  }
  bool covered = false;
  WEIR_RETURN_IF_ERROR(Checked(log_->Read(position, position + 1, [&](const Change& change) {
    covered = shard.Covers(change.key_hash);
    return false;
  })));
  return covered;
}

Outcome<ShardPage> Stream::Read(const ShardId& id, std::uint64_t position, std::size_t limit,
                                Micros now) const {
  WEIR_ASSIGN_OR_RETURN(const Extent extent, ExtentOf(id, now));
  const Shard& shard = extent.shard;
  const std::uint64_t horizon = std::min(TrimHorizon(now), extent.end);
  const std::uint64_t begin = std::max(position, horizon);
  const std::uint64_t scan_end = std::min(extent.end, begin + limits::kChangesScannedPerRead);
  ShardPage page;
  std::size_t bytes = 0;
  std::uint64_t next = std::max(begin, scan_end);
  const auto end = std::chrono::steady_clock::now() + kLongestRead;
  unsigned visited = 0;
  const auto visit = [&](const Change& change) {
    if (++visited % kVisitedPerLook == 0 && std::chrono::steady_clock::now() > end) {
      next = change.sequence;
      return false;
    }
    if (!shard.Covers(change.key_hash)) {
      return true;
    }
    const std::size_t size = RecordSize(change);
    if (page.changes.size() == limit ||
        (!page.changes.empty() && bytes + size > limits::kGetRecordsSize)) {
      next = change.sequence;
      return false;
    }
    bytes += size;
    page.changes.push_back(change);
    return true;
  };
  const Outcome<void> read = Checked(log_->Read(begin, scan_end, visit));
  if (!read.ok() && page.changes.empty()) {
    return read.error();
  }
  if (!read.ok()) {  // the next read fails
    next = page.changes.back().sequence + 1;
  }
  // Checked last, so that records which a Trim drops during the read are not skipped in silence.
  WEIR_ASSIGN_OR_RETURN(const bool lost, HasLost(shard, position, horizon));
  if (lost) {
    return Fault(Fault::Kind::kTrimmed);
  }
  if (shard.open() || next < extent.end) {
    page.next = next;
  }
  return page;
}

Outcome<bool> Stream::HasLost(const Shard& shard, std::uint64_t position,
                              std::uint64_t horizon) const {
  bool lost = false;  // set here for a record that is past the horizon and still in the log
  WEIR_RETURN_IF_ERROR(Checked(log_->Read(position, horizon, [&](const Change& change) {
    lost = shard.Covers(change.key_hash);
    return !lost;
  })));
  return lost || position < TrimmedTo(shard.id).value_or(0);
}

bool Stream::Expired(Micros now) const {
  const MutexLock lock(mutex_);
  return disabled_at_.has_value() && *disabled_at_ <= now - limits::kStreamRetention;
}

std::string Stream::EventIdOf(std::uint64_t position) const {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(info_.arn.data(), info_.arn.size(), position);
  constexpr std::size_t kDigits = 16;  // of each half
  std::array<char, 2 * kDigits> text{};
  WriteHex(hash.high64, std::span(text).first<kDigits>());
  WriteHex(hash.low64, std::span(text).last<kDigits>());
  return {text.data(), text.size()};
}

std::size_t Stream::RecordSize(const Change& change) const {
  return KeyAwsSize(info_.key_schema, change.AnyImage().attributes()) +
         (ShowsNewImage(info_.view_type) ? change.after.aws_size() : 0) +
         (ShowsOldImage(info_.view_type) ? change.before.aws_size() : 0);
}

Outcome<void> Stream::SplitShard(const ShardId& id, Micros now) {
  const MutexLock lock(mutex_);
  Outcome<void> outcome = shards_.SplitShard(id, now);
  KeepChanges();
  return outcome;
}

Outcome<void> Stream::RotateShard(const ShardId& id, Micros now) {
  const MutexLock lock(mutex_);
  Outcome<void> outcome = shards_.RotateShard(id, now);
  KeepChanges();
  return outcome;
}

Outcome<void> Stream::CloseShard(const ShardId& id, Micros now) {
  const MutexLock lock(mutex_);
  Outcome<void> outcome = shards_.CloseShard(id, now);
  KeepChanges();
  return outcome;
}

Outcome<void> Stream::SplitAll(Micros now) {
  const MutexLock lock(mutex_);
  Outcome<void> outcome = shards_.SplitAll(now);
  KeepChanges();
  return outcome;
}

Outcome<void> Stream::RotateAll(Micros now) {
  const MutexLock lock(mutex_);
  Outcome<void> outcome = shards_.RotateAll(now);
  KeepChanges();
  return outcome;
}

Outcome<void> Stream::CloseAll(Micros now) {
  const MutexLock lock(mutex_);
  Outcome<void> outcome = shards_.CloseAll(now);
  KeepChanges();
  return outcome;
}

Outcome<void> Stream::SetOpenShards(std::size_t count, Micros now) {
  const MutexLock lock(mutex_);
  Outcome<void> outcome = shards_.SetOpenShards(count, now);
  KeepChanges();
  return outcome;
}

void Stream::WaitForTraffic() {
  if (wake_ && !waiting_->exchange(true)) {
    wait_ = log_->WakeAfter(shards_.traffic_seen_to(), [wake = wake_, waiting = waiting_] {
      waiting->store(false);
      wake();
    });
  }
}

std::optional<Micros> Stream::Work(Micros now) {
  std::optional<Micros> next;
  {
    const MutexLock lock(mutex_);
    shards_.Settle(now);
    if (disabled_at_.has_value()) {
      next = *disabled_at_ + limits::kStreamRetention;
    } else {
      next = shards_.SplitHot(now);
      if (!next.has_value()) {
        WaitForTraffic();
      }
    }
    KeepChanges();
  }
  Trim(now);
  const std::optional<Micros> trim = NextTrim();
  return trim.has_value() ? Earlier(next, std::max(*trim, now + kTrimPeriod)) : next;
}

void Stream::DropTo(std::uint64_t position, Micros now) {
  std::uint64_t before = dropped_to_;
  while (before < position && !dropped_to_.compare_exchange_weak(before, position)) {
  }
  Trim(now);
}

void Stream::Trim(Micros now) {
  const std::uint64_t horizon = TrimHorizon(now);
  std::vector<Shard> shards;
  std::uint64_t trimmed_to = 0;
  {
    const MutexLock lock(mutex_);
    if (horizon <= trimmed_to_) {
      return;
    }
    shards_.Settle(now);
    shards = shards_.lineage().shards();
    trimmed_to = trimmed_to_;
  }
  std::map<ShardId, std::uint64_t> trimmed;
  LineageWalk walk(shards);
  const auto visit = [&](const Change& change) {
    if (const Shard* shard = walk.At(change.sequence, change.key_hash)) {
      trimmed[shard->id] = change.sequence + 1;
    }
    return true;
  };
  if (!log_->Read(trimmed_to, horizon, visit).ok()) {
    // What cannot be read may have been of any shard.
    for (const Shard& shard : shards) {
      if (shard.begin < horizon) {
        trimmed[shard.id] = std::min(horizon, shard.end.value_or(horizon));
      }
    }
  }
  {
    const MutexLock lock(mutex_);
    for (const auto& [id, position] : trimmed) {
      shards_.NoteTrimmed(id, position);
    }
    trimmed_to_ = std::max(trimmed_to_, horizon);
    KeepAll();
  }
  const MutexLock hold_lock(hold_mutex_);
  hold_.KeepFrom(horizon);
}

std::optional<Micros> Stream::NextTrim() const {
  std::uint64_t from = 0;
  std::optional<Micros> oldest;
  {
    const MutexLock lock(mutex_);
    from = trimmed_to_;
  }
  const auto visit = [&](const Change& change) {
    oldest = change.time;
    return false;
  };
  if (!log_->Read(from, UINT64_MAX, visit).ok()) {
    return Micros(0);  // it is not known; Work looks again after a while
  }
  return oldest.has_value() ? std::optional(*oldest + limits::kStreamRetention) : std::nullopt;
}

}  // namespace weir::stream
