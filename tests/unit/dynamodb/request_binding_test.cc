// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/request_binding.h"

#include <array>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "tests/unit/support/packed.h"

namespace weir::dynamodb {

enum class Size : std::uint8_t { kSmall, kLarge };

template <>
struct EnumNames<Size> {
  static constexpr std::array<EnumName<Size>, 2> kNames{
      {{"SMALL", Size::kSmall}, {"LARGE", Size::kLarge}}};
};

}  // namespace weir::dynamodb

namespace weir::dynamodb {
namespace {

using testing::TextOf;

// A model with one more member than the structs have, at both levels.
const protocol::Shape kText{.name = "Text", .kind = protocol::ShapeKind::kString};
const protocol::Shape kLong{.name = "Long", .kind = protocol::ShapeKind::kLong};
const protocol::Shape kFlag{.name = "Flag", .kind = protocol::ShapeKind::kBoolean};
const protocol::Shape kTime{.name = "Time", .kind = protocol::ShapeKind::kTimestamp};
const protocol::Shape kValues{.name = "Values", .kind = protocol::ShapeKind::kMap};
const std::array<protocol::ShapeMember, 2> kInnerMembers{{{"Text", &kText}, {"Later", &kText}}};
const protocol::Shape kInner{.name = "Inner", .members = kInnerMembers};
const protocol::Shape kInners{
    .name = "Inners", .kind = protocol::ShapeKind::kList, .element = &kInner};
const std::array<protocol::ShapeMember, 10> kOuterMembers{{{"Name", &kText},
                                                           {"Limit", &kLong},
                                                           {"Flag", &kFlag},
                                                           {"Time", &kTime},
                                                           {"Size", &kText},
                                                           {"Inners", &kInners},
                                                           {"Item", &kValues},
                                                           {"Names", &kValues},
                                                           {"Values", &kValues},
                                                           {"Unsupported", &kText}}};
const protocol::Shape kOuter{.name = "Outer", .members = kOuterMembers};

struct Inner {
  std::optional<std::string> text;
  static constexpr auto Fields() { return std::make_tuple(Field{"Text", &Inner::text}); }
};

struct Outer {
  std::string name;
  std::optional<std::int64_t> limit;
  std::optional<bool> flag;
  std::optional<Timestamp> time;
  std::optional<Size> size;
  std::optional<std::vector<Inner>> inners;
  Item item;
  std::optional<NameMap> names;
  ExpressionValues values;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Name", &Outer::name}, Field{"Limit", &Outer::limit},
                           Field{"Flag", &Outer::flag}, Field{"Time", &Outer::time},
                           Field{"Size", &Outer::size}, Field{"Inners", &Outer::inners},
                           Field{"Item", &Outer::item}, Field{"Names", &Outer::names},
                           Field{"Values", &Outer::values});
  }
};

Result<Outer> Bind(const std::string& json, Wording options = {}) {
  const auto tree = protocol::JsonTree::Parse(json);
  REQUIRE(tree);
  Outer outer;
  WEIR_RETURN_IF_ERROR(RequestBinder(options).Bind(tree->root(), kOuter, outer));
  return outer;
}

Outer Bound(const std::string& json) {
  const Result<Outer> outer = Bind(json);
  REQUIRE(outer.ok());
  return outer.value();
}

std::string Fault(const std::string& json, Wording options = {}) {
  const Result<Outer> outer = Bind(json, options);
  return outer.ok() ? "" : outer.error().message;
}

// The fault in a value that the binder keeps for Validate.
ApiError ValueFaultOf(const std::string& json, Wording options = {}) {
  const auto tree = protocol::JsonTree::Parse(json);
  REQUIRE(tree);
  Outer outer;
  RequestBinder binder(options);
  REQUIRE(binder.Bind(tree->root(), kOuter, outer).ok());
  REQUIRE(binder.value_fault().has_value());
  return *binder.value_fault();
}

TEST_CASE("Members are read by their names", "[protocol][binding]") {
  const Outer outer = Bound(R"({"Name":"n","Limit":-5,"Flag":"yes","Time":1700000000.1239,
      "Size":"LARGE","Inners":[{"Text":"a"},{}],"Item":{"k":{"S":"v"}},
      "Names":{"#b":"x","#a":"y"},"Values":{":v":{"S":"w"}}})");
  CHECK(outer.name == "n");
  CHECK(outer.limit == -5);
  CHECK(outer.flag == true);
  CHECK(outer.time->time == Micros(1'700'000'000'124'000));  // rounded to the millisecond
  CHECK(outer.size == Size::kLarge);
  REQUIRE(outer.inners->size() == 2);
  CHECK((*outer.inners)[0].text == "a");
  CHECK_FALSE((*outer.inners)[1].text.has_value());
  CHECK(TextOf(outer.item, "k") == "v");
  CHECK(*outer.names == NameMap{{"#b", "x"}, {"#a", "y"}});  // in the order of the request
  CHECK(TextOf(outer.values.values, ":v") == "w");
  CHECK_FALSE(outer.values.fault.has_value());
}

TEST_CASE("What is absent or null stays away", "[protocol][binding]") {
  for (const char* json : {"{}", R"({"Limit":null,"Flag":null,"Size":null,"Inners":null,"Item":null,
                                      "Names":null,"Values":null,"Unsupported":null})"}) {
    const Outer outer = Bound(json);
    CHECK_FALSE(outer.limit.has_value());
    CHECK_FALSE(outer.flag.has_value());
    CHECK_FALSE(outer.size.has_value());
    CHECK_FALSE(outer.inners.has_value());
    CHECK_FALSE(outer.item);
    CHECK_FALSE(outer.names.has_value());
    CHECK_FALSE(outer.values.values);
  }
  // Empty members are not missing.
  const Outer empty = Bound(R"({"Inners":[],"Item":{},"Names":{},"Values":{}})");
  CHECK(empty.inners.has_value());
  CHECK(empty.item);
  CHECK(empty.names.has_value());
  CHECK(empty.values.values);
}

