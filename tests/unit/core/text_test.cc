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

}  // namespace
}  // namespace weir
