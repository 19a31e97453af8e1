// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/common/expression_parameters.h"

#include <utility>

namespace weir::dynamodb {

Status CheckSubstitutions(const std::optional<NameMap>& names, const ExpressionValues& values,
                          const ExpressionUse& use, const std::optional<ApiError>& value_fault) {
  const bool has_values = values.values || values.fault.has_value();
  if (!use.any && names.has_value()) {
    return ValidationError("ExpressionAttributeNames can only be specified when using expressions");
  }
  if (!use.with_values && has_values) {
    return ValidationError(
        std::string("ExpressionAttributeValues can only be specified when using expressions")
            .append(use.absent));
  }
  if (value_fault.has_value()) {
    return *value_fault;
  }
  if (values.fault.has_value()) {
    return *values.fault;
  }
  return {};
}

expression::Placeholders MakePlaceholders(const std::optional<NameMap>& names,
                                          const ExpressionValues& values,
                                          expression::TextLayer texts) {
  return {
      names.has_value() ? std::optional<expression::Placeholders::NameList>(*names) : std::nullopt,
      values.values ? std::optional<MapView>(values.values.attributes()) : std::nullopt, texts};
}

Result<std::optional<expression::Projection>> ParseProjection(
    const std::optional<std::string>& text, const std::optional<NameMap>& names,
    const std::optional<ApiError>& value_fault, expression::TextLayer texts) {
  WEIR_RETURN_IF_ERROR(CheckSubstitutions(names, {}, {.any = text.has_value()}, value_fault));
  expression::Placeholders placeholders = MakePlaceholders(names, {}, texts);
  WEIR_RETURN_IF_ERROR(placeholders.CheckKeys());
  std::optional<expression::Projection> projection;
  if (text.has_value()) {
    WEIR_ASSIGN_OR_RETURN(projection, expression::Projection::Parse(*text, placeholders));
  }
  WEIR_RETURN_IF_ERROR(placeholders.CheckUnused());
  return projection;
}

Result<WriteCondition> WriteCondition::Parse(
    const std::optional<std::string>& text,
    std::optional<ReturnValuesOnConditionCheckFailure> on_failure,
    expression::Placeholders& placeholders) {
  WriteCondition condition;
  condition.returns_item_ = on_failure == ReturnValuesOnConditionCheckFailure::kAllOld;
  if (text.has_value()) {
    WEIR_ASSIGN_OR_RETURN(
        condition.condition_,
        expression::Condition::Parse(expression::ConditionKind::kCondition, *text, placeholders));
  }
  return condition;
}

Status WriteCondition::CheckKeyPaths(const storage::TableMetadata& table) const {
  return condition_.has_value() ? dynamodb::CheckKeyPaths(table, condition_->attributes())
                                : Status();
}

Status WriteCondition::Check(const Item& before) const {
  if (!condition_.has_value() || condition_->Evaluate(before.attributes())) {
    return {};
  }
  ApiError error = MakeError(ErrorCode::kConditionalCheckFailed, "The conditional request failed");
  if (returns_item_) {
    error.item = before;
    error.capital_message = bool{before};  // recorded of DeleteItem, October 2025
  }
  return error;
}

Status CheckKeyPaths(const storage::TableMetadata& table,
                     std::span<const expression::AttributeUse> uses) {
  const auto fault = [](std::string_view kind, std::string_view name) {
    return ValidationError(std::string("Key attributes must be scalars; list random access '[]' "
                                       "and map lookup '.' are not allowed: ")
                               .append(kind)
                               .append(": ")
                               .append(name));
  };
  for (const expression::AttributeUse& use : uses) {
    if (!use.nested) {
      continue;
    }
    if (table.key_schema.Contains(use.name)) {
      return fault("Key", use.name);
    }
    for (const storage::IndexDefinitionPtr& index : table.indexes) {
      if (index->key_schema.Contains(use.name)) {
        return fault("IndexKey", use.name);
      }
    }
  }
  return {};
}

}  // namespace weir::dynamodb
