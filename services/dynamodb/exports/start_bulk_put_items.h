// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct StartBulkPutItemsRequest {
  std::string table_name;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &StartBulkPutItemsRequest::table_name});
  }
};

struct StartBulkPutItemsResponse {
  std::string bulk_operation_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BulkOperationArn", &StartBulkPutItemsResponse::bulk_operation_arn});
  }
};

// Refused: Weir has no S3 yet.
struct StartBulkPutItems {
  static constexpr std::string_view kName = "StartBulkPutItems";
  static constexpr Wording kWording{};
  using Request = StartBulkPutItemsRequest;
  using Response = StartBulkPutItemsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
