// SPDX-License-Identifier: Apache-2.0
#include "tests/support/exact_decimal.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace weir::testing {
namespace {

constexpr std::size_t kMaxDigits = 38;
constexpr std::int64_t kMinTop = -130;
constexpr std::int64_t kMaxTop = 125;
constexpr std::int64_t kFarExponent = 1'000'000;
constexpr std::size_t kMaxAwsSize = 21;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// The exponent after the `e`, limited to ±(kFarExponent + 1); nullopt if `text` is not a number or
// does not fit in 64 bits.
std::optional<std::int64_t> ReadExponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (text.empty() || !std::all_of(text.begin(), text.end(), IsDigit)) {
    return std::nullopt;
  }
  while (text.size() > 1 && text.front() == '0') {
    text.remove_prefix(1);
  }
  const std::string_view limit = negative ? "9223372036854775808" : "9223372036854775807";
  if (text.size() > limit.size() || (text.size() == limit.size() && text > limit)) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (const char c : text) {
    value = std::min(value * 10 + (c - '0'), kFarExponent + 1);
  }
  return negative ? -value : value;
}

}  // namespace

NumberFault ExactDecimal::Parse(std::string_view text, ExactDecimal* number) {
  const std::size_t mark = text.find_first_of("eE");
  std::int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    const std::optional<std::int64_t> given = ReadExponent(text.substr(mark + 1));
    if (!given.has_value()) {
      return NumberFault::kNotANumber;
    }
    exponent = *given;
    text = text.substr(0, mark);
  }
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::string digits;
  std::int64_t behind_point = 0;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
    } else if (IsDigit(c)) {
      digits.push_back(c);
      behind_point += point ? 1 : 0;
    } else {
      return NumberFault::kNotANumber;
    }
  }
  if (digits.empty()) {
    return NumberFault::kNotANumber;
  }
  *number = Normal(negative, std::move(digits), exponent - behind_point);
  if (!number->zero()) {
    return number->Check();
  }
  // For a zero, the service checks the exponent as it is written.
  if (exponent > kMaxTop) {
    return NumberFault::kOverflow;
  }
  return exponent < kMinTop ? NumberFault::kUnderflow : NumberFault::kNone;
}

ExactDecimal ExactDecimal::Of(std::string_view text) {
  ExactDecimal number;
  if (Parse(text, &number) != NumberFault::kNone) {
    std::abort();  // a mistake in the test
  }
  return number;
}

ExactDecimal ExactDecimal::Normal(bool negative, std::string digits, std::int64_t exponent) {
  ExactDecimal number;
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (!digits.empty()) {
    number.negative_ = negative;
    number.digits_ = std::move(digits);
    number.exponent_ = exponent;
  }
  return number;
}

NumberFault ExactDecimal::Check() const {
  if (zero()) {
    return NumberFault::kNone;
  }
  if (Top() > kMaxTop) {
    return NumberFault::kOverflow;
  }
  if (Top() < kMinTop) {
    return NumberFault::kUnderflow;
  }
  return digits_.size() > kMaxDigits ? NumberFault::kTooPrecise : NumberFault::kNone;
}

int ExactDecimal::DigitAt(std::int64_t place) const {
  if (place < exponent_ || place > Top()) {
    return 0;
  }
  return digits_[static_cast<std::size_t>(Top() - place)] - '0';
}

std::string ExactDecimal::Text() const {
  if (zero()) {
    return "0";
  }
  std::string text = negative_ ? "-" : "";
  for (std::int64_t place = std::max<std::int64_t>(Top(), 0);
       place >= std::min<std::int64_t>(exponent_, 0); --place) {
    if (place == -1) {
      text.push_back('.');
    }
    text.push_back(static_cast<char>('0' + DigitAt(place)));
  }
  return text;
}

std::size_t ExactDecimal::AwsSize() const {
  std::size_t size = 1;
  if (!zero()) {
    const auto pair_of = [](std::int64_t place) {  // rounds towards minus infinity
      return place >= 0 ? place / 2 : (place - 1) / 2;
    };
    size += static_cast<std::size_t>(pair_of(Top()) - pair_of(exponent_) + 1);
    size += negative_ ? 1 : 0;
  }
  return std::min(size, kMaxAwsSize);
}

int ExactDecimal::CompareMagnitude(const ExactDecimal& a, const ExactDecimal& b) {
  if (a.zero() || b.zero()) {
    return (a.zero() ? 0 : 1) - (b.zero() ? 0 : 1);
  }
  for (std::int64_t place = std::max(a.Top(), b.Top()); place >= std::min(a.exponent_, b.exponent_);
       --place) {
    if (a.DigitAt(place) != b.DigitAt(place)) {
      return a.DigitAt(place) < b.DigitAt(place) ? -1 : 1;
    }
  }
  return 0;
}

int ExactDecimal::Compare(const ExactDecimal& a, const ExactDecimal& b) {
  if (a.negative_ != b.negative_) {
    return a.negative_ ? -1 : 1;
  }
  return a.negative_ ? -CompareMagnitude(a, b) : CompareMagnitude(a, b);
}

ExactDecimal ExactDecimal::Negated() const {
  ExactDecimal number = *this;
  number.negative_ = !zero() && !negative_;
  return number;
}

ExactDecimal ExactDecimal::Add(const ExactDecimal& a, const ExactDecimal& b) {
  if (a.zero() || b.zero()) {
    return a.zero() ? b : a;
  }
  if (CompareMagnitude(a, b) < 0) {
    return Add(b, a);  // so that the sum has the sign of the first
  }
  const int sign = a.negative_ == b.negative_ ? 1 : -1;
  const std::int64_t last = std::min(a.exponent_, b.exponent_);
  std::string reversed;
  int carry = 0;
  for (std::int64_t place = last; place <= a.Top() + 1; ++place) {
    const int sum = a.DigitAt(place) + sign * b.DigitAt(place) + carry;
    carry = sum < 0 ? -1 : sum / 10;
    reversed.push_back(static_cast<char>('0' + (sum + 10) % 10));
  }
  return Normal(a.negative_, {reversed.rbegin(), reversed.rend()}, last);
}

}  // namespace weir::testing
