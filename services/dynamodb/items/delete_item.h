// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
#pragma once

#include "services/dynamodb/items/write_members.h"

namespace weir::dynamodb {

struct DeleteItemRequest : WriteRequestMembers {
  Item key;
  static constexpr auto Fields() {
    return std::tuple_cat(std::make_tuple(Field{"Key", &DeleteItemRequest::key}),
                          WriteRequestMembers::Fields());
  }
};

struct DeleteItem {
  static constexpr std::string_view kName = "DeleteItem";
  static constexpr Wording kWording{.names_faulty_values = true, .envelope = true};
  static constexpr ParameterMix kParameterMix{.legacy = {"Expected", "ConditionalOperator"},
                                              .expressions = {"ConditionExpression"}};
  using Request = DeleteItemRequest;
  using Response = WriteResponse;
  struct Plan {
    WriteCondition condition;
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
