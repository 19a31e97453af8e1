// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTableSettings.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/global_tables/global_table_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DescribeGlobalTableSettingsRequest {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &DescribeGlobalTableSettingsRequest::global_table_name});
  }
};

struct DescribeGlobalTableSettingsResponse {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &DescribeGlobalTableSettingsResponse::global_table_name});
  }
};

// There is none: see CreateGlobalTable.
struct DescribeGlobalTableSettings {
  static constexpr std::string_view kName = "DescribeGlobalTableSettings";
  static constexpr Wording kWording{};
  using Request = DescribeGlobalTableSettingsRequest;
  using Response = DescribeGlobalTableSettingsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
