// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/wire/attribute_value.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

namespace weir::dynamodb {
namespace {

const std::string kInvalid = "One or more parameter values were invalid: ";
const std::string kEmpty =
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
const std::string kSeveral =
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
    "supported datatypes";
const std::string kNesting =
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
    "beyond supported limit";

// {"a": value} after it was packed and written again, or its fault.
std::string RoundTrip(const std::string& value, bool* is_shape = nullptr,
                      protocol::ValueTexts texts = protocol::ValueTexts::kNewer) {
  const auto tree = protocol::JsonTree::Parse(R"({"a":)" + value + "}");
  REQUIRE(tree);
  ValueWriter writer;
  writer.BeginItem();
  if (const std::optional<ValueFault> fault = DecodeAttributes(tree->root(), writer, texts)) {
    if (is_shape != nullptr) {
      *is_shape = fault->is_shape;
    }
    return fault->message;
  }
  std::string text;
  AppendAttributes(writer.FinishItem().attributes(), text);
  REQUIRE(text.starts_with(R"({"a":)"));
  return text.substr(5, text.size() - 6);
}

// `scalar` inside `levels` maps or lists, every other one a list.
std::string Nested(int levels, const std::string& scalar = R"({"S":"x"})") {
  std::string opening;
  std::string closing;
  for (int i = 0; i < levels; ++i) {
    opening.append(i % 2 == 0 ? R"({"M":{"k":)" : R"({"L":[)");
    closing.insert(0, i % 2 == 0 ? "}}" : "]}");
  }
  return opening + scalar + closing;
}

TEST_CASE("Values come back as they were", "[protocol][value]") {
  const std::vector<std::string> values = {
      R"({"S":""})",
      R"({"S":"h\"\\\n\u0001x"})",
      R"({"N":"-1.5"})",
      R"({"B":""})",
      R"({"B":"AP8="})",
      R"({"BOOL":true})",
      R"({"BOOL":false})",
      R"({"NULL":true})",
      R"({"SS":["","a","b"]})",
      R"({"NS":["-2","-1","0","1","10"]})",
      R"({"BS":["","AA==","/w=="]})",
      R"({"L":[]})",
      R"({"M":{}})",
      R"({"L":[{"N":"1"},{"L":[{"NULL":true}]},{"M":{"x":{"SS":["a"]}}}]})",
      R"({"M":{"":{"S":"x"}}})",
  };
  for (const std::string& value : values) {
    CAPTURE(value);
    if (value.find(R"("":)") == std::string::npos) {
      CHECK(RoundTrip(value) == value);
    } else {
      CHECK(RoundTrip(value) == "Empty attribute name");
    }
  }
}

TEST_CASE("Values are brought to their normal form", "[protocol][value]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({"N":"+01.50e1"})", R"({"N":"15"})"},
      {R"({"SS":["b","B","a"]})", R"({"SS":["B","a","b"]})"},
      {R"({"NS":["10","9","-3"]})", R"({"NS":["-3","9","10"]})"},
      {R"({"BS":["/w==","AA=="]})", R"({"BS":["AA==","/w=="]})"},
      {R"({"M":{"b":{"S":"1"},"a":{"S":"2"}}})", R"({"M":{"a":{"S":"2"},"b":{"S":"1"}}})"},
      {R"({"BOOL":"Yes"})", R"({"BOOL":true})"},
      {R"({"BOOL":"f"})", R"({"BOOL":false})"},
      {R"({"NULL":"1"})", R"({"NULL":true})"},
      {R"({"S":"x","N":null,"Other":5})", R"({"S":"x"})"},
      {R"({"S":"x","S":"y"})", R"({"S":"y"})"},
      {R"({"M":{"x":{"S":"1"},"x":{"S":"2"}}})", R"({"M":{"x":{"S":"2"}}})"},
  };
  for (const auto& [value, normal] : rows) {
    CAPTURE(value);
    CHECK(RoundTrip(value) == normal);
  }
}

TEST_CASE("A value has exactly one type", "[protocol][value]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"{}", kEmpty},
      {R"({"S":null})", kEmpty},
      {R"({"M":{"x":null}})", kEmpty},
      {R"({"L":[null]})", kEmpty},
      {R"({"s":"x"})", kEmpty},
      {R"({"S":"x","N":"1"})", kSeveral},
      {R"({"M":{"x":{}}})", kEmpty},
      {R"({"L":[{"S":"x"},{"S":"x","BOOL":true}]})", kSeveral},
  };
  for (const auto& [value, message] : rows) {
    CAPTURE(value);
    bool is_shape = false;
    CHECK(RoundTrip(value, &is_shape) == message);
    CHECK(is_shape);
  }
}

