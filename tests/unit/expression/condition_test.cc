// SPDX-License-Identifier: Apache-2.0
#include "expression/condition.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

using Names = std::vector<std::pair<std::string, std::string>>;

// The outcome of a filter: "true", "false" or the error text without its prefix.
std::string Filter(std::string_view text, const Item& item, const Item& values = {},
                   const Names& names = {{"#a", "a"}}) {
  Placeholders placeholders{Placeholders::NameList(names), values.attributes()};
  const Result<Condition> condition = Condition::Parse(ConditionKind::kFilter, text, placeholders);
  if (!condition.ok()) {
    constexpr std::string_view kPrefix = "Invalid FilterExpression: ";
    const std::string& message = condition.error().message;
    REQUIRE(message.substr(0, kPrefix.size()) == kPrefix);
    return message.substr(kPrefix.size());
  }
  return condition.value().Evaluate(item.attributes()) ? "true" : "false";
}

std::string Fault(std::string_view text, std::string_view values = "{}") {
  return Filter(text, Item(), Parse(values));
}

std::string Repeat(std::string_view part, std::size_t times, std::string_view separator = "") {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) {
    text.append(i == 0 ? "" : separator).append(part);
  }
  return text;
}

struct Case {
  std::string_view text;
  std::string_view expected;
};

constexpr std::string_view kItem =
    "{a=5 b='bcd' e='' bin=b'xyz' t=true n=null l=[1 'x' <'p' 'q'> [2]] m={x=1 y={z='deep'}} "
    "ss=<'p' 'q'> ns=<1 2.5> bs=<b'k'> neg=-3}";

}  // namespace

TEST_CASE("Conditions evaluate as DynamoDB does", "[expression][condition]") {
  const Case test_case = GENERATE(values<Case>({
      {"a = :five", "true"},
      {"a = :text", "false"},
      {"a <> :text", "true"},
      {"zz = :five", "false"},
      {"zz <> :five", "true"},
      {"zz = gone", "false"},
      {"zz <> gone", "true"},
      {":five = :five", "true"},
      {"a < :ten", "true"},
      {"neg < a", "true"},
      {"a <= :five", "true"},
      {"a > :five", "false"},
      {"a >= :five", "true"},
      {"a < b", "false"},
      {"a > b", "false"},
      {"b > :text", "true"},
      {"zz < :ten", "false"},
      {"t > :five", "false"},
      {"a BETWEEN :five AND :ten", "true"},
      {"a BETWEEN neg AND :five", "true"},
      {"a BETWEEN :ten AND a2", "false"},
      {"b BETWEEN :five AND :ten", "false"},
      {"a IN (:text, :five)", "true"},
      {"a IN (:text, zz)", "false"},
      {"zz IN (gone)", "false"},
      {"a = :five AND b = :text OR t = :yes", "true"},
      {"a = :text AND (b = :text OR t = :yes)", "false"},
      {"NOT a = :text AND NOT b = :text", "true"},
      {"NOT (a = :five AND t = :yes)", "false"},
      {"not not a = :five", "true"},
      {"attribute_exists(m.y.z)", "true"},
      {"attribute_exists(m.y.q)", "false"},
      {"attribute_exists(l[3][0])", "true"},
      {"attribute_exists(l[4])", "false"},
      {"attribute_exists(m[0])", "false"},
      {"attribute_not_exists(l.x)", "true"},
      {"attribute_not_exists(n)", "false"},
      {"attribute_type(l, :type_l)", "true"},
      {"attribute_type(m, :type_l)", "false"},
      {"attribute_type(zz, :type_l)", "false"},
      {"begins_with(b, :bc)", "true"},
      {"begins_with(e, :bc)", "false"},
      {"begins_with(bin, :xy)", "true"},
      {"begins_with(b, :xy)", "false"},
      {"begins_with(a, :bc)", "false"},
      {"contains(b, :c)", "true"},
      {"contains(bin, :xy)", "true"},
      {"contains(ss, :p)", "true"},
      {"contains(ss, :c)", "false"},
      {"contains(ns, :two)", "true"},
      {"contains(ns, :p)", "false"},
      {"contains(bs, :k)", "true"},
      {"contains(l, :p)", "false"},
      {"contains(l, :set)", "true"},
      {"contains(m, :p)", "false"},
      {"contains(a, :five)", "false"},
      {"contains(b, zz)", "false"},
      {"ss = :set", "true"},
      {"l[3] = :list", "true"},
      {"#a = :five", "true"},
  }));
  const Item values = Parse(
      "{:five=5.0 :ten=10 :two=2.50 :text='b' :bc='bc' :c='c' :p='p' :xy=b'xy' :k=b'k' :yes=true "
      ":type_l='L' :set=<'q' 'p'> :list=[2]}");
  CAPTURE(test_case.text);
  CHECK(Filter(test_case.text, Parse(kItem), values) == test_case.expected);
}

