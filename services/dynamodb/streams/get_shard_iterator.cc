// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/streams/get_shard_iterator.h"

#include "services/dynamodb/common/stream_errors.h"
#include "services/dynamodb/streams/stream_members.h"
#include "stream/shard_iterator.h"

namespace weir::dynamodb {

Result<GetShardIterator::Plan> GetShardIterator::Validate(const Request& request) {
  WEIR_RETURN_IF_ERROR(CheckStreamArn(request.stream_arn));
  const bool by_number = request.shard_iterator_type == stream::IteratorType::kAtSequence ||
                         request.shard_iterator_type == stream::IteratorType::kAfterSequence;
  const bool by_time = request.shard_iterator_type == stream::IteratorType::kAtTimestamp;
  // The text for a missing SequenceNumber is recorded from AWS; the texts after it are like
  // DynamoDB Local's. AWS documents only that these are ValidationExceptions.
  if (by_number && !request.sequence_number.has_value()) {
    return InvalidParameter("SequenceNumber cannot be null");
  }
  if (!by_number && request.sequence_number.has_value()) {
    return InvalidParameter("SequenceNumber should not be passed for this iterator type");
  }
  if (by_time && !request.timestamp.has_value()) {
    return InvalidParameter("Invalid Timestamp");
  }
  if (!by_time && request.timestamp.has_value()) {
    return InvalidParameter("Timestamp should not be passed for this iterator type");
  }
  return Plan{};
}

Result<GetShardIterator::Response> GetShardIterator::Execute(Context& context,
                                                             const Request& request,
                                                             const Plan& /*plan*/) {
  Database& database = context.database;
  WEIR_ASSIGN_OR_RETURN(const stream::StreamPtr stream, FindStream(database, request.stream_arn));
  const std::optional<stream::ShardId> id = stream::ShardId::Parse(request.shard_id);
  if (!id.has_value()) {
    return ShardNotFound();
  }
  const Micros now = database.clock().Now();
  const std::string_view number = request.sequence_number.has_value()
                                      ? std::string_view(*request.sequence_number)
                                      : std::string_view();
  const stream::IteratorStart start{request.shard_iterator_type, number,
                                    request.timestamp.value_or(Timestamp{}).time};
  WEIR_ASSIGN_OR_RETURN(const std::uint64_t position, Worded(stream->PositionOf(*id, start, now)));
  const std::uint32_t reader = database.streams().NewReader();
  return Response{stream::EncodeShardIterator({request.stream_arn, *id, position, now, reader},
                                              database.streams().data_set())};
}

}  // namespace weir::dynamodb
