// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancelBulkOperation.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct CancelBulkOperationRequest {
  std::string bulk_operation_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BulkOperationArn", &CancelBulkOperationRequest::bulk_operation_arn});
  }
};

struct CancelBulkOperationResponse {
  std::string bulk_operation_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BulkOperationArn", &CancelBulkOperationResponse::bulk_operation_arn});
  }
};

// There is none: see StartBulkPutItems.
struct CancelBulkOperation {
  static constexpr std::string_view kName = "CancelBulkOperation";
  static constexpr Wording kWording{};
  using Request = CancelBulkOperationRequest;
  using Response = CancelBulkOperationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
