// SPDX-License-Identifier: Apache-2.0
#include "expression/key_condition.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

struct Case {
  std::string_view text;
  std::string_view expected;
};

std::string_view Sign(KeyOperator op) {
  constexpr std::string_view kSigns[] = {"=", "<", "<=", ">", ">=", "between", "begins_with"};
  return kSigns[static_cast<std::size_t>(op)];
}

// The conditions, each as its name and sign, or the error text.
std::string ParseConditions(std::string_view text) {
  const Item values = Parse("{:a='a' :b='b' :n=1 :m=2 :l=[]}");
  Placeholders placeholders{std::nullopt, values.attributes()};
  const Result<KeyConditions> conditions = KeyConditions::Parse(text, placeholders);
  if (!conditions.ok()) {
    return conditions.error().message;
  }
  std::string out;
  for (const KeyCondition& condition : conditions.value().conditions()) {
    out.append(out.empty() ? "" : ", ").append(condition.attribute).append(" ");
    out.append(Sign(condition.op));
  }
  return out;
}

// How many hash and range attributes have a value by `=`, and the sign of the range condition ("1+0
// >"); or the error text.
std::string Resolve(std::string_view text, const std::vector<KeyAttribute>& hash,
                    const std::vector<KeyAttribute>& range) {
  const Item values = Parse("{:a='a' :b='b' :n=1 :m=2}");
  Placeholders placeholders{std::nullopt, values.attributes()};
  const Result<KeyConditions> conditions = KeyConditions::Parse(text, placeholders);
  REQUIRE(conditions.ok());
  const Result<KeyRange> resolved = conditions.value().Resolve(hash, range);
  if (!resolved.ok()) {
    return resolved.error().message;
  }
  std::string out = std::to_string(resolved.value().hash.size()) + "+" +
                    std::to_string(resolved.value().range_prefix.size());
  if (resolved.value().range.has_value()) {
    out.append(" ").append(Sign(resolved.value().range->op));
  }
  return out;
}

}  // namespace

TEST_CASE("Key conditions are read in any order and direction", "[expression][keys]") {
  const Case test_case = GENERATE(values<Case>({
      {"pk = :a", "pk ="},
      {"(pk = :a)", "pk ="},
      {":a = pk", "pk ="},
      {"sk > :n and pk = :a", "sk >, pk ="},
      {":n < sk AND :a = pk", "sk >, pk ="},
      {":n <= sk", "sk >="},
      {":n > sk", "sk <"},
      {":n >= sk", "sk <="},
      {"pk = :a and (sk between :n and :m)", "pk =, sk between"},
      {"pk = :a and begins_with(sk, :b)", "pk =, sk begins_with"},
      {"(a = :a and b = :a) and (c = :a and d < :a)", "a =, b =, c =, d <"},
  }));
  CAPTURE(test_case.text);
  CHECK(ParseConditions(test_case.text) == test_case.expected);
}

