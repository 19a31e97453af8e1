// SPDX-License-Identifier: Apache-2.0
// DynamoDB's messages for the faults of storage and streams.
#include <catch2/catch.hpp>
#include <string>

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/stream_errors.h"

namespace weir::dynamodb {
namespace {

using StorageKind = storage::Fault::Kind;
using StreamKind = stream::Fault::Kind;

TEST_CASE("What storage refuses has a type and a text", "[dynamodb][errors]") {
  struct Example {
    StorageKind kind;
    ErrorCode code;
    std::string message;
  };
  const Example examples[] = {
      {StorageKind::kTableDropped, ErrorCode::kResourceNotFound, "Requested resource not found"},
      {StorageKind::kTableNameTaken, ErrorCode::kResourceInUse, "Table already exists: x"},
      {StorageKind::kTooManyTables, ErrorCode::kLimitExceeded,
       "Subscriber limit exceeded: There is a limit of 2500 tables per subscriber"},
      {StorageKind::kTooManyBackups, ErrorCode::kLimitExceeded,
       "Subscriber limit exceeded: There is a limit of 10000 backups per subscriber"},
      {StorageKind::kIndexMissing, ErrorCode::kValidation,
       "The table does not have the specified index: x"},
      {StorageKind::kIndexBuilding, ErrorCode::kValidation,
       "Cannot read from backfilling global secondary index: x"},
      {StorageKind::kItemHeld, ErrorCode::kTransactionConflict,
       "Transaction is ongoing for the item"},
      {StorageKind::kItemCollectionTooLarge, ErrorCode::kItemCollectionSizeLimitExceeded,
       "Collection size exceeded."},
  };
  for (const Example& example : examples) {
    const ApiError error = ErrorOf(storage::Fault(example.kind, "x"));
    CHECK(error.code == example.code);
    CHECK(error.message == example.message);
  }
}

TEST_CASE("What a caller's own function refuses is answered as it stands", "[dynamodb][errors]") {
  CHECK(ErrorOf(storage::Fault(ValidationError("no"))).message == "no");
  CHECK(ErrorOf(storage::Fault(ValidationError("no")), "t").message == "no");
}

TEST_CASE("The control plane names a table that was dropped meanwhile", "[dynamodb][errors]") {
  const storage::Fault dropped(StorageKind::kTableDropped);
  CHECK(ErrorOf(dropped, "orders").message ==
        "Requested resource not found: Table: orders not found");
  CHECK(ErrorOf(dropped, "arn:aws:dynamodb:us-east-1:000000000000:table/orders").message ==
        "Requested resource not found: Table: orders not found");
}

TEST_CASE("An expired iterator says when it was made and what time it is", "[dynamodb][errors]") {
  stream::Fault expired(StreamKind::kIteratorExpired);
  expired.issued = std::chrono::seconds(1'700'000'000);
  expired.now = expired.issued + std::chrono::minutes(16);
  CHECK(ErrorOf(expired).code == ErrorCode::kExpiredIterator);
  CHECK(ErrorOf(expired).message ==
        "Iterator expired. The iterator was created at time Tue Nov 14 22:13:20 UTC 2023 while "
        "right now it is Tue Nov 14 22:29:20 UTC 2023 which is further in the future than the "
        "tolerated delay of 900000 milliseconds.");
}

TEST_CASE("What a stream refuses has a type and a text", "[dynamodb][errors]") {
  const auto message = [](StreamKind kind, ErrorCode code) {
    stream::Fault fault(kind, {1'700'000'000'000, 0xCAFE});
    fault.stream_arn = "arn";
    fault.open_shards = 6;
    const ApiError error = ErrorOf(fault);
    CHECK(error.code == code);
    return error.message;
  };
  const ErrorCode validation = ErrorCode::kValidation;
  const std::string shard = "shardId-00000001700000000000-0000cafe";
  CHECK(message(StreamKind::kShardMissing, ErrorCode::kResourceNotFound) ==
        "Requested resource not found: Shard does not exist");
  CHECK(message(StreamKind::kTrimmed, ErrorCode::kTrimmedDataAccess) ==
        "The data you are trying to access has been trimmed");
  CHECK(message(StreamKind::kTimestampInFuture, validation) ==
        "One or more parameter values were invalid: Timestamp must not be in the future");
  CHECK(message(StreamKind::kSequenceNumberInvalid, validation) ==
        "Invalid SequenceNumber for the shard");
  CHECK(message(StreamKind::kIteratorInvalid, validation) == "Invalid ShardIterator");
  CHECK(message(StreamKind::kCheckpointInvalid, validation) ==
        "The checkpoint is not one of this stream");
  CHECK(message(StreamKind::kShardReadTooOften, ErrorCode::kLimitExceeded) ==
        "Rate exceeded for shard " + shard + " in stream arn.");
  CHECK(message(StreamKind::kDescribedTooOften, ErrorCode::kThrottling) == "Rate exceeded");
  CHECK(message(StreamKind::kShardClosed, validation) == "Shard " + shard + " is closed");
  CHECK(message(StreamKind::kShardTooNarrow, validation) ==
        "Shard " + shard + " holds too few hashes to be split there");
  CHECK(message(StreamKind::kTooManyOpenShards, validation) ==
        "A stream has 256 open shards at most");
  CHECK(message(StreamKind::kTooManyShards, validation) ==
        "A stream keeps 10000 shards at most; closed ones are deleted after 24 hours");
  CHECK(message(StreamKind::kFewerShardsAsked, validation) ==
        "The stream has 6 open shards already; shards are never merged");
  CHECK(message(StreamKind::kNoOpenShard, validation) ==
        "The stream has no open shard until something is written");
  CHECK(message(StreamKind::kStreamDisabled, validation) == "The stream is disabled");
}

}  // namespace
}  // namespace weir::dynamodb
