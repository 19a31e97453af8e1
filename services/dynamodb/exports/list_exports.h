// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html
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

struct ListExportsRequest {
  std::optional<std::string> table_arn;
  std::optional<std::int64_t> max_results;
  std::optional<std::string> next_token;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableArn", &ListExportsRequest::table_arn},
                           Field{"MaxResults", &ListExportsRequest::max_results},
                           Field{"NextToken", &ListExportsRequest::next_token});
  }
};

struct ListExportsResponse {
  std::vector<std::string> export_summaries;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ExportSummaries", &ListExportsResponse::export_summaries});
  }
};

// There are none: see ExportTableToPointInTime.
struct ListExports {
  static constexpr std::string_view kName = "ListExports";
  static constexpr Wording kWording{};
  using Request = ListExportsRequest;
  using Response = ListExportsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
