// SPDX-License-Identifier: Apache-2.0
// Stream: the public projection of a table's change log.
//
// A stream holds no records of its own. A shard is a slice of the log: a range of hashes over a
// span of positions. A read walks the log and picks what the shard covers. So a write costs the
// same with one shard as with many, and lineage is only bookkeeping.
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
#include "stream/stream_info.h"
#include "stream/stream_state.h"

namespace weir::stream {

// Whether the records of a stream with this view show the image after, and the image before.
constexpr bool ShowsNewImage(StreamViewType view) {
  return view == StreamViewType::kNewImage || view == StreamViewType::kNewAndOldImages;
}
constexpr bool ShowsOldImage(StreamViewType view) {
  return view == StreamViewType::kOldImage || view == StreamViewType::kNewAndOldImages;
}

enum class StreamStatus : std::uint8_t { kEnabling, kEnabled, kDisabling, kDisabled };

enum class IteratorType : std::uint8_t {
  kTrimHorizon,
  kLatest,
  kAtSequence,
  kAfterSequence,
  kAtTimestamp,
};

// Where in a shard to start. Members that `type` does not need are ignored.
struct IteratorStart {
  IteratorType type = IteratorType::kTrimHorizon;
  std::string_view sequence_number;
  Micros timestamp{0};
};

// Records of one shard, in order.
struct ShardPage {
  std::vector<Change> changes;
  // Where the next read goes on; nullopt if the shard is closed and this is its last page.
  std::optional<std::uint64_t> next;
};

// Thread-safe.
class Stream {
 public:
  // Follows `log` from its next change on, with `shard_count` shards of equal hash ranges. `wake`
  // is called when Work should be called about a second later, though its last result did not say
  // so; what it borrows must outlive the log. A caller that needs to know which write is the
  // stream's first keeps writers out during the call.
  Stream(StreamInfo info, std::shared_ptr<storage::ChangeLog> log, int shard_count,
         const ShardPolicy& policy = {}, std::function<void()> wake = nullptr);
  // A stream of an earlier process, over the log that it followed.
  Stream(StreamState state, std::shared_ptr<storage::ChangeLog> log, const ShardPolicy& policy,
         std::function<void()> wake);

  // Has `keep` called with the state now, and after each change of it. It is called under the
  // stream's lock. To be called once, before anybody else has the stream.
  using Keep = std::function<void(const StreamState& state)>;
  void KeepBy(Keep keep);
  [[nodiscard]] StreamState state() const;

  [[nodiscard]] const StreamInfo& info() const { return info_; }
  [[nodiscard]] bool enabled() const;
  [[nodiscard]] StreamStatus StatusAt(Micros now) const;

  // The shards in the order of their ids. ShardsAt first rotates and forgets those that are due at
  // `now`; Shards does not.
  [[nodiscard]] std::vector<Shard> ShardsAt(Micros now) const;
  [[nodiscard]] std::vector<Shard> Shards() const;

  // Closes every shard at the end of the log, so that no record is added any more, and wakes all
  // that wait for one. The status is DISABLING until `settled_at`. Does nothing the second time.
  void Disable(Micros now, Micros settled_at = Micros(0));

  // Close an open shard at once, between two writes. For the children and the faults of these and
  // the following, see ShardMaintenance and Lineage.
  Outcome<void> SplitShard(const ShardId& id, Micros now);
  Outcome<void> RotateShard(const ShardId& id, Micros now);
  Outcome<void> CloseShard(const ShardId& id, Micros now);
  // Split, rotate or close all open shards.
  Outcome<void> SplitAll(Micros now);
  Outcome<void> RotateAll(Micros now);
  Outcome<void> CloseAll(Micros now);
  // Splits the widest open shard until `count` are open. Fails with kFewerShardsAsked if more are
  // open already: DynamoDB's shards are never merged.
  Outcome<void> SetOpenShards(std::size_t count, Micros now);

  // Does what is due and cannot wait until somebody looks: splits hot shards, and trims records
  // that are 24 hours old. Returns when to call it again if nothing is written meanwhile; nullopt
  // if never. The rotation of old shards is not part of it: see ShardMaintenance.
  std::optional<Micros> Work(Micros now);

  // The table's log, which streams of the same table share.
  [[nodiscard]] const std::shared_ptr<storage::ChangeLog>& log() const { return log_; }
  // Trims the records before a log position, however young they are, to free memory.
  void DropTo(std::uint64_t position, Micros now);

  // The log position where an iterator starts. Fails with kShardMissing for an unknown shard, with
  // kTrimmed if records from a sequence number on were trimmed, with kSequenceNumberInvalid for a
  // number that is not of this shard, with kTimestampInFuture for a timestamp after `now`, and with
  // kRecordUnreadable. A timestamp before the trim horizon stands for the trim horizon.
  [[nodiscard]] Outcome<std::uint64_t> PositionOf(const ShardId& id, const IteratorStart& start,
                                                  Micros now) const;

  // Up to `limit` records from `position` on, and not more than 1 MB unless the first alone is
  // larger. May return no records although more follow, since it does not walk over more of the log
  // than limits::kChangesScannedPerRead, and not for long. Fails with
  // kShardMissing, with kTrimmed if records from `position` on were trimmed, and with
  // kRecordUnreadable.
  [[nodiscard]] Outcome<ShardPage> Read(const ShardId& id, std::uint64_t position,
                                        std::size_t limit, Micros now) const;

