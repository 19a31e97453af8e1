// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "operations/database.h"
#include "operations/fields.h"
#include "operations/kinesis_members.h"
#include "operations/operation.h"

namespace weir::operations {

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
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "EnableKinesisStreamingDestination";
  using Request = EnableKinesisStreamingDestinationRequest;
  using Response = EnableKinesisStreamingDestinationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
