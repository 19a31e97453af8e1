// SPDX-License-Identifier: Apache-2.0
#include "protocol/check_string.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/text.h"

namespace weir::protocol {
namespace {

TEST_CASE("Utf16Size counts as Java does", "[protocol][strings]") {
  CHECK(Utf16Size("") == 0);
  CHECK(Utf16Size("abc") == 3);
  CHECK(Utf16Size("\xC3\xA9") == 1);
  CHECK(Utf16Size("\xE2\x82\xAC") == 1);
  CHECK(Utf16Size("\xF0\x9F\x98\x80") == 2);
}

TEST_CASE("MatchesPattern follows the models' regular expressions", "[protocol][strings]") {
  struct Case {
    Pattern pattern;
    std::vector<std::string> good;
    std::vector<std::string> bad;
  };
  const std::string hex = "0123456789abcdef";
  const std::vector<Case> cases = {
      {Pattern::kNone, {"", "\n"}, {}},
      {Pattern::kName, {"a", "A-z_0.9"}, {"", "a b", "a:b", "\xC3\xA9", "a\n"}},
      {Pattern::kAccountId, {"012345678901"}, {"", "01234567890", "0123456789012", "01234567890a"}},
      {Pattern::kHexBlocks, {hex, hex + hex}, {"", hex + "0", "0123456789abcdeF"}},
      {Pattern::kNoDollar, {"a", "a b\n"}, {"", "a$", "$"}},
      {Pattern::kBucketName, {"ab", "a.-_b", "A0"}, {"", "a", "-ab", "ab.", "a b", "a\xC3\xA9z"}},
      {Pattern::kCsvDelimiter, {",", ";", ":", "|", "\t", " "}, {"", "a", ",,"}},
      {Pattern::kCsvHeader, {"", "a b!~"}, {"a,b", "a\"b", "\t", "\x7F"}},
      {Pattern::kPrintable, {" ", "a~"}, {"", "\t", "\x7F", "\xC3\xA9"}},
      {Pattern::kXmlText, {"", "a\r\n\t", "\xC3\xA9"}, {"\x01", std::string(1, '\0')}},
  };
  for (const Case& one : cases) {
    CAPTURE(static_cast<int>(one.pattern));
    for (const std::string& text : one.good) {
      CAPTURE(text);
      CHECK(MatchesPattern(one.pattern, text));
    }
    for (const std::string& text : one.bad) {
      CAPTURE(text);
      CHECK_FALSE(MatchesPattern(one.pattern, text));
    }
  }
}

}  // namespace
}  // namespace weir::protocol
