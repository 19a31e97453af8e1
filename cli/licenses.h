// SPDX-License-Identifier: Apache-2.0
// The texts of Weir's licence and of those of the packages in its binary, which
// cmake/Licenses.cmake collects.
#pragma once

#include <string_view>

namespace weir::cli {

[[nodiscard]] std::string_view LicenseTexts();

}  // namespace weir::cli
