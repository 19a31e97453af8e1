// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateGlobalTable.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/global_tables/global_table_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct CreateGlobalTableRequest {
  std::string global_table_name;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"GlobalTableName", &CreateGlobalTableRequest::global_table_name});
  }
};

struct CreateGlobalTableResponse {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"GlobalTableName", &CreateGlobalTableResponse::global_table_name});
  }
};

// Refused with the words in which AWS refuses it: the version that it makes is no more.
struct CreateGlobalTable {
  static constexpr std::string_view kName = "CreateGlobalTable";
  static constexpr Wording kWording{};
  using Request = CreateGlobalTableRequest;
  using Response = CreateGlobalTableResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
