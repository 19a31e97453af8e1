// SPDX-License-Identifier: Apache-2.0
#include "core/mutable_value.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "tests/unit/expression/notation.h"

namespace weir {
namespace {

using expression::Parse;
using expression::Text;

// The map `value` as an item, in the notation of tests/unit/expression/notation.h.
std::string Written(const MutableValue& value) {
  ValueWriter writer;
  writer.BeginItem();
  value.WriteMembers(writer);
  return Text(writer.FinishItem());
}

MutableValue Attribute(const Item& item, std::string_view name) {
  return MutableValue(*item.attributes().Find(name));
}

}  // namespace

TEST_CASE("A mutable value changes only along the path", "[core][MutableValue]") {
  const Item item = Parse("{a=1 m={x={y=2} z=<'p'>} l=[1 [2 3] {q=4}]}");
  MutableValue value(item.attributes());
  CHECK(Written(value) == Text(item));

  REQUIRE(value.Member("m") != nullptr);
  REQUIRE(value.Member("m")->Member("x") != nullptr);
  CHECK(value.Member("m")->Member("x")->SetMember("new", Attribute(item, "a")));
  CHECK(value.Member("l")->Element(1)->SetElement(0, Attribute(item, "a")));
  CHECK(value.SetMember("b", Attribute(item, "m")));
  CHECK(value.EraseMember("a"));
  CHECK(value.EraseMember("zz"));
  CHECK(Written(value) == "{b={x={y=2} z=<'p'>} l=[1 [1 3] {q=4}] m={x={new=1 y=2} z=<'p'>}}");
  CHECK(Text(item) == "{a=1 l=[1 [2 3] {q=4}] m={x={y=2} z=<'p'>}}");
}

TEST_CASE("List indices are those of the original list", "[core][MutableValue]") {
  const Item item = Parse("{l=[0 1 2 3] n=9 s='end'}");
  MutableValue value(item.attributes());
  MutableValue& list = *value.Member("l");
  CHECK(list.EraseElement(0));
  CHECK(list.EraseElement(2));
  CHECK(list.EraseElement(77));
  CHECK(list.SetElement(3, Attribute(item, "n")));
  CHECK(list.SetElement(50, Attribute(item, "s")));
  CHECK(list.SetElement(40, Attribute(item, "n")));
  CHECK(list.Element(0) == nullptr);
  CHECK(list.Element(1) != nullptr);
  CHECK(Written(value) == "{l=[1 9 9 'end'] n=9 s='end'}");
}

TEST_CASE("Scalars, and the wrong kind of container, have nothing inside", "[core][MutableValue]") {
  const Item item = Parse("{a=1 m={} l=[]}");
  MutableValue value(item.attributes());
  CHECK(value.Member("a")->Member("x") == nullptr);
  CHECK(value.Member("a")->Element(0) == nullptr);
  CHECK_FALSE(value.Member("a")->SetMember("x", Attribute(item, "a")));
  CHECK_FALSE(value.Member("m")->SetElement(0, Attribute(item, "a")));
  CHECK_FALSE(value.Member("l")->SetMember("x", Attribute(item, "a")));
  CHECK_FALSE(value.Member("l")->EraseMember("x"));
  CHECK_FALSE(value.Member("m")->EraseElement(0));
  CHECK(value.Member("zz") == nullptr);
  CHECK(value.type() == ValueType::kMap);
  CHECK(value.Member("l")->type() == ValueType::kList);
  CHECK(value.Member("a")->type() == ValueType::kNumber);
}

TEST_CASE("A mutable value is a regular type", "[core][MutableValue]") {
  const Item item = Parse("{m={x=[1 2]} same={x=[1 2]} n=7}");
  MutableValue one = Attribute(item, "m");
  const MutableValue two = Attribute(item, "same");
  CHECK(one == two);
  // It makes no difference whether a value has been unpacked.
  REQUIRE(one.Member("x")->Element(0) != nullptr);
  CHECK(one == two);

  MutableValue copy = one;
  REQUIRE(copy.SetMember("y", Attribute(item, "n")));
  CHECK_FALSE(copy == one);
  CHECK(one == two);

  const MutableValue moved = std::move(copy);
  CHECK(Written(moved) == "{x=[1 2] y=7}");
  copy = two;
  CHECK(copy == two);
}

TEST_CASE("A copied value outlives its buffer and what is moved", "[core][MutableValue]") {
  MutableValue value = [] {
    const Item item = Parse("{m={inner={a-rather-long-member-name=[1 2 3]}}}");
    return MutableValue::Copy(*item.attributes().Find("m"));
  }();
  REQUIRE(value.Member("inner") != nullptr);
  MutableValue moved = std::move(value);
  MutableValue* list = moved.Member("inner")->Member("a-rather-long-member-name");
  REQUIRE(list != nullptr);
  CHECK(list->EraseElement(1));
  CHECK(Written(moved) == "{inner={a-rather-long-member-name=[1 3]}}");

  const Item number = Parse("{n=-12.5}");
  CHECK(MutableValue::Number(number.attributes().Find("n")->bytes()) == Attribute(number, "n"));
}

}  // namespace weir
