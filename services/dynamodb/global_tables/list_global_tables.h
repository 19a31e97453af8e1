// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListGlobalTables.html
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

struct ListGlobalTablesRequest {
  std::optional<std::string> exclusive_start_global_table_name;
  std::optional<std::int64_t> limit;
  std::optional<std::string> region_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ExclusiveStartGlobalTableName",
                                 &ListGlobalTablesRequest::exclusive_start_global_table_name},
                           Field{"Limit", &ListGlobalTablesRequest::limit},
                           Field{"RegionName", &ListGlobalTablesRequest::region_name});
  }
};

struct ListGlobalTablesResponse {
  std::vector<std::string> global_tables;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"GlobalTables", &ListGlobalTablesResponse::global_tables});
  }
};

// There are none: see CreateGlobalTable.
struct ListGlobalTables {
  static constexpr std::string_view kName = "ListGlobalTables";
  static constexpr Wording kWording{};
  using Request = ListGlobalTablesRequest;
  using Response = ListGlobalTablesResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
