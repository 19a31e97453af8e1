// SPDX-License-Identifier: Apache-2.0
// Stream: the public projection of a table's change log.
//
// A stream holds no records of its own. Its shards are slices of the log's hash range over time; a
// read walks the log and picks what the shard covers. So a write costs the same with one shard and
// with many, and lineage is only bookkeeping.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/change.h"
#include "core/key.h"
#include "core/mutex.h"
#include "storage/change_log.h"
#include "storage/table_metadata.h"
#include "stream/fault.h"
#include "stream/sequence_number.h"
#include "stream/shard.h"
#include "stream/shard_maintenance.h"
#include "stream/shard_policy.h"

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
  Micros settled_at{0};        // ENABLING until then
  std::uint64_t data_set = 0;  // of its catalogue: tells streams of the same name in two of them
};

enum class StreamStatus : std::uint8_t { kEnabling, kEnabled, kDisabling, kDisabled };

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
  // Follows `log` from its next change on, with `shard_count` shards of equal hash ranges. `wake`
  // is called when Work has something to do within a second that it has not told; it outlives the
  // log. The caller holds writes off meanwhile if it needs to know which write is the first.
  Stream(StreamInfo info, std::shared_ptr<storage::ChangeLog> log, int shard_count,
         const ShardPolicy& policy = {}, std::function<void()> wake = nullptr);

  [[nodiscard]] const StreamInfo& info() const { return info_; }
  [[nodiscard]] bool enabled() const;
  [[nodiscard]] StreamStatus StatusAt(Micros now) const;

  // The shards in the order of their ids, those trimmed away left out: as they are at `now`, or as
  // somebody saw them last.
  [[nodiscard]] std::vector<Shard> ShardsAt(Micros now) const;
  [[nodiscard]] std::vector<Shard> Shards() const;

  // Closes every shard at the end of the log, so that nothing is added any more, and wakes all that
  // wait for a change. Shows as DISABLING until `settled_at`.
  void Disable(Micros now, Micros settled_at = Micros(0));

  // Changes of an open shard, at once, between two writes; see ShardMaintenance.
  Outcome<void> SplitShard(const ShardId& id, Micros now);
  Outcome<void> RotateShard(const ShardId& id, Micros now);
  Outcome<void> CloseShard(const ShardId& id, Micros now);
  // One of these for all open shards, or for none of them.
  Outcome<void> SplitAll(Micros now);
  Outcome<void> RotateAll(Micros now);
  Outcome<void> CloseAll(Micros now);
  // Splits the widest open shards until there are `count`. kFewerShardsAsked if there are more
  // already: DynamoDB's shards are never merged.
  Outcome<void> SetOpenShards(std::size_t count, Micros now);

  // Does what is due and cannot wait until somebody looks: hot shards are split, records of 24
  // hours ago let go. Returns when there will be something to do again if nothing is written; none
  // if never. That shards grow old is not work: see ShardMaintenance.
  std::optional<Micros> Work(Micros now);

  // The table's log, which streams of the same table share.
  [[nodiscard]] const std::shared_ptr<storage::ChangeLog>& log() const { return log_; }
  // Lets go of the records before a log position, however young they are: there is no room.
  void DropTo(std::uint64_t position, Micros now);

  // The log position where an iterator starts. Fails with kShardMissing for an unknown shard,
  // with kTrimmed for a record that is gone, with kSequenceNumberInvalid for a number that is not
  // of this shard, with kTimestampInFuture for a timestamp to come. A timestamp before the trim
  // horizon means the trim horizon.
  [[nodiscard]] Outcome<std::uint64_t> PositionOf(const ShardId& id, const IteratorStart& start,
                                                  Micros now) const;

  // Up to `limit` records from `position` on, and not more than 1 MB unless the first alone is
  // larger. May return none although more follow (limits::kChangesScannedPerRead).
  [[nodiscard]] Outcome<ShardPage> Read(const ShardId& id, std::uint64_t position,
                                        std::size_t limit, Micros now) const;

  // The log position of the next record, of whatever shard.
  [[nodiscard]] std::uint64_t log_end() const { return log_->next_sequence(); }
  // Calls `wake` once the log has a change behind `seen_to`; see ChangeLog::WakeAfter.
  [[nodiscard]] storage::LogWait WakeAfter(std::uint64_t seen_to,
                                           std::function<void()> wake) const {
    return log_->WakeAfter(seen_to, std::move(wake));
  }

  // Disabled for 24 hours: nothing of it can be read any more.
  [[nodiscard]] bool Expired(Micros now) const;

  [[nodiscard]] std::string SequenceNumberOf(std::uint64_t position) const {
    return FormatSequenceNumber(info_.creation_time, NumberOf(position));
  }
  // What its table's log keeps in memory, and up to which position records were let go before their
  // 24 hours were over for want of room; 0 if none were.
  [[nodiscard]] std::uint64_t log_bytes() const { return log_->bytes(); }
  [[nodiscard]] std::uint64_t dropped_to() const { return dropped_to_; }

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
  [[nodiscard]] Outcome<Extent> ExtentOf(const ShardId& id, Micros now) const;
  [[nodiscard]] Outcome<std::uint64_t> PositionOfNumber(const Extent& extent,
                                                        const IteratorStart& start,
                                                        std::uint64_t horizon) const;
  // Whether `number` is that of a record of the shard, or one of its bounds.
  [[nodiscard]] bool IsOfShard(const Extent& extent, std::uint64_t number) const;
  // Up to where the shard's records are gone; none if the shard is.
  [[nodiscard]] std::optional<std::uint64_t> TrimmedTo(const ShardId& id) const;
  // Whether a record of the shard in [position, horizon) is gone. Records of other shards that went
  // do not matter: "a stream record in the shard exceeds the 24 hour period and is trimmed",
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
  [[nodiscard]] bool HasLost(const Shard& shard, std::uint64_t position,
                             std::uint64_t horizon) const;
  // The first position whose record is not yet 24 hours old, nor dropped before that.
  [[nodiscard]] std::uint64_t TrimHorizon(Micros now) const;

  // Has `wake_` called at the next change, of which the traffic is to be counted.
  void WaitForTraffic() WEIR_REQUIRES(mutex_);
  // Lets go of records written 24 hours ago or earlier.
  void Trim(Micros now);
  [[nodiscard]] std::optional<Micros> NextTrim() const;

  const StreamInfo info_;
  const std::shared_ptr<storage::ChangeLog> log_;
  const std::function<void()> wake_;

  mutable Mutex mutex_;
  mutable ShardMaintenance shards_ WEIR_GUARDED_BY(mutex_);  // brought up to date when looked at
  // Up to where records went before their time, because the log had grown too large.
  std::atomic<std::uint64_t> dropped_to_{0};
  // Whether `wake_` waits for the next change; shared with the log that it waits at.
  const std::shared_ptr<std::atomic<bool>> waiting_ = std::make_shared<std::atomic<bool>>(false);
  storage::LogWait wait_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t trimmed_to_ WEIR_GUARDED_BY(mutex_) = 0;  // where the last Trim ended
  std::optional<Micros> disabled_at_ WEIR_GUARDED_BY(mutex_);
  Micros disabling_until_ WEIR_GUARDED_BY(mutex_){0};
  // Letting go frees records, which nobody who waits for mutex_ should wait for. Taken after it.
  Mutex hold_mutex_;
  storage::LogHold hold_ WEIR_GUARDED_BY(hold_mutex_);
};

using StreamPtr = std::shared_ptr<Stream>;

}  // namespace weir::stream
