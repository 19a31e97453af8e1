// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/filter/matching.h"

namespace weir::consumers {
namespace {

struct Refusal {
  std::string_view pattern;
  std::string_view fault;
};

void CheckRefusals(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) {
    INFO(refusal.pattern);
    const auto parsed = FilterPattern::Parse(refusal.pattern);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().text == refusal.fault);
  }
}

// The same for the array of a field.
void CheckLeafRefusals(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) {
    const std::string pattern = R"({"v":)" + std::string(refusal.pattern) + "}";
    CheckRefusals({{pattern, refusal.fault}});
  }
}

TEST_CASE("Patterns that are no tree of fields are refused", "[filter][refusals]") {
  CheckRefusals({
      {"", "Pattern is not JSON"},
      {"INSERT", "Pattern is not JSON"},
      {R"({"a":["b"])", "Pattern is not JSON"},
      {R"({"a":["b"]} x)", "Pattern is not JSON"},
      {R"({"a":["INSERT"=123]})", "Pattern is not JSON"},
      {R"("a")", "Filter is not an object"},
      {R"(["a"])", "Filter is not an object"},
      {"null", "Filter is not an object"},
      {"{}", "Empty objects are not allowed"},
      {R"({"a":{}})", "Empty objects are not allowed"},
      {R"({"a":"b"})", R"("a" must be an object or an array)"},
      {R"({"a":1})", R"("a" must be an object or an array)"},
      {R"({"a":null})", R"("a" must be an object or an array)"},
      {R"({"a":{"b":true}})", R"("b" must be an object or an array)"},
      {R"({"a":{"prefix":"b"}})", R"("prefix" must be an object or an array)"},
      {R"({"a":[]})", "Empty arrays are not allowed"},
      {R"({"$or":{"a":[1]}})", "It must be an Array followed with $or."},
      {R"({"$or":[]})", "There must have at least 2 Objects in $or relationship."},
      {R"({"$or":[{"a":[1]}]})", "There must have at least 2 Objects in $or relationship."},
      {R"({"$or":[{"a":[1]},{}]})", "Empty objects are not allowed"},
      {R"({"$or":["a","b"]})", "Only JSON object is allowed in array of $or relationship."},
      {R"({"$or":[{"a":[1]},{"prefix":["b"]}]})",
       "prefix is Ruler reserved fieldName which cannot be used inside $or."},
      {R"({"$or":[{"a":[1]},{"b":{"<":[1]}}]})",
       "< is Ruler reserved fieldName which cannot be used inside $or."},
  });
}

TEST_CASE("Values and operators that don't exist are refused", "[filter][refusals]") {
  CheckLeafRefusals({
      {R"([["a"]])", "Match value must be String, number, true, false, or null"},
      {R"([{}])", "Match expression name not found"},
      {R"([{"like":"a"}])", "Unrecognized match type like"},
      {R"([{"Prefix":"a"}])", "Unrecognized match type Prefix"},
      {R"([{"prefix":"a","suffix":"b"}])", "Only one key allowed in match expression"},
      {R"(["a",{"prefix":1}])", "prefix match pattern must be a string"},
      {R"([{"prefix":["a"]}])", "prefix match pattern must be a string"},
      {R"([{"prefix":null}])", "prefix match pattern must be a string"},
      {R"([{"prefix":{}}])", "Prefix expression name not found"},
      {R"([{"prefix":{"suffix":"a"}}])", "Unsupported prefix pattern: suffix"},
      {R"([{"prefix":{"equals-ignore-case":1}}])",
       "equals-ignore-case match pattern must be a string"},
      {R"([{"suffix":1}])", "suffix match pattern must be a string"},
      {R"([{"suffix":{}}])", "Suffix expression name not found"},
      {R"([{"suffix":{"wildcard":"a"}}])", "Unsupported suffix pattern: wildcard"},
      {R"([{"equals-ignore-case":["a"]}])", "equals-ignore-case match pattern must be a string"},
      {R"([{"exactly":1}])", "exact match pattern must be a string"},
      {R"([{"wildcard":1}])", "wildcard match pattern must be a string"},
      {R"([{"wildcard":"a**b"}])", "Consecutive wildcard characters at pos 2"},
      {R"([{"wildcard":"a\\b"}])", "Invalid escape character at pos 2"},
      {R"([{"wildcard":"\\"}])", "Invalid escape character at pos 1"},
      {R"([{"exists":"true"}])", "exists match pattern must be either true or false."},
      {R"([{"exists":null}])", "exists match pattern must be either true or false."},
  });
}

