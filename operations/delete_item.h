// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
#pragma once

#include "operations/write_members.h"

namespace weir::operations {

struct DeleteItemRequest {
  std::string table_name;
  Item key;
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
        Field{"TableName", &DeleteItemRequest::table_name}, Field{"Key", &DeleteItemRequest::key},
        Field{"ConditionExpression", &DeleteItemRequest::condition_expression},
        Field{"ExpressionAttributeNames", &DeleteItemRequest::expression_attribute_names},
        Field{"ExpressionAttributeValues", &DeleteItemRequest::expression_attribute_values},
        Field{"ReturnValues", &DeleteItemRequest::return_values},
        Field{"ReturnValuesOnConditionCheckFailure",
              &DeleteItemRequest::return_values_on_condition_check_failure},
        Field{"ReturnConsumedCapacity", &DeleteItemRequest::return_consumed_capacity},
        Field{"ReturnItemCollectionMetrics", &DeleteItemRequest::return_item_collection_metrics});
  }
};

struct DeleteItem {
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "DeleteItem";
  static constexpr bool kEnvelopesFaults = true;
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
