// SPDX-License-Identifier: Apache-2.0
// LogTrim: chooses which records leave memory when those of all streams take too much of it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/clock.h"
#include "storage/change_log.h"
#include "stream/stream.h"

namespace weir::stream {

// Takes the oldest records first, whichever table they are of. They are left to the log's archive,
// or dropped if it has none. Not thread-safe, but the streams and logs may be used by others
// meanwhile.
class LogTrim {
 public:
  // Adds the stream's log to those whose records may be dropped. All streams that follow a log must
  // be added.
  void Add(const StreamPtr& stream);
  // Chooses the oldest records in memory, as many as take about `bytes` of it together.
  void Free(std::uint64_t bytes);
  // Frees the chosen records.
  void Apply(Micros now) const;

 private:
  struct Log {
    std::vector<StreamPtr> streams;  // that follow the log
    std::uint64_t end = 0;           // records before this position are chosen
  };
  std::map<std::shared_ptr<storage::ChangeLog>, Log> logs_;
};

}  // namespace weir::stream
