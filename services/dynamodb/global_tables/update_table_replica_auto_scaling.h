// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/global_tables/global_table_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct UpdateTableReplicaAutoScalingRequest {
  std::string table_name;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &UpdateTableReplicaAutoScalingRequest::table_name});
  }
};

struct UpdateTableReplicaAutoScalingResponse {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &UpdateTableReplicaAutoScalingResponse::table_name});
  }
};

// Of global tables only, and there are none.
struct UpdateTableReplicaAutoScaling {
  static constexpr std::string_view kName = "UpdateTableReplicaAutoScaling";
  static constexpr Wording kWording{};
  using Request = UpdateTableReplicaAutoScalingRequest;
  using Response = UpdateTableReplicaAutoScalingResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
