// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTable.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/global_tables/global_table_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DescribeGlobalTableRequest {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &DescribeGlobalTableRequest::global_table_name});
  }
};

struct DescribeGlobalTableResponse {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &DescribeGlobalTableResponse::global_table_name});
  }
};

// There is none: see CreateGlobalTable.
struct DescribeGlobalTable {
  static constexpr std::string_view kName = "DescribeGlobalTable";
  static constexpr Wording kWording{};
  using Request = DescribeGlobalTableRequest;
  using Response = DescribeGlobalTableResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
