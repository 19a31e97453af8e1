// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/tables/table_members.h"

namespace weir::dynamodb {

struct DeleteTableRequest {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &DeleteTableRequest::table_name});
  }
};

// The items are deleted at once and their memory is freed soon after. The table stays DELETING for
// TransitionTimes::deletion; its stream stays readable for 24 hours.
struct DeleteTable : WithoutPlan {
  static constexpr std::string_view kName = "DeleteTable";
  static constexpr Wording kWording{};
  using Request = DeleteTableRequest;
  using Response = TableDescriptionResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
