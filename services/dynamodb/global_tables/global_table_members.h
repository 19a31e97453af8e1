// SPDX-License-Identifier: Apache-2.0
// The errors with which AWS answers operations on global tables that do not exist. Global tables of
// version 2017.11.29 can no longer be created on AWS either (observed in October 2026).
#pragma once

#include <string_view>

#include "core/api_error.h"

namespace weir::dynamodb {

// ValidationException: version 2017.11.29 is not supported.
ApiError VersionNotSupported();
// GlobalTableNotFoundException. Some operations put a `prefix` before the text.
ApiError GlobalTableNotFound(std::string_view prefix, std::string_view name);
// ResourceNotFoundException with the text of GlobalTableNotFound, without a prefix.
ApiError NoGlobalTable(std::string_view name);

}  // namespace weir::dynamodb
