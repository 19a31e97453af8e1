// SPDX-License-Identifier: Apache-2.0
// Checks of strings, which the other checks of a request use: length, pattern, set of values.
#pragma once

#include <cstddef>
#include <string_view>

#include "protocol/shape.h"

namespace weir::protocol {

// The length of a string in the unit in which its shape counts: UTF-16 code units or code points.
[[nodiscard]] std::size_t LengthOf(std::string_view text, const Shape& shape);

// Whether all of `text` matches the pattern. Linear in `text`.
[[nodiscard]] bool MatchesPattern(Pattern pattern, std::string_view text);

// Whether the text is within all limits of a string shape.
[[nodiscard]] bool FitsString(std::string_view text, const Shape& shape);

}  // namespace weir::protocol
