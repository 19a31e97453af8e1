// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/destinations/kinesis_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct EnableKinesisStreamingDestinationRequest {
  std::string table_name;
  std::string stream_arn;
  std::optional<Presence> enable_kinesis_streaming_configuration;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &EnableKinesisStreamingDestinationRequest::table_name},
        Field{"StreamArn", &EnableKinesisStreamingDestinationRequest::stream_arn},
        Field{"EnableKinesisStreamingConfiguration",
              &EnableKinesisStreamingDestinationRequest::enable_kinesis_streaming_configuration});
  }
};

struct EnableKinesisStreamingDestinationResponse {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &EnableKinesisStreamingDestinationResponse::table_name});
  }
};

// Refused: Weir has no Kinesis yet.
struct EnableKinesisStreamingDestination {
  static constexpr std::string_view kName = "EnableKinesisStreamingDestination";
  static constexpr Wording kWording{};
  using Request = EnableKinesisStreamingDestinationRequest;
  using Response = EnableKinesisStreamingDestinationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
