// SPDX-License-Identifier: Apache-2.0
#include "stream/log_trim.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <queue>
#include <tuple>
#include <utility>

namespace weir::stream {
namespace {

// How much of one log is chosen before it is the turn of another log that is as old.
constexpr std::uint64_t kTurnBytes = std::uint64_t{64} << 10U;

// When the first record in memory from `from` on was written; nullopt if there is no record.
std::optional<Micros> TimeAt(const storage::ChangeLog& log, std::uint64_t from) {
  std::optional<Micros> time;
  const std::uint64_t begin = std::max(from, log.first_in_memory());
  const auto read = log.Read(begin, UINT64_MAX, [&](const Change& change) {
    time = change.time;
    return false;
  });
  return read.ok() ? time : std::nullopt;
}

}  // namespace

void LogTrim::Add(const StreamPtr& stream) {
  logs_[stream->log()].streams.push_back(stream);
}

void LogTrim::Free(std::uint64_t bytes) {
  // The log with the oldest record comes first. Logs whose oldest records have the same time take
  // turns: while the clock stands still, all have the same.
  using Oldest = std::tuple<Micros, std::uint64_t, storage::ChangeLog*>;
  std::priority_queue<Oldest, std::vector<Oldest>, std::greater<>> oldest;
  std::uint64_t turn = 0;
  std::map<storage::ChangeLog*, Log*> by_address;
  for (auto& [log, entry] : logs_) {
    by_address[log.get()] = &entry;
    if (const std::optional<Micros> time = TimeAt(*log, 0)) {
      oldest.emplace(*time, turn++, log.get());
    }
  }
  while (bytes > 0 && !oldest.empty()) {
    storage::ChangeLog* const log = std::get<storage::ChangeLog*>(oldest.top());
    oldest.pop();
    // This log's turn is over once the oldest record is another log's.
    const Micros until = oldest.empty() ? Micros::max() : std::get<Micros>(oldest.top());
    Log& entry = *by_address[log];
    const storage::ChangeLog::Share share =
        log->OldestShare(entry.end, until, std::min(bytes, kTurnBytes));
    entry.end = share.end;
    bytes -= std::min(bytes, share.bytes);
    if (const std::optional<Micros> time = TimeAt(*log, share.end)) {
      oldest.emplace(*time, turn++, log);
    }
  }
}

void LogTrim::Apply(Micros now) const {
  for (const auto& [log, entry] : logs_) {
    if (entry.end > 0 && log->archive() != nullptr) {
      log->LeaveToArchive(entry.end);
    } else if (entry.end > 0) {
      for (const StreamPtr& stream : entry.streams) {
        stream->DropTo(entry.end, now);
      }
    }
  }
}

}  // namespace weir::stream