  // The log position of the next record, whichever shard it will be in.
  [[nodiscard]] std::uint64_t log_end() const { return log_->next_sequence(); }
  // Calls `wake` once, when the log has a change at `seen_to` or later; see ChangeLog::WakeAfter.
  [[nodiscard]] storage::LogWait WakeAfter(std::uint64_t seen_to,
                                           std::function<void()> wake) const {
    return log_->WakeAfter(seen_to, std::move(wake));
  }

  // Whether the stream has been disabled for 24 hours, so that it cannot be read any more.
  [[nodiscard]] bool Expired(Micros now) const;

  [[nodiscard]] std::string SequenceNumberOf(std::uint64_t position) const {
    return FormatSequenceNumber(info_.creation_time, NumberOf(position));
  }
  // How many bytes the table's log keeps in memory, and the position before which records were
  // trimmed early, to free memory; 0 if none were.
  [[nodiscard]] std::uint64_t log_bytes() const { return log_->bytes(); }
  [[nodiscard]] std::uint64_t dropped_to() const { return dropped_to_; }

  // 32 hex digits, which are the same whenever the record is read.
  [[nodiscard]] std::string EventIdOf(std::uint64_t position) const;
  // A record's size in bytes as AWS counts it: the keys, and each image that the view shows.
  [[nodiscard]] std::size_t RecordSize(const Change& change) const;

 private:
  // A shard as it is now, and the log position where it ends so far. Both are of the same moment,
  // so an open shard has all changes of its hash range before `end`.
  struct Extent {
    Shard shard;
    std::uint64_t end = 0;
  };
  [[nodiscard]] Outcome<Extent> ExtentOf(const ShardId& id, Micros now) const;
  [[nodiscard]] Outcome<std::uint64_t> PositionOfNumber(const Extent& extent,
                                                        const IteratorStart& start,
                                                        std::uint64_t horizon) const;
  // Whether `number` is a bound of the shard or the number of one of its records, which may have
  // been trimmed. Fails with kRecordUnreadable.
  [[nodiscard]] Outcome<bool> IsOfShard(const Extent& extent, std::uint64_t number) const;
  // The position before which the shard's records were trimmed; nullopt if the shard is forgotten.
  [[nodiscard]] std::optional<std::uint64_t> TrimmedTo(const ShardId& id) const;
  // Whether a record of the shard from `position` on was trimmed, or lies before `horizon` and is
  // to be trimmed. Trimmed records of other shards do not matter: "a stream record in the shard
  // exceeds the 24 hour period and is trimmed",
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
  // Fails with kRecordUnreadable.
  [[nodiscard]] Outcome<bool> HasLost(const Shard& shard, std::uint64_t position,
                                      std::uint64_t horizon) const;
  // The first position whose record is not yet 24 hours old and was not trimmed early.
  [[nodiscard]] std::uint64_t TrimHorizon(Micros now) const;

  [[nodiscard]] StreamState StateLocked() const WEIR_REQUIRES(mutex_);
  // Calls `keep_`, if the shards have changed since the last call.
  void KeepChanges() const WEIR_REQUIRES(mutex_);
  void KeepAll() const WEIR_REQUIRES(mutex_);
  // Has `wake_` called at the next change, which Work then counts as traffic.
  void WaitForTraffic() WEIR_REQUIRES(mutex_);
  // Trims the records before TrimHorizon.
  void Trim(Micros now);
  // When the oldest record will be 24 hours old; nullopt if there is no record.
  [[nodiscard]] std::optional<Micros> NextTrim() const;

  const StreamInfo info_;
  const std::shared_ptr<storage::ChangeLog> log_;
  const std::function<void()> wake_;
  Keep keep_;  // null if nobody keeps the stream

  mutable Mutex mutex_;
  mutable std::uint64_t kept_changes_ WEIR_GUARDED_BY(mutex_) = 0;  // of the shards
  mutable std::uint64_t revision_ WEIR_GUARDED_BY(mutex_) = 0;      // of the state kept last
  mutable ShardMaintenance shards_ WEIR_GUARDED_BY(mutex_);  // brought up to date when looked at
  // The position before which records were trimmed early, to free memory.
  std::atomic<std::uint64_t> dropped_to_{0};
  // Whether `wake_` waits for the next change. Shared with the callback that the log has.
  const std::shared_ptr<std::atomic<bool>> waiting_ = std::make_shared<std::atomic<bool>>(false);
  storage::LogWait wait_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t trimmed_to_ WEIR_GUARDED_BY(mutex_) = 0;  // where the last Trim ended
  std::optional<Micros> disabled_at_ WEIR_GUARDED_BY(mutex_);
  Micros disabling_until_ WEIR_GUARDED_BY(mutex_){0};
  // Apart from mutex_, since letting go of records frees them, and nobody who waits for mutex_
  // should wait for that. If both are taken, this is taken last.
  Mutex hold_mutex_;
  storage::LogHold hold_ WEIR_GUARDED_BY(hold_mutex_);
};

using StreamPtr = std::shared_ptr<Stream>;

}  // namespace weir::stream
