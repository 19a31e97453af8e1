// SPDX-License-Identifier: Apache-2.0
#include "core/value.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/value_writer.h"
#include "tests/unit/support/packed.h"

namespace weir {
namespace {

using testing::Num;
using testing::StringItem;

// The item {"a": value} with the value that `write` writes.
template <class Write>
Item One(const Write& write) {
  ValueWriter writer;
  writer.BeginItem();
  writer.Name("a");
  write(writer);
  return writer.FinishItem();
}

Value ValueOf(const Item& item) {
  const std::optional<Value> value = item.attributes().Find("a");
  REQUIRE(value.has_value());
  return *value;
}

std::vector<std::string> Names(MapView map) {
  std::vector<std::string> names;
  for (const MapView::Entry entry : map) {
    names.emplace_back(entry.name);
  }
  return names;
}

TEST_CASE("Each type is written and read back", "[core][value]") {
  const std::string text(300, 'x');  // its length takes two varint bytes
  const Item item = [&] {
    ValueWriter writer;
    const std::string two = Num("2");
    const std::string ten = Num("10");
    const std::array<std::string_view, 2> strings = {"x", "y"};
    const std::array<std::string_view, 2> numbers = {two, ten};
    writer.BeginItem();
    writer.Name("s");
    writer.String(text);
    writer.Name("n");
    writer.Number(two);
    writer.Name("b");
    writer.Binary(std::string_view("\0\xFF", 2));
    writer.Name("t");
    writer.Bool(true);
    writer.Name("f");
    writer.Bool(false);
    writer.Name("null");
    writer.Null();
    writer.Name("ss");
    writer.Set(ValueType::kStringSet, strings);
    writer.Name("ns");
    writer.Set(ValueType::kNumberSet, numbers);
    writer.Name("l");
    writer.BeginList();
    writer.String("first");
    writer.Null();
    writer.EndList();
    writer.Name("m");
    writer.BeginMap();
    writer.EndMap();
    return writer.FinishItem();
  }();
  const MapView attributes = item.attributes();
  CHECK(attributes.size() == 10);
  CHECK(attributes.Find("s")->bytes() == text);
  CHECK(attributes.Find("n")->bytes() == Num("2"));
  CHECK(attributes.Find("b")->bytes() == std::string_view("\0\xFF", 2));
  CHECK(attributes.Find("t")->boolean());
  CHECK_FALSE(attributes.Find("f")->boolean());
  CHECK(attributes.Find("null")->type() == ValueType::kNull);
  CHECK(attributes.Find("ss")->set().size() == 2);
  CHECK(attributes.Find("ss")->set().Contains("y"));
  CHECK_FALSE(attributes.Find("ss")->set().Contains("z"));
  CHECK(attributes.Find("ns")->set().Contains(Num("1e1")));
  CHECK(attributes.Find("l")->list().size() == 2);
  CHECK(attributes.Find("l")->list().At(0)->bytes() == "first");
  CHECK(attributes.Find("l")->list().At(1)->type() == ValueType::kNull);
  CHECK_FALSE(attributes.Find("l")->list().At(2).has_value());
  CHECK(attributes.Find("m")->map().empty());
  CHECK_FALSE(attributes.Find("absent").has_value());
  CHECK_FALSE(attributes.Find("").has_value());
  CHECK_FALSE(attributes.Find("zz").has_value());
}

TEST_CASE("Names are sorted by bytes wherever they were written", "[core][value]") {
  CHECK(Names(StringItem({{"b", "1"}, {"a", "2"}, {"ab", "3"}, {"Z", "4"}, {"\xC3\xA9", "5"}})
                  .attributes()) == std::vector<std::string>{"Z", "a", "ab", "b", "\xC3\xA9"});
  // A longer name sorts by its bytes, not by the length in front of them.
  const std::string long_name(200, 'a');
  CHECK(Names(StringItem({{"b", "1"}, {long_name, "2"}}).attributes()) ==
        std::vector<std::string>{long_name, "b"});
}

TEST_CASE("Of equal names the last value stays", "[core][value]") {
  const Item item = StringItem({{"b", "1"}, {"a", "2"}, {"b", "3"}, {"a", "4"}, {"b", "5"}});
  CHECK(item.SameContent(StringItem({{"a", "4"}, {"b", "5"}})));
  // This also holds if the names came in order, so that nothing is moved.
  CHECK(StringItem({{"a", "1"}, {"a", "2"}}).SameContent(StringItem({{"a", "2"}})));
}

// {"z": L[ {M of names in `order`}, "x", [ {M} ] ], "a": M{…}} with maps in lists in maps.
Item Nested(const std::vector<std::string>& order) {
  ValueWriter writer;
  const auto map = [&] {
    writer.BeginMap();
    for (const std::string& name : order) {
      writer.Name(name);
      writer.String("value of " + name);
    }
    writer.EndMap();
  };
  writer.BeginItem();
  writer.Name("z");
  writer.BeginList();
  map();
  writer.String("x");
  writer.BeginList();
  map();
  writer.EndList();
  writer.EndList();
  writer.Name("a");
  writer.BeginMap();
  writer.Name("outer");
  map();
  writer.Name("inner");
  writer.BeginList();
  map();
  writer.EndList();
  writer.EndMap();
  return writer.FinishItem();
}

TEST_CASE("Maps in lists in maps are sorted at every level", "[core][value]") {
  const Item item = Nested({"c", "a", "b", "a"});
  CHECK(item.SameContent(Nested({"a", "b", "c"})));
  const MapView attributes = item.attributes();
  CHECK(Names(attributes) == std::vector<std::string>{"a", "z"});
  CHECK(Names(attributes.Find("a")->map()) == std::vector<std::string>{"inner", "outer"});
  const ListView list = attributes.Find("z")->list();
  CHECK(list.size() == 3);
  CHECK(Names(list.At(0)->map()) == std::vector<std::string>{"a", "b", "c"});
  CHECK(list.At(1)->bytes() == "x");
  CHECK(Names(list.At(2)->list().At(0)->map()) == std::vector<std::string>{"a", "b", "c"});
  CHECK(NestingDepth(*attributes.Find("z")) == 3);
  CHECK(NestingDepth(*list.At(1)) == 0);
}

TEST_CASE("Values are equal when their content is, whatever their order", "[core][value]") {
  const Item item = Nested({"a", "b"});
  CHECK(item.SameContent(Nested({"b", "a"})));
  CHECK_FALSE(item.SameContent(Nested({"a", "c"})));
  CHECK_FALSE(item.SameContent(Item()));
  CHECK(Item().SameContent(Item()));
  // "No item" differs from an item without attributes.
  CHECK_FALSE(StringItem({}).SameContent(Item()));
  CHECK(StringItem({}));
  // Types matter: S "1" is not N 1, nor B "1", and SS ["1"] not L ["1"].
  const Item text = One([](ValueWriter& w) { w.String("1"); });
  const Item bytes = One([](ValueWriter& w) { w.Binary("1"); });
  const Item number = One([](ValueWriter& w) { w.Number(Num("1")); });
  const Item number_again = One([](ValueWriter& w) { w.Number(Num("1.0")); });
  CHECK_FALSE(text.SameContent(bytes));
  CHECK_FALSE(text.SameContent(number));
  CHECK(number.SameContent(number_again));
}

TEST_CASE("Copy writes a value of another item unchanged", "[core][value]") {
  const Item item = Nested({"a", "b"});
  ValueWriter writer;
  writer.BeginItem();
  for (const MapView::Entry entry : item.attributes()) {
    writer.Name(entry.name);
    writer.Copy(entry.value);
  }
  CHECK(writer.FinishItem().SameContent(item));
}

TEST_CASE("Sizes are those that AWS counts", "[core][value]") {
  const std::string ten = Num("10");
  const std::string minus = Num("-420");
  const std::array<std::string_view, 2> strings = {"ab", "c"};
  const std::array<std::string_view, 2> numbers = {minus, ten};
  const auto size = [](const auto& write) { return AwsSize(ValueOf(One(write))); };
  CHECK(size([](ValueWriter& w) { w.String(""); }) == 0);
  CHECK(size([](ValueWriter& w) { w.String("h\xC3\xA9"); }) == 3);  // UTF-8 bytes
  CHECK(size([](ValueWriter& w) { w.Binary(std::string(7, '\0')); }) == 7);
  CHECK(size([](ValueWriter& w) { w.Bool(true); }) == 1);
  CHECK(size([](ValueWriter& w) { w.Null(); }) == 1);
  CHECK(size([&](ValueWriter& w) { w.Set(ValueType::kStringSet, strings); }) == 3);
  CHECK(size([&](ValueWriter& w) { w.Set(ValueType::kBinarySet, strings); }) == 3);
  CHECK(size([&](ValueWriter& w) { w.Set(ValueType::kNumberSet, numbers); }) == 4 + 2);
  CHECK(size([](ValueWriter& w) {
          w.BeginList();
          w.EndList();
        }) == 3);
  CHECK(size([](ValueWriter& w) {
          w.BeginList();
          w.String("abc");
          w.Bool(true);
          w.EndList();
        }) == 3 + (1 + 3) + (1 + 1));
  CHECK(size([](ValueWriter& w) {
          w.BeginMap();
          w.Name("key");
          w.String("abc");
          w.EndMap();
        }) == 3 + (1 + 3 + 3));
}

TEST_CASE("Item sizes count names too", "[core][value][item]") {
  CHECK(Item().aws_size() == 0);
  CHECK(StringItem({}).aws_size() == 0);
  CHECK(StringItem({{"Username", "Fred"}}).aws_size() == 12);
  CHECK(StringItem({{"my_partition_key", "hello world"}, {"binary_key", "123456"}}).aws_size() ==
        43);
  ValueWriter writer;
  writer.BeginItem();
  writer.Name("Id");
  writer.Number(Num("101"));
  writer.Name("Message");
  writer.String("New item!");
  CHECK(writer.FinishItem().aws_size() == 5 + 16);
}

TEST_CASE("Type names are those of the wire", "[core][value]") {
  const std::vector<std::pair<ValueType, std::string_view>> rows = {
      {ValueType::kString, "S"},     {ValueType::kNumber, "N"},     {ValueType::kBinary, "B"},
      {ValueType::kStringSet, "SS"}, {ValueType::kNumberSet, "NS"}, {ValueType::kBinarySet, "BS"},
      {ValueType::kMap, "M"},        {ValueType::kList, "L"},       {ValueType::kNull, "NULL"},
      {ValueType::kBool, "BOOL"}};
  for (const auto& [type, name] : rows) {
    CHECK(TypeName(type) == name);
  }
}

}  // namespace
}  // namespace weir
