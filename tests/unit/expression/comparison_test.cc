// SPDX-License-Identifier: Apache-2.0
// The conditions of legacy parameters: the values that they take, the items they hold for, and
// their use as key conditions.
#include "expression/comparison.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "expression/condition.h"
#include "expression/key_condition.h"
#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

constexpr std::string_view kOperators[] = {
    "EQ",   "NE", "LE",       "LT",           "GE",      "GT",         "NOT_NULL",
    "NULL", "IN", "CONTAINS", "NOT_CONTAINS", "BETWEEN", "BEGINS_WITH"};

// The comparisons of a test. Owns the values that they borrow.
class Comparisons {
 public:
  // `values`: a list, as in "['a' 'b']".
  Comparisons& Add(std::string_view attribute, std::string_view op, std::string_view values) {
    const std::optional<ComparisonOperator> known = ComparisonOperatorNamed(op);
    REQUIRE(known.has_value());
    items_.push_back(Parse("{v=" + std::string(values) + "}"));
    const ListView list = items_.back().attributes().Find("v")->list();
    list_.push_back({attribute, *known, list});
    return *this;
  }
  [[nodiscard]] const std::vector<Comparison>& list() const { return list_; }

  [[nodiscard]] bool Hold(const Item& item, Junction junction = Junction::kAnd) const {
    return Condition::Of(list_, junction).Evaluate(item.attributes());
  }

 private:
  std::vector<Item> items_;
  std::vector<Comparison> list_;
};

// The error text without its common start; "" if the values are accepted.
std::string Fault(std::string_view op, std::string_view values) {
  Comparisons comparisons;
  comparisons.Add("a", op, values);
  const Status status = CheckValues(comparisons.list().front());
  if (status.ok()) {
    return "";
  }
  constexpr std::string_view kPrefix = "One or more parameter values were invalid: ";
  const std::string& message = status.error().message;
  return message.starts_with(kPrefix) ? message.substr(kPrefix.size()) : message;
}

struct Case {
  std::string_view op;
  std::string_view values;
  std::string_view expected;
};

}  // namespace

TEST_CASE("Comparison operators are known by their exact names", "[expression][legacy]") {
  for (const std::string_view name : kOperators) {
    const std::optional<ComparisonOperator> op = ComparisonOperatorNamed(name);
    REQUIRE(op.has_value());
    CHECK(NameOf(*op) == name);
  }
  for (const std::string_view name : {"", "eq", "=", "EQ ", "NOT", "EXISTS", "NOT_BETWEEN"}) {
    CHECK_FALSE(ComparisonOperatorNamed(name).has_value());
  }
}

TEST_CASE("Each operator takes its number of values", "[expression][legacy]") {
  const std::string texts[] = {"[]", "['a']", "['a' 'b']", "['a' 'b' 'c']"};
  for (const std::string_view op : kOperators) {
    for (std::size_t count = 0; count < std::size(texts); ++count) {
      CAPTURE(op, count);
      const bool fits = op == "NULL" || op == "NOT_NULL" ? count == 0
                        : op == "BETWEEN"                ? count == 2
                        : op == "IN"                     ? count > 0
                                                         : count == 1;
      CHECK(Fault(op, texts[count]) == (fits ? ""
                                             : "Invalid number of argument(s) for the " +
                                                   std::string(op) + " ComparisonOperator"));
    }
  }
}

