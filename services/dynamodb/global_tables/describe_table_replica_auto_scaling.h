// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTableReplicaAutoScaling.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/global_tables/global_table_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DescribeTableReplicaAutoScalingRequest {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &DescribeTableReplicaAutoScalingRequest::table_name});
  }
};

struct DescribeTableReplicaAutoScalingResponse {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &DescribeTableReplicaAutoScalingResponse::table_name});
  }
};

// Of global tables only, as on AWS, and there are none.
struct DescribeTableReplicaAutoScaling {
  static constexpr std::string_view kName = "DescribeTableReplicaAutoScaling";
  static constexpr Wording kWording{};
  using Request = DescribeTableReplicaAutoScalingRequest;
  using Response = DescribeTableReplicaAutoScalingResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
