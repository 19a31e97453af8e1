// SPDX-License-Identifier: Apache-2.0
// ReadLimits: how often and how much consumers may read of streams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "core/mutex.h"
#include "stream/fault.h"
#include "stream/shard.h"

namespace weir::stream {

// Limits that AWS states or that its users quote, each within one second of the clock:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html ("at most two
// processes should be reading from the same stream's shard"), …/Constraints.html (DescribeStream).
struct ReadLimitFigures {
  std::size_t describes = 10;
  std::size_t reads = 5;                           // GetRecords calls per shard
  std::size_t readers = 2;                         // per shard
  std::size_t bytes = std::size_t{2} * 1'048'576;  // per shard
};

// One GetRecords call.
struct ShardRead {
  std::string_view stream_arn;
  ShardId shard;
  std::uint32_t reader = 0;  // the consumer's number: ShardIterator::reader
};

// Thread-safe. Unless it `enforces`, it counts nothing and refuses nothing.
class ReadLimits {
 public:
  ReadLimits(const Clock& clock, bool enforces) : clock_(clock), enforces_(enforces) {}

  // Counts a DescribeStream call. Fails with kDescribedTooOften if it is one too many.
  Outcome<void> CountDescribe();
  // Counts a GetRecords call. Fails with kShardReadTooOften if there were too many calls or bytes
  // within the last second, or the call is a third reader's.
  Outcome<void> CountRead(const ShardRead& read);
  // Counts the records that the call answered with, by the sum of their Stream::RecordSize.
  void CountBytes(const ShardRead& read, std::size_t bytes);

 private:
  using Key = std::pair<std::string, ShardId>;
  // What happened to a shard within the last second.
  struct Second {
    std::deque<Micros> reads;
    std::map<std::uint32_t, Micros> readers;
    std::deque<std::pair<Micros, std::size_t>> bytes;
    [[nodiscard]] bool idle() const { return reads.empty() && readers.empty() && bytes.empty(); }
  };
  // What happened to the shard after `since`. Valid until the next call.
  Second& NowOf(const ShardRead& read, Micros since) WEIR_REQUIRES(mutex_);
  static void Forget(Second& second, Micros since);

  const Clock& clock_;
  const bool enforces_;
  const ReadLimitFigures figures_;
  Mutex mutex_;
  std::deque<Micros> describes_ WEIR_GUARDED_BY(mutex_);
  std::map<Key, Second> shards_ WEIR_GUARDED_BY(mutex_);
  Micros swept_ WEIR_GUARDED_BY(mutex_){0};  // when idle shards were last erased
};

}  // namespace weir::stream
