// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateGlobalTableSettings.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/global_tables/global_table_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct UpdateGlobalTableSettingsRequest {
  std::string global_table_name;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &UpdateGlobalTableSettingsRequest::global_table_name});
  }
};

struct UpdateGlobalTableSettingsResponse {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &UpdateGlobalTableSettingsResponse::global_table_name});
  }
};

// There is none: see CreateGlobalTable.
struct UpdateGlobalTableSettings {
  static constexpr std::string_view kName = "UpdateGlobalTableSettings";
  static constexpr Wording kWording{};
  using Request = UpdateGlobalTableSettingsRequest;
  using Response = UpdateGlobalTableSettingsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
