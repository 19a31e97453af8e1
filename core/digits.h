// SPDX-License-Identifier: Apache-2.0
// Digits, and numbers written with a fixed width, leading zeros included.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

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

// `number` in decimal, with leading zeros up to `width` digits: such texts sort as their numbers
// do.
inline std::string PaddedDecimal(std::uint64_t number, std::size_t width) {
  std::string text(width, '0');
  WriteDecimal(number, text);
  return text;
}

// The number that `text` is in decimal, leading zeros allowed; nullopt for other text, and for a
// number that is too large.
inline std::optional<std::uint64_t> ReadDecimal(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  return fault == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

// Fills `out` with the last digits of `number` in hexadecimal, in lower case.
inline void WriteHex(std::uint64_t number, std::span<char> out) {
  constexpr std::uint64_t kLowDigit = 0xF;
  for (std::size_t i = out.size(); i > 0; number >>= 4U) {
    out[--i] = "0123456789abcdef"[number & kLowDigit];
  }
}

}  // namespace weir
