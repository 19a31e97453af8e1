// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/scaled_number.h"

#include <charconv>
#include <string_view>
#include <system_error>

namespace weir::consumers {
namespace {

using protocol::JsonKind;

constexpr int kDigitsAfterPoint = 6;
constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kMaxNumber = 5'000'000'000;
constexpr std::int64_t kMaxScaled = kMaxNumber * kMillion;

// digits × 10^exponent, without zeros at the end of the digits.
struct Decimal {
  std::int64_t digits = 0;
  std::int64_t exponent = 0;
};

// Reads `1.50` as 15 × 10^-1. nullopt if its digits are more than those of a number in range.
std::optional<Decimal> ReadMantissa(std::string_view text) {
  Decimal read;
  std::int64_t zeros = 0;  // after the digits so far
  bool after_point = false;
  for (const char c : text) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    read.exponent -= after_point ? 1 : 0;
    if (c == '0') {
      zeros += read.digits == 0 ? 0 : 1;
      continue;
    }
    for (; zeros >= 0; --zeros) {
      read.digits *= 10;
      if (read.digits > kMaxScaled) {
        return std::nullopt;
      }
    }
    read.digits += c - '0';
    zeros = 0;
  }
  read.exponent += zeros;
  return read;
}

// `text` is a JSON number that is not an integer.
std::optional<std::int64_t> Scale(std::string_view text) {
  const bool negative = text.starts_with('-');
  text.remove_prefix(negative ? 1 : 0);
  const std::size_t mantissa_size = text.find_first_of("eE");
  const std::optional<Decimal> mantissa = ReadMantissa(text.substr(0, mantissa_size));
  if (!mantissa) {
    return std::nullopt;
  }
  if (mantissa->digits == 0) {
    return 0;
  }
  int written = 0;
  if (mantissa_size != std::string_view::npos) {
    std::string_view exponent = text.substr(mantissa_size + 1);
    exponent.remove_prefix(exponent.starts_with('+') ? 1 : 0);
    if (std::from_chars(exponent.data(), exponent.data() + exponent.size(), written).ec !=
        std::errc()) {
      return std::nullopt;
    }
  }
  std::int64_t exponent = mantissa->exponent + written + kDigitsAfterPoint;
  if (exponent < 0) {
    return std::nullopt;
  }
  std::int64_t scaled = mantissa->digits;
  for (; exponent > 0 && scaled <= kMaxScaled; --exponent) {
    scaled *= 10;
  }
  if (scaled > kMaxScaled) {
    return std::nullopt;
  }
  return negative ? -scaled : scaled;
}

}  // namespace

std::optional<std::int64_t> ScaledNumber(const protocol::JsonNode& node) {
  if (node.kind() == JsonKind::kDecimal) {
    return Scale(node.text());
  }
  const std::int64_t value = node.integer();
  if (node.kind() != JsonKind::kInteger || value < -kMaxNumber || value > kMaxNumber) {
    return std::nullopt;
  }
  return value * kMillion;
}

}  // namespace weir::consumers
