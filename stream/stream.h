// SPDX-License-Identifier: Apache-2.0
// Stream: the public projection of a table's change log.
//
// A stream holds no records of its own. Its shards are slices of the log's hash range over time; a
// read walks the log and picks what the shard covers. So a write costs the same with one shard and
// with many, and lineage is only bookkeeping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/change.h"
#include "core/key.h"
#include "core/mutex.h"
#include "core/result.h"
#include "storage/change_log.h"
#include "storage/table_description.h"
#include "stream/sequence_number.h"
#include "stream/shard.h"

namespace weir::stream {

using storage::StreamViewType;

// Whether records of a view carry the image after, and the one before.
constexpr bool ShowsNewImage(StreamViewType view) {
  return view == StreamViewType::kNewImage || view == StreamViewType::kNewAndOldImages;
}
constexpr bool ShowsOldImage(StreamViewType view) {
  return view == StreamViewType::kOldImage || view == StreamViewType::kNewAndOldImages;
}

// What never changes about a stream.
struct StreamInfo {
  std::string arn;
  std::string label;
  std::string table_name;
  KeySchema key_schema;
  StreamViewType view_type = StreamViewType::kNewAndOldImages;
  Micros creation_time{0};
};

enum class IteratorType : std::uint8_t {
  kTrimHorizon,
  kLatest,
  kAtSequence,
  kAfterSequence,
  kAtTimestamp,
};

// Where in a shard to start; the members that its type does not need are not looked at.
struct IteratorStart {
  IteratorType type = IteratorType::kTrimHorizon;
  std::string_view sequence_number;
  Micros timestamp{0};
};

// Records of one shard, in order.
struct ShardPage {
  std::vector<Change> changes;
  // Where the next read goes on; none when the shard is closed and drained.
  std::optional<std::uint64_t> next;
};

// Thread-safe.
class Stream {
 public:
  // Follows `log` from its next change on, with `shard_count` shards of equal hash ranges. The
  // caller holds writes off meanwhile if it needs to know which write is the first.
  Stream(StreamInfo info, std::shared_ptr<storage::ChangeLog> log, int shard_count);

  [[nodiscard]] const StreamInfo& info() const { return info_; }
  [[nodiscard]] bool enabled() const;

  // The shards in the order of their ids, those trimmed away left out.
  [[nodiscard]] std::vector<Shard> Shards() const;

  // Closes every shard at the end of the log, so that nothing is added any more.
  void Disable(Micros now);

  // The log position where an iterator starts. Fails with ResourceNotFoundException for an unknown
  // shard, with TrimmedDataAccessException for a record that is gone, with ValidationException for
  // a sequence number that is not of this shard or a timestamp to come. A timestamp before the trim
  // horizon means the trim horizon.
  [[nodiscard]] Result<std::uint64_t> PositionOf(const ShardId& id, const IteratorStart& start,
                                                 Micros now) const;

  // Up to `limit` records from `position` on, and not more than 1 MB unless the first alone is
  // larger. May return none although more follow (limits::kChangesScannedPerRead).
  [[nodiscard]] Result<ShardPage> Read(const ShardId& id, std::uint64_t position, std::size_t limit,
                                       Micros now) const;

  // Lets go of records written 24 hours ago or earlier.
  void Trim(Micros now);
  // When Trim has something to do again, as far as is known now: what comes later is due later.
  // None while there is nothing.
  [[nodiscard]] std::optional<Micros> NextTrim() const;
  // Disabled for 24 hours: nothing of it can be read any more.
  [[nodiscard]] bool Expired(Micros now) const;

  [[nodiscard]] std::string SequenceNumberOf(std::uint64_t position) const {
    return FormatSequenceNumber(info_.creation_time, NumberOf(position));
  }
  // 32 hex digits, the same for the same record at every reading.
  [[nodiscard]] std::string EventIdOf(std::uint64_t position) const;
  // What AWS counts for a record: the keys, and each image that the view shows.
  [[nodiscard]] std::size_t RecordSize(const Change& change) const;

 private:
  // A shard as it is now, and where in the log it ends so far. Both are of one moment: of an open
  // shard everything before `end` is this stream's.
  struct Extent {
    Shard shard;
    std::uint64_t end = 0;
  };
  [[nodiscard]] Result<Extent> ExtentOf(const ShardId& id) const;
  [[nodiscard]] Result<std::uint64_t> PositionOfNumber(const Extent& extent,
                                                       const IteratorStart& start,
                                                       std::uint64_t horizon) const;
  // Whether `number` is that of a record of the shard, or one of its bounds.
  [[nodiscard]] bool IsOfShard(const Extent& extent, std::uint64_t number) const;
  // Whether a record of the shard in [position, horizon) is gone. Records of other shards that went
  // do not matter: "a stream record in the shard exceeds the 24 hour period and is trimmed",
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
  [[nodiscard]] bool HasLost(const Shard& shard, std::uint64_t position,
                             std::uint64_t horizon) const;
  // The first position whose record is not yet 24 hours old.
  [[nodiscard]] std::uint64_t TrimHorizon(Micros now) const;
  // A number for a shard's bound at the log position `next`, greater than all given before.
  std::uint64_t NextBound(std::uint64_t next) WEIR_REQUIRES(mutex_);

  const StreamInfo info_;
  const std::shared_ptr<storage::ChangeLog> log_;

  mutable Mutex mutex_;
  std::vector<Shard> shards_ WEIR_GUARDED_BY(mutex_);  // by id
  std::uint64_t latest_bound_ WEIR_GUARDED_BY(mutex_) = 0;
  std::uint64_t trimmed_to_ WEIR_GUARDED_BY(mutex_) = 0;  // where the last Trim ended
  std::optional<Micros> disabled_at_ WEIR_GUARDED_BY(mutex_);
  // Letting go frees records, which nobody who waits for mutex_ should wait for. Taken after it.
  Mutex hold_mutex_;
  storage::LogHold hold_ WEIR_GUARDED_BY(hold_mutex_);
};

using StreamPtr = std::shared_ptr<Stream>;

// ResourceNotFoundException for a shard that the stream does not have.
ApiError ShardNotFound();

}  // namespace weir::stream