TEST_CASE("Some faults in a value with several types come before their number",
          "[protocol][value]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({"S":"x","SS":[]})", kInvalid + "An string set  may not be empty"},
      {R"({"NS":[],"S":"x"})", kInvalid + "An number set  may not be empty"},
      {R"({"BS":[],"N":"bad"})", kInvalid + "Binary sets should not be empty"},
      {R"({"N":"bad","SS":[]})", kInvalid + "An string set  may not be empty"},
      {R"({"SS":["a","a"],"NS":[]})", kInvalid + "An number set  may not be empty"},
      {R"({"N":"bad","S":"x"})", "The parameter cannot be converted to a numeric value: bad"},
      {R"({"NULL":false,"N":"bad"})", "The parameter cannot be converted to a numeric value: bad"},
      {R"({"S":"x","NS":["1","bad"]})",
       "The parameter cannot be converted to a numeric value: bad"},
      {R"({"S":"x","N":""})", "The parameter cannot be converted to a numeric value"},
      {R"({"NULL":"no","S":"x"})",
       kInvalid + "Null attribute value types must have the value of true"},
      // These faults do not come before the number of types.
      {R"({"SS":["a","a"],"S":"x"})", kSeveral},
      {R"({"L":[{"N":"bad"}],"S":"x"})", kSeveral},
      {R"({"NULL":true,"N":"1"})", kSeveral},
      {R"({"S":"x","SS":null,"N":"1"})", kSeveral},
  };
  for (const auto& [value, message] : rows) {
    CAPTURE(value);
    bool is_shape = false;
    CHECK(RoundTrip(value, &is_shape, protocol::ValueTexts::kOlder) == message);
    CHECK(is_shape);
  }
}

TEST_CASE("The older layer has texts of its own", "[protocol][value]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({"N":""})", "The parameter cannot be converted to a numeric value"},
      {R"({"NS":["1",""]})", "The parameter cannot be converted to a numeric value"},
      {R"({"N":"x"})", "The parameter cannot be converted to a numeric value: x"},
      {R"({"SS":["a","a"]})", kInvalid + "Input collection [a, a] contains duplicates."},
      {R"({"NS":["1","1.0"]})", "Input collection contains duplicates"},
      {R"({"BS":["YQ==","YQ=="]})",
       kInvalid + "Input collection [YQ==, YQ==]of type BS contains duplicates."},
  };
  for (const auto& [value, message] : rows) {
    CAPTURE(value);
    CHECK(RoundTrip(value, nullptr, protocol::ValueTexts::kOlder) == message);
  }
}

TEST_CASE("Faults in values have the service's words", "[protocol][value]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({"N":""})", "The parameter cannot be converted to a numeric value: "},
      {R"({"N":"1e126"})",
       "Number overflow. Attempting to store a number with magnitude larger than supported range"},
      {R"({"NULL":false})", kInvalid + "Null attribute value types must have the value of true"},
      {R"({"SS":[]})", kInvalid + "An string set  may not be empty"},
      {R"({"NS":[]})", kInvalid + "An number set  may not be empty"},
      {R"({"BS":[]})", kInvalid + "Binary sets should not be empty"},
      {R"({"SS":["b","a","b"]})",
       kInvalid + R"(Input collection ["a", "b", "b"] contains duplicates.)"},
      {R"({"SS":["c","a","c","a","b"]})",
       kInvalid + R"(Input collection ["a", "c", "c", "a", "b"] contains duplicates.)"},
      {R"({"BS":["/w==","AA==","AA=="]})",
       kInvalid + R"(Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.)"},
      {R"({"NS":["1","1.0"]})", kInvalid + "Input collection contains duplicates."},
      {R"({"NS":["1","x"]})", "The parameter cannot be converted to a numeric value: x"},
      {R"({"BS":["YQ==","YQ=="]})",
       kInvalid + R"(Input collection ["YQ==","YQ=="]of type BS contains duplicates.)"},
  };
  for (const auto& [value, message] : rows) {
    CAPTURE(value);
    bool is_shape = true;
    CHECK(RoundTrip(value, &is_shape) == message);
    CHECK_FALSE(is_shape);
  }
}

TEST_CASE("Attribute names have 1 to 65535 bytes", "[protocol][value]") {
  const auto with_name = [](const std::string& name) {
    return R"({"M":{")" + name + R"(":{"S":"x"}}})";
  };
  const std::string longest(65'535, 'n');
  CHECK(RoundTrip(with_name(longest)) == with_name(longest));
  CHECK(RoundTrip(with_name(longest + "n")) ==
        "Attribute name is too large, must be less than 65536 bytes");
  CHECK(RoundTrip(with_name("")) == "Empty attribute name");
}

TEST_CASE("A scalar may stand under 31 lists and maps", "[protocol][value]") {
  CHECK(RoundTrip(Nested(31)) == Nested(31));
  CHECK(RoundTrip(Nested(32)) == kNesting);
  CHECK(RoundTrip(Nested(31, R"({"SS":["x"]})")) == Nested(31, R"({"SS":["x"]})"));
  // An empty list is a level, too.
  CHECK(RoundTrip(Nested(31, R"({"L":[]})")) == kNesting);
}

TEST_CASE("From 63 levels on the fault stands without an envelope", "[protocol][value]") {
  bool bare = true;
  CHECK(RoundTrip(Nested(62), &bare) == kNesting);
  CHECK_FALSE(bare);
  CHECK(RoundTrip(Nested(63), &bare) == kNesting);
  CHECK(bare);
}

TEST_CASE("A single value is decoded in place", "[protocol][value]") {
  const auto tree = protocol::JsonTree::Parse(R"({"N":"5"})");
  REQUIRE(tree);
  ValueWriter writer;
  writer.BeginItem();
  writer.Name(":v");
  REQUIRE_FALSE(DecodeAttributeValue(tree->root(), writer).has_value());
  std::string text;
  AppendAttributes(writer.FinishItem().attributes(), text);
  CHECK(text == R"({":v":{"N":"5"}})");
}

}  // namespace
}  // namespace weir::dynamodb
