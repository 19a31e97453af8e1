// SPDX-License-Identifier: Apache-2.0
// ExactDecimal: decimal numbers as strings of digits, without any limit.
//
// The oracle of the number tests. It is computed in another way than core/number.h: no base-100
// digits, no wide integers, no byte order. Digits are characters and sums are done as on paper. It
// is slow, but easy to read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::testing {

// Why DynamoDB refuses a number.
enum class NumberFault : std::uint8_t { kNone, kNotANumber, kOverflow, kUnderflow, kTooPrecise };

class ExactDecimal {
 public:
  ExactDecimal() = default;  // zero

  // Reads `[+-]?digits?[.digits?]?([eE][+-]?digits)?` with a digit before the exponent, and returns
  // the fault for which the service would refuse it. `number` is set whenever the text is a number,
  // even if the service would refuse it.
  static NumberFault Parse(std::string_view text, ExactDecimal* number);
  // Aborts unless the service accepts `text` as a number.
  static ExactDecimal Of(std::string_view text);

  // The fault for which the service refuses this number when it is the result of a computation.
  [[nodiscard]] NumberFault Check() const;

  // Plain decimal as the service prints it: no exponent, no needless zeros.
  [[nodiscard]] std::string Text() const;
  // Bytes as AWS counts them: 1, one per pair of digits aligned at the point, 1 for a sign; at most
  // 21.
  [[nodiscard]] std::size_t AwsSize() const;

  [[nodiscard]] bool zero() const { return digits_.empty(); }
  // The number of digits from the first to the last that is not zero.
  [[nodiscard]] std::size_t digits() const { return digits_.size(); }

  // -1, 0 or 1 if `a` is less than, equal to or greater than `b`.
  static int Compare(const ExactDecimal& a, const ExactDecimal& b);
  static ExactDecimal Add(const ExactDecimal& a, const ExactDecimal& b);
  [[nodiscard]] ExactDecimal Negated() const;

  friend bool operator==(const ExactDecimal& a, const ExactDecimal& b) {
    return Compare(a, b) == 0;
  }
  friend bool operator<(const ExactDecimal& a, const ExactDecimal& b) { return Compare(a, b) < 0; }

 private:
  // The number without zeros at either end of its digits.
  static ExactDecimal Normal(bool negative, std::string digits, std::int64_t exponent);
  static int CompareMagnitude(const ExactDecimal& a, const ExactDecimal& b);
  // The place of the first digit: the number is d.ddd × 10^Top().
  [[nodiscard]] std::int64_t Top() const {
    return exponent_ + static_cast<std::int64_t>(digits_.size()) - 1;
  }
  // The digit at 10^place.
  [[nodiscard]] int DigitAt(std::int64_t place) const;

  bool negative_ = false;
  std::string digits_;         // most significant first; empty for zero
  std::int64_t exponent_ = 0;  // of the last digit
};

}  // namespace weir::testing
