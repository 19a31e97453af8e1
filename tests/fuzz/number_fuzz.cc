// SPDX-License-Identifier: Apache-2.0
// Numbers: an input is two texts, `12.5|1e3`; one text alone stands for both. They are read,
// written, compared, added and subtracted, and the results are compared with ExactDecimal's.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/number.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/support/exact_decimal.h"

namespace weir::fuzz {
namespace {

using testing::ExactDecimal;
using testing::NumberFault;

// The first words of the message for a fault (core/number.cc has the messages).
std::string_view TextOf(NumberFault fault) {
  switch (fault) {
    case NumberFault::kNone:
      break;
    case NumberFault::kNotANumber:
      return "The parameter cannot be converted to a numeric value: ";
    case NumberFault::kOverflow:
      return "Number overflow. ";
    case NumberFault::kUnderflow:
      return "Number underflow. ";
    case NumberFault::kTooPrecise:
      return "Attempting to store more than 38 significant digits in a Number";
  }
  return "";
}

void CheckOutcome(const Result<EncodedNumber>& result, NumberFault expected,
                  const ExactDecimal& exact, const std::string& details) {
  if (expected != NumberFault::kNone) {
    FUZZ_CHECK(!result.ok(), details);
    FUZZ_CHECK(result.error().code == ErrorCode::kValidation, details);
    FUZZ_CHECK(result.error().message.starts_with(TextOf(expected)),
               details + ": " + result.error().message);
    return;
  }
  FUZZ_CHECK(result.ok(), details + ": " + (result.ok() ? "" : result.error().message));
  const std::string_view encoded = result.value().view();
  std::string text;
  AppendNumberText(encoded, text);
  FUZZ_CHECK(text == exact.Text(), details + ": " + text + ", not " + exact.Text());
  const Result<EncodedNumber> again = ParseNumber(text);
  FUZZ_CHECK(again.ok() && again.value().view() == encoded, details);
  FUZZ_CHECK(NumberAwsSize(encoded) == exact.AwsSize(), text);
}

int Sign(int order) {
  return (order > 0 ? 1 : 0) - (order < 0 ? 1 : 0);
}

// The fault of a sum of two stored numbers. There, too many digits count as an overflow.
NumberFault SumFault(const ExactDecimal& sum) {
  const NumberFault fault = sum.Check();
  const bool far = fault == NumberFault::kOverflow || fault == NumberFault::kUnderflow;
  return sum.digits() > kMaxSignificantDigits ? NumberFault::kOverflow
         : far                                ? fault
                                              : NumberFault::kNone;
}

void CheckPair(std::string_view left, std::string_view right) {
  ExactDecimal a;
  ExactDecimal b;
  const NumberFault fault_a = ExactDecimal::Parse(left, &a);
  const NumberFault fault_b = ExactDecimal::Parse(right, &b);
  const Result<EncodedNumber> x = ParseNumber(left);
  const Result<EncodedNumber> y = ParseNumber(right);
  CheckOutcome(x, fault_a, a, std::string(left));
  CheckOutcome(y, fault_b, b, std::string(right));
  if (!x.ok() || !y.ok()) {
    return;
  }
  const std::string_view u = x.value().view();
  const std::string_view v = y.value().view();
  const std::string details = a.Text() + " and " + b.Text();
  FUZZ_CHECK(Sign(u.compare(v)) == ExactDecimal::Compare(a, b), details);
  const ExactDecimal sum = ExactDecimal::Add(a, b);
  const ExactDecimal difference = ExactDecimal::Add(a, b.Negated());
  CheckOutcome(AddNumbers(u, v), SumFault(sum), sum, details + " added");
  CheckOutcome(SubtractNumbers(u, v), SumFault(difference), difference, details + " subtracted");
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t bar = std::min(input.find('|'), input.size());
  const std::string_view left = input.substr(0, bar);
  weir::fuzz::CheckPair(left, bar == input.size() ? left : input.substr(bar + 1));
  return 0;
}
