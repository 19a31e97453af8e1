// SPDX-License-Identifier: Apache-2.0
#include "stream/sequence_number.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

namespace weir::stream {
namespace {

constexpr Micros kEpoch{1'700'000'123'456'789};

TEST_CASE("A sequence number is the stream's second and a number, 28 digits", "[stream]") {
  CHECK(FormatSequenceNumber(kEpoch, 0) == "1700000123000000000000000000");
  CHECK(FormatSequenceNumber(kEpoch, NumberOf(1)) == "1700000123000000000001000000");
  CHECK(FormatSequenceNumber(Micros(0), 7) == "0000000000000000000000000007");
  CHECK(FormatSequenceNumber(kEpoch, 999'999'999'999'999'999) == "1700000123999999999999999999");
}

TEST_CASE("Sequence numbers grow as text and as integers alike", "[stream]") {
  std::vector<std::uint64_t> positions = {1, 2, 9, 10, 99, 100, 1'000'000, 123'456'789'012};
  std::string previous;
  for (const std::uint64_t position : positions) {
    const std::string text = FormatSequenceNumber(kEpoch, NumberOf(position));
    CHECK(text.size() == 28);  // AWS: 21 to 40 digits
    CHECK(text > previous);
    previous = text;
  }
  // The numbers of a stream that was enabled later sort after those of one enabled earlier.
  CHECK(FormatSequenceNumber(kEpoch + std::chrono::seconds(1), 0) > previous);
}

TEST_CASE("A sequence number is read back", "[stream]") {
  constexpr std::uint32_t kSeed = 3;
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t number = random() % 1'000'000'000'000'000'000;
    REQUIRE(ParseSequenceNumber(kEpoch, FormatSequenceNumber(kEpoch, number)) == number);
  }
}

TEST_CASE("What is no sequence number of the stream is refused", "[stream]") {
  const std::string good = FormatSequenceNumber(kEpoch, NumberOf(5));
  REQUIRE(ParseSequenceNumber(kEpoch, good).has_value());
  const std::vector<std::string> bad = {
      "",
      "5",
      good.substr(1),
      good.substr(0, 27),
      good + "0",
      "0" + good,
      std::string(28, 'x'),
      good.substr(0, 27) + "x",
      good.substr(0, 27) + " ",
      good.substr(0, 10) + "+" + good.substr(11),
      good.substr(0, 10) + "-" + good.substr(11),
      FormatSequenceNumber(kEpoch + std::chrono::seconds(1), NumberOf(5)),
  };
  for (const std::string& text : bad) {
    CAPTURE(text);
    CHECK_FALSE(ParseSequenceNumber(kEpoch, text).has_value());
  }
}

}  // namespace
}  // namespace weir::stream
