// SPDX-License-Identifier: Apache-2.0
#include "stream/stream.h"

#include <algorithm>
#include <cstdio>
#include <span>
#include <utility>

#include "core/limits.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::stream {
namespace {

std::uint64_t Milliseconds(Micros time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

// Splits the hash range evenly; the last slice takes the remainder.
std::uint64_t SliceBegin(int index, int count) {
  return static_cast<std::uint64_t>(index) * (UINT64_MAX / static_cast<std::uint64_t>(count) + 1);
}

ApiError Trimmed() {
  return MakeError(ErrorCode::kTrimmedDataAccess,
                   "The data you are trying to access has been trimmed");
}

}  // namespace

Stream::Stream(StreamInfo info, std::shared_ptr<storage::ChangeLog> log, int shard_count)
    : info_(std::move(info)), log_(std::move(log)) {
  const MutexLock lock(mutex_);
  hold_ = log_->Follow();
  const std::uint64_t begin = log_->next_sequence();
  for (int i = 0; i < shard_count; ++i) {
    Shard shard;
    const std::string seed = info_.arn + "/" + std::to_string(i);
    shard.id = {Milliseconds(info_.creation_time),
                static_cast<std::uint32_t>(XXH3_64bits(seed.data(), seed.size()))};
    while (std::any_of(shards_.begin(), shards_.end(),
                       [&](const Shard& other) { return other.id == shard.id; })) {
      ++shard.id.suffix;
    }
    shard.hash_first = SliceBegin(i, shard_count);
    shard.hash_last = i + 1 == shard_count ? UINT64_MAX : SliceBegin(i + 1, shard_count) - 1;
    shard.begin = begin;
    shard.starting_number = NextBound(begin);
    shards_.push_back(shard);
  }
  std::sort(shards_.begin(), shards_.end(),
            [](const Shard& a, const Shard& b) { return a.id < b.id; });
}

std::uint64_t Stream::NextBound(std::uint64_t next) {
  latest_bound_ = std::max(latest_bound_, NumberOf(next - 1)) + 1;
  return latest_bound_;
}

bool Stream::enabled() const {
  const MutexLock lock(mutex_);
  return !disabled_at_.has_value();
}

std::vector<Shard> Stream::Shards() const {
  const MutexLock lock(mutex_);
  return shards_;
}

std::optional<Shard> Stream::FindShard(const ShardId& id) const {
  const MutexLock lock(mutex_);
  const auto found = std::find_if(shards_.begin(), shards_.end(),
                                  [&](const Shard& shard) { return shard.id == id; });
  return found == shards_.end() ? std::nullopt : std::optional<Shard>(*found);
}

void Stream::Disable(Micros now) {
  const MutexLock lock(mutex_);
  if (disabled_at_.has_value()) {
    return;
  }
  disabled_at_ = now;
  hold_.StopFollowing();
  const std::uint64_t end = log_->next_sequence();
  for (Shard& shard : shards_) {
    if (shard.open()) {
      shard.end = end;
      shard.ending_number = NextBound(end);
    }
  }
}

std::uint64_t Stream::TrimHorizon(Micros now) const {
  return log_->FirstSequenceSince(now - limits::kStreamRetention + Micros(1));
}

Result<std::uint64_t> Stream::PositionOf(const Shard& shard, const IteratorStart& start,
                                         Micros now) const {
  const std::uint64_t horizon = std::max(shard.begin, TrimHorizon(now));
  switch (start.type) {
    case IteratorType::kTrimHorizon:
      return horizon;
    case IteratorType::kLatest:
      return std::max(shard.begin, shard.end.value_or(log_->next_sequence()));
    case IteratorType::kAtTimestamp:
      if (start.timestamp > now) {
        return InvalidParameter("Timestamp must not be in the future");
      }
      return std::max(horizon, log_->FirstSequenceSince(start.timestamp));
    case IteratorType::kAtSequence:
    case IteratorType::kAfterSequence:
      return PositionOfNumber(shard, start, horizon);
  }
  return horizon;
}

Result<std::uint64_t> Stream::PositionOfNumber(const Shard& shard, const IteratorStart& start,
                                               std::uint64_t horizon) const {
  const std::optional<std::uint64_t> number =
      ParseSequenceNumber(info_.creation_time, start.sequence_number);
  const std::uint64_t last =
      shard.open() ? std::max(shard.starting_number, NumberOf(log_->next_sequence() - 1))
                   : shard.ending_number;
  if (!number.has_value() || *number < shard.starting_number || *number > last) {
    return InvalidParameter("Invalid SequenceNumber");
  }
  // Numbers between two records stand for the later of them.
  const std::uint64_t position = start.type == IteratorType::kAtSequence
                                     ? (*number + kNumbersPerPosition - 1) / kNumbersPerPosition
                                     : *number / kNumbersPerPosition + 1;
  if (position < horizon) {
    return Trimmed();
  }
  return position;
}

Result<ShardPage> Stream::Read(const Shard& shard, std::uint64_t position, std::size_t limit,
                               Micros now) const {
  const std::uint64_t horizon = std::min(TrimHorizon(now), shard.end.value_or(UINT64_MAX));
  const std::uint64_t begin = std::max(position, horizon);
  ShardPage page;
  const std::uint64_t log_end = log_->next_sequence();
  const std::uint64_t shard_end = shard.end.value_or(log_end);
  const std::uint64_t scan_end = std::min(shard_end, begin + limits::kChangesScannedPerRead);
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
    return Trimmed();
  }
  if (shard.open() || next < shard_end) {
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
  const std::optional<Shard> current = FindShard(shard.id);
  return lost || (current.has_value() && position < current->trimmed_to);
}

void Stream::Trim(Micros now) {
  const std::uint64_t horizon = TrimHorizon(now);
  const MutexLock lock(mutex_);
  const std::span<Shard> shards(shards_);  // the analysis can't see that the lambda has the lock
  log_->Read(trimmed_to_, horizon, [&](const Change& change) {
    for (Shard& shard : shards) {
      if (shard.Covers(change.key_hash) && shard.begin <= change.sequence &&
          change.sequence < shard.end.value_or(UINT64_MAX)) {
        shard.trimmed_to = change.sequence + 1;
      }
    }
    return true;
  });
  trimmed_to_ = std::max(trimmed_to_, horizon);
  hold_.KeepFrom(trimmed_to_);
}

bool Stream::Expired(Micros now) const {
  const MutexLock lock(mutex_);
  return disabled_at_.has_value() && *disabled_at_ <= now - limits::kStreamRetention;
}

std::string Stream::EventIdOf(std::uint64_t position) const {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(info_.arn.data(), info_.arn.size(), position);
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

std::size_t Stream::RecordSize(const Change& change) const {
  return KeyAwsSize(info_.key_schema, change.AnyImage().attributes()) +
         (ShowsNewImage(info_.view_type) ? change.after.aws_size() : 0) +
         (ShowsOldImage(info_.view_type) ? change.before.aws_size() : 0);
}

}  // namespace weir::stream
