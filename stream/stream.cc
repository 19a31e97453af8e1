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

ApiError ShardNotFound() {
  return MakeError(ErrorCode::kResourceNotFound,
                   "Requested resource not found: Shard does not exist");
}

Stream::Stream(StreamInfo info, std::shared_ptr<storage::ChangeLog> log, int shard_count)
    : info_(std::move(info)), log_(std::move(log)) {
  const MutexLock lock(mutex_);
  {
    const MutexLock hold_lock(hold_mutex_);
    hold_ = log_->Follow();
  }
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

Result<Stream::Extent> Stream::ExtentOf(const ShardId& id) const {
  const MutexLock lock(mutex_);
  const auto found = std::find_if(shards_.begin(), shards_.end(),
                                  [&](const Shard& shard) { return shard.id == id; });
  if (found == shards_.end()) {
    return ShardNotFound();
  }
  // Disable() closes shards under the same lock, so what is in the log now was written before that.
  return Extent{*found, found->end.value_or(log_->next_sequence())};
}

void Stream::Disable(Micros now) {
  const MutexLock lock(mutex_);
  if (disabled_at_.has_value()) {
    return;
  }
  disabled_at_ = now;
  {
    const MutexLock hold_lock(hold_mutex_);
    hold_.StopFollowing();
  }
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

Result<std::uint64_t> Stream::PositionOf(const ShardId& id, const IteratorStart& start,
                                         Micros now) const {
  WEIR_ASSIGN_OR_RETURN(const Extent extent, ExtentOf(id));
  const std::uint64_t horizon = std::max(extent.shard.begin, TrimHorizon(now));
  switch (start.type) {
    case IteratorType::kTrimHorizon:
      return horizon;
    case IteratorType::kLatest:
      return extent.end;
    case IteratorType::kAtTimestamp:
      if (start.timestamp > now) {
        return InvalidParameter("Timestamp must not be in the future");
      }
      return std::max(horizon, log_->FirstSequenceSince(start.timestamp));
    case IteratorType::kAtSequence:
    case IteratorType::kAfterSequence:
      return PositionOfNumber(extent, start, horizon);
  }
  return horizon;
}

Result<std::uint64_t> Stream::PositionOfNumber(const Extent& extent, const IteratorStart& start,
                                               std::uint64_t horizon) const {
  const std::optional<std::uint64_t> number =
      ParseSequenceNumber(info_.creation_time, start.sequence_number);
  if (!number.has_value() || !IsOfShard(extent, *number)) {
    return InvalidParameter("Invalid SequenceNumber");
  }
  // The bounds of shards are numbers between two records; they stand for the later of them.
  const std::uint64_t position = start.type == IteratorType::kAtSequence
                                     ? (*number + kNumbersPerPosition - 1) / kNumbersPerPosition
                                     : *number / kNumbersPerPosition + 1;
  if (position < horizon) {
    return Trimmed();
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
    return true;  // gone: whose it was is no longer known, and the answer is that it was trimmed
  }
  bool covered = false;
  log_->Read(position, position + 1, [&](const Change& change) {
    covered = shard.Covers(change.key_hash);
    return false;
  });
  return covered;
}

Result<ShardPage> Stream::Read(const ShardId& id, std::uint64_t position, std::size_t limit,
                               Micros now) const {
  WEIR_ASSIGN_OR_RETURN(const Extent extent, ExtentOf(id));
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
    return Trimmed();
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
  const Result<Extent> current = ExtentOf(shard.id);
  return lost || (current.ok() && position < current.value().shard.trimmed_to);
}

void Stream::Trim(Micros now) {
  const std::uint64_t horizon = TrimHorizon(now);
  std::vector<Shard> shards;
  std::uint64_t trimmed_to = 0;
  {
    const MutexLock lock(mutex_);
    shards = shards_;
    trimmed_to = trimmed_to_;
  }
  log_->Read(trimmed_to, horizon, [&](const Change& change) {
    for (Shard& shard : shards) {
      if (shard.Covers(change.key_hash) && shard.begin <= change.sequence &&
          change.sequence < shard.end.value_or(UINT64_MAX)) {
        shard.trimmed_to = change.sequence + 1;
      }
    }
    return true;
  });
  {
    const MutexLock lock(mutex_);
    for (Shard& shard : shards_) {
      const auto seen = std::find_if(shards.begin(), shards.end(),
                                     [&](const Shard& other) { return other.id == shard.id; });
      if (seen != shards.end()) {
        shard.trimmed_to = std::max(shard.trimmed_to, seen->trimmed_to);
      }
    }
    trimmed_to_ = std::max(trimmed_to_, horizon);
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
    oldest = disabled_at_;
  }
  log_->Read(from, UINT64_MAX, [&](const Change& change) {
    oldest = std::min(change.time, oldest.value_or(change.time));
    return false;
  });
  return oldest.has_value() ? std::optional(*oldest + limits::kStreamRetention) : std::nullopt;
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
