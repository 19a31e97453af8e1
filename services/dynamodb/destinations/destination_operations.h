// SPDX-License-Identifier: Apache-2.0
// The operations on Kinesis streams that take a table's changes. Weir has no Kinesis yet, so no
// table has such a destination.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/destinations/kinesis_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html
struct DescribeKinesisStreamingDestinationRequest {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &DescribeKinesisStreamingDestinationRequest::table_name});
  }
};

struct DescribeKinesisStreamingDestinationResponse {
  std::string table_name;
  std::vector<KinesisDataStreamDestination> kinesis_data_stream_destinations;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &DescribeKinesisStreamingDestinationResponse::table_name},
        Field{"KinesisDataStreamDestinations",
              &DescribeKinesisStreamingDestinationResponse::kinesis_data_stream_destinations});
  }
};

// Always answers with an empty list.
struct DescribeKinesisStreamingDestination {
  static constexpr std::string_view kName = "DescribeKinesisStreamingDestination";
  static constexpr Wording kWording{};
  using Request = DescribeKinesisStreamingDestinationRequest;
  using Response = DescribeKinesisStreamingDestinationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DisableKinesisStreamingDestination.html
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

// Always fails with AWS's error for a table without a destination.
struct DisableKinesisStreamingDestination {
  static constexpr std::string_view kName = "DisableKinesisStreamingDestination";
  static constexpr Wording kWording{};
  using Request = DisableKinesisStreamingDestinationRequest;
  using Response = DisableKinesisStreamingDestinationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html
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

// Always refused: Weir has no Kinesis yet.
struct EnableKinesisStreamingDestination {
  static constexpr std::string_view kName = "EnableKinesisStreamingDestination";
  static constexpr Wording kWording{};
  using Request = EnableKinesisStreamingDestinationRequest;
  using Response = EnableKinesisStreamingDestinationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateKinesisStreamingDestination.html
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

// Always fails with AWS's error for an unknown destination.
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
