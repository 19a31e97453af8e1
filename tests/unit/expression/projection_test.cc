// SPDX-License-Identifier: Apache-2.0
#include "expression/projection.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

using Names = std::vector<std::pair<std::string, std::string>>;

// The part of `item` that the projection selects, or the error text without its prefix.
std::string Project(std::string_view text, std::string_view item = "{}") {
  const Names names = {{"#a", "a"}, {"#3", "[3]"}};
  Placeholders placeholders{Placeholders::NameList(names), std::nullopt};
  const Result<Projection> projection = Projection::Parse(text, placeholders);
  if (!projection.ok()) {
    constexpr std::string_view kPrefix = "Invalid ProjectionExpression: ";
    const std::string& message = projection.error().message;
    REQUIRE(message.substr(0, kPrefix.size()) == kPrefix);
    return message.substr(kPrefix.size());
  }
  return Text(projection.value().Apply(Parse(item).attributes()));
}

struct Case {
  std::string_view text;
  std::string_view expected;
};

}  // namespace

TEST_CASE("Projections keep the hierarchy and close lists up", "[expression][projection]") {
  const Case test_case = GENERATE(values<Case>({
      {"a", "{a=1}"},
      {"zz", "{}"},
      {"a, zz, s", "{a=1 s=<'x'>}"},
      {"#a", "{a=1}"},
      {"m.x", "{m={x=1}}"},
      {"m.y.z", "{m={y={z='d'}}}"},
      {"m.x, m.y.z", "{m={x=1 y={z='d'}}}"},
      {"m.q", "{}"},
      {"m.x.q", "{}"},
      {"m[0]", "{}"},
      {"a.b", "{}"},
      {"l[0]", "{l=[10]}"},
      {"l[3], l[0]", "{l=[10 13]}"},
      {"l[9], l[1]", "{l=[11]}"},
      {"l[9]", "{}"},
      {"l[2].x, l[0]", "{l=[10 {x=3}]}"},
      {"l[2].y[1], l[2].x", "{l=[{x=3 y=['q']}]}"},
      {"l[2].zz", "{}"},
      {"l.x", "{}"},
      {"e, el", "{e={} el=[]}"},
      {"e.x, el[0]", "{}"},
  }));
  CAPTURE(test_case.text);
  CHECK(Project(test_case.text,
                "{a=1 s=<'x'> m={x=1 y={z='d' w=2}} l=[10 11 {x=3 y=['p' 'q']} 13] e={} el=[]}") ==
        test_case.expected);
}

TEST_CASE("Projections are refused in the service's words", "[expression][projection]") {
  const Case test_case = GENERATE(values<Case>({
      {"", "The expression can not be empty;"},
      {"  ", "Syntax error; token: \"<EOF>\", near: \"  \""},
      {"a b", "Syntax error; token: \"b\", near: \"a b\""},
      {"a,", "Syntax error; token: \"<EOF>\", near: \",\""},
      {",a", "Syntax error; token: \",\", near: \",a\""},
      {"(a)", "Syntax error; token: \"(\", near: \"(a\""},
      {"size(a)", "Syntax error; token: \"(\", near: \"size(a\""},
      {":v", "Syntax error; token: \":v\", near: \":v\""},
      {"a.set", "Syntax error; token: \"set\", near: \".set\""},
      {"a[0]b", "Syntax error; token: \"b\", near: \"]b\""},
      {"abort", "Attribute name is a reserved keyword; reserved keyword: abort"},
      {"#x, abort", "Attribute name is a reserved keyword; reserved keyword: abort"},
      {"a.#x",
       "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"a[99999999999]", "List index is not within the allowable range; index: [99999999999]"},
      {"a, a",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [a], path two: [a]"},
      {"a, #a[1]",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [a], path two: [a, [1]]"},
      {"b[1], b.a, #a.b, a",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [a, b], path two: [a]"},
      {"a.b, #a[1]",
       "Two document paths conflict with each other; must remove or rewrite one of these paths; "
       "path one: [a, b], path two: [a, [1]]"},
      {"#a[3].b, a.#3.b",
       "Two document paths conflict with each other; must remove or rewrite one of these paths; "
       "path one: [a, [3], b], path two: [a, [3], b]"},
      {"a.b, a.c, d[0], d[1]", "{}"},
  }));
  CAPTURE(test_case.text);
  CHECK(Project(test_case.text) == test_case.expected);
}

TEST_CASE("A projection names its top-level attributes", "[expression][projection]") {
  Placeholders placeholders;
  const Result<Projection> projection = Projection::Parse("a.b, c, a.d", placeholders);
  REQUIRE(projection.ok());
  REQUIRE(projection.value().attributes().size() == 2);
  CHECK(projection.value().attributes()[0].name == "a");
  CHECK(projection.value().attributes()[0].nested);
  CHECK(projection.value().attributes()[1].name == "c");
  CHECK_FALSE(projection.value().attributes()[1].nested);
}

TEST_CASE("AttributesToGet takes names as they stand", "[expression][legacy][projection]") {
  const std::vector<std::string> names = {"m.x", "b", "gone", "[0]", "a"};
  const Projection projection = Projection::OfAttributes(names);
  const Item item = Parse("{a=1 b={c=[1 2]} m={x=1} m.x='dots' z=1}");
  CHECK(Text(projection.Apply(item.attributes())) == "{a=1 b={c=[1 2]} m.x='dots'}");
  CHECK(Text(projection.Apply(Item().attributes())) == "{}");
  REQUIRE(projection.attributes().size() == names.size());
  CHECK(projection.attributes()[0].name == "m.x");
  CHECK_FALSE(projection.attributes()[0].nested);
}

}  // namespace weir::expression
