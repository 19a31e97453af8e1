// SPDX-License-Identifier: Apache-2.0
// UTF-8 text as a Java service measures it, and ASCII words as HTTP compares them.
#pragma once

#include <cstddef>
#include <string_view>

namespace weir {

// The length of valid UTF-8 in UTF-16 code units, which is what Java's String.length() gives.
std::size_t Utf16Size(std::string_view text);

// `text` cut to at most `limit` bytes, not in the middle of a character.
std::string_view TruncateUtf8(std::string_view text, std::size_t limit);

// Whether both are the same but for the case of ASCII letters.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

}  // namespace weir
