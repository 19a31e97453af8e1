// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "protocol/json_tree.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

// ValidationException, without the envelope `1 validation error detected: `, if a request has
// parameters of both kinds. An empty map or text counts as given, a null does not. Of parameters
// within a map, those of all its values count together.
[[nodiscard]] Status CheckParameterMix(const protocol::JsonNode& root, const ParameterMix& mix);

}  // namespace weir::dynamodb