TEST_CASE("Each operator takes its types of values", "[expression][legacy]") {
  const std::pair<std::string_view, std::string_view> values[] = {
      {"S", "'a'"},     {"N", "1"},     {"B", "b'a'"}, {"SS", "<'a'>"},  {"NS", "<1>"},
      {"BS", "<b'a'>"}, {"M", "{x=1}"}, {"L", "[1]"},  {"NULL", "null"}, {"BOOL", "true"}};
  const auto takes = [](std::string_view op, std::string_view type) {
    const bool text = type == "S" || type == "B";
    if (op == "BEGINS_WITH") {
      return text;
    }
    if (op == "CONTAINS" || op == "NOT_CONTAINS") {
      return text || type == "N" || type == "NULL" || type == "BOOL";
    }
    return op == "EQ" || op == "NE" || text || type == "N";
  };
  for (const std::string_view op : kOperators) {
    if (op == "NULL" || op == "NOT_NULL") {
      continue;
    }
    for (const auto& [type, value] : values) {
      CAPTURE(op, type);
      std::string list = "[";
      list.append(value).append(op == "BETWEEN" ? " " : "").append(op == "BETWEEN" ? value : "");
      list.append("]");
      CHECK(Fault(op, list) ==
            (takes(op, type) ? ""
                             : "ComparisonOperator " + std::string(op) + " is not valid for " +
                                   std::string(type) + " AttributeValue type"));
    }
  }
}

TEST_CASE("Lists of values are of one type and in order", "[expression][legacy]") {
  const Case test_case = GENERATE(values<Case>({
      {"IN", "['a' 1]", "AttributeValues inside AttributeValueList must be of same type"},
      {"IN", "['a' <'a'>]", "ComparisonOperator IN is not valid for SS AttributeValue type"},
      {"BETWEEN", "[1 '2']", "AttributeValues inside AttributeValueList must be of same type"},
      {"BETWEEN", "[10 9]",
       "The BETWEEN condition was provided a range where the lower bound is greater than the upper "
       "bound"},
      {"BETWEEN", "['10' '9']", ""},
      {"BETWEEN", "[9 9.0]", ""},
      {"BETWEEN", "[-10 -9]", ""},
  }));
  CAPTURE(test_case.values);
  CHECK(Fault(test_case.op, test_case.values) == test_case.expected);
}

TEST_CASE("A comparison holds as its expression does", "[expression][legacy]") {
  const Item item = Parse(
      "{a=5 b='bcd' bin=b'xyz' t=true n=null l=[1 'x'] m={x=1} ss=<'p' 'q'> ns=<1 2.5> e='' "
      "a.b='dots'}");
  struct Row {
    std::string_view attribute;
    std::string_view op;
    std::string_view values;
    bool holds;
  };
  const Row row = GENERATE(values<Row>({
      {"a", "EQ", "[5.0]", true},
      {"a", "EQ", "['5']", false},
      {"l", "EQ", "[[1 'x']]", true},
      {"ss", "EQ", "[<'q' 'p'>]", true},
      {"a.b", "EQ", "['dots']", true},  // a name, not a path
      {"m.x", "EQ", "[1]", false},
      {"gone", "EQ", "[1]", false},
      {"a", "NE", "[5]", false},
      {"a", "NE", "['5']", true},
      {"gone", "NE", "[5]", true},
      {"a", "LE", "[5]", true},
      {"a", "LT", "[5]", false},
      {"a", "GE", "[5]", true},
      {"a", "GT", "[4.9]", true},
      {"a", "GT", "['4']", false},
      {"gone", "LT", "[5]", false},
      {"b", "LT", "['c']", true},
      {"a", "NOT_NULL", "[]", true},
      {"n", "NOT_NULL", "[]", true},  // null is a value, too
      {"gone", "NOT_NULL", "[]", false},
      {"a", "NULL", "[]", false},
      {"n", "NULL", "[]", false},
      {"gone", "NULL", "[]", true},
      {"b", "CONTAINS", "['cd']", true},
      {"b", "CONTAINS", "['x']", false},
      {"bin", "CONTAINS", "[b'yz']", true},
      {"ss", "CONTAINS", "['q']", true},
      {"ns", "CONTAINS", "[2.50]", true},
      {"l", "CONTAINS", "['x']", true},
      {"l", "CONTAINS", "[true]", false},
      {"a", "CONTAINS", "[5]", false},
      {"gone", "CONTAINS", "['x']", false},
      {"b", "NOT_CONTAINS", "['cd']", false},
      {"b", "NOT_CONTAINS", "['x']", true},
      {"b", "NOT_CONTAINS", "[1]", true},
      {"a", "NOT_CONTAINS", "[5]", true},
      {"ss", "NOT_CONTAINS", "['q']", false},
      {"gone", "NOT_CONTAINS", "['x']", false},  // unlike NE
      {"b", "BEGINS_WITH", "['bc']", true},
      {"b", "BEGINS_WITH", "['c']", false},
      {"a", "BEGINS_WITH", "['5']", false},
      {"bin", "BEGINS_WITH", "[b'x']", true},
      {"a", "IN", "[7 5 6]", true},
      {"a", "IN", "[7 6]", false},
      {"ns", "IN", "[1]", false},
      {"gone", "IN", "[1]", false},
      {"b", "IN", "['z' 'bcd' 'a']", true},
      {"a", "BETWEEN", "[5 6]", true},
      {"a", "BETWEEN", "[6 7]", false},
      {"b", "BETWEEN", "[1 9]", false},
      {"gone", "BETWEEN", "[1 9]", false},
  }));
  CAPTURE(row.attribute, row.op, row.values);
  Comparisons one;
  one.Add(row.attribute, row.op, row.values);
  REQUIRE(CheckValues(one.list().front()).ok());
  CHECK(one.Hold(item) == row.holds);
  CHECK(one.Hold(item, Junction::kOr) == row.holds);
}

