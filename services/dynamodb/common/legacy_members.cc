// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/common/legacy_members.h"

#include <set>
#include <string_view>
#include <utility>

#include "core/limits.h"

namespace weir::dynamodb {
namespace {

using expression::Comparison;
using expression::ComparisonOperator;

ApiError ExpectedFault(std::string text, std::string_view attribute) {
  return InvalidParameter(std::move(text.append(" for Attribute: ").append(attribute)));
}

// Converts an element of Expected that has a ComparisonOperator.
Result<Comparison> CompareExpected(const LegacyConditions::Entry& entry) {
  if (entry.exists.has_value()) {
    return ExpectedFault("Exists and ComparisonOperator cannot be used together", entry.attribute);
  }
  if (!entry.op.has_value()) {
    return InvalidParameter("Invalid comparison operator");
  }
  const bool takes_none =
      entry.op == ComparisonOperator::kNull || entry.op == ComparisonOperator::kNotNull;
  if (!takes_none && !entry.values && !entry.value) {
    return ExpectedFault("Value or AttributeValueList must be used with ComparisonOperator: " +
                             std::string(expression::NameOf(*entry.op)),
                         entry.attribute);
  }
  const Comparison comparison{entry.attribute, *entry.op,
                              entry.value ? entry.value.list() : entry.values.list()};
  WEIR_RETURN_IF_ERROR(expression::CheckValues(comparison));
  return comparison;
}

// Converts an element of Expected without a ComparisonOperator: the attribute must have the value,
// or must be missing.
Result<Comparison> ExpectValue(const LegacyConditions::Entry& entry) {
  if (entry.values) {
    return ExpectedFault("AttributeValueList can only be used with a ComparisonOperator",
                         entry.attribute);
  }
  if (entry.exists.value_or(true)) {
    if (!entry.value) {
      return ExpectedFault(std::string("Value must be provided when Exists is ") +
                               (entry.exists.has_value() ? "true" : "null"),
                           entry.attribute);
    }
    return Comparison{entry.attribute, ComparisonOperator::kEqual, entry.value.list()};
  }
  if (entry.value) {
    return ExpectedFault("Value cannot be used when Exists is false", entry.attribute);
  }
  return Comparison{entry.attribute, ComparisonOperator::kNull, {}};
}

Result<Comparison> ToExpectation(const LegacyConditions::Entry& entry) {
  if (entry.value && entry.values) {
    return ExpectedFault("Value and AttributeValueList cannot be used together", entry.attribute);
  }
  return entry.has_operator ? CompareExpected(entry) : ExpectValue(entry);
}

Result<Comparison> ToComparison(const LegacyConditions::Entry& entry) {
  if (!entry.op.has_value()) {
    return InvalidParameter("Invalid comparison operator");
  }
  const Comparison comparison{entry.attribute, *entry.op, entry.values.list()};
  WEIR_RETURN_IF_ERROR(expression::CheckValues(comparison));
  return comparison;
}

using Conversion = Result<Comparison> (*)(const LegacyConditions::Entry&);

Result<std::vector<Comparison>> Convert(const LegacyConditions& conditions, Conversion convert) {
  if (conditions.fault.has_value()) {
    return *conditions.fault;
  }
  std::vector<Comparison> comparisons;
  comparisons.reserve(conditions.entries.size());
  for (const LegacyConditions::Entry& entry : conditions.entries) {
    WEIR_ASSIGN_OR_RETURN(const Comparison comparison, convert(entry));
    comparisons.push_back(comparison);
  }
  return comparisons;
}

Result<std::optional<expression::Condition>> Join(const std::optional<LegacyConditions>& conditions,
                                                  std::optional<ConditionalOperator> joined_by,
                                                  Conversion convert) {
  std::optional<expression::Condition> condition;
  if (conditions.has_value()) {
    WEIR_ASSIGN_OR_RETURN(const std::vector<Comparison> comparisons, Convert(*conditions, convert));
    if (!comparisons.empty()) {
      condition = expression::Condition::Of(comparisons, joined_by == ConditionalOperator::kOr
                                                             ? expression::Junction::kOr
                                                             : expression::Junction::kAnd);
    }
  }
  return condition;
}

}  // namespace

Result<std::optional<expression::Condition>> ParseExpected(
    const std::optional<LegacyConditions>& expected, std::optional<ConditionalOperator> joined_by) {
  return Join(expected, joined_by, ToExpectation);
}

Result<std::optional<expression::Condition>> ParseFilter(
    const std::optional<LegacyConditions>& filter, std::optional<ConditionalOperator> joined_by) {
  return Join(filter, joined_by, ToComparison);
}

Result<expression::KeyConditions> ParseKeyConditions(const LegacyConditions& conditions) {
  WEIR_ASSIGN_OR_RETURN(const std::vector<Comparison> comparisons,
                        Convert(conditions, ToComparison));
  return expression::KeyConditions::Of(comparisons);
}

Result<std::optional<expression::Projection>> ParseAttributesToGet(
    const std::optional<std::vector<std::string>>& names) {
  std::optional<expression::Projection> projection;
  if (!names.has_value()) {
    return projection;
  }
  std::set<std::string_view> seen;
  for (const std::string& name : *names) {
    if (name.empty()) {
      return ValidationError("Empty attribute name");
    }
    if (name.size() > limits::kAttributeNameSize) {
      return ValidationError("Attribute name is too large, must be less than 65536 bytes");
    }
    if (!seen.insert(name).second) {
      return InvalidParameter("Duplicate value in attribute name: " + name);
    }
  }
  projection = expression::Projection::OfAttributes(*names);
  return projection;
}

Result<expression::AttributeUpdates> ParseAttributeUpdates(const LegacyUpdates& updates) {
  if (updates.fault.has_value()) {
    return *updates.fault;
  }
  std::vector<expression::AttributeUpdate> list;
  list.reserve(updates.entries.size());
  for (const LegacyUpdates::Entry& entry : updates.entries) {
    std::optional<Value> value;
    if (entry.value) {
      value = *entry.value.list().begin();
    }
    list.push_back({entry.attribute, entry.action, value});
  }
  Result<expression::AttributeUpdates> checked =
      expression::AttributeUpdates::Make(std::move(list));
  if (!checked.ok()) {
    ApiError error = std::move(checked).error();
    error.bare = true;
    return error;
  }
  return checked;
}

}  // namespace weir::dynamodb
