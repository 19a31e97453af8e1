// SPDX-License-Identifier: Apache-2.0
#include "core/time_text.h"

#include <catch2/catch.hpp>

namespace weir {
namespace {

constexpr Micros kTime(1'764'109'542'123'456);  // 2025-11-25T22:25:42.123456Z

TEST_CASE("Times are written in UTC", "[core][time_text]") {
  CHECK(UtcSeconds(kTime) == "2025-11-25T22:25:42");
  CHECK(UtcMicros(kTime) == "2025-11-25T22:25:42.123456Z");
  CHECK(UtcMicros(Micros(0)) == "1970-01-01T00:00:00.000000Z");
}

TEST_CASE("Times are read with fractions and zones", "[core][time_text]") {
  CHECK(ParseTime("2025-11-25T22:25:42.123456Z") == kTime);
  CHECK(ParseTime("2025-11-25T22:25:42.5Z") == kTime + Micros(376'544));
  CHECK(ParseTime("2025-11-25T22:25:42Z") == kTime - Micros(123'456));
  CHECK(ParseTime("2025-11-25T23:25:42.123456+01:00") == kTime);
  CHECK(ParseTime("2025-11-25T16:55:42.123456-05:30") == kTime);
  CHECK(ParseTime("1970-01-01") == Micros(0));
  CHECK(ParseTime("2024-02-29") == Micros(std::chrono::seconds(1'709'164'800)));
  CHECK(ParseTime("9999-12-31T23:59:59.999999Z") == Micros(253'402'300'799'999'999));
}

TEST_CASE("What is no time is refused", "[core][time_text]") {
  for (const char* text : {"",
                           "now",
                           "2025",
                           "2025-11-25T",
                           "2025-11-25T22:25:42",
                           "2025-11-25 22:25:42Z",
                           "2025-02-29",
                           "2025-13-01",
                           "2025-00-01",
                           "2025-1-01",
                           "2025-11-25T24:00:00Z",
                           "2025-11-25T22:60:00Z",
                           "2025-11-25T22:25:60Z",
                           "2025-11-25T22:25:42.Z",
                           "2025-11-25T22:25:42.1234567Z",
                           "2025-11-25T22:25:42Zz",
                           "2025-11-25T22:25:42+1:00",
                           "1969-12-31",
                           "1970-01-01T00:30:00+01:00",
                           "+025-11-25",
                           "2025-11-25T22:25Z"}) {
    INFO(text);
    CHECK_FALSE(ParseTime(text).has_value());
  }
}

TEST_CASE("Spans add up their parts", "[core][time_text]") {
  CHECK(ParseSpan("24h") == Micros(std::chrono::hours(24)));
  CHECK(ParseSpan("1d2h30m5s") == Micros(std::chrono::seconds(95'405)));
  CHECK(ParseSpan("500ms") == Micros(500'000));
  CHECK(ParseSpan("7us") == Micros(7));
  CHECK(ParseSpan("1.5h") == Micros(std::chrono::minutes(90)));
  CHECK(ParseSpan("0.000001s") == Micros(1));
  CHECK(ParseSpan("2.25ms") == Micros(2'250));
  CHECK(ParseSpan("0s") == Micros(0));
  CHECK(ParseSpan("3652500d") == Micros(std::chrono::hours(87'660'000)));
}

TEST_CASE("What is no span is refused", "[core][time_text]") {
  for (const char* text : {"", "1", "h", "1w", "-1h", "1 h", ".5h", "1.h", "1.1234567s", "1h2",
                           "3652501d", "3652500d1us", "99999999999999999999s"}) {
    INFO(text);
    CHECK_FALSE(ParseSpan(text).has_value());
  }
}

}  // namespace
}  // namespace weir
