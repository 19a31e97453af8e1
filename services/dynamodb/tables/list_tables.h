// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
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

struct ListTablesRequest {
  std::optional<std::string> exclusive_start_table_name;
  std::optional<std::int64_t> limit;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"ExclusiveStartTableName", &ListTablesRequest::exclusive_start_table_name},
        Field{"Limit", &ListTablesRequest::limit});
  }
};

struct ListTablesResponse {
  std::optional<std::string> last_evaluated_table_name;
  std::vector<std::string> table_names;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"LastEvaluatedTableName", &ListTablesResponse::last_evaluated_table_name},
        Field{"TableNames", &ListTablesResponse::table_names});
  }
};

struct ListTables : WithoutPlan {
  static constexpr std::string_view kName = "ListTables";
  static constexpr Wording kWording{};
  using Request = ListTablesRequest;
  using Response = ListTablesResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
