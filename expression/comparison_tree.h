// SPDX-License-Identifier: Apache-2.0
// What the comparisons of the parameters from before expressions mean, in terms of expressions.
#pragma once

#include <optional>
#include <span>

#include "expression/comparison.h"
#include "expression/condition_tree.h"
#include "expression/key_condition.h"

namespace weir::expression {

// The condition that comparisons on distinct attributes make. Borrows their values.
ConditionTree TreeOf(std::span<const Comparison> comparisons, Junction junction);

// The operator that finds items by key; none for one that does not.
std::optional<KeyOperator> KeyOperatorOf(ComparisonOperator op);

}  // namespace weir::expression
