// SPDX-License-Identifier: Apache-2.0
// StreamCatalogue: all streams by ARN, those of deleted tables included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "stream/stream.h"

namespace weir::stream {

// Thread-safe.
class StreamCatalogue {
 public:
  explicit StreamCatalogue(const Clock& clock);

  // Opens a stream on a table that has none enabled. The stream's label is the present time in
  // milliseconds, or the next one that the table has not used yet.
  StreamPtr Open(const storage::TableDescription& table, StreamViewType view_type,
                 std::shared_ptr<storage::ChangeLog> log, int shard_count);

  // Null when there is no such stream, or no longer.
  [[nodiscard]] StreamPtr Find(std::string_view arn) const;

  struct Listing {
    std::vector<StreamPtr> streams;
    bool more = false;
  };
  // Up to `limit` streams after `exclusive_start`, by ARN; of one table if a name is given.
  [[nodiscard]] Listing List(std::string_view table_name, std::string_view exclusive_start,
                             std::size_t limit) const;

  // Drops what is older than 24 hours: records, and streams disabled so long ago. Returns when
  // there will be something to drop again; later writes and calls bring nothing that is due
  // earlier.
  Micros Trim();

  // Tells iterators of this process from those of another.
  [[nodiscard]] std::uint64_t data_set() const { return data_set_; }

 private:
  const Clock& clock_;
  const std::uint64_t data_set_;
  mutable Mutex mutex_;
  std::map<std::string, StreamPtr, std::less<>> streams_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::stream
