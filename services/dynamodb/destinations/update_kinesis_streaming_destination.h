// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateKinesisStreamingDestination.html
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/destinations/kinesis_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct UpdateKinesisStreamingDestinationRequest {
  std::string table_name;
  std::string stream_arn;
  std::optional<Presence> update_kinesis_streaming_configuration;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &UpdateKinesisStreamingDestinationRequest::table_name},
        Field{"StreamArn", &UpdateKinesisStreamingDestinationRequest::stream_arn},
        Field{"UpdateKinesisStreamingConfiguration",
              &UpdateKinesisStreamingDestinationRequest::update_kinesis_streaming_configuration});
  }
};

struct UpdateKinesisStreamingDestinationResponse {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &UpdateKinesisStreamingDestinationResponse::table_name});
  }
};

// No table has a destination, so there is none to update.
struct UpdateKinesisStreamingDestination {
  static constexpr std::string_view kName = "UpdateKinesisStreamingDestination";
  static constexpr Wording kWording{};
  using Request = UpdateKinesisStreamingDestinationRequest;
  using Response = UpdateKinesisStreamingDestinationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
