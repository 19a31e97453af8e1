// SPDX-License-Identifier: Apache-2.0
// The answers of AWS to operations on global tables where there is none. Those of version
// 2017.11.29 can no longer be made there either (observed in October 2026).
#pragma once

#include <string_view>

#include "core/api_error.h"

namespace weir::dynamodb {

// ValidationException that version 2017.11.29 is not supported.
ApiError VersionNotSupported();
// GlobalTableNotFoundException; some operations put a prefix before the text.
ApiError GlobalTableNotFound(std::string_view prefix, std::string_view name);
// The ResourceNotFoundException with the same text.
ApiError NoGlobalTable(std::string_view name);

}  // namespace weir::dynamodb
