// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
#pragma once

#include <string>
#include <tuple>

#include "operations/database.h"
#include "operations/operation.h"
#include "operations/table_members.h"

namespace weir::operations {

struct DeleteTableRequest {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &DeleteTableRequest::table_name});
  }
};

// The items are gone at once, their memory soon after, and the table when it has been DELETING for
// its time; its stream stays readable for 24 hours.
struct DeleteTable {
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "DeleteTable";
  using Request = DeleteTableRequest;
  using Response = TableDescriptionResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