TEST_CASE("size() counts what each type holds", "[expression][condition]") {
  const Case test_case = GENERATE(values<Case>({
      {"s", "4"},   // two characters and a surrogate pair
      {"es", "0"},  // strings
      {"b", "5"},   // bytes, not characters
      {"ss", "2"},
      {"ns", "3"},
      {"bs", "1"},
      {"l", "2"},
      {"m", "3"},
      {"m.c", "0"},
  }));
  const Item item = Parse(
      "{s='aé😀' es='' b=b'é123' ss=<'a' 'b'> ns=<1 2 3> bs=<b'a'> l=[1 [2 3]] "
      "m={a=1 b=2 c={}}}");
  const std::string text = "size(" + std::string(test_case.text) + ") = :n";
  CAPTURE(text);
  const std::string values = "{:n=" + std::string(test_case.expected) + "}";
  CHECK(Filter(text, item, Parse(values)) == "true");
}

TEST_CASE("size() of what has no size compares like an absent attribute",
          "[expression][condition]") {
  const Item item = Parse("{a=5 t=true n=null}");
  const Item values = Parse("{:one=1}");
  for (const std::string_view path : {"a", "t", "n", "zz", "a.b"}) {
    CAPTURE(path);
    CHECK(Filter("size(" + std::string(path) + ") = :one", item, values) == "false");
    CHECK(Filter("size(" + std::string(path) + ") <> :one", item, values) == "true");
  }
  CHECK(Filter("size(:text) = size(b)", Parse("{b='xy'}"), Parse("{:text='ab'}")) == "true");
}

TEST_CASE("Syntax errors quote the token and its neighbours", "[expression][condition]") {
  const Case test_case = GENERATE(values<Case>({
      {"a = :n b", "Syntax error; token: \"b\", near: \":n b\""},
      {"a b c d", "Syntax error; token: \"b\", near: \"a b c\""},
      {"a b  ", "Syntax error; token: \"b\", near: \"a b  \""},
      {"  4 = a", "Syntax error; token: \"4\", near: \"  4 =\""},
      {"a[x]", "Syntax error; token: \"x\", near: \"[x]\""},
      {"l[00] = a", "Syntax error; token: \"0\", near: \"00]\""},
      {"a[4.5] = a", "Syntax error; token: \".\", near: \"4.5\""},
      {"   ", "Syntax error; token: \"<EOF>\", near: \"   \""},
      {"a = ", "Syntax error; token: \"<EOF>\", near: \"= \""},
      {"(a = :v", "Syntax error; token: \"<EOF>\", near: \":v\""},
      {"a = :v)", "Syntax error; token: \")\", near: \":v)\""},
      {"AND", "Syntax error; token: \"AND\", near: \"AND\""},
      {"a AND b", "Syntax error; token: \"AND\", near: \"a AND b\""},
      {"a = b AND OR", "Syntax error; token: \"OR\", near: \"AND OR\""},
      {"a = b = c", "Syntax error; token: \"=\", near: \"b = c\""},
      {"a != b", "Syntax error; token: \"!\", near: \"a !=\""},
      {"ü > a", "Syntax error; token: \"ü\", near: \"ü >\""},
      {"_a = b", "Syntax error; token: \"_\", near: \"_a\""},
      {"# = a", "Syntax error; token: \"#\", near: \"# =\""},
      {"set = a", "Syntax error; token: \"set\", near: \"set =\""},
      {"a > between", "Syntax error; token: \"between\", near: \"> between\""},
      {"a in b", "Syntax error; token: \"b\", near: \"in b\""},
      {"a in ()", "Syntax error; token: \")\", near: \"()\""},
      {"a in (b,)", "Syntax error; token: \")\", near: \",)\""},
      {"a between b or c", "Syntax error; token: \"or\", near: \"b or c\""},
      {"(a.b).c = d", "Syntax error; token: \".\", near: \").c\""},
      {"(a) and b = c", "Syntax error; token: \"and\", near: \") and b\""},
      {"contains(a=b,c)", "Syntax error; token: \"=\", near: \"a=b\""},
      {"f()", "Syntax error; token: \")\", near: \"()\""},
      {"#a(b)", "Syntax error; token: \"(\", near: \"#a(b\""},
      {"a.:b = c", "Syntax error; token: \":b\", near: \".:b =\""},
      {"a = \"x\"", "Syntax error; token: \"\"\", near: \"= \"x\""},
      {":v", "Syntax error; token: \"<EOF>\", near: \":v\""},
  }));
  CAPTURE(test_case.text);
  CHECK(Fault(test_case.text) == test_case.expected);
}

