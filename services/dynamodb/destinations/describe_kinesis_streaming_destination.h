// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/destinations/kinesis_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DescribeKinesisStreamingDestinationRequest {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &DescribeKinesisStreamingDestinationRequest::table_name});
  }
};

struct DescribeKinesisStreamingDestinationResponse {
  std::string table_name;
  std::vector<KinesisDestinationView> kinesis_data_stream_destinations;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &DescribeKinesisStreamingDestinationResponse::table_name},
        Field{"KinesisDataStreamDestinations",
              &DescribeKinesisStreamingDestinationResponse::kinesis_data_stream_destinations});
  }
};

// Always none: Weir has no Kinesis yet.
struct DescribeKinesisStreamingDestination {
  static constexpr std::string_view kName = "DescribeKinesisStreamingDestination";
  static constexpr Wording kWording{};
  using Request = DescribeKinesisStreamingDestinationRequest;
  using Response = DescribeKinesisStreamingDestinationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
