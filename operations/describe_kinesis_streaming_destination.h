// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "operations/database.h"
#include "operations/fields.h"
#include "operations/kinesis_members.h"
#include "operations/operation.h"

namespace weir::operations {

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
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "DescribeKinesisStreamingDestination";
  using Request = DescribeKinesisStreamingDestinationRequest;
  using Response = DescribeKinesisStreamingDestinationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
