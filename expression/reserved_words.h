// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace weir::expression {

// Whether an expression may not use `name` as an attribute name without a placeholder, in whatever
// case it is written.
bool IsReservedWord(std::string_view name);

}  // namespace weir::expression
