// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancelBulkOperation.html
#pragma once

#include <string>
#include <tuple>

#include "operations/database.h"
#include "operations/fields.h"
#include "operations/operation.h"

namespace weir::operations {

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
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "CancelBulkOperation";
  using Request = CancelBulkOperationRequest;
  using Response = CancelBulkOperationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
