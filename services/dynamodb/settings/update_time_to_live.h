// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/settings/time_to_live_members.h"

namespace weir::dynamodb {

struct TimeToLiveSpecification {
  bool enabled = false;
  std::string attribute_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Enabled", &TimeToLiveSpecification::enabled},
                           Field{"AttributeName", &TimeToLiveSpecification::attribute_name});
  }
};

struct UpdateTimeToLiveRequest {
  std::string table_name;
  TimeToLiveSpecification time_to_live_specification;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &UpdateTimeToLiveRequest::table_name},
        Field{"TimeToLiveSpecification", &UpdateTimeToLiveRequest::time_to_live_specification});
  }
};

struct UpdateTimeToLiveResponse {
  TimeToLiveSpecification time_to_live_specification;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TimeToLiveSpecification", &UpdateTimeToLiveResponse::time_to_live_specification});
  }
};

// Takes effect at once. The items that the table already has are scanned in the background.
struct UpdateTimeToLive : WithoutPlan {
  static constexpr std::string_view kName = "UpdateTimeToLive";
  static constexpr Wording kWording{};
  using Request = UpdateTimeToLiveRequest;
  using Response = UpdateTimeToLiveResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
