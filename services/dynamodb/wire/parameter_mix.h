// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "protocol/json_tree.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

// ValidationException, without "1 validation error detected: ", when a request has parameters of
// both kinds. Only their presence counts: an empty map or text is there, a null is not. Parameters
// within a map are taken together from all its values.
[[nodiscard]] Status CheckParameterMix(const protocol::JsonNode& root, const ParameterMix& mix);

}  // namespace weir::dynamodb
