// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html
#pragma once

#include <string>
#include <tuple>

#include "operations/database.h"
#include "operations/fields.h"
#include "operations/operation.h"

namespace weir::operations {

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
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "StartBulkPutItems";
  using Request = StartBulkPutItemsRequest;
  using Response = StartBulkPutItemsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
