// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBulkOperations.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct ListBulkOperationsRequest {
  std::optional<std::int64_t> max_results;
  std::optional<std::string> next_token;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"MaxResults", &ListBulkOperationsRequest::max_results},
                           Field{"NextToken", &ListBulkOperationsRequest::next_token});
  }
};

struct ListBulkOperationsResponse {
  std::vector<std::string> bulk_operations_summary_list;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"BulkOperationsSummaryList",
                                 &ListBulkOperationsResponse::bulk_operations_summary_list});
  }
};

// There are none: see StartBulkPutItems.
struct ListBulkOperations {
  static constexpr std::string_view kName = "ListBulkOperations";
  static constexpr Wording kWording{};
  using Request = ListBulkOperationsRequest;
  using Response = ListBulkOperationsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
