// SPDX-License-Identifier: Apache-2.0
// What the request checks need to know of a string: whether it keeps its length and pattern.
#pragma once

#include <cstddef>
#include <string_view>

#include "protocol/shape.h"

namespace weir::protocol {

// The length of a string as its shape counts it.
[[nodiscard]] std::size_t LengthOf(std::string_view text, const Shape& shape);

// Whether all of `text` matches the pattern. Linear in `text`.
[[nodiscard]] bool MatchesPattern(Pattern pattern, std::string_view text);

// Whether the text is within all limits of a string shape.
[[nodiscard]] bool FitsString(std::string_view text, const Shape& shape);

}  // namespace weir::protocol