TEST_CASE("Forms of anything-but that AWS doesn't have are refused", "[filter][refusals]") {
  constexpr std::string_view kMixed =
      "Inside anything but list, either all values are number or string, mixed type is not "
      "supported";
  constexpr std::string_view kWord =
      "Inside anything but list, start|null|boolean is not supported.";
  constexpr std::string_view kNeither =
      "Value of anything-but must be an array or single string/number value.";
  CheckLeafRefusals({
      {R"([{"anything-but":[]}])", "Empty arrays are not allowed"},
      {R"([{"anything-but":["a",1]}])", kMixed},
      {R"([{"anything-but":[1,"a"]}])", kMixed},
      {R"([{"anything-but":[null]}])", kWord},
      {R"([{"anything-but":[true]}])", kWord},
      {R"([{"anything-but":[{"prefix":"a"}]}])", kWord},
      {R"([{"anything-but":null}])", kNeither},
      {R"([{"anything-but":true}])", kNeither},
      {R"([{"anything-but":{}}])", "Anything-But expression name not found"},
      {R"([{"anything-but":{"numeric":["=",1]}}])", "Unsupported anything-but pattern: numeric"},
      {R"([{"anything-but":{"prefix":"a","suffix":"b"}}])",
       "Only one key allowed in match expression"},
      {R"([{"anything-but":{"prefix":""}}])", "Null prefix/suffix not allowed"},
      {R"([{"anything-but":{"suffix":["a",""]}}])", "Null prefix/suffix not allowed"},
      {R"([{"anything-but":{"prefix":1}}])", "prefix match pattern must be a string"},
      {R"([{"anything-but":{"prefix":{"equals-ignore-case":"a"}}}])", kNeither},
      {R"([{"anything-but":{"equals-ignore-case":[1]}}])",
       "equals-ignore-case match pattern must be a string"},
      {R"([{"anything-but":{"wildcard":["a","**"]}}])", "Consecutive wildcard characters at pos 1"},
      {R"([{"anything-but":6e9}])",
       "Value must be between -5.0E9 and 5.0E9, inclusive, with up to 6 decimals"},
  });
}

TEST_CASE("Numbers and addresses out of bounds are refused", "[filter][refusals]") {
  constexpr std::string_view kBounds =
      "Value must be between -5.0E9 and 5.0E9, inclusive, with up to 6 decimals";
  CheckLeafRefusals({
      {R"([{"numeric":5}])", "Value of numeric must be an array."},
      {R"([{"numeric":[]}])", "Invalid member in numeric match"},
      {R"([{"numeric":[5]}])", "Invalid member in numeric match"},
      {R"([{"numeric":["=="]}])", "Unrecognized numeric range operator: =="},
      {R"([{"numeric":["!=",5]}])", "Unrecognized numeric range operator: !="},
      {R"([{"numeric":["="]}])", "Value of equals must be numeric"},
      {R"([{"numeric":["=","5"]}])", "Value of equals must be numeric"},
      {R"([{"numeric":["<","x"]}])", "Value of < must be numeric"},
      {R"([{"numeric":[">",true]}])", "Value of > must be numeric"},
      {R"([{"numeric":["=",5,"<",6]}])", "Too many elements in numeric expression"},
      {R"([{"numeric":["<",5,">",1]}])", "Too many elements in numeric expression"},
      {R"([{"numeric":[">",1,5]}])", "Bad value in numeric range"},
      {R"([{"numeric":[">",1,">",5]}])", "Bad numeric range operator: >"},
      {R"([{"numeric":[">",1,"="]}])", "Bad numeric range operator: ="},
      {R"([{"numeric":[">",1,"<"]}])", "Value of < must be numeric"},
      {R"([{"numeric":[">",1,"<=","5"]}])", "Value of <= must be numeric"},
      {R"([{"numeric":[">",1,"<",5,"<",6]}])", "Too many terms in numeric range expression"},
      {R"([{"numeric":[">",5,"<",5]}])", "Bottom must be less than top"},
      {R"([{"numeric":[">=",5,"<=",5]}])", "Bottom must be less than top"},
      {R"([{"numeric":[">",6,"<",5]}])", "Bottom must be less than top"},
      {R"([{"numeric":["=",5000000000.000001]}])", kBounds},
      {R"([{"numeric":["<",-5000000001]}])", kBounds},
      {R"([{"numeric":["=",0.0000001]}])", kBounds},
      {R"([{"numeric":["=",1e300]}])", kBounds},
      {R"([{"cidr":1}])", "cidr match pattern must be a string"},
      {R"([{"cidr":"10.0.0.0"}])", "Malformed CIDR, one '/' required"},
      {R"([{"cidr":"10.0.0.0/"}])", "Malformed CIDR, one '/' required"},
      {R"([{"cidr":"10.0.0.0/8/9"}])", "Malformed CIDR, one '/' required"},
      {R"([{"cidr":"10.0.0.0/x"}])", "Malformed CIDR, mask bits must be an integer"},
      {R"([{"cidr":"10.0.0.0/-1"}])", "Malformed CIDR, mask bits must not be negative"},
      {R"([{"cidr":"10.0.0.0/32"}])", "IPv4 mask bits must be < 32"},
      {R"([{"cidr":"::1/128"}])", "IPv6 mask bits must be < 128"},
      {R"([{"cidr":"10.0.0/8"}])", "Nonstandard IP address: 10.0.0"},
      {R"([{"cidr":"example.com/8"}])", "Nonstandard IP address: example.com"},
      {R"([{"cidr":"10.0.0.256/8"}])", "Nonstandard IP address: 10.0.0.256"},
  });
}

