// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/tables/table_members.h"

namespace weir::dynamodb {

template <>
struct EnumNames<stream::StreamStatus> {
  static constexpr std::array<EnumName<stream::StreamStatus>, 4> kNames{
      {{"ENABLING", stream::StreamStatus::kEnabling},
       {"ENABLED", stream::StreamStatus::kEnabled},
       {"DISABLING", stream::StreamStatus::kDisabling},
       {"DISABLED", stream::StreamStatus::kDisabled}}};
};

enum class ShardFilterType : std::uint8_t { kChildShards };

template <>
struct EnumNames<ShardFilterType> {
  static constexpr std::array<EnumName<ShardFilterType>, 1> kNames{
      {{"CHILD_SHARDS", ShardFilterType::kChildShards}}};
};

struct ShardFilter {
  ShardFilterType type = ShardFilterType::kChildShards;
  std::string shard_id;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Type", &ShardFilter::type},
                           Field{"ShardId", &ShardFilter::shard_id});
  }
};

struct DescribeStreamRequest {
  std::string stream_arn;
  std::optional<std::int64_t> limit;
  std::optional<std::string> exclusive_start_shard_id;
  std::optional<ShardFilter> shard_filter;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"StreamArn", &DescribeStreamRequest::stream_arn},
        Field{"Limit", &DescribeStreamRequest::limit},
        Field{"ExclusiveStartShardId", &DescribeStreamRequest::exclusive_start_shard_id},
        Field{"ShardFilter", &DescribeStreamRequest::shard_filter});
  }
};

struct SequenceNumberRange {
  std::string starting_sequence_number;
  std::optional<std::string> ending_sequence_number;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"StartingSequenceNumber", &SequenceNumberRange::starting_sequence_number},
        Field{"EndingSequenceNumber", &SequenceNumberRange::ending_sequence_number});
  }
};

struct Shard {
  std::string shard_id;
  SequenceNumberRange sequence_number_range;
  std::optional<std::string> parent_shard_id;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ShardId", &Shard::shard_id},
                           Field{"SequenceNumberRange", &Shard::sequence_number_range},
                           Field{"ParentShardId", &Shard::parent_shard_id});
  }
};

struct StreamDescription {
  std::string stream_arn;
  std::string stream_label;
  stream::StreamStatus stream_status = stream::StreamStatus::kEnabled;
  storage::StreamViewType stream_view_type = storage::StreamViewType::kKeysOnly;
  Timestamp creation_request_date_time;
  std::string table_name;
  std::vector<KeySchemaElement> key_schema;
  std::vector<Shard> shards;
  std::optional<std::string> last_evaluated_shard_id;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"StreamArn", &StreamDescription::stream_arn},
        Field{"StreamLabel", &StreamDescription::stream_label},
        Field{"StreamStatus", &StreamDescription::stream_status},
        Field{"StreamViewType", &StreamDescription::stream_view_type},
        Field{"CreationRequestDateTime", &StreamDescription::creation_request_date_time},
        Field{"TableName", &StreamDescription::table_name},
        Field{"KeySchema", &StreamDescription::key_schema},
        Field{"Shards", &StreamDescription::shards},
        Field{"LastEvaluatedShardId", &StreamDescription::last_evaluated_shard_id});
  }
};

struct DescribeStreamResponse {
  StreamDescription stream_description;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"StreamDescription", &DescribeStreamResponse::stream_description});
  }
};

struct DescribeStream {
  static constexpr std::string_view kName = "DescribeStream";
  static constexpr Wording kWording{};
  using Request = DescribeStreamRequest;
  using Response = DescribeStreamResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
