// SPDX-License-Identifier: Apache-2.0
// LogTrim: which records go first when all of them together take too much memory.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/clock.h"
#include "storage/change_log.h"
#include "stream/stream.h"

namespace weir::stream {

// Takes the oldest records first, whatever stream they are of. Not thread-safe; what it looks at
// may change meanwhile.
class LogTrim {
 public:
  // The records of its log may go.
  void Add(const StreamPtr& stream);
  // Chooses the oldest records that take about so many bytes together.
  void Free(std::uint64_t bytes);
  // Lets go of them.
  void Apply(Micros now) const;

 private:
  struct Log {
    std::vector<StreamPtr> streams;  // that follow it
    std::uint64_t end = 0;           // the records before this one go
  };
  std::map<std::shared_ptr<storage::ChangeLog>, Log> logs_;
};

}  // namespace weir::stream