// An `$or` of `branches` branches with one field each.
std::string Or(std::size_t branches, const std::string& name) {
  std::string text = R"("$or":[)";
  for (std::size_t i = 0; i < branches; ++i) {
    text += R"({")" + name + std::to_string(i) + R"(":[1]},)";
  }
  text.back() = ']';
  return text;
}

TEST_CASE("A pattern may have 4,096 characters", "[filter][refusals]") {
  const auto pattern = [](std::size_t characters, const std::string& character) {
    std::string text = R"({"a":[")";
    for (std::size_t i = 0; i < characters - 10; ++i) {
      text += character;
    }
    return text + R"("]})";
  };
  CHECK(FilterPattern::Parse(pattern(4096, "x")).ok());
  CHECK(FilterPattern::Parse(pattern(4096, "€")).ok());
  CheckRefusals({{pattern(4097, "x"), "Pattern is too long"},
                 {pattern(4097, "€"), "Pattern is too long"},
                 {std::string(20'000, '['), "Pattern is too long"}});
}

TEST_CASE("A pattern may nest and have fields as its length allows", "[filter][refusals]") {
  std::string deep;
  for (int i = 0; i < 1022; ++i) {
    deep += R"({"":)";
  }
  deep += "[1]" + std::string(1022, '}');
  CHECK(FilterPattern::Parse(deep).error().text == "Pattern is too long");
  deep.clear();
  for (int i = 0; i < 800; ++i) {
    deep += R"({"":)";
  }
  deep += "[1]" + std::string(800, '}');
  CHECK(PatternMatches(deep, R"({")" + std::string(799, '.') + R"(":1})"));

  std::string wide = R"({"":[1])";
  std::string record = R"({"":1)";
  for (std::size_t i = 1; i < kMaxFields; ++i) {
    // A letter of its own for each field.
    const std::size_t letter = 0x1000 + i;
    const std::string name{static_cast<char>(0xE0 | letter >> 12),
                           static_cast<char>(0x80 | (letter >> 6 & 0x3F)),
                           static_cast<char>(0x80 | (letter & 0x3F))};
    wide += R"(,")" + name + R"(":[1])";
    record += R"(,")" + name + R"(":1)";
  }
  CHECK(PatternMatches(wide + "}", record + "}"));
  CHECK_FALSE(PatternMatches(wide + "}", R"({"":1})"));
}

TEST_CASE("Combinations of $or have a bound", "[filter][refusals]") {
  const std::string thousand = "{" + Or(10, "a") + "," + Or(10, "b") + "," + Or(10, "c");
  CHECK(PatternMatches(thousand + "}", R"({"a9":1,"b0":1,"c5":1})"));
  CHECK_FALSE(PatternMatches(thousand + "}", R"({"a9":1,"b0":1})"));
  std::string many_fields = thousand;
  for (int i = 0; i < 14; ++i) {
    many_fields += R"(,"f)" + std::to_string(i) + R"(":[1])";
  }
  constexpr std::string_view kTooMany = "Pattern has too many combinations of $or";
  std::string nested;
  for (int i = 0; i < 200; ++i) {
    nested += R"({"$or":[)";
  }
  nested += R"({"a":[1]})";
  for (int i = 0; i < 200; ++i) {
    nested += R"(,{"b":[1]}]})";
  }
  CHECK(PatternMatches(nested, R"({"b":1})"));
  CheckRefusals({{"{" + Or(10, "a") + "," + Or(10, "b") + "," + Or(11, "c") + "}", kTooMany},
                 {many_fields + "}", kTooMany}});
}

}  // namespace
}  // namespace weir::consumers
