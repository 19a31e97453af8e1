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

// Figures that AWS states or that users of it quote, each over a second of the clock:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html ("at most two
// processes should be reading from the same stream's shard"), …/Constraints.html (DescribeStream).
struct ReadLimitFigures {
  std::size_t describes = 10;
  std::size_t reads = 5;                           // GetRecords of a shard
  std::size_t readers = 2;                         // of a shard
  std::size_t bytes = std::size_t{2} * 1'048'576;  // of a shard
};

// One GetRecords call.
struct ShardRead {
  std::string_view stream_arn;
  ShardId shard;
  std::uint32_t reader = 0;  // the chain of iterators that it goes on with
};

// Thread-safe. Counts nothing unless it enforces.
class ReadLimits {
 public:
  ReadLimits(const Clock& clock, bool enforces) : clock_(clock), enforces_(enforces) {}

  // kDescribedTooOften for a DescribeStream too many.
  Outcome<void> CountDescribe();
  // kShardReadTooOften for a GetRecords too many, by a third reader, or after too many bytes.
  Outcome<void> CountRead(const ShardRead& read);
  // What the call answered, as sizes of records are counted.
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
  Second& NowOf(const ShardRead& read, Micros since) WEIR_REQUIRES(mutex_);
  static void Forget(Second& second, Micros since);

  const Clock& clock_;
  const bool enforces_;
  const ReadLimitFigures figures_;
  Mutex mutex_;
  std::deque<Micros> describes_ WEIR_GUARDED_BY(mutex_);
  std::map<Key, Second> shards_ WEIR_GUARDED_BY(mutex_);
  Micros swept_ WEIR_GUARDED_BY(mutex_){0};
};

}  // namespace weir::stream
