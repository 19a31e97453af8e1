// SPDX-License-Identifier: Apache-2.0
// Digits, and numbers written with a fixed width, leading zeros included.
#pragma once

#include <cstdint>
#include <span>

namespace weir {

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Fills `out` with the last digits of `number` in decimal.
inline void WriteDecimal(std::uint64_t number, std::span<char> out) {
  constexpr std::uint64_t kBase = 10;
  for (std::size_t i = out.size(); i > 0; number /= kBase) {
    out[--i] = static_cast<char>('0' + number % kBase);
  }
}

// Fills `out` with the last digits of `number` in hexadecimal, in lower case.
inline void WriteHex(std::uint64_t number, std::span<char> out) {
  constexpr std::uint64_t kLowDigit = 0xF;
  for (std::size_t i = out.size(); i > 0; number >>= 4U) {
    out[--i] = "0123456789abcdef"[number & kLowDigit];
  }
}

}  // namespace weir
