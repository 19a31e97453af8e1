// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_text.h"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace weir::protocol {
namespace {

template <class Append, class Value>
std::string Written(const Append& append, const Value& value) {
  std::string out = "before ";  // must stay
  append(value, out);
  REQUIRE(out.starts_with("before "));
  return out.substr(7);
}

TEST_CASE("Strings are escaped where JSON asks for it and nowhere else", "[protocol][json]") {
  const std::vector<std::pair<std::string_view, std::string>> rows = {
      {"", R"("")"},
      {"plain text / 'x'", R"("plain text / 'x'")"},
      {"\"", R"("\"")"},
      {"a\\b", R"("a\\b")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {std::string_view("\0x", 2), "\"\\u0000x\""},
      {"\x01\x1F", "\"\\u0001\\u001F\""},
      {"\x7F", "\"\x7F\""},
      {"h\xC3\xA9\xF0\x9F\x98\x80", "\"h\xC3\xA9\xF0\x9F\x98\x80\""},
      {"\"\"", R"("\"\"")"},
      {"end\n", R"("end\n")"},
  };
  for (const auto& [text, json] : rows) {
    CAPTURE(text);
    CHECK(Written(AppendJsonString, text) == json);
  }
}

TEST_CASE("Every byte below 0x80 is read back as it was", "[protocol][json]") {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string text = "<" + std::string(1, static_cast<char>(byte)) + ">";
    CHECK(nlohmann::json::parse(Written(AppendJsonString, text)) == text);
  }
}

TEST_CASE("Integers are written in full", "[protocol][json]") {
  CHECK(Written(AppendJsonInteger, 0) == "0");
  CHECK(Written(AppendJsonInteger, -1) == "-1");
  CHECK(Written(AppendJsonInteger, std::numeric_limits<std::int64_t>::max()) ==
        "9223372036854775807");
  CHECK(Written(AppendJsonInteger, std::numeric_limits<std::int64_t>::min()) ==
        "-9223372036854775808");
}

TEST_CASE("Doubles have a decimal point", "[protocol][json]") {
  CHECK(Written(AppendJsonDouble, 0.0) == "0.0");
  CHECK(Written(AppendJsonDouble, 1.0) == "1.0");
  CHECK(Written(AppendJsonDouble, 0.5) == "0.5");
  CHECK(Written(AppendJsonDouble, 12345678.0) == "12345678.0");
}

TEST_CASE("Times are seconds with three decimals", "[protocol][json]") {
  CHECK(Written(AppendJsonTime, Micros(0)) == "0.000");
  CHECK(Written(AppendJsonTime, Micros(1'700'000'000'000'000)) == "1700000000.000");
  CHECK(Written(AppendJsonTime, Micros(1'700'000'000'007'999)) == "1700000000.007");
  CHECK(Written(AppendJsonTime, Micros(1'700'000'000'999'999)) == "1700000000.999");
}

}  // namespace
}  // namespace weir::protocol
