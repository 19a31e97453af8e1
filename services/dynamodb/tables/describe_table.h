// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/tables/table_members.h"

namespace weir::dynamodb {

struct DescribeTableRequest {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &DescribeTableRequest::table_name});
  }
};

struct DescribeTableResponse {
  TableDescription table;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Table", &DescribeTableResponse::table});
  }
};

// Item counts and sizes are exact at the time of the answer; AWS updates them every six hours.
struct DescribeTable : WithoutPlan {
  static constexpr std::string_view kName = "DescribeTable";
  static constexpr Wording kWording{};
  using Request = DescribeTableRequest;
  using Response = DescribeTableResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
