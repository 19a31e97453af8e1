// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct ListStreamsRequest {
  std::optional<std::string> table_name;
  std::optional<std::int64_t> limit;
  std::optional<std::string> exclusive_start_stream_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &ListStreamsRequest::table_name},
        Field{"Limit", &ListStreamsRequest::limit},
        Field{"ExclusiveStartStreamArn", &ListStreamsRequest::exclusive_start_stream_arn});
  }
};

struct StreamSummary {
  std::string stream_arn;
  std::string table_name;
  std::string stream_label;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"StreamArn", &StreamSummary::stream_arn},
                           Field{"TableName", &StreamSummary::table_name},
                           Field{"StreamLabel", &StreamSummary::stream_label});
  }
};

struct ListStreamsResponse {
  std::vector<StreamSummary> streams;
  std::optional<std::string> last_evaluated_stream_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"Streams", &ListStreamsResponse::streams},
        Field{"LastEvaluatedStreamArn", &ListStreamsResponse::last_evaluated_stream_arn});
  }
};

// Also lists streams that have been disabled for less than 24 hours, even those of deleted tables
// (observed on AWS).
struct ListStreams {
  static constexpr std::string_view kName = "ListStreams";
  static constexpr Wording kWording{};
  using Request = ListStreamsRequest;
  using Response = ListStreamsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
