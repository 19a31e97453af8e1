// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListImports.html
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

struct ListImportsRequest {
  std::optional<std::string> table_arn;
  std::optional<std::int64_t> page_size;
  std::optional<std::string> next_token;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableArn", &ListImportsRequest::table_arn},
                           Field{"PageSize", &ListImportsRequest::page_size},
                           Field{"NextToken", &ListImportsRequest::next_token});
  }
};

struct ListImportsResponse {
  std::vector<std::string> import_summary_list;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ImportSummaryList", &ListImportsResponse::import_summary_list});
  }
};

// There are none: see ImportTable.
struct ListImports {
  static constexpr std::string_view kName = "ListImports";
  static constexpr Wording kWording{};
  using Request = ListImportsRequest;
  using Response = ListImportsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
