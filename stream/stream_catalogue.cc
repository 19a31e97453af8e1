// SPDX-License-Identifier: Apache-2.0
#include "stream/stream_catalogue.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <utility>

#include "core/limits.h"
#include "core/memory.h"
#include "core/time_text.h"

namespace weir::stream {
namespace {

constexpr Micros kMillisecond = std::chrono::milliseconds(1);

// `YYYY-MM-DDTHH:MM:SS.mmm`, UTC, without a zone.
std::string LabelOf(Micros time) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  char fraction[8];
  std::snprintf(fraction, sizeof fraction, ".%03d", static_cast<int>(milliseconds % 1000));
  return UtcSeconds(time) + fraction;
}

std::uint64_t RandomDataSet() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace

StreamCatalogue::StreamCatalogue(const Clock& clock, const ShardPolicy& policy,
                                 std::function<void()> wake)
    : clock_(clock), policy_(policy), wake_(std::move(wake)), data_set_(RandomDataSet()) {}

StreamPtr StreamCatalogue::Open(const storage::TableDescription& table, StreamViewType view_type,
                                std::shared_ptr<storage::ChangeLog> log, int shard_count) {
  StreamInfo info;
  info.table_name = table.name;
  info.key_schema = table.key_schema;
  info.view_type = view_type;
  info.creation_time = clock_.Now();
  info.settled_at = table.change_due;
  const MutexLock lock(mutex_);
  while (true) {
    info.label = LabelOf(info.creation_time);
    info.arn = table.arn + "/stream/" + info.label;
    if (!streams_.contains(info.arn)) {
      break;
    }
    info.creation_time += kMillisecond;
  }
  std::string arn = info.arn;
  auto stream =
      std::make_shared<Stream>(std::move(info), std::move(log), shard_count, policy_, wake_);
  streams_.emplace(std::move(arn), stream);
  if (wake_) {
    wake_();
  }
  return stream;
}

StreamPtr StreamCatalogue::Find(std::string_view arn) const {
  const Micros now = clock_.Now();
  const MutexLock lock(mutex_);
  const auto found = streams_.find(arn);
  // An expired stream is gone, though Trim may not have come by yet.
  return found == streams_.end() || found->second->Expired(now) ? nullptr : found->second;
}

StreamCatalogue::Listing StreamCatalogue::List(std::string_view table_name,
                                               std::string_view exclusive_start,
                                               std::size_t limit) const {
  const Micros now = clock_.Now();
  const MutexLock lock(mutex_);
  Listing listing;
  for (auto entry = streams_.upper_bound(exclusive_start); entry != streams_.end(); ++entry) {
    const bool wanted = table_name.empty() || entry->second->info().table_name == table_name;
    if (!wanted || entry->second->Expired(now)) {
      continue;
    }
    if (listing.streams.size() == limit) {
      listing.more = true;
      break;
    }
    listing.streams.push_back(entry->second);
  }
  return listing;
}

Micros StreamCatalogue::Work() {
  const Micros now = clock_.Now();
  std::vector<StreamPtr> expired;
  std::vector<StreamPtr> remaining;
  {
    const MutexLock lock(mutex_);
    for (auto entry = streams_.begin(); entry != streams_.end();) {
      if (entry->second->Expired(now)) {
        expired.push_back(std::move(entry->second));
        entry = streams_.erase(entry);
      } else {
        remaining.push_back(entry->second);
        ++entry;
      }
    }
  }
  Micros next = now + limits::kStreamRetention;
  std::uint64_t freed = 0;
  for (const StreamPtr& stream : expired) {
    freed += stream->log_bytes();
  }
  expired.clear();
  for (const StreamPtr& stream : remaining) {
    const std::uint64_t before = stream->log_bytes();
    next = std::min(next, stream->Work(now).value_or(next));
    freed += before - std::min(before, stream->log_bytes());
  }
  if (freed > kWorthReturning) {
    ReturnFreeMemory();
  }
  return next;
}

}  // namespace weir::stream
