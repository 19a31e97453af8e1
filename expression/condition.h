// SPDX-License-Identifier: Apache-2.0
// ConditionExpression and FilterExpression:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "core/value.h"
#include "expression/comparison.h"
#include "expression/condition_tree.h"
#include "expression/path.h"
#include "expression/placeholders.h"

namespace weir::expression {

// The parameter that the expression came in; error messages name it.
enum class ConditionKind : std::uint8_t {
  kCondition,
  kFilter,
};

// A parsed condition. Immutable, so threads may share it; borrows from the text, the names and the
// values of the request, which must outlive it.
class Condition {
 public:
  // Fails with the service's ValidationException, without the envelope `1 validation error
  // detected: `.
  static Result<Condition> Parse(ConditionKind kind, std::string_view text,
                                 Placeholders& placeholders);

  // The condition that legacy parameters describe. `comparisons` must be at least one, on distinct
  // attributes, and have passed CheckValues. Borrows what they borrow.
  static Condition Of(std::span<const Comparison> comparisons, Junction junction);

  // The condition of a tree that has been checked. Borrows what the tree borrows.
  static Condition Of(ConditionTree tree);

  // Whether the condition holds for an item; pass an empty map for a missing item. A path that
  // finds nothing, or a value of an unfit type, makes its comparison false (`<>` true). It is never
  // an error.
  [[nodiscard]] bool Evaluate(MapView item) const;

  // About how many bytes Evaluate reads in the worst case for an item of `item_bytes` packed bytes.
  [[nodiscard]] std::size_t Work(std::size_t item_bytes) const;

  [[nodiscard]] const ConditionTree& tree() const { return tree_; }

  // The top-level attributes that the condition names, each once.
  [[nodiscard]] std::span<const AttributeUse> attributes() const { return tree_.attributes; }

 private:
  explicit Condition(ConditionTree tree) : tree_(std::move(tree)) {}

  ConditionTree tree_;
};

}  // namespace weir::expression
