// SPDX-License-Identifier: Apache-2.0
// How long a Java program, such as the service, finds a string.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

// The length of valid UTF-8 in UTF-16 code units.
[[nodiscard]] inline std::size_t Utf16Size(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    // Continuation bytes count nothing; a lead byte of four bytes stands for two code units.
    units += (byte & 0xC0) != 0x80 ? 1U : 0U;
    units += byte >= 0xF0 ? 1U : 0U;
  }
  return units;
}

}  // namespace weir
