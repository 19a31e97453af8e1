// SPDX-License-Identifier: Apache-2.0
#include "expression/syntax_cache.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "expression/condition.h"
#include "expression/placeholders.h"
#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

// How often a text was read rather than found.
int reads = 0;

// Takes any text but "bad"; its syntax is one operator for each character.
Result<Syntax> Read(Faults faults, std::string_view text) {
  ++reads;
  if (text == "bad") {
    return faults.Make("bad");
  }
  Syntax syntax;
  syntax.operators = text.size();
  return syntax;
}

std::size_t OperatorsOf(const std::string& text, ExpressionKind kind = ExpressionKind::kFilter) {
  const Result<const Syntax*> syntax = SyntaxOf(Faults(kind), text, Read);
  REQUIRE(syntax.ok());
  return syntax.value()->operators;
}

TEST_CASE("A text is read once, and once more for another kind of expression", "[expression]") {
  reads = 0;
  for (int i = 0; i < 3; ++i) {
    CHECK(OperatorsOf("once and again") == 14);
  }
  CHECK(reads == 1);
  CHECK(OperatorsOf("once and again", ExpressionKind::kCondition) == 14);
  CHECK(reads == 2);
  CHECK(OperatorsOf("once and again") == 14);
  CHECK(reads == 2);
}

TEST_CASE("A refused text is refused again, each time in the words of its parameter",
          "[expression]") {
  for (const auto& [kind, prefix] :
       {std::pair(ExpressionKind::kFilter, "Invalid FilterExpression: "),
        std::pair(ExpressionKind::kUpdate, "Invalid UpdateExpression: ")}) {
    for (int i = 0; i < 2; ++i) {
      const Result<const Syntax*> syntax = SyntaxOf(Faults(kind), "bad", Read);
      REQUIRE_FALSE(syntax.ok());
      CHECK(syntax.error().message == std::string(prefix) + "bad");
    }
  }
}

TEST_CASE("However many texts there are, each gets its own syntax", "[expression]") {
  reads = 0;
  for (int round = 0; round < 3; ++round) {
    for (std::size_t size = 1; size <= 2000; ++size) {
      if (OperatorsOf(std::string(size, 'x')) != size) {
        FAIL("a text of " << size << " bytes got another's syntax");
      }
    }
  }
  // What is kept is bounded: of 2,000 texts most are read anew in each round.
  CHECK(reads > 5000);
  CHECK(reads <= 6000);
}

TEST_CASE("A kept syntax has the names and values of each request for itself", "[expression]") {
  const std::vector<std::string> attributes = {"first", "second", "first"};
  for (const std::string& attribute : attributes) {
    // Nothing of the request before is left when the next one comes.
    const std::string text = "#a = :v AND attribute_exists(rest)";
    const std::vector<std::pair<std::string, std::string>> names = {{"#a", attribute}};
    const Item values = Parse(attribute == "first" ? "{:v=1}" : "{:v='text'}");
    Placeholders placeholders{Placeholders::NameList(names), values.attributes()};
    const Result<Condition> condition =
        Condition::Parse(ConditionKind::kCondition, text, placeholders);
    REQUIRE(condition.ok());
    const bool is_first = attribute == "first";
    CHECK(condition.value().Evaluate(Parse("{first=1 rest=0}").attributes()) == is_first);
    CHECK(condition.value().Evaluate(Parse("{rest=0 second='text'}").attributes()) != is_first);
    CHECK(placeholders.CheckUnused().ok());
  }
  Placeholders none;
  const Result<Condition> refused =
      Condition::Parse(ConditionKind::kCondition, "#a = :v AND attribute_exists(rest)", none);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message ==
        "Invalid ConditionExpression: An expression attribute name used in the document path is "
        "not defined; attribute name: #a");
}

}  // namespace
}  // namespace weir::expression
