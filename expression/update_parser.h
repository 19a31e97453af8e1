// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/result.h"
#include "expression/placeholders.h"
#include "expression/update_tree.h"

namespace weir::expression {

// Parses and checks an update expression. Fails with the service's ValidationException.
Result<UpdateTree> ParseUpdate(std::string_view text, Placeholders& placeholders);

}  // namespace weir::expression
