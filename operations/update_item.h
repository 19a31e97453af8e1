// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
#pragma once

#include "expression/update.h"
#include "operations/write_members.h"

namespace weir::operations {

struct UpdateItemRequest {
  std::string table_name;
  Item key;
  std::optional<std::string> update_expression;
  std::optional<std::string> condition_expression;
  std::optional<NameMap> expression_attribute_names;
  ExpressionValues expression_attribute_values;
  std::optional<ReturnValues> return_values;
  std::optional<ReturnValuesOnConditionCheckFailure> return_values_on_condition_check_failure;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  // Answered for tables with local secondary indexes only.
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &UpdateItemRequest::table_name}, Field{"Key", &UpdateItemRequest::key},
        Field{"UpdateExpression", &UpdateItemRequest::update_expression},
        Field{"ConditionExpression", &UpdateItemRequest::condition_expression},
        Field{"ExpressionAttributeNames", &UpdateItemRequest::expression_attribute_names},
        Field{"ExpressionAttributeValues", &UpdateItemRequest::expression_attribute_values},
        Field{"ReturnValues", &UpdateItemRequest::return_values},
        Field{"ReturnValuesOnConditionCheckFailure",
              &UpdateItemRequest::return_values_on_condition_check_failure},
        Field{"ReturnConsumedCapacity", &UpdateItemRequest::return_consumed_capacity},
        Field{"ReturnItemCollectionMetrics", &UpdateItemRequest::return_item_collection_metrics});
  }
};

struct UpdateItem {
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "UpdateItem";
  static constexpr bool kEnvelopesFaults = true;
  static constexpr bool kNamesFaultyValues = true;
  using Request = UpdateItemRequest;
  using Response = WriteResponse;
  struct Plan {
    WriteCondition condition;
    std::optional<expression::Update> update;
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
