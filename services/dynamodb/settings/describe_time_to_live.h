// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/settings/time_to_live_members.h"

namespace weir::dynamodb {

struct DescribeTimeToLiveRequest {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &DescribeTimeToLiveRequest::table_name});
  }
};

struct DescribeTimeToLiveResponse {
  TimeToLiveDescription time_to_live_description;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TimeToLiveDescription", &DescribeTimeToLiveResponse::time_to_live_description});
  }
};

struct DescribeTimeToLive : WithoutPlan {
  static constexpr std::string_view kName = "DescribeTimeToLive";
  static constexpr Wording kWording{};
  using Request = DescribeTimeToLiveRequest;
  using Response = DescribeTimeToLiveResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
