// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
#pragma once

#include "services/dynamodb/items/write_members.h"
#include "services/dynamodb/items/write_mutations.h"

namespace weir::dynamodb {

struct UpdateItemRequest : WriteRequestMembers {
  Item key;
  std::optional<std::string> update_expression;
  std::optional<LegacyUpdates> attribute_updates;
  static constexpr auto Fields() {
    return std::tuple_cat(
        std::make_tuple(Field{"Key", &UpdateItemRequest::key},
                        Field{"UpdateExpression", &UpdateItemRequest::update_expression},
                        Field{"AttributeUpdates", &UpdateItemRequest::attribute_updates}),
        WriteRequestMembers::Fields());
  }
};

struct UpdateItem {
  static constexpr std::string_view kName = "UpdateItem";
  static constexpr Wording kWording{
      .names_faulty_values = true, .names_empty_sets = false, .envelope = true};
  static constexpr ParameterMix kParameterMix{
      .legacy = {"AttributeUpdates", "Expected", "ConditionalOperator"},
      .expressions = {"UpdateExpression", "ConditionExpression"}};
  using Request = UpdateItemRequest;
  using Response = WriteResponse;
  using Plan = UpdatePlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
