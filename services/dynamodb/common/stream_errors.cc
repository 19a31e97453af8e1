// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/common/stream_errors.h"

#include <chrono>
#include <ctime>
#include <string>

#include "core/limits.h"

namespace weir::dynamodb {
namespace {

// "Thu Jul 02 12:57:57 UTC 2015"
std::string TimeText(Micros time) {
  const auto seconds =
      static_cast<std::time_t>(std::chrono::duration_cast<std::chrono::seconds>(time).count());
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  std::strftime(text, sizeof text, "%a %b %d %H:%M:%S UTC %Y", &parts);
  return text;
}

// AWS documents no text for DynamoDB Streams. This is the text of Kinesis, with the lifetime that
// iterators of DynamoDB Streams have.
ApiError IteratorExpired(const stream::Fault& fault) {
  const auto tolerance =
      std::chrono::duration_cast<std::chrono::milliseconds>(limits::kShardIteratorLifetime);
  return MakeError(ErrorCode::kExpiredIterator,
                   "Iterator expired. The iterator was created at time " + TimeText(fault.issued) +
                       " while right now it is " + TimeText(fault.now) +
                       " which is further in the future than the tolerated delay of " +
                       std::to_string(tolerance.count()) + " milliseconds.");
}

}  // namespace

ApiError ShardNotFound() {
  return MakeError(ErrorCode::kResourceNotFound,
                   "Requested resource not found: Shard does not exist");
}

ApiError ErrorOf(const stream::Fault& fault) {
  using Kind = stream::Fault::Kind;
  switch (fault.kind) {
    case Kind::kShardMissing:
      return ShardNotFound();
    case Kind::kShardClosed:
      return ValidationError("Shard " + fault.shard.ToString() + " is closed");
    case Kind::kShardTooNarrow:
      return ValidationError("Shard " + fault.shard.ToString() +
                             " holds too few hashes to be split there");
    case Kind::kTooManyOpenShards:
      return ValidationError("A stream has " + std::to_string(limits::kMaxStreamShards) +
                             " open shards at most");
    case Kind::kTooManyShards:
      return ValidationError("A stream keeps " + std::to_string(limits::kStreamShardsKept) +
                             " shards at most; closed ones are deleted after 24 hours");
    case Kind::kFewerShardsAsked:
      return ValidationError("The stream has " + std::to_string(fault.open_shards) +
                             " open shards already; shards are never merged");
    case Kind::kNoOpenShard:
      return ValidationError("The stream has no open shard until something is written");
    case Kind::kStreamDisabled:
      return ValidationError("The stream is disabled");
    case Kind::kTrimmed:
      return MakeError(ErrorCode::kTrimmedDataAccess,
                       "The data you are trying to access has been trimmed");
    case Kind::kRecordUnreadable:
      return MakeError(ErrorCode::kInternalServerError,
                       "A record cannot be read from the data folder: " + fault.reason);
    case Kind::kTimestampInFuture:
      return InvalidParameter("Timestamp must not be in the future");
    case Kind::kSequenceNumberInvalid:
      return ValidationError("Invalid SequenceNumber for the shard");
    case Kind::kIteratorInvalid:
      return ValidationError("Invalid ShardIterator");
    case Kind::kIteratorExpired:
      return IteratorExpired(fault);
    case Kind::kCheckpointInvalid:
      return ValidationError("The checkpoint is not one of this stream");
    // AWS documents no texts for exceeded rates; the words are those of Kinesis.
    case Kind::kShardReadTooOften:
      return MakeError(ErrorCode::kLimitExceeded, "Rate exceeded for shard " +
                                                      fault.shard.ToString() + " in stream " +
                                                      fault.stream_arn + ".");
    case Kind::kDescribedTooOften:
      return MakeError(ErrorCode::kThrottling, "Rate exceeded");
  }
  return {};
}

}  // namespace weir::dynamodb