TEST_CASE("Comparisons are joined by AND or OR, whatever their order", "[expression][legacy]") {
  const Item item = Parse("{a=1 b=2}");
  Comparisons mixed;
  mixed.Add("z", "NULL", "[]").Add("b", "EQ", "[2]").Add("a", "EQ", "[9]");
  CHECK_FALSE(mixed.Hold(item, Junction::kAnd));
  CHECK(mixed.Hold(item, Junction::kOr));
  Comparisons all;
  all.Add("z", "NE", "[2]").Add("b", "EQ", "[2]").Add("a", "NOT_CONTAINS", "[9]");
  CHECK(all.Hold(item, Junction::kAnd));
  CHECK_FALSE(all.Hold(Item(), Junction::kAnd));
  Comparisons none;
  none.Add("z", "NOT_NULL", "[]").Add("b", "EQ", "[1]").Add("a", "NULL", "[]");
  CHECK_FALSE(none.Hold(item, Junction::kOr));
  CHECK(none.Hold(Item(), Junction::kOr));
}

TEST_CASE("Joined comparisons hold as each of them does", "[expression][legacy]") {
  const unsigned seed = GENERATE(take(20, random(0U, 1'000'000U)));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  const std::string names[] = {"a", "b", "c", "d", "e", "f"};
  const std::pair<std::string_view, std::string_view> tests[] = {
      {"EQ", "[1]"},  {"NE", "[1]"},   {"LT", "[2]"},          {"NOT_NULL", "[]"},
      {"NULL", "[]"}, {"IN", "[3 1]"}, {"NOT_CONTAINS", "[1]"}};
  for (int round = 0; round < 50; ++round) {
    std::string text = "{pk=0";
    for (const std::string& name : names) {
      text += below(2) == 0 ? "" : " " + name + "=" + std::to_string(below(4));
    }
    const Item item = Parse(text + "}");
    Comparisons joined;
    bool all = true;
    bool any = false;
    for (const std::string& name : names) {
      if (below(3) > 0) {
        const auto& [op, list] = tests[below(std::size(tests))];
        Comparisons one;
        one.Add(name, op, list);
        joined.Add(name, op, list);
        all = all && one.Hold(item);
        any = any || one.Hold(item);
      }
    }
    if (!joined.list().empty()) {
      CHECK(joined.Hold(item, Junction::kAnd) == all);
      CHECK(joined.Hold(item, Junction::kOr) == any);
    }
  }
}

