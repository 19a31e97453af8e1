// SPDX-License-Identifier: Apache-2.0
// LogTrim: chooses which records to drop when the records of all streams take too much memory.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/clock.h"
#include "storage/change_log.h"
#include "stream/stream.h"

namespace weir::stream {

// Drops the oldest records first, whichever table they are of. Not thread-safe, but the streams and
// logs may be used by others meanwhile.
class LogTrim {
 public:
  // Adds the stream's log to those whose records may be dropped. All streams that follow a log must
  // be added.
  void Add(const StreamPtr& stream);
  // Chooses the oldest records, as many as take about `bytes` of memory together.
  void Free(std::uint64_t bytes);
  // Drops the chosen records.
  void Apply(Micros now) const;

 private:
  struct Log {
    std::vector<StreamPtr> streams;  // that follow the log
    std::uint64_t end = 0;           // records before this position are chosen
  };
  std::map<std::shared_ptr<storage::ChangeLog>, Log> logs_;
};

}  // namespace weir::stream
