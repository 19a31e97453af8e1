// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/wildcard.h"

#include <string>

#include "tests/unit/filter/matching.h"

namespace weir::consumers {
namespace {

TEST_CASE("A star of a wildcard stands for any text", "[filter][wildcard]") {
  CheckValues(std::vector<ValueCase>{
      {R"([{"wildcard":"a*b"}])", R"("ab")", true},
      {R"([{"wildcard":"a*b"}])", R"("axxb")", true},
      {R"([{"wildcard":"a*b"}])", R"("axxbc")", false},
      {R"([{"wildcard":"a*a"}])", R"("a")", false},  // the ends don't overlap
      {R"([{"wildcard":"*"}])", R"("")", true},
      {R"([{"wildcard":"*"}])", "1", false},
      {R"([{"wildcard":""}])", R"("")", true},
      {R"([{"wildcard":"abc"}])", R"("abc")", true},
      {R"([{"wildcard":"abc"}])", R"("abcd")", false},
      {R"([{"wildcard":"*abab*"}])", R"("xabaabab")", true},  // the search steps back in the piece
      {R"([{"wildcard":"*abab*"}])", R"("xabaaba")", false},
      {R"([{"wildcard":"*a*b*c*"}])", R"("xaxbxcx")", true},
      {R"([{"wildcard":"*a*b*c*"}])", R"("xaxcxbx")", false},
      {R"([{"wildcard":"a\\*b"}])", R"("a*b")", true},
      {R"([{"wildcard":"a\\*b"}])", R"("axb")", false},
      {R"([{"wildcard":"a\\\\*"}])", R"("a\\b")", true},  // a backslash, then a star
      {R"([{"wildcard":"*\\**"}])", R"("x*y")", true},
      {R"([{"wildcard":"A*"}])", R"("ab")", false},
  });
}

TEST_CASE("A wildcard takes linear time for texts made to be slow", "[filter][wildcard]") {
  std::string pattern = "*";
  for (int i = 0; i < 100; ++i) {
    pattern += "aaaaaaaaab*";
  }
  const auto wildcard = Wildcard::Parse(pattern);
  REQUIRE(wildcard.ok());
  CHECK_FALSE(wildcard.value().Matches(std::string(400'000, 'a')));
}

}  // namespace
}  // namespace weir::consumers
