// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/items/write_members.h"

#include <utility>

namespace weir::dynamodb {

Result<WriteCondition> ParseWriteCondition(const WriteRequestMembers& request) {
  const bool conditional = request.condition_expression.has_value();
  WEIR_RETURN_IF_ERROR(
      CheckSubstitutions(request.expression_attribute_names, request.expression_attribute_values,
                         {.any = conditional, .with_values = conditional}, request.value_fault));
  WEIR_ASSIGN_OR_RETURN(std::optional<expression::Condition> expected,
                        ParseExpected(request.expected, request.conditional_operator));
  const ReturnValues values = request.return_values.value_or(ReturnValues::kNone);
  if (values != ReturnValues::kNone && values != ReturnValues::kAllOld) {
    return ValidationError("ReturnValues can only be ALL_OLD or NONE");
  }
  expression::Placeholders placeholders =
      MakePlaceholders(request.expression_attribute_names, request.expression_attribute_values);
  WEIR_RETURN_IF_ERROR(placeholders.CheckKeys());
  WEIR_ASSIGN_OR_RETURN(
      WriteCondition condition,
      WriteCondition::Parse(request.condition_expression,
                            request.return_values_on_condition_check_failure, placeholders));
  WEIR_RETURN_IF_ERROR(placeholders.CheckUnused());
  condition.Expect(std::move(expected));
  return condition;
}

WriteResponse WriteResponseOf(const WriteRequestMembers& request,
                              const storage::TableMetadata& table, MapView key,
                              const storage::WriteResult& result) {
  WriteResponse response;
  if (request.return_values == ReturnValues::kAllOld) {
    response.attributes = result.before;
  }
  if (IsWanted(request.return_consumed_capacity)) {
    response.consumed_capacity =
        WriteCharge(table, result).Report(request.return_consumed_capacity, table.name);
  }
  if (request.return_item_collection_metrics == ReturnItemCollectionMetrics::kSize) {
    response.item_collection_metrics = MetricsOf(table, key, result);
  }
  return response;
}

}  // namespace weir::dynamodb
