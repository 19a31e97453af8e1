// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
#pragma once

#include "expression/key_condition.h"
#include "services/dynamodb/common/legacy_members.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/reads/read_page.h"

namespace weir::dynamodb {

struct QueryRequest {
  std::string table_name;
  std::optional<std::string> index_name;
  std::optional<std::int64_t> limit;
  std::optional<Select> select;
  std::optional<std::string> key_condition_expression;
  std::optional<std::string> filter_expression;
  std::optional<std::string> projection_expression;
  std::optional<NameMap> expression_attribute_names;
  ExpressionValues expression_attribute_values;
  std::optional<LegacyConditions> key_conditions;
  std::optional<LegacyConditions> query_filter;
  std::optional<ConditionalOperator> conditional_operator;
  std::optional<std::vector<std::string>> attributes_to_get;
  std::optional<bool> scan_index_forward;
  StartKey exclusive_start_key;
  std::optional<bool> consistent_read;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &QueryRequest::table_name},
        Field{"IndexName", &QueryRequest::index_name}, Field{"Limit", &QueryRequest::limit},
        Field{"Select", &QueryRequest::select},
        Field{"KeyConditionExpression", &QueryRequest::key_condition_expression},
        Field{"FilterExpression", &QueryRequest::filter_expression},
        Field{"ProjectionExpression", &QueryRequest::projection_expression},
        Field{"ExpressionAttributeNames", &QueryRequest::expression_attribute_names},
        Field{"ExpressionAttributeValues", &QueryRequest::expression_attribute_values},
        Field{"KeyConditions", &QueryRequest::key_conditions},
        Field{"QueryFilter", &QueryRequest::query_filter},
        Field{"ConditionalOperator", &QueryRequest::conditional_operator},
        Field{"AttributesToGet", &QueryRequest::attributes_to_get},
        Field{"ScanIndexForward", &QueryRequest::scan_index_forward},
        Field{"ExclusiveStartKey", &QueryRequest::exclusive_start_key},
        Field{"ConsistentRead", &QueryRequest::consistent_read},
        Field{"ReturnConsumedCapacity", &QueryRequest::return_consumed_capacity});
  }
};

struct Query {
  static constexpr std::string_view kName = "Query";
  static constexpr Wording kWording{.names_faulty_values = true};
  static constexpr ParameterMix kParameterMix{
      .legacy = {"AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"},
      .expressions = {"ProjectionExpression", "FilterExpression", "KeyConditionExpression"},
      .tolerant = "KeyConditions",
      .tolerant_excludes = "KeyConditionExpression"};
  using Request = QueryRequest;
  using Response = PageResponse;
  struct Plan {
    expression::KeyConditions keys;
    ReadPlan read;
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
