// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/result.h"
#include "expression/condition_tree.h"
#include "expression/fault.h"
#include "expression/placeholders.h"

namespace weir::expression {

// Parses and checks a condition, filter or key condition expression. The rules that only key
// conditions have are KeyConditions' to check. Fails with the service's ValidationException.
Result<ConditionTree> ParseCondition(ExpressionKind kind, std::string_view text,
                                     Placeholders& placeholders);

}  // namespace weir::expression
