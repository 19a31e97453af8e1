// SPDX-License-Identifier: Apache-2.0
#include "core/number.h"

#include <algorithm>
#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

namespace weir {
namespace {

// Arithmetic aligns two numbers before it adds them; 76 digits are enough for every pair whose sum
// can have 38 digits or fewer.
using Wide = boost::multiprecision::int256_t;
constexpr int kMaxAlignedDigits = 76;

// A number is 0.d1d2… × 10^point. These are the points of the smallest and the largest number.
constexpr std::int64_t kMinPoint = -129;
constexpr std::int64_t kMaxPoint = 126;
// The range of exponents that a zero may be written with.
constexpr std::int64_t kMinZeroExponent = -130;
constexpr std::int64_t kMaxZeroExponent = 125;

constexpr int kExponentBias = 64;
constexpr unsigned kZeroByte = 0x80;
constexpr unsigned kPositiveBase = 0x80;
constexpr unsigned kNegativeBase = 0x7F;
constexpr unsigned kNegativeDigitBase = 0xFE;
constexpr unsigned kNegativeEnd = 0xFF;

ApiError NotANumber(std::string_view text) {
  return ValidationError("The parameter cannot be converted to a numeric value: " +
                         std::string(text));
}

ApiError Overflow() {
  return ValidationError(
      "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

ApiError Underflow() {
  return ValidationError(
      "Number underflow. Attempting to store a number with magnitude smaller than supported range");
}

ApiError TooPrecise() {
  return ValidationError("Attempting to store more than 38 significant digits in a Number");
}

// Significant digits (no leading or trailing zeros) and where the decimal point is.
struct Decimal {
  bool negative = false;
  std::string_view digits;  // '0'..'9'; empty for zero
  std::int64_t point = 0;   // the value is 0.digits × 10^point
};

Result<EncodedNumber> Encode(const Decimal& decimal) {
  EncodedNumber encoded;
  if (decimal.digits.empty()) {
    encoded.Append(kZeroByte);
    return encoded;
  }
  if (decimal.point > kMaxPoint) {
    return Overflow();
  }
  if (decimal.point < kMinPoint) {
    return Underflow();
  }
  if (decimal.digits.size() > kMaxSignificantDigits) {
    return TooPrecise();
  }
  // Base-100 digits are aligned at the point: with an odd `point` the first holds one digit only.
  const bool odd = decimal.point % 2 != 0;
  const int exponent = static_cast<int>((decimal.point + (odd ? 1 : 0)) / 2) + kExponentBias;
  encoded.Append(decimal.negative ? kNegativeBase - static_cast<unsigned>(exponent)
                                  : kPositiveBase + static_cast<unsigned>(exponent));
  const auto append_digit = [&](unsigned digit) {
    encoded.Append(decimal.negative ? kNegativeDigitBase - digit : digit + 1);
  };
  const auto digit_at = [&](std::size_t index) -> unsigned {
    return index < decimal.digits.size() ? static_cast<unsigned>(decimal.digits[index] - '0') : 0U;
  };
  std::size_t index = 0;
  if (odd) {
    append_digit(digit_at(index++));
  }
  for (; index < decimal.digits.size(); index += 2) {
    append_digit(digit_at(index) * 10 + digit_at(index + 1));
  }
  if (decimal.negative) {
    encoded.Append(kNegativeEnd);
  }
  return encoded;
}

// The decimal digits of an encoded number, '0'..'9', an even number of them.
struct Digits {
  std::array<char, 2 * kMaxEncodedNumberSize> text{};
  std::size_t size = 0;
  bool negative = false;
  int point = 0;  // the value is 0.text × 10^point
};

Digits Decode(std::string_view encoded) {
  Digits digits;
  const auto first = static_cast<unsigned char>(encoded[0]);
  digits.negative = first < kZeroByte;
  const unsigned exponent = digits.negative ? kNegativeBase - first : first - kPositiveBase;
  digits.point = 2 * (static_cast<int>(exponent) - kExponentBias);
  encoded.remove_prefix(1);
  if (digits.negative) {
    encoded.remove_suffix(1);
  }
  for (const char c : encoded) {
    const auto byte = static_cast<unsigned char>(c);
    const unsigned digit = digits.negative ? kNegativeDigitBase - byte : byte - 1U;
    digits.text[digits.size++] = static_cast<char>('0' + digit / 10);
    digits.text[digits.size++] = static_cast<char>('0' + digit % 10);
  }
  return digits;
}

struct Exact {
  Wide coefficient = 0;
  int exponent = 0;  // the value is coefficient × 10^exponent
  int digits = 0;    // at least as many as the coefficient has; 0 for zero
};

Exact ToExact(std::string_view encoded) {
  const Digits digits = Decode(encoded);
  Exact exact;
  for (std::size_t i = 0; i < digits.size; ++i) {
    exact.coefficient = exact.coefficient * 10 + (digits.text[i] - '0');
  }
  if (digits.negative) {
    exact.coefficient = -exact.coefficient;
  }
  exact.digits = static_cast<int>(digits.size);
  exact.exponent = digits.point - exact.digits;
  return exact;
}

Result<EncodedNumber> FromExact(const Exact& exact) {
  const Wide magnitude = exact.coefficient < 0 ? Wide(-exact.coefficient) : exact.coefficient;
  std::string text = magnitude.str();
  const auto point = static_cast<std::int64_t>(text.size()) + exact.exponent;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.size() > kMaxSignificantDigits) {
    return Overflow();  // how the service answers a sum that is too precise
  }
  return Encode({exact.coefficient < 0, text, point});
}

Result<EncodedNumber> Add(Exact left, Exact right) {
  if (left.exponent < right.exponent) {
    std::swap(left, right);
  }
  if (right.digits == 0) {
    return FromExact(left);
  }
  if (left.digits == 0) {
    return FromExact(right);
  }
  const int shift = left.exponent - right.exponent;
  if (left.digits + shift > kMaxAlignedDigits) {
    return Overflow();
  }
  for (int i = 0; i < shift; ++i) {
    left.coefficient *= 10;
  }
  left.coefficient += right.coefficient;
  left.exponent = right.exponent;
  return FromExact(left);
}

// The parts of `[+-]?digits?[.digits?]?([eE][+-]?digits)?`, with at least one digit before the
// exponent.
struct NumberText {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::string_view exponent;  // with its sign; empty when there is none
};

std::string_view TakeDigits(std::string_view* text) {
  const std::size_t size = std::min(text->find_first_not_of("0123456789"), text->size());
  const std::string_view digits = text->substr(0, size);
  text->remove_prefix(size);
  return digits;
}

bool TakeSign(std::string_view* text) {
  if (text->empty() || (text->front() != '-' && text->front() != '+')) {
    return false;
  }
  const bool negative = text->front() == '-';
  text->remove_prefix(1);
  return negative;
}

std::optional<NumberText> Split(std::string_view text) {
  NumberText parts;
  parts.negative = TakeSign(&text);
  parts.whole = TakeDigits(&text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    parts.fraction = TakeDigits(&text);
  }
  if (parts.whole.empty() && parts.fraction.empty()) {
    return std::nullopt;
  }
  if (!text.empty()) {
    if (text.front() != 'e' && text.front() != 'E') {
      return std::nullopt;
    }
    text.remove_prefix(1);
    parts.exponent = text;
    TakeSign(&text);
    if (TakeDigits(&text).empty() || !text.empty()) {
      return std::nullopt;
    }
  }
  return parts;
}

// nullopt when it does not fit in 64 bits.
std::optional<std::int64_t> ParseExponent(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (!text.empty() && error != std::errc()) {
    return std::nullopt;
  }
  return exponent;
}

}  // namespace

Result<EncodedNumber> ParseNumber(std::string_view text) {
  const std::optional<NumberText> parts = Split(text);
  if (!parts.has_value()) {
    return NotANumber(text);
  }
  const std::optional<std::int64_t> exponent = ParseExponent(parts->exponent);
  if (!exponent.has_value()) {
    return NotANumber(text);
  }
  // One run of digits: `whole` then `fraction`, less the zeros at both ends. Numbers are short, but
  // a client may send megabytes of zeros, so only the significant part is copied.
  const auto whole_size = static_cast<std::int64_t>(parts->whole.size());
  const auto digit_at = [&](std::size_t index) {
    return index < parts->whole.size() ? parts->whole[index]
                                       : parts->fraction[index - parts->whole.size()];
  };
  std::size_t end = parts->whole.size() + parts->fraction.size();
  while (end > 0 && digit_at(end - 1) == '0') {
    --end;
  }
  std::size_t begin = 0;
  while (begin < end && digit_at(begin) == '0') {
    ++begin;
  }
  if (begin == end) {
    if (*exponent > kMaxZeroExponent) {
      return Overflow();
    }
    if (*exponent < kMinZeroExponent) {
      return Underflow();
    }
    return Encode({});
  }
  const std::int64_t magnitude = whole_size - static_cast<std::int64_t>(begin);
  std::int64_t point = 0;
  if (__builtin_add_overflow(magnitude, *exponent, &point)) {
    return *exponent > 0 ? Overflow() : Underflow();
  }
  std::array<char, kMaxSignificantDigits + 1> digits{};
  const std::size_t size = std::min(end - begin, digits.size());
  for (std::size_t i = 0; i < size; ++i) {
    digits[i] = digit_at(begin + i);
  }
  return Encode({parts->negative, {digits.data(), size}, point});
}

Result<EncodedNumber> ParseNumberWrapping(std::string_view text, bool literal) {
  Result<EncodedNumber> number = ParseNumber(text);
  if (number.ok()) {
    return number;
  }
  constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
  const std::optional<NumberText> parts = Split(text);
  const std::optional<std::int64_t> exponent =
      parts.has_value() ? ParseExponent(parts->exponent) : std::nullopt;
  const bool wraps =
      exponent.has_value() && *exponent <= kMax && *exponent >= kMax - (literal ? 1 : 0);
  return wraps ? Result<EncodedNumber>(Underflow()) : number;
}

std::size_t WriteNumberText(std::string_view encoded, std::span<char, kMaxNumberText> out) {
  const Digits decoded = Decode(encoded);
  std::string_view digits(decoded.text.data(), decoded.size);
  char* at = out.data();
  if (digits.empty()) {
    *at = '0';
    return 1;
  }
  int point = decoded.point;
  if (digits.front() == '0') {
    digits.remove_prefix(1);
    --point;
  }
  if (digits.back() == '0') {
    digits.remove_suffix(1);
  }
  if (decoded.negative) {
    *at++ = '-';
  }
  const auto size = static_cast<int>(digits.size());
  if (point <= 0) {
    *at++ = '0';
    *at++ = '.';
    at = std::fill_n(at, -point, '0');
    at = std::copy(digits.begin(), digits.end(), at);
  } else if (point >= size) {
    at = std::copy(digits.begin(), digits.end(), at);
    at = std::fill_n(at, point - size, '0');
  } else {
    at = std::copy_n(digits.begin(), point, at);
    *at++ = '.';
    at = std::copy(digits.begin() + point, digits.end(), at);
  }
  return static_cast<std::size_t>(at - out.data());
}

void AppendNumberText(std::string_view encoded, std::string& out) {
  std::array<char, kMaxNumberText> text;
  out.append(text.data(), WriteNumberText(encoded, text));
}

Result<EncodedNumber> AddNumbers(std::string_view left, std::string_view right) {
  return Add(ToExact(left), ToExact(right));
}

Result<EncodedNumber> SubtractNumbers(std::string_view left, std::string_view right) {
  Exact subtrahend = ToExact(right);
  subtrahend.coefficient = -subtrahend.coefficient;
  return Add(ToExact(left), subtrahend);
}

}  // namespace weir
