// SPDX-License-Identifier: Apache-2.0
// KeyConditionExpression:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/key.h"
#include "core/result.h"
#include "core/value.h"
#include "expression/comparison.h"
#include "expression/placeholders.h"

namespace weir::expression {

enum class KeyOperator : std::uint8_t {
  kEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kBetween,
  kBeginsWith,
};

// `attribute op value`, with the attribute on the left even if the text has it on the right.
struct KeyCondition {
  std::string_view attribute;
  KeyOperator op = KeyOperator::kEqual;
  Value value;                 // the lower bound of BETWEEN
  std::optional<Value> upper;  // the upper bound of BETWEEN
};

// Key conditions in the order of the schema.
struct KeyRange {
  std::vector<Value> hash;          // one value for each HASH attribute
  std::vector<Value> range_prefix;  // what the leading RANGE attributes must equal
  // The condition on the RANGE attribute after that prefix, if there is one. Never kEqual.
  std::optional<KeyCondition> range;
};

// A parsed key condition: at most one condition per attribute. Immutable, so threads may share it;
// borrows from the text, the names and the values of the request, which must outlive it.
class KeyConditions {
 public:
  // Fails with the service's ValidationException for all faults that show without a schema.
  static Result<KeyConditions> Parse(std::string_view text, Placeholders& placeholders);

  // The legacy parameter KeyConditions. `comparisons` must be on distinct attributes and have
  // passed CheckValues. Borrows what they borrow.
  static KeyConditions Of(std::span<const Comparison> comparisons);

  // The conditions, in the order of the text.
  [[nodiscard]] std::span<const KeyCondition> conditions() const { return conditions_; }

  // Fits the conditions to the key of a table or index: `hash` and `range` are its attributes, one
  // HASH and at most one RANGE unless it is an index with a multi-attribute key. Fails with the
  // service's ValidationException.
  [[nodiscard]] Result<KeyRange> Resolve(std::span<const KeyAttribute> hash,
                                         std::span<const KeyAttribute> range) const;

 private:
  std::vector<KeyCondition> conditions_;
  // The attributes with an operator that no key condition knows (NE, IN, ...): the legacy parameter
  // may have them, and only Resolve, which knows the schema, refuses them.
  std::vector<std::string_view> not_indexable_;
};

}  // namespace weir::expression
