// SPDX-License-Identifier: Apache-2.0
// Why a stream refuses a call. Services word it for clients
// (services/dynamodb/common/stream_errors.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/clock.h"
#include "core/result.h"
#include "storage/fault.h"
#include "stream/shard.h"

namespace weir::stream {

struct Fault {
  enum class Kind : std::uint8_t {
    kShardMissing,
    kShardClosed,        // `shard`
    kShardTooNarrow,     // `shard` covers too few hashes to be split
    kTooManyOpenShards,  // more than limits::kMaxStreamShards
    kTooManyShards,      // more than limits::kStreamShardsKept, closed ones included
    kFewerShardsAsked,   // fewer than `open_shards`, those open now; shards are never merged
    kNoOpenShard,        // all are vacant: the next write opens one
    kStreamDisabled,
    kTrimmed,           // records of the shard from the position on were trimmed
    kRecordUnreadable,  // a record cannot be read from the data folder; `reason`
    kTimestampInFuture,
    kSequenceNumberInvalid,  // not a number of this shard
    kIteratorInvalid,
    kIteratorExpired,    // it was `issued` too long before `now`
    kCheckpointInvalid,  // not a checkpoint of this stream
    kShardReadTooOften,  // `shard` of `stream_arn`
    kDescribedTooOften,
  };

  explicit Fault(Kind fault) : kind(fault) {}
  Fault(Kind fault, const ShardId& of) : kind(fault), shard(of) {}
  // What a read of a log failed with.
  explicit Fault(storage::Fault of_log)
      : kind(Kind::kRecordUnreadable), reason(std::move(of_log.name)) {}

  Kind kind;
  ShardId shard = {};
  std::string stream_arn = {};
  std::string reason = {};
  std::size_t open_shards = 0;
  Micros issued{0};
  Micros now{0};
};

template <class T>
using Outcome = Result<T, Fault>;

}  // namespace weir::stream
