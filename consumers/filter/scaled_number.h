// SPDX-License-Identifier: Apache-2.0
// Numbers as filters compare them: between -5e9 and 5e9 with at most six digits after the point,
// so exactly a whole number of millionths in 64 bits
// (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
#pragma once

#include <cstdint>
#include <optional>

#include "protocol/json_tree.h"

namespace weir::consumers {

// The value of a JSON number in millionths: the same for 300, 300.0 and 3e2. nullopt for all other
// values, and for numbers that are too large or have more digits after the point.
std::optional<std::int64_t> ScaledNumber(const protocol::JsonNode& node);

}  // namespace weir::consumers
