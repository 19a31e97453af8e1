// SPDX-License-Identifier: Apache-2.0
#include "stream/log_trim.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <queue>
#include <utility>

namespace weir::stream {
namespace {

// When the first record from `from` on was written; none if there is none.
std::optional<Micros> TimeAt(const storage::ChangeLog& log, std::uint64_t from) {
  std::optional<Micros> time;
  log.Read(from, UINT64_MAX, [&](const Change& change) {
    time = change.time;
    return false;
  });
  return time;
}

}  // namespace

void LogTrim::Add(const StreamPtr& stream) {
  logs_[stream->log()].streams.push_back(stream);
}

void LogTrim::Free(std::uint64_t bytes) {
  using Oldest = std::pair<Micros, storage::ChangeLog*>;
  std::priority_queue<Oldest, std::vector<Oldest>, std::greater<>> oldest;
  std::map<storage::ChangeLog*, Log*> by_address;
  for (auto& [log, entry] : logs_) {
    by_address[log.get()] = &entry;
    if (const std::optional<Micros> time = TimeAt(*log, 0)) {
      oldest.emplace(*time, log.get());
    }
  }
  while (bytes > 0 && !oldest.empty()) {
    storage::ChangeLog* const log = oldest.top().second;
    oldest.pop();
    // Until another log has the oldest one left.
    const Micros until = oldest.empty() ? Micros::max() : oldest.top().first;
    Log& entry = *by_address[log];
    const storage::ChangeLog::Share share = log->OldestShare(entry.end, until, bytes);
    entry.end = share.end;
    bytes -= std::min(bytes, share.bytes);
    if (const std::optional<Micros> time = TimeAt(*log, share.end)) {
      oldest.emplace(*time, log);
    }
  }
}

void LogTrim::Apply(Micros now) const {
  for (const auto& [log, entry] : logs_) {
    if (entry.end > 0) {
      for (const StreamPtr& stream : entry.streams) {
        stream->DropTo(entry.end, now);
      }
    }
  }
}

}  // namespace weir::stream
