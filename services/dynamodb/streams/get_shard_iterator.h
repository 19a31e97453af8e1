// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
#pragma once

#include <array>
#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "stream/stream.h"

namespace weir::dynamodb {

template <>
struct EnumNames<stream::IteratorType> {
  static constexpr std::array<EnumName<stream::IteratorType>, 5> kNames{
      {{"TRIM_HORIZON", stream::IteratorType::kTrimHorizon},
       {"LATEST", stream::IteratorType::kLatest},
       {"AT_SEQUENCE_NUMBER", stream::IteratorType::kAtSequence},
       {"AFTER_SEQUENCE_NUMBER", stream::IteratorType::kAfterSequence},
       {"AT_TIMESTAMP", stream::IteratorType::kAtTimestamp}}};
};

struct GetShardIteratorRequest {
  std::string stream_arn;
  std::string shard_id;
  stream::IteratorType shard_iterator_type = stream::IteratorType::kLatest;
  std::optional<std::string> sequence_number;
  std::optional<Timestamp> timestamp;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"StreamArn", &GetShardIteratorRequest::stream_arn},
        Field{"ShardId", &GetShardIteratorRequest::shard_id},
        Field{"ShardIteratorType", &GetShardIteratorRequest::shard_iterator_type},
        Field{"SequenceNumber", &GetShardIteratorRequest::sequence_number},
        Field{"Timestamp", &GetShardIteratorRequest::timestamp});
  }
};

struct GetShardIteratorResponse {
  std::string shard_iterator;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ShardIterator", &GetShardIteratorResponse::shard_iterator});
  }
};

struct GetShardIterator {
  static constexpr std::string_view kName = "GetShardIterator";
  static constexpr Wording kWording{};
  using Request = GetShardIteratorRequest;
  using Response = GetShardIteratorResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