TEST_CASE("Of a member given twice the last counts", "[protocol][binding]") {
  CHECK(Bound(R"({"Name":"a","Name":"b","Limit":1,"Limit":2})").name == "b");
  CHECK(Bound(R"({"Limit":1,"Limit":2})").limit == 2);
}

TEST_CASE("Of a map's entry given twice the last counts, and null is none", "[protocol][binding]") {
  using Names = NameMap;
  CHECK(*Bound(R"({"Names":{"#a":"x","#b":"y","#a":"z"}})").names ==
        Names{{"#a", "z"}, {"#b", "y"}});
  CHECK(*Bound(R"({"Names":{"#a":null,"#b":"y","#c":"x","#c":null}})").names == Names{{"#b", "y"}});
  // As many as a hostile body can hold. A reader that takes quadratic time would need hours.
  std::string many = R"({"Names":{"#first":"x")";
  constexpr int kCount = 300'000;
  for (int i = 0; i < kCount; ++i) {
    many.append(",\"#").append(std::to_string(i)).append("\":\"n\"");
  }
  CHECK(Bound(many + R"(,"#first":"y"}})").names->size() == kCount + 1);
  CHECK(Bound(many + R"(,"#first":"y"}})").names->front().second == "y");
}

TEST_CASE("Members that the model knows and Weir does not are refused", "[protocol][binding]") {
  const std::string text = "One or more parameter values were invalid: ";
  CHECK(Fault(R"({"Unsupported":"x"})") == text + "Unsupported is not supported by Weir yet");
  CHECK(Fault(R"({"Inners":[{"Text":"a"},{"Later":"b"}]})") ==
        text + "Later is not supported by Weir yet");
  // The service ignores members that the model does not know.
  CHECK(Fault(R"({"Nonsense":"x","Inners":[{"Nonsense":1}]})") == "");
  CHECK(Fault(R"({"Size":"MEDIUM"})") == "Value 'MEDIUM' is not supported by Weir");
}

TEST_CASE("Times far off are held at the end of the calendar", "[protocol][binding]") {
  CHECK(Bound(R"({"Time":1e300})").time->time == std::chrono::seconds(253'402'300'799));
  CHECK(Bound(R"({"Time":-1e300})").time->time == -std::chrono::seconds(253'402'300'799));
  CHECK(Bound(R"({"Time":0})").time->time == Micros(0));
}

TEST_CASE("A fault in an item waits for Validate, unless a value has no type",
          "[protocol][binding]") {
  const ApiError number = ValueFaultOf(R"({"Item":{"k":{"N":"x"}}})");
  CHECK(number.message == "The parameter cannot be converted to a numeric value: x");
  CHECK_FALSE(number.bare);
  const Result<Outer> untyped = Bind(R"({"Item":{"k":{}}})");
  REQUIRE_FALSE(untyped.ok());
  CHECK(untyped.error().message ==
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  CHECK(untyped.error().bare);
}

TEST_CASE("A fault in an expression value waits for Validate", "[protocol][binding]") {
  const Result<Outer> number = Bind(R"({"Values":{":a":{"S":"x"},":b":{"N":"x"}}})");
  REQUIRE(number.ok());
  REQUIRE(number.value().values.fault.has_value());
  CHECK(number.value().values.fault->message ==
        "The parameter cannot be converted to a numeric value: x");
  CHECK_FALSE(number.value().values.fault->bare);
  CHECK_FALSE(number.value().values.values);
  const Result<Outer> shape = Bind(R"({"Values":{":b":{}}})", {.names_faulty_values = true});
  REQUIRE(shape.ok());
  CHECK(shape.value().values.fault->message ==
        "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must "
        "contain exactly one of the supported datatypes for key :b");
  CHECK(shape.value().values.fault->bare);
}

TEST_CASE("The older layer answers every fault in a value bare", "[protocol][binding]") {
  const Wording older{.names_faulty_values = true, .value_texts = protocol::ValueTexts::kOlder};
  const std::string number = "The parameter cannot be converted to a numeric value: x";
  const ApiError fault = ValueFaultOf(R"({"Item":{"k":{"N":"x"}}})", older);
  CHECK(fault.message == number);
  CHECK(fault.bare);
  const Result<Outer> value = Bind(R"({"Values":{":b":{"N":"x"}}})", older);
  REQUIRE(value.ok());
  CHECK(value.value().values.fault->message ==
        "ExpressionAttributeValues contains invalid value: " + number + " for key :b");
  CHECK(value.value().values.fault->bare);
}

}  // namespace
}  // namespace weir::dynamodb
