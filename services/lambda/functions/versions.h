// SPDX-License-Identifier: Apache-2.0
// Publishing versions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/lambda/functions/function.h"

namespace weir::lambda {

// Makes a version of the function's present code and configuration, and returns its number as text.
// Returns the newest version instead if nothing has changed since that was published.
std::string Publish(std::optional<std::string_view> description, Function& function);

}  // namespace weir::lambda
