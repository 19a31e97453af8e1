// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace weir::expression {

// Whether `name`, in whatever case, is a reserved word: an expression may use it as an attribute
// name only by a placeholder.
bool IsReservedWord(std::string_view name);

}  // namespace weir::expression
