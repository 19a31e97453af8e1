// SPDX-License-Identifier: Apache-2.0
// The oracle is Boost's unbounded integer: times 10^167, every number that DynamoDB can store is
// whole (at most 38 digits from 1E-130 down).
#include "core/number.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/support/packed.h"

namespace weir {
namespace {

using boost::multiprecision::cpp_int;
using testing::Num;

constexpr int kScale = 167;

cpp_int PowerOfTen(int exponent) {
  return boost::multiprecision::pow(cpp_int(10), static_cast<unsigned>(exponent));
}

// A number as a client might write it, and the number times 10^167.
struct Sample {
  std::string text;
  cpp_int scaled;
};

std::string Print(std::string_view encoded) {
  std::string text;
  AppendNumberText(encoded, text);
  return text;
}

// The number that a plain decimal text stands for, times 10^167.
cpp_int ScaledOf(std::string text) {
  const bool negative = text.front() == '-';
  text.erase(0, negative ? 1 : 0);
  const std::size_t point = text.find('.');
  int decimals = 0;
  if (point != std::string::npos) {
    decimals = static_cast<int>(text.size() - point - 1);
    text.erase(point, 1);
  }
  cpp_int value = 0;
  for (const char digit : text) {
    value = value * 10 + (digit - '0');
  }
  value *= PowerOfTen(kScale - decimals);
  return negative ? cpp_int(-value) : value;
}

// Whether DynamoDB can store a number.
bool IsStorable(const cpp_int& scaled) {
  if (scaled == 0) {
    return true;
  }
  const cpp_int magnitude = abs(scaled);
  std::string digits = magnitude.str();
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits.size() <= kMaxSignificantDigits && magnitude < PowerOfTen(kScale + 126) &&
         magnitude >= PowerOfTen(kScale - 130);
}

class Samples {
 public:
  explicit Samples(std::uint32_t seed) : random_(seed) {}

  // `spread` bounds the exponent of the first digit. With a small one, the digits of two numbers
  // overlap.
  Sample Next(int spread) {
    const int size = 1 + Below(38);
    std::string digits(1, static_cast<char>('1' + Below(9)));
    while (static_cast<int>(digits.size()) < size) {
      digits.push_back(static_cast<char>('0' + (Below(3) == 0 ? 0 : Below(10))));
    }
    const int first = std::max(-130, std::min(125, Below(2 * spread + 1) - spread));
    const int last = first - size + 1;
    const bool negative = Below(2) == 0;
    cpp_int scaled = cpp_int(digits) * PowerOfTen(kScale + last);
    std::string text = (negative ? "-" : "") + digits + "E" + std::to_string(last);
    return {std::move(text), negative ? cpp_int(-scaled) : scaled};
  }
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

