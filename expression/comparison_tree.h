// SPDX-License-Identifier: Apache-2.0
// Translates the comparisons of legacy parameters into the terms of expressions.
#pragma once

#include <optional>
#include <span>

#include "expression/comparison.h"
#include "expression/condition_tree.h"
#include "expression/key_condition.h"

namespace weir::expression {

// Joins comparisons on distinct attributes, at least one, into a condition. Borrows their names and
// values.
ConditionTree TreeOf(std::span<const Comparison> comparisons, Junction junction);

// The operator of key conditions that means the same; nullopt if they do not have it (NE, IN, ...).
std::optional<KeyOperator> KeyOperatorOf(ComparisonOperator op);

}  // namespace weir::expression
