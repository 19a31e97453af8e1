// SPDX-License-Identifier: Apache-2.0
#include "expression/update.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

using Names = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kValues =
    "{:n=5 :m=-2.5 :s='xy' :l=['p' 7] :ab=<'a' 'b'> :bc=<'b' 'c'> :one=<1> :map={q=1} :t=true "
    ":null=null :b=b'x' :big=99999999999999999999999999999999999999}";

// Returns the outcome of `check` on the parsed update, or the error text without its prefix if the
// expression is refused.
template <class Check>
std::string WithUpdate(std::string_view text, Check check) {
  const Names names = {{"#a", "a"}, {"#3", "[3]"}};
  const Item values = Parse(kValues);
  Placeholders placeholders{Placeholders::NameList(names), values.attributes()};
  const Result<Update> update = Update::Parse(text, placeholders);
  if (!update.ok()) {
    constexpr std::string_view kPrefix = "Invalid UpdateExpression: ";
    const std::string& message = update.error().message;
    REQUIRE(message.substr(0, kPrefix.size()) == kPrefix);
    return message.substr(kPrefix.size());
  }
  return check(update.value());
}

// The item after the update, or the error text.
std::string Apply(std::string_view text, const Item& before) {
  return WithUpdate(text, [&](const Update& update) {
    const Item key = Parse("{pk='k'}");
    const Result<Item> after = update.Apply(before, key.attributes());
    if (!after.ok()) {
      return after.error().message;
    }
    // An update is a pure function of the item.
    const Result<Item> again = update.Apply(before, key.attributes());
    REQUIRE(again.ok());
    REQUIRE(again.value().SameContent(after.value()));
    return Text(after.value());
  });
}

std::string Fault(std::string_view text) {
  return WithUpdate(text, [](const Update&) { return std::string("ok"); });
}

struct Case {
  std::string_view text;
  std::string_view before;
  std::string_view expected;
};

constexpr std::string_view kBadPath =
    "The document path provided in the update expression is invalid for update";
constexpr std::string_view kBadType =
    "An operand in the update expression has an incorrect data type";
constexpr std::string_view kNoOperand =
    "The provided expression refers to an attribute that does not exist in the item";

}  // namespace

TEST_CASE("SET assigns, computes and appends", "[expression][update]") {
  const Case test_case = GENERATE(values<Case>({
      {"SET a = :n", "{}", "{a=5}"},
      {"set #a = :n", "{a='old' b=1}", "{a=5 b=1}"},
      {"SET a = b, b = a", "{a=1 b='x'}", "{a='x' b=1}"},
      {"SET a = a + :n, b = a - :m", "{a=1}", "{a=6 b=3.5}"},
      {"SET a = (b + :n)", "{b=1}", "{a=6 b=1}"},
      {"SET a = ((b) - (b))", "{b=1}", "{a=0 b=1}"},
      {"SET a = (b) - (b)", "{b=1}", "{a=0 b=1}"},
      {"SET a = if_not_exists(a, :n)", "{}", "{a=5}"},
      {"SET a = if_not_exists(a, :n)", "{a=1}", "{a=1}"},
      {"SET a = if_not_exists(x, if_not_exists(y, :n)) + :n", "{}", "{a=10}"},
      {"SET a = list_append(a, :l)", "{a=[1]}", "{a=[1 'p' 7]}"},
      {"SET a = list_append(:l, a)", "{a=[1]}", "{a=['p' 7 1]}"},
      {"SET a = list_append(if_not_exists(a, :l), :l)", "{}", "{a=['p' 7 'p' 7]}"},
      {"SET m.x = :n, m.z.w = :s", "{m={x=1 y=2 z={}}}", "{m={x=5 y=2 z={w='xy'}}}"},
      {"SET l[0] = :n", "{l=[1 2]}", "{l=[5 2]}"},
      {"SET l[9] = :n, l[7] = :s", "{l=[1]}", "{l=[1 'xy' 5]}"},
      {"SET l[1].x = :n", "{l=[1 {}]}", "{l=[1 {x=5}]}"},
      {"SET l[0] = l[1], l[1] = l[0]", "{l=[1 2]}", "{l=[2 1]}"},
      {"SET a = m.l[1]", "{m={l=[1 2]}}", "{a=2 m={l=[1 2]}}"},
      {"SET a = x", "{}", kNoOperand},
      {"SET a = x + :n", "{}", kNoOperand},
      {"SET a = list_append(x, :l)", "{}", kNoOperand},
      {"SET a = b + :n", "{b='x'}", kBadType},
      {"SET a = list_append(b, :l)", "{b='x'}", kBadType},
      {"SET a = list_append(if_not_exists(b, :s), :l)", "{}", kBadType},
      {"SET m.x = :n", "{}", kBadPath},
      {"SET m.x = :n", "{m=1}", kBadPath},
      {"SET m[0] = :n", "{m={}}", kBadPath},
      {"SET l.x = :n", "{l=[]}", kBadPath},
      {"SET l[5].x = :n", "{l=[]}", kBadPath},
      {"SET m.x.y = :n", "{m={}}", kBadPath},
  }));
  CAPTURE(test_case.text, test_case.before);
  CHECK(Apply(test_case.text, Parse(test_case.before)) == test_case.expected);
}