 private:
  std::mt19937 random_;
};

TEST_CASE("Numbers have one normal form and the size that AWS counts", "[core][number]") {
  struct Row {
    std::string text;
    std::string normal;
    std::size_t size;
  };
  const std::string nines(38, '9');
  const std::vector<Row> rows = {
      {"0", "0", 1},
      {"-0", "0", 1},
      {"+0.000", "0", 1},
      {"0e125", "0", 1},
      {"0E-130", "0", 1},
      {"1", "1", 2},
      {"+3", "3", 2},
      {"-1", "-1", 3},
      {".5", "0.5", 2},
      {"5.", "5", 2},
      {"1.50", "1.5", 3},
      {"007", "7", 2},
      {"42", "42", 2},
      {"0.12", "0.12", 2},
      {"100", "100", 2},
      {"101", "101", 3},
      {"1500", "1500", 2},
      {"420", "420", 3},
      {"-420", "-420", 4},
      {"0.012", "0.012", 3},
      {"12340", "12340", 4},
      {"1e2", "100", 2},
      {"1E+2", "100", 2},
      {"12.5e-1", "1.25", 3},
      {"0.00e-5", "0", 1},
      {"1e125", "1" + std::string(125, '0'), 2},
      {"-9.9e125", "-99" + std::string(124, '0'), 3},
      {"1e-130", "0." + std::string(129, '0') + "1", 2},
      {"-1e-130", "-0." + std::string(129, '0') + "1", 3},
      {nines, nines, 20},
      {"-" + nines, "-" + nines, 21},
      {"9." + std::string(37, '9'), "9." + std::string(37, '9'), 21},
      {"-9." + std::string(37, '9'), "-9." + std::string(37, '9'), 21},  // not 22 bytes, as on AWS
      {std::string(500, '0') + "8." + std::string(500, '0'), "8", 2},
      {"1" + std::string(50, '0') + "e-50", "1", 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string encoded = Num(row.text);
    CHECK(Print(encoded) == row.normal);
    CHECK(Num(row.normal) == encoded);
    CHECK(NumberAwsSize(encoded) == row.size);
  }
}

TEST_CASE("What is no number is refused with the service's text", "[core][number]") {
  const std::string no_number = "The parameter cannot be converted to a numeric value";
  const std::string overflow =
      "Number overflow. Attempting to store a number with magnitude larger than supported range";
  const std::string underflow =
      "Number underflow. Attempting to store a number with magnitude smaller than supported range";
  const std::string precise = "Attempting to store more than 38 significant digits in a Number";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", no_number + ": "},
      {"a", no_number + ": a"},
      {" 1", no_number + ":  1"},
      {"1 ", no_number + ": 1 "},
      {"1+2", no_number + ": 1+2"},
      {"+e2", no_number + ": +e2"},
      {".", no_number + ": ."},
      {"-", no_number + ": -"},
      {"--1", no_number + ": --1"},
      {"1e", no_number + ": 1e"},
      {"1e+", no_number + ": 1e+"},
      {"1e+-2", no_number + ": 1e+-2"},
      {"1.2.3", no_number + ": 1.2.3"},
      {"0x10", no_number + ": 0x10"},
      {"1_000", no_number + ": 1_000"},
      {"NaN", no_number + ": NaN"},
      {"Infinity", no_number + ": Infinity"},
      {"1e99999999999999999999", no_number + ": 1e99999999999999999999"},
      {"1e126", overflow},
      {"-1e126", overflow},
      {"10e125", overflow},
      {"1e99999999999", overflow},
      {"10e9223372036854775807", overflow},
      {"0e126", overflow},
      {"1e-131", underflow},
      {"0.1e-130", underflow},
      {"1e-99999999999", underflow},
      {"0.01e-9223372036854775808", underflow},
      {"0e-131", underflow},
      {std::string(39, '1'), precise},
      {"1." + std::string(37, '0') + "1", precise},
  };
  for (const auto& [text, message] : rows) {
    CAPTURE(text);
    const Result<EncodedNumber> number = ParseNumber(text);
    REQUIRE_FALSE(number.ok());
    CHECK(number.error().code == ErrorCode::kValidation);
    CHECK(number.error().message == message);
  }
}

TEST_CASE("Encoded numbers print exactly and are read back as the same bytes", "[core][number]") {
  constexpr std::uint32_t kSeed = 20240517;
  CAPTURE(kSeed);
  Samples samples(kSeed);
  for (int i = 0; i < 5000; ++i) {
    const Sample sample = samples.Next(130);
    const std::string encoded = Num(sample.text);
    const std::string printed = Print(encoded);
    INFO(sample.text);
    REQUIRE(ScaledOf(printed) == sample.scaled);
    REQUIRE(printed.find_first_of("eE+") == std::string::npos);
    REQUIRE(Num(printed) == encoded);
    REQUIRE(encoded.size() <= kMaxEncodedNumberSize);
  }
}

TEST_CASE("Bytewise order of encodings is numeric order", "[core][number]") {
  constexpr std::uint32_t kSeed = 77;
  CAPTURE(kSeed);
  Samples samples(kSeed);
  std::vector<std::pair<cpp_int, std::string>> numbers = {{0, Num("0")}};
  for (int i = 0; i < 600; ++i) {
    const Sample sample = samples.Next(i % 3 == 0 ? 130 : 3);
    numbers.emplace_back(sample.scaled, Num(sample.text));
    // Adds a neighbour, which differs by 1E-30, and the negated number.
    const cpp_int step = PowerOfTen(kScale - 30);
    for (const cpp_int& other : {cpp_int(sample.scaled + step), cpp_int(-sample.scaled)}) {
      if (IsStorable(other)) {
        numbers.emplace_back(other, Num(other.str() + "E-" + std::to_string(kScale)));
      }
    }
  }
  for (const auto& [a, encoded_a] : numbers) {
    for (const auto& [b, encoded_b] : numbers) {
      if ((a < b) != (encoded_a < encoded_b) || (a == b) != (encoded_a == encoded_b)) {
        FAIL("order of " << Print(encoded_a) << " and " << Print(encoded_b));
      }
    }
  }
}

// Checks the result of an operation: exact if it can be stored, refused otherwise.
void CheckExact(const Result<EncodedNumber>& result, const cpp_int& expected) {
  REQUIRE(result.ok() == IsStorable(expected));
  if (result.ok()) {
    const std::string encoded(result.value().view());
    REQUIRE(ScaledOf(Print(encoded)) == expected);
    REQUIRE(Num(Print(encoded)) == encoded);
    REQUIRE(encoded.size() <= kMaxEncodedNumberSize);
  } else {
    REQUIRE(result.error().code == ErrorCode::kValidation);
  }
}

TEST_CASE("Sums and differences are exact or refused", "[core][number]") {
  constexpr std::uint32_t kSeed = 4711;
  CAPTURE(kSeed);
  Samples samples(kSeed);
  int refused = 0;
  for (int i = 0; i < 6000; ++i) {
    const int spread = i % 4 == 0 ? 130 : 1 + samples.Below(30);
    const Sample a = samples.Next(spread);
    const Sample b = samples.Next(spread);
    CAPTURE(a.text, b.text);
    const std::string left = Num(a.text);
    const std::string right = Num(b.text);
    CheckExact(AddNumbers(left, right), a.scaled + b.scaled);
    CheckExact(SubtractNumbers(left, right), a.scaled - b.scaled);
    refused += IsStorable(a.scaled + b.scaled) ? 0 : 1;
  }
  // Numbers on both sides of the rule were frequent.
  CHECK(refused > 500);
  CHECK(refused < 5500);
}

TEST_CASE("Arithmetic keeps 38 digits and refuses the 39th", "[core][number]") {
  struct Row {
    std::string left;
    std::string right;
    std::string sum;  // empty: refused
  };
  const std::string nines(38, '9');
  const std::vector<Row> rows = {
      {"1", "2", "3"},
      {"0", "0", "0"},
      {"0", "-7.5", "-7.5"},
      {"7.5", "-7.5", "0"},
      {"0.1", "0.2", "0.3"},
      {nines, "1", "1" + std::string(38, '0')},
      {nines, "2", ""},
      {"1e37", "0.1", ""},
      {"1e37", "1", "1" + std::string(36, '0') + "1"},
      {"1e125", "1e-130", ""},
      {"9e125", "1e125", ""},
      {"-9e125", "-1e125", ""},
      {"9e125", "-9e125", "0"},
      {"1.1e-130", "-1e-130", ""},  // 1E-131 is below the range
      {"1e100", "-1", ""},
      {"1e38", "-1", std::string(38, '9')},
      {"1e39", "-1", ""},
      {"123456789012345678901234567890123456.78", "-0.78", "123456789012345678901234567890123456"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.left, row.right);
    const Result<EncodedNumber> sum = AddNumbers(Num(row.left), Num(row.right));
    REQUIRE(sum.ok() == !row.sum.empty());
    if (sum.ok()) {
      CHECK(Print(sum.value().view()) == row.sum);
    }
  }
}

}  // namespace
}  // namespace weir
