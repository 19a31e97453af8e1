// SPDX-License-Identifier: Apache-2.0
// The legacy parameters, from before expressions: Expected, QueryFilter, ScanFilter, KeyConditions,
// AttributeUpdates, AttributesToGet, ConditionalOperator. Each is turned into what the expression
// in its place is parsed to, so that operations carry out only one form.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/item.h"
#include "core/result.h"
#include "expression/attribute_updates.h"
#include "expression/comparison.h"
#include "expression/condition.h"
#include "expression/key_condition.h"
#include "expression/projection.h"
#include "services/dynamodb/common/fields.h"

namespace weir::dynamodb {

// Attribute values of a request, packed as a list.
struct PackedValues {
  Item holder;  // no item if the request's member is missing

  explicit operator bool() const { return static_cast<bool>(holder); }
  [[nodiscard]] ListView list() const {
    return holder ? (*holder.attributes().begin()).value.list() : ListView();
  }
};

// Expected, QueryFilter, ScanFilter or KeyConditions. A bad name or value is kept for Validate,
// since the service looks for other faults first.
struct LegacyConditions {
  struct Entry {
    std::string attribute;
    bool has_operator = false;
    std::optional<expression::ComparisonOperator> op;  // nullopt also for an unknown name
    PackedValues values;                               // AttributeValueList
    PackedValues value;                                // Expected's Value: a list of one
    std::optional<bool> exists;                        // Expected's Exists
  };
  std::vector<Entry> entries;  // ascending by attribute
  std::optional<ApiError> fault;
};

// AttributeUpdates. A bad name or value is kept for Validate, as in LegacyConditions.
struct LegacyUpdates {
  struct Entry {
    std::string attribute;
    expression::UpdateAction action = expression::UpdateAction::kPut;
    PackedValues value;  // a list of one
  };
  std::vector<Entry> entries;  // ascending by attribute
  std::optional<ApiError> fault;
};

enum class ConditionalOperator : std::uint8_t { kAnd, kOr };

template <>
struct EnumNames<ConditionalOperator> {
  static constexpr std::array<EnumName<ConditionalOperator>, 2> kNames{{
      {"AND", ConditionalOperator::kAnd},
      {"OR", ConditionalOperator::kOr},
  }};
};

// Turn the parameters into what expressions are parsed to. The results borrow from the parameters.
// All fail with the service's ValidationException, without the envelope `1 validation error
// detected: `. An empty map of conditions counts as missing.
Result<std::optional<expression::Condition>> ParseExpected(
    const std::optional<LegacyConditions>& expected, std::optional<ConditionalOperator> joined_by);
Result<std::optional<expression::Condition>> ParseFilter(
    const std::optional<LegacyConditions>& filter, std::optional<ConditionalOperator> joined_by);
Result<expression::KeyConditions> ParseKeyConditions(const LegacyConditions& conditions);
Result<std::optional<expression::Projection>> ParseAttributesToGet(
    const std::optional<std::vector<std::string>>& names);
// Faults of the actions are bare: never in an envelope (a public project has printed them so).
Result<expression::AttributeUpdates> ParseAttributeUpdates(const LegacyUpdates& updates);

}  // namespace weir::dynamodb