TEST_CASE("REMOVE, ADD and DELETE", "[expression][update]") {
  const Case test_case = GENERATE(values<Case>({
      {"REMOVE a", "{a=1 b=2}", "{b=2}"},
      {"REMOVE a, zz", "{a=1 b=2}", "{b=2}"},
      {"REMOVE l[0], l[1]", "{l=[1 2 3]}", "{l=[3]}"},
      {"REMOVE l[9]", "{l=[1]}", "{l=[1]}"},
      {"REMOVE l[0]", "{l=[1]}", "{l=[]}"},
      {"REMOVE m.x", "{m={x=1}}", "{m={}}"},
      {"REMOVE m.zz", "{m={x=1}}", "{m={x=1}}"},
      {"REMOVE zz.x", "{m={x=1}}", kBadPath},
      {"REMOVE a.x", "{a=1}", kBadPath},
      {"ADD a :n", "{}", "{a=5}"},
      {"ADD a :m", "{a=2.5}", "{a=0}"},
      {"ADD a :bc", "{a=<'a' 'b'>}", "{a=<'a' 'b' 'c'>}"},
      {"ADD a :bc", "{}", "{a=<'b' 'c'>}"},
      {"ADD m.a :n", "{m={a=1}}", "{m={a=6}}"},
      {"ADD l[0] :n", "{l=[1]}", "{l=[6]}"},
      {"ADD l[5] :n", "{l=[1]}", "{l=[1 5]}"},
      {"ADD m.a :n", "{}", kBadPath},
      {"ADD a :n", "{a='x'}", kBadType},
      {"ADD a :one", "{a=<'x'>}", kBadType},
      {"ADD a :n", "{a=<1>}", kBadType},
      {"DELETE a :bc", "{a=<'a' 'b'>}", "{a=<'a'>}"},
      {"DELETE a :ab", "{a=<'a' 'b'> b=1}", "{b=1}"},
      {"DELETE l[0] :ab", "{l=[<'a'> 2]}", "{l=[2]}"},
      {"DELETE a :ab", "{b=1}", "{b=1}"},
      {"DELETE m.a :ab", "{m={}}", "{m={}}"},
      {"DELETE a :one", "{a=<'x'>}", kBadType},
      {"DELETE a :ab", "{a='a'}", kBadType},
      {"REMOVE l[1] SET l[3] = :n", "{l=[0 1 2 3]}", "{l=[0 2 5]}"},
      {"REMOVE l[1] SET l[9] = :n", "{l=[0 1 2]}", "{l=[0 2 5]}"},
      {"REMOVE l[0] SET l[1].x = :n", "{l=[0 {}]}", "{l=[{x=5}]}"},
      {"SET a = b REMOVE b", "{b=1}", "{a=1}"},
      {"DELETE s :ab ADD n :n REMOVE r SET t = s", "{s=<'a' 'c'> r=1}",
       "{n=5 s=<'c'> t=<'a' 'c'>}"},
  }));
  CAPTURE(test_case.text, test_case.before);
  CHECK(Apply(test_case.text, Parse(test_case.before)) == test_case.expected);
}

TEST_CASE("An update of no item starts from the key", "[expression][update]") {
  CHECK(Apply("SET a = :n", Item()) == "{a=5 pk='k'}");
  CHECK(Apply("ADD a :n", Item()) == "{a=5 pk='k'}");
  CHECK(Apply("DELETE a :ab", Item()) == "{pk='k'}");
  CHECK(Apply("SET a = if_not_exists(a, :n) REMOVE b", Item()) == "{a=5 pk='k'}");
  CHECK(Apply("SET m.a = :n", Item()) == kBadPath);
  // REMOVE alone creates no item, whether its paths are nested or not.
  CHECK(Apply("REMOVE a", Item()) == "none");
  CHECK(Apply("REMOVE a.b, c[0]", Item()) == "none");
}

