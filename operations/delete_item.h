// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
#pragma once

#include "operations/write_members.h"

namespace weir::operations {

struct DeleteItemRequest : WriteRequestMembers {
  Item key;
  static constexpr auto Fields() {
    return std::tuple_cat(std::make_tuple(Field{"Key", &DeleteItemRequest::key}),
                          WriteRequestMembers::Fields());
  }
};

struct DeleteItem {
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "DeleteItem";
  static constexpr bool kEnvelopesFaults = true;
  static constexpr ParameterMix kParameterMix{.legacy = {"Expected", "ConditionalOperator"},
                                              .expressions = {"ConditionExpression"}};
  static constexpr bool kNamesFaultyValues = true;
  using Request = DeleteItemRequest;
  using Response = WriteResponse;
  struct Plan {
    WriteCondition condition;
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