namespace {

// How the comparisons resolve for the key `pk`, `sk` and `sk2`: "1+1" and the range operator's
// number, or the error text.
std::string ResolveKeys(const Comparisons& comparisons, std::size_t range_attributes) {
  const std::vector<KeyAttribute> hash = {{"pk", ValueType::kString}};
  const std::vector<KeyAttribute> range = {{"sk", ValueType::kNumber}, {"sk2", ValueType::kString}};
  const Result<KeyRange> resolved =
      KeyConditions::Of(comparisons.list())
          .Resolve(hash, std::span(range).subspan(0, range_attributes));
  if (!resolved.ok()) {
    return resolved.error().message;
  }
  std::string text = "1+" + std::to_string(resolved.value().range_prefix.size());
  if (resolved.value().range.has_value()) {
    text += " " + std::to_string(static_cast<int>(resolved.value().range->op));
    text += resolved.value().range->upper.has_value() ? " upper" : "";
  }
  return text;
}

}  // namespace

TEST_CASE("KeyConditions resolve as the expression does", "[expression][legacy][keys]") {
  const auto with = [](std::string_view op, std::string_view values) {
    Comparisons keys;
    keys.Add("sk", op, values).Add("pk", "EQ", "['a']");
    return ResolveKeys(keys, 1);
  };
  const auto range = [](KeyOperator op) { return "1+0 " + std::to_string(static_cast<int>(op)); };
  CHECK(with("EQ", "[1]") == "1+1");
  CHECK(with("LT", "[1]") == range(KeyOperator::kLess));
  CHECK(with("LE", "[1]") == range(KeyOperator::kLessOrEqual));
  CHECK(with("GT", "[1]") == range(KeyOperator::kGreater));
  CHECK(with("GE", "[1]") == range(KeyOperator::kGreaterOrEqual));
  CHECK(with("BETWEEN", "[1 2]") == range(KeyOperator::kBetween) + " upper");
  CHECK(with("BEGINS_WITH", "['1']") ==
        "One or more parameter values were invalid: Condition parameter type does not match schema "
        "type");
  Comparisons several;
  several.Add("sk2", "BEGINS_WITH", "['x']").Add("sk", "EQ", "[1]").Add("pk", "EQ", "['a']");
  CHECK(ResolveKeys(several, 2) ==
        "1+1 " + std::to_string(static_cast<int>(KeyOperator::kBeginsWith)));
}

TEST_CASE("KeyConditions that do not fit the schema are refused", "[expression][legacy][keys]") {
  const std::string not_indexable =
      "Attempted conditional constraint is not an indexable operation";
  const std::string missed = "Query condition missed key schema element: ";
  const std::pair<std::string_view, std::string_view> foreign[] = {
      {"NE", "[1]"},           {"IN", "[1]"},  {"CONTAINS", "[1]"},
      {"NOT_CONTAINS", "[1]"}, {"NULL", "[]"}, {"NOT_NULL", "[]"}};
  for (const auto& [op, list] : foreign) {
    CAPTURE(op);
    Comparisons hash;
    CHECK(ResolveKeys(hash.Add("pk", op, list), 0) == not_indexable);
    Comparisons range;
    CHECK(ResolveKeys(range.Add("pk", "EQ", "['a']").Add("sk", op, list), 1) == not_indexable);
    Comparisons without_hash;
    CHECK(ResolveKeys(without_hash.Add("sk", op, list), 1) == missed + "pk");
    Comparisons elsewhere;
    CHECK(ResolveKeys(elsewhere.Add("pk", "EQ", "['a']").Add("x", op, list), 1) == missed + "sk");
    Comparisons many;
    CHECK(ResolveKeys(many.Add("pk", "EQ", "['a']").Add("x", op, list), 0) ==
          "The number of query conditions (2) exceeds the number of key attributes defined in the "
          "schema (1)");
  }
  CHECK(ResolveKeys(Comparisons(), 1) == missed + "pk");
  Comparisons compared;
  CHECK(ResolveKeys(compared.Add("pk", "GE", "['a']"), 1) == "Query key condition not supported");
}

}  // namespace weir::expression