TEST_CASE("Arithmetic keeps 38 digits or fails", "[expression][update]") {
  CHECK(Apply("SET a = :big - :n", Item()) == "{a=99999999999999999999999999999999999994 pk='k'}");
  const std::string fault = Apply("SET a = :big + :m", Item());
  CHECK(fault ==
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

TEST_CASE("UPDATED_OLD and UPDATED_NEW hold the addressed leaves", "[expression][update]") {
  struct Returned {
    std::string_view text;
    std::string_view before;
    std::string_view old_values;
    std::string_view new_values;
  };
  const Returned test_case = GENERATE(values<Returned>({
      {"SET a = :n", "{a=1 b=2}", "{a=1}", "{a=5}"},
      {"SET a = :n", "{b=2}", "none", "{a=5}"},
      {"SET a = a", "{a=1}", "{a=1}", "{a=1}"},
      {"REMOVE a", "{a=1 b=2}", "{a=1}", "none"},
      {"REMOVE zz", "{a=1}", "none", "none"},
      {"SET m.x = :n", "{m={x=1 y=2}}", "{m={x=1}}", "{m={x=5}}"},
      {"SET l[2] = :n, l[0] = :s", "{l=[0 1 2]}", "{l=[0 2]}", "{l=['xy' 5]}"},
      {"SET l[100] = :n", "{l=[0]}", "none", "none"},
      {"REMOVE l[1]", "{l=[0 1 2]}", "{l=[1]}", "{l=[2]}"},
      {"DELETE a :ab", "{a=<'a'>}", "{a=<'a'>}", "none"},
  }));
  CAPTURE(test_case.text, test_case.before);
  WithUpdate(test_case.text, [&](const Update& update) {
    const Item before = Parse(test_case.before);
    const Result<Item> after = update.Apply(before, MapView());
    REQUIRE(after.ok());
    CHECK(Text(update.UpdatedOld(before)) == test_case.old_values);
    CHECK(Text(update.UpdatedNew(after.value())) == test_case.new_values);
    return std::string();
  });
}

TEST_CASE("Updates are refused in the service's words", "[expression][update]") {
  struct Refused {
    std::string_view text;
    std::string_view expected;
  };
  const Refused test_case = GENERATE(values<Refused>({
      {"", "The expression can not be empty;"},
      {" ", "Syntax error; token: \"<EOF>\", near: \" \""},
      {"whatever", "Syntax error; token: \"whatever\", near: \"whatever\""},
      {"SET a", "Syntax error; token: \"<EOF>\", near: \"a\""},
      {"SET a=b SET", "Syntax error; token: \"<EOF>\", near: \"SET\""},
      {"SET a = b c = d", "Syntax error; token: \"c\", near: \"b c =\""},
      {"SET a=b, REMOVE c", "Syntax error; token: \"REMOVE\", near: \", REMOVE c\""},
      {"SET :a = b", "Syntax error; token: \":a\", near: \"SET :a =\""},
      {"REMOVE a = b", "Syntax error; token: \"=\", near: \"a = b\""},
      {"ADD a b", "Syntax error; token: \"b\", near: \"a b\""},
      {"ADD a (:n)", "Syntax error; token: \"(\", near: \"a (:n\""},
      {"SET a = b + c + d", "Syntax error; token: \"+\", near: \"c + d\""},
      {"SET a = (b + c) + d", "Syntax error; token: \"+\", near: \") + d\""},
      {"SET a = b + (c + d)", "Syntax error; token: \"+\", near: \"c + d\""},
      {"SET a = if_not_exists(a, b + c)", "Syntax error; token: \"+\", near: \"b + c\""},
      {"SET foo(b) = a", "Syntax error; token: \"(\", near: \"foo(b\""},
      {"SET a = -b", "Syntax error; token: \"-\", near: \"= -b\""},
      {"SET a = ((b))", "The expression has redundant parentheses;"},
      {"SET a = ((b + c))", "The expression has redundant parentheses;"},
      {"SET a = foo(b)", "Invalid function name; function: foo"},
      {"SET a = size(b)", "The function is not allowed in an update expression; function: size"},
      {"SET a = list_append(list_append(b, c), :l)",
       "The function is not allowed to be used this way in an expression; function: list_append"},
      {"SET a = b + list_append(c, d)",
       "The function is not allowed to be used this way in an expression; function: list_append"},
      {"SET a = b SET abOrt = d", "Attribute name is a reserved keyword; reserved keyword: abOrt"},
      {"SET a = #x SET c = :d",
       "The \"SET\" section can only be used once in an update expression;"},
      {"REMOVE a REMOVE b",
       "The \"REMOVE\" section can only be used once in an update expression;"},
      {"SET #x = :v",
       "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"SET a = :v",
       "An expression attribute value used in expression is not defined; attribute value: :v"},
      {"SET a = :n, a = :s",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [a], path two: [a]"},
      {"SET d[1] = a, d.b = a, c[1].a = a, c = if_not_exists(a)",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [c, [1], a], path two: [c]"},
      {"REMOVE a.c SET a[1] = b",
       "Two document paths conflict with each other; must remove or rewrite one of these paths; "
       "path one: [a, c], path two: [a, [1]]"},
      {"SET a = if_not_exists(b)",
       "Incorrect number of operands for operator or function; operator or function: "
       "if_not_exists, number of operands: 1"},
      {"SET a = if_not_exists(:n, b)",
       "Operator or function requires a document path; operator or function: if_not_exists"},
      {"SET a = if_not_exists(b, b)",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: if_not_exists, first operand: [b]"},
      {"SET a = b - :s",
       "Incorrect operand type for operator or function; operator or function: -, operand type: S"},
      {"SET a = list_append(b, :n)",
       "Incorrect operand type for operator or function; operator or function: list_append, "
       "operand type: N"},
      {"SET b = list_append(:s, a), c = if_not_exists(a) ADD a.b :s",
       "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, "
       "typeSet: ALLOWED_FOR_ADD_OPERAND"},
      {"ADD a :t",
       "Incorrect operand type for operator or function; operator: ADD, operand type: BOOL, "
       "typeSet: ALLOWED_FOR_ADD_OPERAND"},
      {"DELETE a :n",
       "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, "
       "typeSet: ALLOWED_FOR_ADD_OPERAND"},
      {"DELETE a :map",
       "Incorrect operand type for operator or function; operator: DELETE, operand type: MAP, "
       "typeSet: ALLOWED_FOR_ADD_OPERAND"},
  }));
  CAPTURE(test_case.text);
  CHECK(Fault(test_case.text) == test_case.expected);
}

TEST_CASE("+ and - count as operators, assignments do not", "[expression][update]") {
  const auto sums = [](int count) {
    std::string text = "SET ";
    for (int i = 0; i < count; ++i) {
      text.append(i == 0 ? "" : ",").append("a").append(std::to_string(i)).append("=b+c");
    }
    return text;
  };
  CHECK(Fault(sums(300)) == "ok");
  CHECK(Fault(sums(301)) == "The expression contains too many operators; operator count: 301");
}

TEST_CASE("An update names its attributes", "[expression][update]") {
  WithUpdate("SET a.x = b + :n, l[0].y = :s ADD c :n REMOVE d, e[1] DELETE f :ab",
             [](const Update& update) {
               std::string changed;
               for (const AttributeUse& use : update.changed()) {
                 changed.append(use.name).append(use.nested ? "+ " : " ");
               }
               CHECK(changed == "a+ l+ c d e+ f ");
               CHECK(update.attributes().size() == 7);
               CHECK(FindUse(update.attributes(), "b") != nullptr);
               CHECK(FindUse(update.changed(), "b") == nullptr);
               return std::string();
             });
}

TEST_CASE("An update's charge does not depend on the item", "[expression][update]") {
  const auto charge = [](std::string_view text) {
    std::size_t result = 0;
    WithUpdate(text, [&](const Update& update) {
      result = update.Charge();
      return std::string();
    });
    return result;
  };
  const std::size_t number = 2;  // :n is 1
  const std::size_t set = 3 + 19;
  CHECK(charge("SET ab = :n") == set + 2 + number);
  CHECK(charge("SET ab.cde = :n") == set + 2 + (4 + 3) + number);
  CHECK(charge("SET a = b") == set + 1 + (1 + 14 + 1));
  CHECK(charge("SET a = b.cd") == set + 1 + (1 + (14 + 1) + (14 + 2)));
  CHECK(charge("SET a = b + :n") == set + 1 + 34 + (1 + 14 + 1) + number);
  CHECK(charge("SET a = :n - :n") == set + 1 + 37 + 2 * number);
  CHECK(charge("SET a = if_not_exists(b, :n)") == set + 1 + 39 + (1 + 14 + 1) + number);
  CHECK(charge("SET a = :n, b = :n") == 3 + 2 * (19 + 1 + number));
  CHECK(charge("ADD a :n") == 3 + 19 + 1 + number);
  CHECK(charge("REMOVE a, bc") == 3 + (1 + 1) + (1 + 2));
}

}  // namespace weir::expression