TEST_CASE("Key conditions are refused in the service's words", "[expression][keys]") {
  const Case test_case = GENERATE(values<Case>({
      {"", "Invalid KeyConditionExpression: The expression can not be empty;"},
      {"a = :v",
       "Invalid KeyConditionExpression: An expression attribute value used in expression is not "
       "defined; attribute value: :v"},
      {"a > b and size(b) > c or a > c", "Invalid operator used in KeyConditionExpression: OR"},
      {"not a > b", "Invalid operator used in KeyConditionExpression: NOT"},
      {"a in (b, size(c), d)", "Invalid operator used in KeyConditionExpression: IN"},
      {"a <> b", "Invalid operator used in KeyConditionExpression: <>"},
      {"contains(a.d, b)", "Invalid operator used in KeyConditionExpression: contains"},
      {"attribute_exists(a)", "Invalid operator used in KeyConditionExpression: attribute_exists"},
      {":a between size(b) and size(a) and b > :b",
       "Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute "
       "as its first operand"},
      {"begins_with(:a, b) and a > :b",
       "Invalid condition in KeyConditionExpression: begins_with operator must have the key "
       "attribute as its first operand"},
      {"a > size(b.d)", "KeyConditionExpressions cannot contain nested operations"},
      {"a between size(b) and size(a)", "KeyConditionExpressions cannot contain nested operations"},
      {"b > a.b",
       "Invalid KeyConditionExpression: Invalid condition in KeyConditionExpression: Multiple "
       "attribute names used in one condition"},
      {"begins_with(a, b)",
       "Invalid KeyConditionExpression: Invalid condition in KeyConditionExpression: Multiple "
       "attribute names used in one condition"},
      {"b.d > a AND c.d > e.f",
       "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested "
       "attributes"},
      {":a = :b", "Invalid condition in KeyConditionExpression: No key attribute specified"},
      {"b > :a AND b < :a and c = :a",
       "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition "
       "per key"},
      {"a between :n and :a",
       "Invalid KeyConditionExpression: The BETWEEN operator requires same data type for lower and "
       "upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: "
       "AttributeValue: {S:a}"},
      {"a > :l",
       "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator "
       "or function: >, operand type: L"},
  }));
  CAPTURE(test_case.text);
  CHECK(ParseConditions(test_case.text) == test_case.expected);
}

TEST_CASE("Key conditions fit the key schema or are refused", "[expression][keys]") {
  const std::vector<KeyAttribute> hash = {{"pk", ValueType::kString}};
  const std::vector<KeyAttribute> range = {{"sk", ValueType::kNumber}};
  CHECK(Resolve("pk = :a", hash, {}) == "1+0");
  CHECK(Resolve("pk = :a", hash, range) == "1+0");
  CHECK(Resolve("sk = :n and pk = :a", hash, range) == "1+1");
  CHECK(Resolve("pk = :a and sk <= :n", hash, range) == "1+0 <=");
  CHECK(Resolve("pk = :a and sk between :n and :m", hash, range) == "1+0 between");

  CHECK(Resolve("sk = :n", hash, range) == "Query condition missed key schema element: pk");
  CHECK(Resolve("pk = :a and zz = :n", hash, range) ==
        "Query condition missed key schema element: sk");
  CHECK(Resolve("pk > :a", hash, range) == "Query key condition not supported");
  CHECK(Resolve("begins_with(pk, :a) and sk = :n", hash, range) ==
        "Query key condition not supported");
  CHECK(Resolve("pk = :a and sk = :n and zz = :n", hash, range) ==
        "The number of query conditions (3) exceeds the number of key attributes defined in the "
        "schema (2)");
  constexpr std::string_view kType =
      "One or more parameter values were invalid: Condition parameter type does not match schema "
      "type";
  CHECK(Resolve("pk = :n", hash, range) == kType);
  CHECK(Resolve("pk = :a and sk = :a", hash, range) == kType);
  CHECK(Resolve("pk = :a and sk between :a and :b", hash, range) == kType);
}

TEST_CASE("Indexes with several key attributes", "[expression][keys]") {
  const std::vector<KeyAttribute> hash = {{"a", ValueType::kString}, {"b", ValueType::kNumber}};
  const std::vector<KeyAttribute> range = {{"c", ValueType::kString}, {"d", ValueType::kNumber}};
  CHECK(Resolve("b = :n and a = :a", hash, range) == "2+0");
  CHECK(Resolve("d > :n and c = :a and b = :n and a = :a", hash, range) == "2+1 >");
  CHECK(Resolve("a = :a and b = :n and c = :a and d = :n", hash, range) == "2+2");
  CHECK(Resolve("c = :a", hash, range) ==
        "HASH key attributes a, b must have equality conditions specified in the query");
  CHECK(Resolve("a = :a and b = :n and d = :n", hash, range) ==
        "RANGE key attributes c must have equality conditions specified in the query because a "
        "condition is present on key attribute d");
  CHECK(Resolve("a = :a and b = :n and c > :a and d = :n", hash, range) ==
        "RANGE key attributes c must have equality conditions specified in the query because a "
        "condition is present on key attribute d");
}

}  // namespace weir::expression
