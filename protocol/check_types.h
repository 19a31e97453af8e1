// SPDX-License-Identifier: Apache-2.0
// Checks the types of a request's values. The service answers a wrong one with
// SerializationException.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/api_error.h"
#include "protocol/json_tree.h"
#include "protocol/shape.h"

namespace weir::protocol {

// A boolean as the service reads it: a JSON boolean, or one of the strings "true", "t", "yes", "y",
// "1", "false", "f", "no", "n" and "0" in any case; nullopt for anything else.
[[nodiscard]] std::optional<bool> ReadBoolean(const JsonNode& node);

// A number given for a member of type integer: fractions dropped, saturated at 32 bits.
[[nodiscard]] std::int32_t ReadInteger(const JsonNode& node);

// What the service's parser calls a scalar token: "TRUE_VALUE", "NUMBER_VALUE" …
[[nodiscard]] std::string_view TokenName(JsonKind kind);

struct TypeCheck {
  // The SerializationException for the first value in document order whose type is wrong.
  std::optional<ApiError> error;
  // Whether some value may break a limit of its shape or a required member may be missing. False
  // means that the request certainly keeps all limits.
  bool suspicious = false;
  // Whether some attribute value has several types, or a string for BOOL or NULL.
  bool irregular_values = false;
};

// Walks once over `root`, the operation's input, which must be an object. Does not allocate unless
// there is an error.
[[nodiscard]] TypeCheck CheckTypes(const JsonNode& root, const OperationShape& operation);

}  // namespace weir::protocol
