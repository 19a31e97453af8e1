// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateGlobalTable.html
#pragma once

#include <string>
#include <tuple>

#include "operations/database.h"
#include "operations/fields.h"
#include "operations/global_table_members.h"
#include "operations/operation.h"

namespace weir::operations {

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
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "CreateGlobalTable";
  using Request = CreateGlobalTableRequest;
  using Response = CreateGlobalTableResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
