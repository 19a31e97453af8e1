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
Stream::Stream(StreamInfo info, std::shared_ptr<storage::ChangeLog> log, int shard_count,
               const ShardPolicy& policy, std::function<void()> wake)
    : info_(std::move(info)),
      log_(std::move(log)),
      policy_(policy),
      wake_(std::move(wake)),
      lineage_(info_.arn, shard_count, {log_->next_sequence(), info_.creation_time}),
      traffic_(log_->next_sequence()),
      hold_(log_->Follow()) {}

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
  Settle(now);
  return lineage_.shards();
}

std::vector<Shard> Stream::Shards() const {
  const MutexLock lock(mutex_);
  FillVacant();
  return lineage_.shards();
}

Outcome<Stream::Extent> Stream::ExtentOf(const ShardId& id, Micros now) const {
  const MutexLock lock(mutex_);
  Settle(now);
  const Shard* shard = lineage_.Find(id);
  if (shard == nullptr) {
    return Fault(Fault::Kind::kShardMissing, id);
  }
  // Shards are closed under the same lock, so what is in the log now was written before that.
  return Extent{*shard, shard->end.value_or(log_->next_sequence())};
}

std::optional<std::uint64_t> Stream::TrimmedTo(const ShardId& id) const {
  const MutexLock lock(mutex_);
  const Shard* shard = lineage_.Find(id);
  return shard == nullptr ? std::nullopt : std::optional(shard->trimmed_to);
}

void Stream::Disable(Micros now, Micros settled_at) {
  {
    const MutexLock lock(mutex_);
    if (disabled_at_.has_value()) {
      return;
    }
    Settle(now);
    disabled_at_ = now;
    disabling_until_ = settled_at;
    {
      const MutexLock hold_lock(hold_mutex_);
      hold_.StopFollowing();
    }
    lineage_.CloseAll(EndOfLog(now));
    unsettled_at_ = Micros(0);
  }
  log_->WakeAll();
  if (wake_) {
    wake_();  // there is its end to wait for
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
  if (!number.has_value() || !IsOfShard(extent, *number)) {
    return Fault(Fault::Kind::kSequenceNumberInvalid);
  }
  // The bounds of shards are numbers between two records; they stand for the later of them.
  const std::uint64_t position = start.type == IteratorType::kAtSequence
                                     ? (*number + kNumbersPerPosition - 1) / kNumbersPerPosition
                                     : *number / kNumbersPerPosition + 1;
  if (HasLost(extent.shard, position, std::min(horizon, extent.end))) {
    return Fault(Fault::Kind::kTrimmed);
  }
  return position;
}

bool Stream::IsOfShard(const Extent& extent, std::uint64_t number) const {
  const Shard& shard = extent.shard;
  if (number == shard.starting_number || (!shard.open() && number == shard.ending_number)) {
    return true;
  }
  const std::uint64_t position = number / kNumbersPerPosition;
  if (number % kNumbersPerPosition != 0 || position < shard.begin || position >= extent.end) {
    return false;
  }
  if (position < log_->first_sequence()) {
    // Gone: whose it was is no longer known, but the shard's own are before `trimmed_to`. Asked for
    // now, since that is noted before a record goes.
    return position < TrimmedTo(shard.id).value_or(UINT64_MAX);
  }
  bool covered = false;
  log_->Read(position, position + 1, [&](const Change& change) {
    covered = shard.Covers(change.key_hash);
    return false;
  });
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
  log_->Read(begin, scan_end, [&](const Change& change) {
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
  });
  // Looked at last, so that what a Trim took away meanwhile is not passed over.
  if (HasLost(shard, position, horizon)) {
    return Fault(Fault::Kind::kTrimmed);
  }
  if (shard.open() || next < extent.end) {
    page.next = next;
  }
  return page;
}

bool Stream::HasLost(const Shard& shard, std::uint64_t position, std::uint64_t horizon) const {
  bool lost = false;  // first what is past its time and still in the log
  log_->Read(position, horizon, [&](const Change& change) {
    lost = shard.Covers(change.key_hash);
    return !lost;
  });
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

}  // namespace weir::stream
