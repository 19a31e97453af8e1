// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
#pragma once

#include "services/dynamodb/common/legacy_members.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/reads/read_page.h"

namespace weir::dynamodb {

struct ScanRequest {
  std::string table_name;
  std::optional<std::string> index_name;
  std::optional<std::int64_t> limit;
  std::optional<Select> select;
  std::optional<std::int64_t> segment;
  std::optional<std::int64_t> total_segments;
  std::optional<std::string> filter_expression;
  std::optional<std::string> projection_expression;
  std::optional<NameMap> expression_attribute_names;
  ExpressionValues expression_attribute_values;
  std::optional<LegacyConditions> scan_filter;
  std::optional<ConditionalOperator> conditional_operator;
  std::optional<std::vector<std::string>> attributes_to_get;
  StartKey exclusive_start_key;
  std::optional<bool> consistent_read;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &ScanRequest::table_name}, Field{"IndexName", &ScanRequest::index_name},
        Field{"Limit", &ScanRequest::limit}, Field{"Select", &ScanRequest::select},
        Field{"Segment", &ScanRequest::segment},
        Field{"TotalSegments", &ScanRequest::total_segments},
        Field{"FilterExpression", &ScanRequest::filter_expression},
        Field{"ProjectionExpression", &ScanRequest::projection_expression},
        Field{"ExpressionAttributeNames", &ScanRequest::expression_attribute_names},
        Field{"ExpressionAttributeValues", &ScanRequest::expression_attribute_values},
        Field{"ScanFilter", &ScanRequest::scan_filter},
        Field{"ConditionalOperator", &ScanRequest::conditional_operator},
        Field{"AttributesToGet", &ScanRequest::attributes_to_get},
        Field{"ExclusiveStartKey", &ScanRequest::exclusive_start_key},
        Field{"ConsistentRead", &ScanRequest::consistent_read},
        Field{"ReturnConsumedCapacity", &ScanRequest::return_consumed_capacity});
  }
};

struct Scan {
  static constexpr std::string_view kName = "Scan";
  static constexpr Wording kWording{};
  static constexpr ParameterMix kParameterMix{
      .legacy = {"AttributesToGet", "ScanFilter", "ConditionalOperator"},
      .expressions = {"ProjectionExpression", "FilterExpression"}};
  using Request = ScanRequest;
  using Response = PageResponse;
  using Plan = ReadPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
