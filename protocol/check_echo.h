// SPDX-License-Identifier: Apache-2.0
// How the service shows a refused value in an error text. Both forms are cut at kMaxEchoSize.
#pragma once

#include <string>

#include "protocol/json_tree.h"
#include "protocol/shape.h"

namespace weir::protocol {

// The value as toString of the service's Java class writes it, e.g. "x", "5",
// "[KeySchemaElement(attributeName=pk, keyType=HASH)]", "{t=[WriteRequest(...)]}". The value's
// types must be right (CheckTypes).
[[nodiscard]] std::string JavaEcho(const JsonNode& node, const Shape& shape);

// The value as compact JSON, without null members and those that the shape does not know. The newer
// layer shows maps so.
[[nodiscard]] std::string JsonEcho(const JsonNode& node, const Shape& shape);

}  // namespace weir::protocol
