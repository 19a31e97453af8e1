// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "expression/partiql_statement.h"
#include "tests/unit/expression/notation.h"

namespace weir::expression {
namespace {

const Item kParameters = Parse("{p=['a' 5 <'x' 'y'> [1] true]}");

ListView Parameters() {
  return (*kParameters.attributes().begin()).value.list();
}

// The text of a statement's fault, or "ok".
std::string Fault(std::string_view text) {
  const Result<TargetedStatement> statement = TargetedStatement::Of(text);
  if (!statement.ok()) {
    return statement.error().message;
  }
  const Result<PartiqlStatement> bound = statement.value().Bind(Parameters());
  return bound.ok() ? "ok" : bound.error().message;
}

PartiqlStatement MustParse(std::string_view text) {
  const Result<TargetedStatement> statement = TargetedStatement::Of(text);
  INFO(text);
  REQUIRE((statement.ok() ? "" : statement.error().message) == "");
  Result<PartiqlStatement> bound = statement.value().Bind(Parameters());
  REQUIRE((bound.ok() ? "" : bound.error().message) == "");
  return std::move(bound).value();
}

struct FaultCase {
  std::string_view text;
  std::string_view fault;
};

constexpr std::string_view kMalformed = "Statement wasn't well formed, can't be processed: ";

TEST_CASE("A statement that does not follow the grammar is refused in the parser's words",
          "[expression][partiql]") {
  const FaultCase cases[] = {
      {"", "Unexpected term"},
      {";", "Unexpected term"},
      {"-- nothing", "Unexpected term"},
      {"SELECT", "Unexpected term"},
      {"SELECT *", "Expected FROM after SELECT list"},
      {"SELECT * FROM", "Unexpected term"},
      {"SELECT FROM tab",
       "Expected identifier or an expression but found unexpected keyword 'from' in a select "
       "list."},
      {"SELECT *, a FROM tab",
       "Other expressions may not be present in the select list when '*' is used without dot "
       "notation."},
      {"SELECT key FROM tab", "Unexpected keyword"},
      {"SELECT * FROM tab WHERE", "Unexpected term"},
      {"SELECT * FROM tab WHERE;", "Unexpected term"},
      {"SELECT * FROM tab WHERE NOT", "Unexpected term"},
      {"SELECT * FROM tab WHERE (", "Unexpected term"},
      {"SELECT * FROM tab WHERE IS NULL", "Unexpected operator"},
      {"SELECT * FROM tab WHERE pk = LIKE", "Unexpected operator"},
      {"SELECT * FROM tab WHERE ORDER BY pk", "Unexpected keyword"},
      {"SELECT * FROM tab WHERE pk =", "Missing right-hand side expression of infix operator"},
      {"SELECT * FROM tab WHERE pk = 'p' AND",
       "Missing right-hand side expression of infix operator"},
      {"SELECT * FROM tab WHERE pk = :p", "Unexpected term"},
      {"SELECT * FROM tab WHERE (pk = 'p'", "Expected RIGHT_PAREN"},
      {"SELECT * FROM tab WHERE pk IN ()", "Unexpected term"},
      {"SELECT * FROM tab WHERE a IS FOO", "Expected type name"},
      {"SELECT * FROM tab WHERE a BETWEEN 1", "Expected AND keyword"},
      {"SELECT * FROM tab WHERE m.inner = 1", "Invalid path dot component"},
      {"SELECT * FROM tab WHERE pk = 1 foo", "Unexpected token after expression"},
      {"SELECT * FROM tab WHERE pk = 1 e5", "Unexpected token after expression"},
      {"SELECT * FROM tab WHERE pk = 1)", "Unexpected token after expression"},
      {"SELECT * FROM tab ORDER BY pk WHERE pk = 1", "Unexpected token after expression"},
      {"SELECT * FROM tab; SELECT * FROM tab",
       "Unexpected token after semicolon. (Only one query is allowed.)"},
      {"SLECT * FROM tab", "Expected data manipulation"},
      {"SELECT * FROM tab WHERE SET c = 1", "Expected data manipulation"},
      {"UPDATE tab SET a = REMOVE c WHERE pk = 'k'", "Expected data manipulation"},
      {"DELETE FROM", "Expected identifier for simple path"},
      {"DELETE FROM;", "Expected identifier for simple path"},
      {"DELETE FROM WHERE pk = 'a'", "Expected identifier for simple path"},
      {"DELETE tab", "Expected FROM after DELETE"},
      {"DELETE FROM tab WHERE pk = 1 ORDER BY pk", "Unexpected token after expression"},
      {"UPDATE tab", "Expected data manipulation"},
      {"UPDATE my-tab SET a = 1", "Expected data manipulation"},
      {"UPDATE tab SET a", "Expected '='"},
      {"UPDATE tab SET 'a' = 1", "Expected identifier for simple path"},
      {"UPDATE tab SET l[*] = 1", "Invalid path component for simple path"},
      {"UPDATE tab SET m.* = 1", "Invalid path dot component for simple path"},
      {"SELECT l[*] FROM tab", "Invalid use of * in select list"},
      {"SELECT m.*.a FROM tab", "Invalid use of * in select list"},
      {"DELETE FROM tab pk = 'a'", "Unexpected term"},
      {"UPDATE tab REMOVE a, b WHERE pk = 'k'", "Unexpected token after expression"},
      {"FROM tab WHERE pk = 'k'", "Expected data manipulation"},
      {"FROM tab SET c = 1 WHERE pk = 'k'", "Unexpected token after expression"},
      {"INSERT INTO tab t VALUE {'pk': 'x'}", "Unexpected token after expression"},
      {"INSERT INTO tab (key) VALUES (?)", "Unexpected keyword"},
      {"INSERT INTO tab VALUE {'pk' 'x'}", "Expected COLON"},
      {"INSERT INTO tab VALUE {'pk': 'x'", "Expected RIGHT_CURLY"},
      {"INSERT INTO tab VALUE <<1", "Expected RIGHT_DOUBLE_ANGLE_BRACKET"},
      {"DELETE FROM tab WHERE pk = 'x' RETURNING *",
       "Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element."},
  };
  for (const FaultCase& test : cases) {
    INFO(test.text);
    CHECK(Fault(test.text) == std::string(kMalformed).append(test.fault));
  }
}

TEST_CASE("What is no token is refused without a detail", "[expression][partiql]") {
  for (const char* text :
       {"SELECT * FROM tab WHERE pk = 'p", "SELECT * FROM \"tab", "SELECT * FROM tab # note",
        "SELECT * FROM tab /* note", "SELECT * FROM tab WHERE a = 1e2147483648",
        "SELECT * FROM tab WHERE a = 1.5e-2147483647", "SELECT * FROM tab WHERE a = 1e",
        "SELECT * FROM tab WHERE a = 1e99999999999", "SELECT * FROM tab WHERE a ! 1",
        "SELECT * FROM tab WHERE ä = 1"}) {
    INFO(text);
    CHECK(Fault(text) == kMalformed);
  }
}

TEST_CASE("Nesting without end is refused", "[expression][partiql]") {
  for (const char* opening : {"(", "[", "NOT (", "- ", "{'a':", "<<"}) {
    std::string text = "SELECT * FROM tab WHERE a = ";
    while (text.size() < 8000) {
      text += opening;
    }
    INFO(opening);
    CHECK(Fault(text) == std::string(kMalformed) + "The statement is nested too deeply");
  }
}

TEST_CASE("Statements that parse and mean nothing", "[expression][partiql]") {
  const FaultCase cases[] = {
      {"a", "Unsupported operation: Id"},
      {"'a'", "Unsupported operation: Lit"},
      {"a = 1", "EXISTS can only be used in ExecuteTransaction write requests."},
      {"foo(1)", "EXISTS can only be used in ExecuteTransaction write requests."},
      {"x IS INT4", "Unsupported operation: IsType"},
      {"x IS DOUBLE PRECISION", "Unsupported operation: IsType"},
      {"x IS NOT INT4", "EXISTS can only be used in ExecuteTransaction write requests."},
      {"INSERT INTO tab <<{'pk': 'a'}>>", "Unsupported operation: InsertOp"},
      {"SELECT * FROM tab t", "Aliasing is not supported"},
      {"SELECT * FROM tab AS t WHERE pk = 'a'", "Aliasing is not supported"},
      {"UPDATE tab t SET a = 1", "Aliasing is not supported"},
      {"SELECT a AS b FROM tab", "Aliasing is not supported"},
      {"SELECT a b FROM tab", "Aliasing is not supported"},
      {"SELECT * FROM tab, other", "Only select from a single table or index is supported."},
      {"SELECT * FROM tab JOIN other ON tab.a = other.a",
       "Only select from a single table or index is supported."},
      {"SELECT * FROM 'tab'", "Unexpected from source"},
      {"SELECT * FROM tab.gsi.x", "A path may contain at most 2 components in the FROM clause"},
      {"SELECT * FROM \"\"", "Path component cannot be an empty string"},
      {"SELECT * FROM tab.\"\"", "Path component cannot be an empty string"},
      {"SELECT * FROM ab",
       "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', "
       "'-', '_', '.'."},
      {"SELECT * FROM tab.ab",
       "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', "
       "'-', '_', '.'."},
      {"UPDATE tab.gsi SET a = 1", "This operation is not supported on an index"},
      {"UPDATE tab.ab SET a = 1",
       "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', "
       "'-', '_', '.'."},
      {"UPDATE tab[0] SET a = 1", "Invalid list expression in source."},
      {"INSERT INTO tab.gsi VALUE {'a': 1}",
       "FROM clause may only contain a single table name in data manipulation statements"},
      {"INSERT INTO tab.a.b VALUE {'a': 1}",
       "FROM clause may only contain a single table name in data manipulation statements"},
      {"INSERT INTO \"t/b\"[0] VALUE {'a': 1}",
       "FROM clause may only contain a single table name in data manipulation statements"},
      {"SELECT VALUE a FROM tab", "Select projection doesn't support value or pivot keywords"},
      {"SELECT DISTINCT a FROM tab", "Unsupported token in expression: DISTINCT"},
      {"SELECT * FROM tab LIMIT 5", "Unsupported clause: LIMIT at 1:25:1"},
      {"SELECT * FROM tab GROUP BY a", "Unsupported clause: GROUP BY"},
      {"SELECT COUNT(*) FROM tab", "Unexpected path component at 1:8:5"},
      {"SELECT size(a) FROM tab", "Unexpected path component at 1:8:4"},
      {"SELECT a + 1 FROM tab", "Unexpected path component at 1:10:1"},
      {"SELECT l[?] FROM tab", "Unexpected path component at 1:10:1"},
      {"SELECT l[-1] FROM tab",
       "List index is not within the allowable range; index: [-1] at 1:11:1"},
      {"SELECT l[99999999999] FROM tab",
       "List index is not within the allowable range; index: [99999999999] at 1:10:11"},
      {"SELECT m.* FROM tab", "Changing item's hierarchy while reading isn't supported"},
      {"SELECT a, a FROM tab", "Duplicate identifiers in select clause: a"},
      {"SELECT m, m.x FROM tab",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [m, x], path two: [m]"},
      {"SELECT * FROM tab WHERE a = ? AND b = ? AND c = ? AND d = ? AND e = ? AND f = ?",
       "Number of parameters in request and statement don't match."},
  };
  for (const FaultCase& test : cases) {
    INFO(test.text);
    CHECK(Fault(test.text) == test.fault);
  }
}

TEST_CASE("Conditions that mean nothing", "[expression][partiql]") {
  const FaultCase cases[] = {
      {"a", "WHERE clause must contain an expression that resolves to a boolean"},
      {"true", "WHERE clause must contain an expression that resolves to a boolean"},
      {"size(a)", "WHERE clause must contain an expression that resolves to a boolean"},
      {"a AND b = 1", "The arguments to AND/OR must be Expressions"},
      {"NOT a", "The argument to NOT must be a Type or Expression"},
      {"a = missing", "MISSING must be compared using IS operator"},
      {"a + 1 = 2", "Unsupported operator in Condition Expression. Operator: +"},
      {"a LIKE 'x'", "Unsupported operator in Condition Expression. Operator: like"},
      {"a * 2 = 2", "Unsupported operator in Condition Expression. Operator: *"},
      {"foo(a)", "Unrecognized function: foo at 1:25:3"},
      {"a = 1\n AND\n  Foo(a) = 1", "Unrecognized function: foo at 3:3:3"},
      {"EXISTS(a)", "Unrecognized function: exists at 1:25:6"},
      {"set_add(a, <<'x'>>) = a", "Unrecognized function: set_add at 1:25:7"},
      {"if_not_exists(a, 1) = 1",
       "The function is not allowed in a condition expression; function: if_not_exists"},
      {"count(a) = 1", "Unsupported token in expression: count at 1:25:5"},
      {"a = (SELECT * FROM tab)", "Unsupported token in expression: SELECT at 1:30:6"},
      {"attribute_exists('a')",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"attribute_exists(?)",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"attribute_exists()",
       "Incorrect number of operands for operator or function; operator or function: "
       "attribute_exists, number of operands: 0"},
      {"begins_with(a, 1)",
       "Incorrect operand type for operator or function; operator or function: begins_with, "
       "operand type: N"},
      {"a < true",
       "Incorrect operand type for operator or function; operator or function: <, operand type: "
       "BOOL"},
      {"a BETWEEN true AND false",
       "Incorrect operand type for operator or function; operator or function: BETWEEN, operand "
       "type: BOOL"},
      {"a BETWEEN 2 AND 1",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
       "lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"},
      {"a = a",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: =, first operand: [a]"},
      {"a IN 1",
       "IN operator must have a left hand argument of type Variable Reference and right hand "
       "argument of type Seq with at least one member"},
      {"a IN ?",
       "IN operator must have a left hand argument of type Variable Reference and right hand "
       "argument of type Seq with at least one member"},
      {"a IS INT",
       "Unsupported data type for IS operator: IntegerType. Supported data types are [MISSING, "
       "NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST] at 1:25:1"},
      {"size(a) IS NULL",
       "The left hand side argument to IS must be a Variable Reference, Literal, or Path"},
      {"1 IS MISSING",
       "Operator or function requires a document path; operator or function: "
       "attribute_not_exists"},
      {"a = <<>>", "Empty bags are not supported"},
      {"a = 1e126",
       "Number overflow. Attempting to store a number with magnitude larger than supported range "
       "under root"},
      {"a = [1, {'x': 1e-131}]",
       "Number underflow. Attempting to store a number with magnitude smaller than supported "
       "range under root[1].x"},
      {"a = {'x': ?}", "Unsupported data type: Parameter under key root.x at 1:35:1"},
      {"a = [1, b]", "Unsupported data type: Id under key root[1] at 1:33:1"},
      {"a = {x: 1}", "Tuple keys must be of type String. Actual type: Id under root at 1:30:1"},
      {"a = {'x': 1, 'x': 2}", "Duplicate keys in tuple. Key: x under root at 1:29:1"},
      {"a = <<1, 'x'>>",
       "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"},
      {"a = <<'x', 1>>",
       "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags at "
       "1:36:1"},
      {"a = <<?>>",
       "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags at "
       "1:31:1"},
      {"a = <<1, ?>>", "Unsupported data type: Parameter under key root at 1:34:1"},
      {"a = <<b>>",
       "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags at "
       "1:31:1"},
      {"a = <<1, b>>", "Unsupported data type: Id under key root at 1:34:1"},
      {"a = {'x': <<'y', f(1)>>}", "Unsupported data type: Call under key root.x at 1:42:1"},
      {"a = <<'x', [1]>>",
       "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags at "
       "1:36:1"},
      {"a = <<'x', 'x'>>",
       "One or more parameter values were invalid: Input collection [x, x] contains duplicates."},
  };
  for (const FaultCase& test : cases) {
    INFO(test.text);
    CHECK(Fault("SELECT * FROM tab WHERE " + std::string(test.text)) == test.fault);
  }
}

TEST_CASE("An expression has at most 300 operators", "[expression][partiql]") {
  const auto statement = [](int conditions) {
    std::string text = "SELECT * FROM tab WHERE a = 0";
    for (int i = 1; i < conditions; ++i) {
      text += " OR a = " + std::to_string(i);
    }
    return text;
  };
  CHECK(Fault(statement(150)) == "ok");
  CHECK(Fault(statement(151)) == "The expression contains too many operators; operator count: 301");
  std::string sum = "UPDATE tab SET a = 1";
  for (int i = 0; i < 301; ++i) {
    sum += "+1";
  }
  CHECK(Fault(sum) == "The expression contains too many operators; operator count: 301");
}

struct ConditionCase {
  std::string_view condition;
  bool holds;
};

TEST_CASE("Conditions hold for items as their text says", "[expression][partiql]") {
  const Item item = Parse(
      "{pk='p' n=1 s='abc' b=true nul=null l=['a' 'b'] m={x=1 y={z='q'}} ss=<'a' 'b'> bin=b'x'}");
  const ConditionCase cases[] = {
      {"pk = 'p'", true},
      {"\"pk\" = 'p'", true},
      {"'p' = pk", true},
      {"pk = \"p\"", false},  // another attribute
      {"pk != 'q'", true},
      {"pk <> 'p'", false},
      {"n = - - 1", true},
      {"n = +1", true},
      {"n > -1 AND n < 1.5e0", true},
      {"n = .1e1", true},
      {"n BETWEEN 0 AND 1", true},
      {"n NOT BETWEEN 0 AND 1", false},
      {"NOT n BETWEEN 2 AND 3", true},
      {"n IN [1, 2]", true},
      {"n IN (1, 'a')", true},
      {"n IN <<1, 2>>", true},
      {"n NOT IN [1]", false},
      {"1 IN [n]", true},
      {"absent IS MISSING", true},
      {"absent IS NOT MISSING", false},
      {"absent IS NULL", false},
      {"nul IS NULL", true},
      {"nul = null", true},
      {"n IS NUMERIC AND s IS STRING AND b IS BOOL AND bin IS BLOB", true},
      {"m IS STRUCT AND m IS TUPLE AND l IS LIST AND m IS NOT LIST", true},
      {"absent = 1", false},
      {"absent <> 1", true},
      {"NOT absent = 1", true},
      {"m.x = 1 AND m['x'] = 1 AND m[x] = 1 AND \"m\".\"x\" = 1", true},
      {"m.y.z = 'q'", true},
      {"l[1] = 'b'", true},
      {"l[2] IS MISSING", true},
      {"l = ['a', 'b']", true},
      {"l = ('a', 'b')", true},
      {"m = {'y': {'z': 'q'}, 'x': 1}", true},
      {"ss = <<'b', 'a'>>", true},
      {"begins_with(s, 'ab') AND CONTAINS(ss, 'a') AND contains(s, 'bc')", true},
      {"size(s) = 3 AND size(ss) > n", true},
      {"attribute_type(n, 'N')", true},
      {"attribute_exists(m.x) AND attribute_not_exists(m.q)", true},
      {"attribute_exists(m.x) = true", true},
      {"attribute_exists(m.q) = false", true},
      {"begins_with(s, 'x') <> true", true},
      {"true = begins_with(s, 'a')", true},
      {"begins_with(s, 'a') = 1", false},
      {"begins_with(s, 'a') = b", true},
      {"(n = 1) = (s = 'abc')", true},
      {"n = 1 = true", true},
      {"n = 2 OR (n = 1 AND (s = 'x' OR s = 'abc'))", true},
      {"n = 1 OR n = 2 AND s = 'x'", true},
      {"(n = 1 OR n = 2) AND s = 'x'", false},
      {"NOT NOT n = 1", true},
      {"s = 'abc' -- and no more", true},
      {"s /* is */ = /* it */ 'abc'", true},
      {"s = 'it''s'", false},
      {"@n = 1", true},
      {"contains(ss, ?)", true},  // 'a'
  };
  for (const ConditionCase& test : cases) {
    INFO(test.condition);
    const PartiqlStatement statement =
        MustParse("SELECT * FROM tab WHERE " + std::string(test.condition));
    CHECK(statement.where()->Evaluate(item.attributes()) == test.holds);
  }
}

TEST_CASE("A SELECT shows columns under their last names", "[expression][partiql]") {
  const Item item = Parse("{a=1 l=[['x' 'y'] 'b'] m={x=1}}");
  const auto columns = [&](std::string_view list) {
    const PartiqlStatement statement = MustParse("SELECT " + std::string(list) + " FROM tab");
    return Text(statement.projection()->Apply(item.attributes()));
  };
  CHECK(columns("a") == "{a=1}");
  CHECK(columns("a, absent") == "{a=1}");
  CHECK(columns("m.x") == "{x=1}");
  CHECK(columns("m['x'], l[1]") == "{l[1]='b' x=1}");
  CHECK(columns("l[0][1]") == "{l[0][1]='y'}");
  CHECK(columns("(a)") == "{a=1}");
  CHECK(columns("ALL a") == "{a=1}");
  CHECK_FALSE(MustParse("SELECT * FROM tab").projection().has_value());
}

TEST_CASE("A SELECT names its table, index and order", "[expression][partiql]") {
  const PartiqlStatement statement = MustParse(
      "select * from \"my-tab\".\"an.index\" where pk = 'a' order by pk, \"sk\" desc nulls last;");
  CHECK(statement.type() == StatementType::kSelect);
  CHECK(statement.target().table == "my-tab");
  CHECK(statement.target().index == "an.index");
  REQUIRE(statement.order().size() == 2);
  CHECK(statement.order()[0].attribute == "pk");
  CHECK_FALSE(statement.order()[0].descending);
  CHECK(statement.order()[1].attribute == "sk");
  CHECK(statement.order()[1].descending);
}

TEST_CASE("INSERT writes the item of its literal", "[expression][partiql]") {
  const auto item = [](std::string_view literal) {
    return Text(MustParse("INSERT INTO tab VALUE " + std::string(literal)).item());
  };
  CHECK(item("{'pk': 'a', 'n': -1.50, 't': true, 'f': false, 'z': null}") ==
        "{f=false n=-1.5 pk='a' t=true z=null}");
  CHECK(item("{'l': [1, 'a', [2]], 'm': {'x': {'y': 1}}, 'ns': <<2, 1>>, 'ss': <<'a'>>}") ==
        "{l=[1 'a' [2]] m={x={y=1}} ns=<1 2> ss=<'a'>}");
  CHECK(item("{'s': ?, 'n': ?, 'ss': ?, 'l': ?}") == "{l=[1] n=5 s='a' ss=<'x' 'y'>}");
  CHECK(item("{'q': 'it''s', 't': (1, 2)}") == "{q='it's' t=[1 2]}");

  const FaultCase faults[] = {
      {"['a']",
       "Unsupported format in item expression. Please use struct format {...} to express item "
       "values for insert statement. at 1:23:1"},
      {"{'a': missing}", "Unsupported data type: MISSING under key root at 1:29:7"},
      {"{'a': b}", "Unsupported data type: b under key root at 1:29:1"},
      {"{'a': 1 + 1}", "Unsupported data type: + under key root at 1:31:1"},
      {"{'a': set_add(<<'a'>>, <<'b'>>)}",
       "Unsupported data type: set_add under key root at 1:29:7"},
      {"{'a': [?]}", "Unsupported data type: Parameter under key root[0] at 1:30:1"},
      {"{'a': 1, 'a': 2}", "Duplicate keys in tuple. Key: a under root at 1:32:3"},
      {"{1: 2}", "Tuple keys must be of type String. Actual type: INT under root at 1:24:1"},
      {"{'a': 1} RETURNING ALL OLD *", "RETURNING is not supported in INSERT"},
      {"{'a': 1} AT 1", "AT is not supported in insert statements. at 1:1:6"},
  };
  for (const FaultCase& test : faults) {
    INFO(test.text);
    CHECK(Fault("INSERT INTO tab VALUE " + std::string(test.text)) == test.fault);
  }
}

struct UpdateCase {
  std::string_view clauses;
  std::string_view after;
};

TEST_CASE("UPDATE changes an item as its clauses say", "[expression][partiql]") {
  const Item before = Parse("{n=5 s='x' l=['a' 'b'] m={x=1} ss=<'a' 'b'>}");
  const UpdateCase cases[] = {
      {"SET n = 6", "{l=['a' 'b'] m={x=1} n=6 s='x' ss=<'a' 'b'>}"},
      {"SET n = n - 1 + m.x", "{l=['a' 'b'] m={x=1} n=5 s='x' ss=<'a' 'b'>}"},
      {"SET n = (n + (n - 1)) REMOVE s", "{l=['a' 'b'] m={x=1} n=9 ss=<'a' 'b'>}"},
      {"SET n = 1, s = 'y' SET m.z = n", "{l=['a' 'b'] m={x=1 z=5} n=1 s='y' ss=<'a' 'b'>}"},
      {"REMOVE l[0] REMOVE n", "{l=['b'] m={x=1} s='x' ss=<'a' 'b'>}"},
      {"SET l = list_append(l, ['c'])", "{l=['a' 'b' 'c'] m={x=1} n=5 s='x' ss=<'a' 'b'>}"},
      {"SET l = list_append(if_not_exists(q, []), l)",
       "{l=['a' 'b'] m={x=1} n=5 s='x' ss=<'a' 'b'>}"},
      {"SET n = if_not_exists(n, 1), q = IF_NOT_EXISTS(q, n)",
       "{l=['a' 'b'] m={x=1} n=5 q=5 s='x' ss=<'a' 'b'>}"},
      {"SET ss = set_add(ss, <<'c'>>)", "{l=['a' 'b'] m={x=1} n=5 s='x' ss=<'a' 'b' 'c'>}"},
      {"SET ss = SET_DELETE(ss, <<'a', 'b'>>)", "{l=['a' 'b'] m={x=1} n=5 s='x'}"},
      {"SET l[0] = 'z', l[9] = 'y'", "{l=['z' 'b' 'y'] m={x=1} n=5 s='x' ss=<'a' 'b'>}"},
      {"SET s = ?", "{l=['a' 'b'] m={x=1} n=5 s='a' ss=<'a' 'b'>}"},
  };
  for (const UpdateCase& test : cases) {
    INFO(test.clauses);
    const PartiqlStatement statement =
        MustParse("UPDATE tab " + std::string(test.clauses) + " WHERE pk = 'k'");
    const Result<Item> after = statement.update()->Apply(before, {});
    CHECK((after.ok() ? Text(after.value()) : after.error().message) == test.after);
    const PartiqlStatement from_first =
        MustParse("FROM tab WHERE pk = 'k' " + std::string(test.clauses));
    CHECK(from_first.type() == StatementType::kUpdate);
    CHECK(Text(from_first.update()->Apply(before, {}).value()) == test.after);
  }
}

TEST_CASE("Updates that mean nothing", "[expression][partiql]") {
  const FaultCase cases[] = {
      {"SET a = a * 2", "Unsupported operator in Update Expression. Operator: *"},
      {"SET a = a > 1", "Unsupported operator in Update Expression. Operator: >"},
      {"SET a = a IS NULL", "IS operator is not supported in update expressions"},
      {"SET a = missing", "MISSING must be compared using IS operator"},
      {"SET a = -a",
       "Incorrect number of operands for operator or function; operator or function: -, number of "
       "operands: 1"},
      {"SET a = 'x' + 1",
       "Incorrect operand type for operator or function; operator or function: +, operand type: "
       "S"},
      {"SET a = foo(a)", "Unrecognized function: foo at 1:20:3"},
      {"SET a = size(a)", "The function is not allowed in an update expression; function: size"},
      {"SET a = if_not_exists('a', 1)",
       "Operator or function requires a document path; operator or function: if_not_exists"},
      {"SET a = list_append(a, 'q')",
       "Incorrect operand type for operator or function; operator or function: list_append, "
       "operand type: S"},
      {"SET a = set_add(a)", "SET_ADD must have exactly two arguments at 1:20:7"},
      {"SET a = set_add(b, <<1>>)",
       "The first argument to SET_ADD must equal the assignment value at 1:20:7"},
      {"SET a = set_delete(a, 'x')",
       "The second argument to SET_DELETE must be a value with type SET at 1:31:1"},
      {"SET a = 1\n, b = set_add(b, [1])",
       "The second argument to SET_ADD must be a value with type SET at 2:15:1"},
      {"SET a = set_add(a, <<>>)", "Empty bags are not supported"},
      {"SET a = 1, a = 2",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [a], path two: [a]"},
      {"SET m.x = 2, m = 3",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: [m], path two: [m, x]"},
      {"SET \"\" = 1", "Path component cannot be an empty string"},
      {"SET a = 1 WHERE pk = 'k' RETURNING ALL OLD *, ALL NEW *",
       "Invalid syntax with multiple returning elements in RETURNING clause"},
      {"SET a = 1 WHERE pk = 'k' RETURNING ALL OLD a",
       "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause"},
  };
  for (const FaultCase& test : cases) {
    INFO(test.text);
    CHECK(Fault("UPDATE tab " + std::string(test.text)) == test.fault);
  }
  CHECK(Fault("DELETE FROM tab WHERE pk = 'x' RETURNING MODIFIED OLD *") ==
        "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed "
        "in DELETE statements.");
}

TEST_CASE("RETURNING says what an answer shows", "[expression][partiql]") {
  const auto returning = [](std::string_view clause) {
    return MustParse("UPDATE tab SET a = 1 WHERE pk = 'k' " + std::string(clause)).returning();
  };
  CHECK(returning("") == StatementReturning::kNothing);
  CHECK(returning("RETURNING ALL OLD *") == StatementReturning::kAllOld);
  CHECK(returning("RETURNING all new *") == StatementReturning::kAllNew);
  CHECK(returning("RETURNING MODIFIED OLD *") == StatementReturning::kModifiedOld);
  CHECK(returning("RETURNING MODIFIED NEW *") == StatementReturning::kModifiedNew);
  CHECK(MustParse("EXISTS(SELECT * FROM tab WHERE pk = 'k' AND a = 1)").type() ==
        StatementType::kExists);
}

}  // namespace
}  // namespace weir::expression
