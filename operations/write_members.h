// SPDX-License-Identifier: Apache-2.0
// What PutItem, UpdateItem and DeleteItem share.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "operations/capacity.h"
#include "operations/database.h"
#include "operations/expression_parameters.h"
#include "operations/fields.h"
#include "operations/operation.h"

namespace weir::operations {

// The answer of PutItem, UpdateItem and DeleteItem.
struct WriteResponse {
  Item attributes;
  std::optional<ConsumedCapacity> consumed_capacity;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Attributes", &WriteResponse::attributes},
                           Field{"ConsumedCapacity", &WriteResponse::consumed_capacity});
  }
};

// The condition of a put or delete: its members checked in AWS's order, then parsed. Both take
// ReturnValues NONE and ALL_OLD only.
template <class Request>
Result<WriteCondition> ParseWriteCondition(const Request& request) {
  const bool conditional = request.condition_expression.has_value();
  WEIR_RETURN_IF_ERROR(CheckSubstitutions(request.expression_attribute_names,
                                          request.expression_attribute_values,
                                          {.any = conditional, .with_values = conditional}));
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
  return condition;
}

// The answer of a put or delete.
template <class Request>
WriteResponse WriteResponseOf(const Request& request, const storage::WriteResult& result) {
  WriteResponse response;
  if (request.return_values == ReturnValues::kAllOld) {
    response.attributes = result.before;
  }
  response.consumed_capacity =
      ReportCapacity(request.return_consumed_capacity, TableNameOf(request.table_name),
                     WriteUnits(result.before.aws_size(), result.after.aws_size()));
  return response;
}

}  // namespace weir::operations
