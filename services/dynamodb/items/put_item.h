// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
#pragma once

#include <tuple>

#include "services/dynamodb/items/write_members.h"

namespace weir::dynamodb {

struct PutItemRequest : WriteRequestMembers {
  Item item;
  static constexpr auto Fields() {
    return std::tuple_cat(std::make_tuple(Field{"Item", &PutItemRequest::item}),
                          WriteRequestMembers::Fields());
  }
};

struct PutItem {
  static constexpr std::string_view kName = "PutItem";
  static constexpr Wording kWording{.envelope = true};
  static constexpr ParameterMix kParameterMix{.legacy = {"Expected", "ConditionalOperator"},
                                              .expressions = {"ConditionExpression"}};
  using Request = PutItemRequest;
  using Response = WriteResponse;
  struct Plan {
    WriteCondition condition;
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
