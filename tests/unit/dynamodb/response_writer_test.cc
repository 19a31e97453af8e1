// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/wire/response_json.h"
#include "tests/unit/support/packed.h"

namespace weir::dynamodb {

enum class Colour : std::uint8_t { kRed, kBlue };

template <>
struct EnumNames<Colour> {
  static constexpr std::array<EnumName<Colour>, 2> kNames{
      {{"RED", Colour::kRed}, {"BLUE", Colour::kBlue}}};
};

}  // namespace weir::dynamodb

namespace weir::dynamodb {
namespace {

struct Inner {
  std::string text;
  static constexpr auto Fields() { return std::make_tuple(Field{"Text", &Inner::text}); }
};

struct Outer {
  std::int64_t integer = 0;
  double decimal = 0;
  bool truth = false;
  Colour colour = Colour::kBlue;
  Timestamp time;
  TimestampSeconds seconds;
  std::vector<Inner> list;
  std::optional<std::vector<std::string>> names;
  std::optional<std::string> text;
  std::optional<Inner> inner;
  Item item;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Integer", &Outer::integer}, Field{"Decimal", &Outer::decimal},
                           Field{"Truth", &Outer::truth}, Field{"Colour", &Outer::colour},
                           Field{"Time", &Outer::time}, Field{"Seconds", &Outer::seconds},
                           Field{"List", &Outer::list}, Field{"Names", &Outer::names},
                           Field{"Text", &Outer::text}, Field{"Inner", &Outer::inner},
                           Field{"Item", &Outer::item});
  }
};

struct OnlyOptional {
  std::optional<std::string> first;
  std::optional<std::string> second;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"First", &OnlyOptional::first},
                           Field{"Second", &OnlyOptional::second});
  }
};

template <class Struct>
std::string Written(const Struct& value) {
  std::string out;
  AppendJson(value, out);
  return out;
}

TEST_CASE("Members that are not there are left out", "[protocol][response]") {
  CHECK(Written(Outer{}) == R"({"Integer":0,"Decimal":0.0,"Truth":false,"Colour":"BLUE",)"
                            R"("Time":0.000,"Seconds":0,"List":[]})");
}

TEST_CASE("All kinds of members are written", "[protocol][response]") {
  Outer outer;
  outer.integer = -5;
  outer.decimal = 0.5;
  outer.truth = true;
  outer.colour = Colour::kRed;
  outer.time = {Micros(1'700'000'000'123'999)};
  outer.seconds = {Micros(1'700'000'000'999'999)};
  outer.list = {{"a"}, {"\"b\""}};
  outer.names = {"x", "y"};
  outer.text = "";
  outer.inner = Inner{"in"};
  outer.item = testing::StringItem({{"k", "v"}});
  CHECK(Written(outer) ==
        R"({"Integer":-5,"Decimal":0.5,"Truth":true,"Colour":"RED","Time":1700000000.123,)"
        R"("Seconds":1700000000,"List":[{"Text":"a"},{"Text":"\"b\""}],"Names":["x","y"],)"
        R"("Text":"","Inner":{"Text":"in"},"Item":{"k":{"S":"v"}}})");
}

TEST_CASE("An item without attributes is there, no item is not", "[protocol][response]") {
  Outer outer;
  outer.item = testing::StringItem({});
  CHECK(Written(outer).ends_with(R"("List":[],"Item":{}})"));
}

TEST_CASE("Commas stand only between members", "[protocol][response]") {
  CHECK(Written(OnlyOptional{}) == "{}");
  CHECK(Written(OnlyOptional{"a", {}}) == R"({"First":"a"})");
  CHECK(Written(OnlyOptional{{}, "b"}) == R"({"Second":"b"})");
  CHECK(Written(OnlyOptional{"a", "b"}) == R"({"First":"a","Second":"b"})");
}

TEST_CASE("Key attributes are picked from an item", "[protocol][response]") {
  const KeySchema schema{{"pk", ValueType::kString}, KeyAttribute{"a", ValueType::kString}};
  const Item item = testing::StringItem({{"pk", "1"}, {"b", "no"}, {"a", "2"}, {"z", "no"}});
  CHECK(Written(KeyAttributes{item, &schema}) == R"({"a":{"S":"2"},"pk":{"S":"1"}})");
}

}  // namespace
}  // namespace weir::dynamodb
