// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DisableKinesisStreamingDestination.html
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/destinations/kinesis_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DisableKinesisStreamingDestinationRequest {
  std::string table_name;
  std::string stream_arn;
  std::optional<Presence> enable_kinesis_streaming_configuration;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &DisableKinesisStreamingDestinationRequest::table_name},
        Field{"StreamArn", &DisableKinesisStreamingDestinationRequest::stream_arn},
        Field{"EnableKinesisStreamingConfiguration",
              &DisableKinesisStreamingDestinationRequest::enable_kinesis_streaming_configuration});
  }
};

struct DisableKinesisStreamingDestinationResponse {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &DisableKinesisStreamingDestinationResponse::table_name});
  }
};

// No table has a destination, so there is none to disable.
struct DisableKinesisStreamingDestination {
  static constexpr std::string_view kName = "DisableKinesisStreamingDestination";
  static constexpr Wording kWording{};
  using Request = DisableKinesisStreamingDestinationRequest;
  using Response = DisableKinesisStreamingDestinationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
