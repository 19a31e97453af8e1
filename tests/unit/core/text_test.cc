// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <catch2/catch.hpp>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {
namespace {

TEST_CASE("Text is measured in UTF-16 code units", "[core][text]") {
  const std::vector<std::pair<std::string_view, std::size_t>> rows = {
      {"", 0},
      {"abc", 3},
      {std::string_view("\0a", 2), 2},
      {"\x7F", 1},
      {"\xC2\x80", 1},              // U+0080, the first of two bytes
      {"h\xC3\xA9", 2},             // é
      {"\xE2\x82\xAC", 1},          // €
      {"\xEF\xBF\xBD", 1},          // U+FFFD, near the end of the basic plane
      {"\xF0\x90\x80\x80", 2},      // U+10000, the first surrogate pair
      {"\xF0\x9F\x98\x80x", 3},     // an emoji and a letter
      {"\xF4\x8F\xBF\xBF", 2},      // U+10FFFF, the last
      {"\xE2\x82\xAC\xC3\xA9", 2},  // several in a row
  };
  for (const auto& [text, units] : rows) {
    CAPTURE(text);
    CHECK(Utf16Size(text) == units);
  }
}

TEST_CASE("Text is cut between characters", "[core][text]") {
  const std::string_view text = "a\xC3\xA9\xE2\x82\xAC";  // aé€
  CHECK(TruncateUtf8(text, 6) == text);
  CHECK(TruncateUtf8(text, 5) == "a\xC3\xA9");
  CHECK(TruncateUtf8(text, 3) == "a\xC3\xA9");
  CHECK(TruncateUtf8(text, 2) == "a");
  CHECK(TruncateUtf8(text, 0).empty());
}

TEST_CASE("A part is found wherever it stands", "[core][text]") {
  CHECK(ContainsText("abcabd", "abd"));
  CHECK_FALSE(ContainsText("abcabd", "abe"));
  CHECK(ContainsText("", ""));
  CHECK(ContainsText("a", ""));
  CHECK_FALSE(ContainsText("", "a"));
  CHECK_FALSE(ContainsText("ab", "abc"));
  CHECK(ContainsText(std::string_view("a\0b\0c", 5), std::string_view("\0c", 2)));
}

TEST_CASE("Texts made to be slow are searched in linear time", "[core][text]") {
  // A search that takes time in proportion to the product of both lengths would take a minute.
  const std::string text(4'000'000, 'a');
  for (const std::size_t size : {2UL, 100UL, 300UL, 2'000'000UL}) {
    CHECK_FALSE(ContainsText(text, std::string(size, 'a') + "b"));
    CHECK_FALSE(ContainsText(text, "b" + std::string(size, 'a')));
  }
}

TEST_CASE("What a terminal would obey is escaped", "[core][text]") {
  const std::vector<std::pair<std::string_view, std::string_view>> rows = {
      {"plain h\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80",
       "plain h\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"},
      {"a\x1b[2J", "a\\u001b[2J"},
      {"a\r\nb\tc", "a\\u000d\\u000ab\\u0009c"},
      {std::string_view("\0", 1), "\\u0000"},
      {"\x7F", "\\u007f"},
      {"\xC2\x9B"
       "31m",
       "\\u009b31m"},  // C1: CSI in one character
      {"\x9B"
       "31m",
       "\\x9b31m"},  // the same as a single byte, which is not UTF-8
      {"\xE2\x80\xAE"
       "abc",
       "\\u202eabc"},               // right-to-left override
      {"\xE2\x81\xA6", "\\u2066"},  // left-to-right isolate
      {"\xD8\x9C", "\\u061c"},      // Arabic letter mark
      {"\xE2\x80\xA8", "\\u2028"},  // line separator
      {"\xFF\xC3", "\\xff\\xc3"},
      {"\xE2\x82", "\\xe2\\x82"},  // cut off
      {"\xC0\x9B", "\\xc0\\x9b"},  // an overlong encoding
  };
  for (const auto& [text, printable] : rows) {
    CAPTURE(printable);
    CHECK(Printable(text) == printable);
  }
}

}  // namespace
}  // namespace weir