TEST_CASE("Parentheses may not be redundant", "[expression][condition]") {
  constexpr std::string_view kFault = "The expression has redundant parentheses;";
  for (const std::string_view text :
       {"((a = b))", "a = ((b))", "((a)) = b", "contains(((a)), b)", "a IN (((b)), c)",
        "NOT ((a = b))", "a = c AND ((a = b OR b = c))", "((a = b)) c d",
        "(a)between(((b.c)).d)"}) {
    CAPTURE(text);
    CHECK(Fault(text) == kFault);
  }
  for (const std::string_view text :
       {"(a = b)", "(a) = (b)", "((a) = b)", "((size(l)) > b)", "contains((a), (b))",
        "((a = b) AND (b = c))", "(a) BETWEEN (b) AND (c)", "a IN ((b), c)"}) {
    CAPTURE(text);
    CHECK(Fault(text) == "false");
  }
  // A syntax error that comes first in the text is reported first.
  CHECK(Fault("c d AND ((a = b))") == "Syntax error; token: \"d\", near: \"c d AND\"");
}

TEST_CASE("Conditions are refused in the service's words", "[expression][condition]") {
  const Case test_case = GENERATE(values<Case>({
      {"", "The expression can not be empty;"},
      {"foo(a)", "Invalid function name; function: foo"},
      {"SIZE(a) > b", "Invalid function name; function: SIZE"},
      {"a = if_not_exists(a, b)",
       "The function is not allowed in a condition expression; function: if_not_exists"},
      {"size(a)",
       "The function is not allowed to be used this way in an expression; function: size"},
      {"contains(a, b) = c",
       "The function is not allowed to be used this way in an expression; function: contains"},
      {"size(contains(a, b)) > c",
       "The function is not allowed to be used this way in an expression; function: contains"},
      {"a.abOrt = b", "Attribute name is a reserved keyword; reserved keyword: abOrt"},
      {"size = b", "Attribute name is a reserved keyword; reserved keyword: size"},
      {"a[2147483648] = b", "List index is not within the allowable range; index: [2147483648]"},
      {"#b = :v",
       "An expression attribute name used in the document path is not defined; attribute name: #b"},
      {":v = #b",
       "An expression attribute value used in expression is not defined; attribute value: :v"},
      {"contains(a)",
       "Incorrect number of operands for operator or function; operator or function: contains, "
       "number of operands: 1"},
      {"attribute_exists(:s)",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"attribute_exists(size(a))",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"begins_with(a, :n)",
       "Incorrect operand type for operator or function; operator or function: begins_with, "
       "operand type: N"},
      {"begins_with(:n, a)",
       "Incorrect operand type for operator or function; operator or function: begins_with, "
       "operand type: N"},
      {"attribute_type(a, :n)",
       "Incorrect operand type for operator or function; operator or function: attribute_type, "
       "operand type: N"},
      {"attribute_type(a, :s)",
       "Invalid attribute type name found; type: s, valid types: "
       "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
      {"size(:n) > a",
       "Incorrect operand type for operator or function; operator or function: size, operand "
       "type: N"},
      {"size(size(a)) > a",
       "Incorrect operand type for operator or function; operator or function: size, operand "
       "type: N"},
      {"a < :l",
       "Incorrect operand type for operator or function; operator or function: <, operand type: L"},
      {":m >= a",
       "Incorrect operand type for operator or function; operator or function: >=, operand type: "
       "M"},
      {"a BETWEEN :ss AND :s",
       "Incorrect operand type for operator or function; operator or function: BETWEEN, operand "
       "type: SS"},
      {"a.b[0] = #a.b[0]",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: =, first operand: [a, b, [0]]"},
      {"a IN (b, a)",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: IN, first operand: [a]"},
      {"a BETWEEN b AND a",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: BETWEEN, first operand: [a]"},
      {"attribute_type(a, a)",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: attribute_type, first operand: [a]"},
      {"a BETWEEN :s AND :a",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
       "lower bound operand: AttributeValue: {S:s}, upper bound operand: AttributeValue: {S:a}"},
      {"a BETWEEN :ten AND :n",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
       "lower bound operand: AttributeValue: {N:10}, upper bound operand: AttributeValue: {N:1}"},
      {"a BETWEEN :s AND :n",
       "The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
       "operand: AttributeValue: {S:s}, upper bound operand: AttributeValue: {N:1}"},
  }));
  CAPTURE(test_case.text);
  CHECK(Fault(test_case.text, "{:s='s' :a='a' :n=1 :ten=10 :l=[] :m={} :ss=<'a'>}") ==
        test_case.expected);
}

TEST_CASE("Of several faults the service's first is reported", "[expression][condition]") {
  const Case test_case = GENERATE(values<Case>({
      {"foo(abort) = :v", "Invalid function name; function: foo"},
      {"abort > foo(b)", "Attribute name is a reserved keyword; reserved keyword: abort"},
      {"size(abort)",
       "The function is not allowed to be used this way in an expression; function: size"},
      {"a = :v AND abort = b", "Attribute name is a reserved keyword; reserved keyword: abort"},
      {"contains(#b)",
       "An expression attribute name used in the document path is not defined; attribute name: #b"},
      {"begins_with(:n, a) AND contains(b)",
       "Incorrect operand type for operator or function; operator or function: begins_with, "
       "operand type: N"},
      {"a BETWEEN a AND :l",
       "Incorrect operand type for operator or function; operator or function: BETWEEN, operand "
       "type: L"},
  }));
  CAPTURE(test_case.text);
  CHECK(Fault(test_case.text, "{:n=1 :l=[]}") == test_case.expected);
}

TEST_CASE("Conditions have limits", "[expression][condition]") {
  const std::string fits = "a = " + std::string(4092, 'b');
  CHECK(Fault(fits) == "false");
  CHECK(Fault(fits + "b") == "Expression size has exceeded the maximum allowed size;");

  CHECK(Fault(Repeat("a=b", 150, " and ")) == "false");
  CHECK(Fault(Repeat("a=b", 151, " and ")) ==
        "The expression contains too many operators; operator count: 301");
  CHECK(Fault(Repeat("a between b and c", 150, " and ")) == "false");
  CHECK(Fault(Repeat("not ", 299) + "a=b") == "true");
  CHECK(Fault(Repeat("not ", 300) + "a=b") ==
        "The expression contains too many operators; operator count: 301");

  CHECK(Fault(Repeat("a", 32, ".") + "=b") == "false");
  CHECK(Fault(Repeat("a", 33, ".") + "=b") ==
        "The document path has too many nesting levels; nesting levels: 33");
  CHECK(Fault("a" + Repeat("[0]", 32) + "=b") ==
        "The document path has too many nesting levels; nesting levels: 33");

  CHECK(Fault("a in (" + Repeat("b", 100, ",") + ")") == "false");
  CHECK(Fault("a in (" + Repeat("b", 101, ",") + ")") ==
        "The IN operator is provided with too many operands; number of operands: 101");
}

TEST_CASE("Nesting is as deep as 300 operators go, and bounded", "[expression][condition]") {
  CHECK(Fault(Repeat("not (", 299) + "a=b" + Repeat(")", 299)) == "true");
  CHECK(Fault(std::string(4096, '(')) == "The expression has redundant parentheses;");
  CHECK(Fault(Repeat("not ", 1024)) ==
        "The expression contains too many operators; operator count: 609");
  CHECK(Fault(Repeat("size(", 819)) == "The expression has redundant parentheses;");
}

TEST_CASE("A condition names the attributes it uses", "[expression][condition]") {
  const Names names = {{"#k", "key"}};
  Placeholders placeholders{Placeholders::NameList(names), std::nullopt};
  const Result<Condition> condition =
      Condition::Parse(ConditionKind::kCondition,
                       "#k = a AND size(b.c) > a[0] AND attribute_exists(d)", placeholders);
  REQUIRE(condition.ok());
  std::string text;
  for (const AttributeUse& use : condition.value().attributes()) {
    text.append(use.name).append(use.nested ? "+ " : " ");
  }
  CHECK(text == "key a+ b+ d ");
}

TEST_CASE("Error texts name the parameter", "[expression][condition]") {
  Placeholders placeholders;
  const Result<Condition> condition = Condition::Parse(ConditionKind::kCondition, "", placeholders);
  REQUIRE_FALSE(condition.ok());
  CHECK(condition.error().code == ErrorCode::kValidation);
  CHECK(condition.error().message ==
        "Invalid ConditionExpression: The expression can not be empty;");
}

}  // namespace weir::expression
