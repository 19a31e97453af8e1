// SPDX-License-Identifier: Apache-2.0
#include "services/logs/filter_pattern.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

namespace weir::logs {
namespace {

bool Matches(std::string_view pattern, std::string_view message) {
  const LogsResult<FilterPattern> parsed = FilterPattern::Parse(pattern);
  REQUIRE(parsed.ok());
  return parsed.value().Matches(message);
}

std::string Fault(std::string_view pattern) {
  const LogsResult<FilterPattern> parsed = FilterPattern::Parse(pattern);
  REQUIRE(!parsed.ok());
  CHECK(parsed.error().code == LogsErrorCode::kInvalidParameter);
  return parsed.error().message;
}

TEST_CASE("A filter pattern wants all plain terms, by case", "[logs][FilterPattern]") {
  CHECK(Matches("", "anything"));
  CHECK(Matches("  ", "anything"));
  CHECK(Matches("ERROR", "[ERROR 400] BAD REQUEST"));
  CHECK(!Matches("error", "[ERROR 400] BAD REQUEST"));
  CHECK(Matches("ERROR REQUEST", "[ERROR 400] BAD REQUEST"));
  CHECK(!Matches("ERROR WARN", "[ERROR 400] BAD REQUEST"));
}

TEST_CASE("A filter pattern takes quoted terms with spaces, quotes and signs",
          "[logs][FilterPattern]") {
  CHECK(Matches(R"("BAD REQUEST")", "[ERROR 400] BAD REQUEST"));
  CHECK(!Matches(R"("BAD  REQUEST")", "[ERROR 400] BAD REQUEST"));
  CHECK(Matches(R"("say \"hi\"")", R"(they say "hi")"));
  CHECK(Matches(R"("a\\b")", R"(a\b)"));
  CHECK(Matches(R"("-x" "{")", "{ -x }"));
  CHECK(Matches(R"(a"b c")", "b c and a"));
}

TEST_CASE("A filter pattern leaves out messages with excluded terms", "[logs][FilterPattern]") {
  CHECK(Matches("ERROR -EXITING", "ERROR one"));
  CHECK(!Matches("ERROR -EXITING", "ERROR EXITING"));
  CHECK(Matches("-EXITING", "anything"));
  CHECK(!Matches(R"(-"BAD REQUEST")", "BAD REQUEST"));
}

TEST_CASE("Of the optional terms of a filter pattern one is enough, and none beside a plain one",
          "[logs][FilterPattern]") {
  CHECK(Matches("?ERROR ?WARN", "WARN of it"));
  CHECK(!Matches("?ERROR ?WARN", "INFO"));
  CHECK(Matches("?ERROR INFO", "INFO"));
  CHECK(!Matches("?ERROR -INFO", "INFO ERROR"));
}

TEST_CASE("Filter patterns of other kinds are refused by name", "[logs][FilterPattern]") {
  CHECK(Fault("{ $.level = \"ERROR\" }") == "JSON filter patterns are not supported by Weir yet");
  CHECK(Fault(" [ip, user]") == "Space-delimited filter patterns are not supported by Weir yet");
  CHECK(Fault("%ERR.*%") == "Regular expressions in filter patterns are not supported by Weir yet");
  CHECK(Fault("-%ERR%") == "Regular expressions in filter patterns are not supported by Weir yet");
  CHECK(Fault("\"open") == "Invalid filter pattern");
  CHECK(Fault("a - b") == "Invalid filter pattern");
  CHECK(Fault("\"\"") == "Invalid filter pattern");
}

}  // namespace
}  // namespace weir::logs
