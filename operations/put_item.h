// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "operations/write_members.h"

namespace weir::operations {

struct PutItemRequest {
  std::string table_name;
  Item item;
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
        Field{"TableName", &PutItemRequest::table_name}, Field{"Item", &PutItemRequest::item},
        Field{"ConditionExpression", &PutItemRequest::condition_expression},
        Field{"ExpressionAttributeNames", &PutItemRequest::expression_attribute_names},
        Field{"ExpressionAttributeValues", &PutItemRequest::expression_attribute_values},
        Field{"ReturnValues", &PutItemRequest::return_values},
        Field{"ReturnValuesOnConditionCheckFailure",
              &PutItemRequest::return_values_on_condition_check_failure},
        Field{"ReturnConsumedCapacity", &PutItemRequest::return_consumed_capacity},
        Field{"ReturnItemCollectionMetrics", &PutItemRequest::return_item_collection_metrics});
  }
};

struct PutItem {
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "PutItem";
  static constexpr bool kEnvelopesFaults = true;
  using Request = PutItemRequest;
  using Response = WriteResponse;
  struct Plan {
    WriteCondition condition;
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
