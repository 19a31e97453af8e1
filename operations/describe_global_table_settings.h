// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTableSettings.html
#pragma once

#include <string>
#include <tuple>

#include "operations/database.h"
#include "operations/fields.h"
#include "operations/global_table_members.h"
#include "operations/operation.h"

namespace weir::operations {

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
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "DescribeGlobalTableSettings";
  using Request = DescribeGlobalTableSettingsRequest;
  using Response = DescribeGlobalTableSettingsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
