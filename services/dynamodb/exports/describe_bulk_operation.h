// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBulkOperation.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DescribeBulkOperationRequest {
  std::string bulk_operation_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BulkOperationArn", &DescribeBulkOperationRequest::bulk_operation_arn});
  }
};

struct DescribeBulkOperationResponse {
  std::string bulk_operation_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BulkOperationArn", &DescribeBulkOperationResponse::bulk_operation_arn});
  }
};

// There is none: see StartBulkPutItems.
struct DescribeBulkOperation {
  static constexpr std::string_view kName = "DescribeBulkOperation";
  static constexpr Wording kWording{};
  using Request = DescribeBulkOperationRequest;
  using Response = DescribeBulkOperationResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
