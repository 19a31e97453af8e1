// SPDX-License-Identifier: Apache-2.0
// What the item operations share: substitutions, conditions, and the members that ask for old or
// new values in the answer.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/key.h"
#include "core/result.h"
#include "expression/condition.h"
#include "expression/path.h"
#include "expression/placeholders.h"
#include "expression/projection.h"
#include "services/dynamodb/common/fields.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

enum class ReturnValues : std::uint8_t { kNone, kAllOld, kUpdatedOld, kAllNew, kUpdatedNew };

template <>
struct EnumNames<ReturnValues> {
  static constexpr std::array<EnumName<ReturnValues>, 5> kNames{{
      {"NONE", ReturnValues::kNone},
      {"ALL_OLD", ReturnValues::kAllOld},
      {"UPDATED_OLD", ReturnValues::kUpdatedOld},
      {"ALL_NEW", ReturnValues::kAllNew},
      {"UPDATED_NEW", ReturnValues::kUpdatedNew},
  }};
};

enum class ReturnValuesOnConditionCheckFailure : std::uint8_t { kNone, kAllOld };

template <>
struct EnumNames<ReturnValuesOnConditionCheckFailure> {
  static constexpr std::array<EnumName<ReturnValuesOnConditionCheckFailure>, 2> kNames{{
      {"NONE", ReturnValuesOnConditionCheckFailure::kNone},
      {"ALL_OLD", ReturnValuesOnConditionCheckFailure::kAllOld},
  }};
};

// Which expressions a request has, as far as its substitutions are concerned.
struct ExpressionUse {
  bool any = false;              // there is one that may use ExpressionAttributeNames
  bool with_values = false;      // there is one that may use ExpressionAttributeValues
  std::string_view absent = {};  // how the text for needless values ends: ": … is null"
};

// Makes the checks of ExpressionAttributeNames and -Values that come before all expressions. Fails
// with ValidationException, in this order: if one of them is given but no expression may use it;
// with `value_fault`, a fault in the values of the request's item or key, if there is one; with the
// fault of a bad value in ExpressionAttributeValues.
Status CheckSubstitutions(const std::optional<NameMap>& names, const ExpressionValues& values,
                          const ExpressionUse& use,
                          const std::optional<ApiError>& value_fault = std::nullopt);

// The substitutions of a request. Borrows `names` and `values`.
expression::Placeholders MakePlaceholders(
    const std::optional<NameMap>& names, const ExpressionValues& values,
    expression::TextLayer texts = expression::TextLayer::kNewer);

// Parses the ProjectionExpression, if there is one, of a request that has no other expression, and
// checks its substitutions. `value_fault` as for CheckSubstitutions. Borrows `text` and `names`.
// Fails with ValidationException.
Result<std::optional<expression::Projection>> ParseProjection(
    const std::optional<std::string>& text, const std::optional<NameMap>& names,
    const std::optional<ApiError>& value_fault,
    expression::TextLayer texts = expression::TextLayer::kNewer);

// The condition of a write: a ConditionExpression, Expected in its place, or no condition.
class WriteCondition {
 public:
  // Parses `text`, if there is one. Fails with ValidationException.
  static Result<WriteCondition> Parse(const std::optional<std::string>& text,
                                      std::optional<ReturnValuesOnConditionCheckFailure> on_failure,
                                      expression::Placeholders& placeholders);

  // Takes the condition of Expected, if there is one. There must then be no ConditionExpression.
  void Expect(std::optional<expression::Condition> expected) {
    if (expected.has_value()) {
      condition_ = std::move(expected);
    }
  }

  // ValidationException if the condition looks into a key attribute.
  [[nodiscard]] Status CheckKeyPaths(const storage::TableMetadata& table) const;

  // About how many bytes Check looks at; see storage::Mutation::Work.
  [[nodiscard]] std::size_t Work(std::size_t item_bytes) const {
    return condition_.has_value() ? condition_->Work(item_bytes) : 0;
  }

  // ConditionalCheckFailedException if there is a condition and it does not hold for `before`,
  // which may be no item.
  [[nodiscard]] Status Check(const Item& before) const;

 private:
  std::optional<expression::Condition> condition_;
  bool returns_item_ = false;
};

// ValidationException when one of `uses` addresses something inside a key attribute of the table or
// of one of its indexes.
Status CheckKeyPaths(const storage::TableMetadata& table,
                     std::span<const expression::AttributeUse> uses);

}  // namespace weir::dynamodb
