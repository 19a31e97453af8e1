// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html
#pragma once

#include <string>
#include <tuple>

#include "operations/database.h"
#include "operations/fields.h"
#include "operations/global_table_members.h"
#include "operations/operation.h"

namespace weir::operations {

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
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "UpdateTableReplicaAutoScaling";
  using Request = UpdateTableReplicaAutoScalingRequest;
  using Response = UpdateTableReplicaAutoScalingResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
