// SPDX-License-Identifier: Apache-2.0
#include "expression/placeholders.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "expression/condition.h"
#include "expression/reserved_words.h"
#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

using Names = std::vector<std::pair<std::string, std::string>>;

std::string CheckKeys(const Names& names, const Item& values) {
  const Placeholders placeholders{Placeholders::NameList(names), values.attributes()};
  const Status status = placeholders.CheckKeys();
  return status.ok() ? "ok" : status.error().message;
}

}  // namespace

TEST_CASE("Substitutions are checked before any expression", "[expression][placeholders]") {
  const Item values = Parse("{:v=1}");
  CHECK(CheckKeys({{"#a", "a"}, {"#1", "b"}, {"#_x9", "c"}}, Parse("{:v=1 :0=2 :_a=3}")) == "ok");
  CHECK(CheckKeys({}, values) == "ExpressionAttributeNames must not be empty");
  CHECK(CheckKeys({{"#a", "a"}}, Parse("{}")) == "ExpressionAttributeValues must not be empty");
  CHECK(CheckKeys({{"a", "a"}}, values) ==
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\"");
  CHECK(CheckKeys({{"#", "a"}}, values) ==
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#\"");
  CHECK(CheckKeys({{"#a-b", "a"}}, values) ==
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#a-b\"");
  CHECK(CheckKeys({{"", "a"}}, values) ==
        "ExpressionAttributeNames contains invalid key: The expression attribute map contains an "
        "empty key;");
  CHECK(CheckKeys({{"#" + std::string(255, 'a'), "a"}}, values) ==
        "ExpressionAttributeNames contains invalid key: The expression attribute map contains a "
        "key that is too long; size of key: 256");
  CHECK(CheckKeys({{"#" + std::string(254, 'a'), "a"}}, values) == "ok");
  CHECK(CheckKeys({{"#a", ""}}, values) ==
        "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a");
  CHECK(CheckKeys({{"#a", ""}, {"b", "x"}}, values) ==
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"b\"");
  CHECK(CheckKeys({{"#a", "a"}}, Parse("{v=1}")) ==
        "ExpressionAttributeValues contains invalid key: Syntax error; key: \"v\"");
  CHECK(Placeholders().CheckKeys().ok());
}

TEST_CASE("Unused substitutions are refused, names first", "[expression][placeholders]") {
  const Names names = {{"#z", "a"}, {"#c", "c"}, {"#b", "b"}};
  const Item values = Parse("{:v=1 :w=2}");
  Placeholders placeholders{Placeholders::NameList(names), values.attributes()};
  CHECK(placeholders.CheckUnused().error().message ==
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#z, #c, #b}");
  REQUIRE(Condition::Parse(ConditionKind::kCondition, "#z = :v", placeholders).ok());
  CHECK(placeholders.CheckUnused().error().message ==
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#c, #b}");
  REQUIRE(Condition::Parse(ConditionKind::kFilter, "#b = #c", placeholders).ok());
  CHECK(placeholders.CheckUnused().error().message ==
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}");
  REQUIRE(placeholders.ResolveValue(":w").has_value());
  CHECK(placeholders.CheckUnused().ok());
  CHECK_FALSE(placeholders.ResolveValue(":x").has_value());
  CHECK_FALSE(placeholders.ResolveName("#x").has_value());
}

TEST_CASE("Reserved words are reserved in any case", "[expression][placeholders]") {
  for (const std::string_view word :
       {"ABORT", "zone", "Name", "STATUS", "ttl", "LocalTimestamp", "size", "data", "year"}) {
    CAPTURE(word);
    CHECK(IsReservedWord(word));
  }
  for (const std::string_view word :
       {"", "pk", "id", "abort1", "zones", "localtimestampx", "a", "names_", "\xC3\xBC"}) {
    CAPTURE(word);
    CHECK_FALSE(IsReservedWord(word));
  }
}

}  // namespace weir::expression
