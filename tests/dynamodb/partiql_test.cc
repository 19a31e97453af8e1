// SPDX-License-Identifier: Apache-2.0
// ExecuteStatement.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

constexpr const char* kWide = R"({"TableName":"wide","BillingMode":"PAY_PER_REQUEST",
  "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
    {"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"S"},
    {"AttributeName":"h","AttributeType":"S"},{"AttributeName":"l","AttributeType":"S"}],
  "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
  "GlobalSecondaryIndexes":[
    {"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
     "Projection":{"ProjectionType":"KEYS_ONLY"}},
    {"IndexName":"byBoth","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},
       {"AttributeName":"h","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}],
  "LocalSecondaryIndexes":[
    {"IndexName":"byL","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
       {"AttributeName":"l","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}],
  "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}})";

class Fixture : public DatabaseFixture {
 public:
  Fixture() {
    Must("CreateTable", kWide);
    for (const char* pk : {"p", "q"}) {
      for (int sk = 1; sk <= 3; ++sk) {
        const std::string n = std::to_string(sk);
        std::string statement = "INSERT INTO wide VALUE {'pk': '";
        statement.append(pk).append("', 'sk': ").append(n).append(", 'g': 'g").append(n);
        statement.append("', 'l': 'l").append(std::to_string(9 - sk)).append("', 'n': ").append(n);
        Statement(statement + "}");
      }
    }
  }

  static Json Request(const std::string& statement, const Json& members) {
    Json request = members.is_null() ? Json::object() : members;
    request["Statement"] = statement;
    return request;
  }
  Json Statement(const std::string& statement, const Json& members = Json()) {
    return Must("ExecuteStatement", Request(statement, members).dump());
  }
  std::string Fault(const std::string& statement, const Json& members = Json()) {
    const std::string error = Run("ExecuteStatement", Request(statement, members).dump()).error();
    const std::string prefix = "ValidationException: ";
    return error.starts_with(prefix) ? error.substr(prefix.size()) : error;
  }
  // The keys of the items that a statement finds: "p1 q2".
  static std::string Keys(const Json& answer) {
    std::string text;
    for (const Json& item : answer["Items"]) {
      text += (text.empty() ? "" : " ") + item["pk"]["S"].get<std::string>() +
              item["sk"]["N"].get<std::string>();
    }
    return text;
  }
  std::string Found(const std::string& clauses) {
    return Keys(Statement("SELECT * FROM wide WHERE " + clauses));
  }
  double Units(const std::string& clauses) {
    const Json members = {{"ReturnConsumedCapacity", "TOTAL"}};
    return Statement("SELECT * FROM wide" + clauses, members)["ConsumedCapacity"]["CapacityUnits"];
  }
};

TEST_CASE_METHOD(Fixture, "A SELECT reads by keys as far as it names them",
                 "[operations][ExecuteStatement]") {
  CHECK(Found("pk = 'p' AND sk = 2") == "p2");
  CHECK(Found("pk = 'p' AND sk = 4") == "");
  CHECK(Found("pk = 'p'") == "p1 p2 p3");
  CHECK(Found("'p' = pk AND 1 < sk") == "p2 p3");
  CHECK(Found("pk = 'p' AND sk > 1 AND sk < 3") == "p2");
  CHECK(Found("pk = 'p' AND sk BETWEEN 2 AND 9") == "p2 p3");
  CHECK(Found("pk = 'p' AND sk <> 2") == "p1 p3");
  CHECK(Found("pk = 'p' AND NOT sk = 2") == "p1 p3");
  CHECK(Found("pk = 'p' AND n = 3") == "p3");
  CHECK(Found("pk = 'p' AND (n = 1 OR n = 3)") == "p1 p3");
  CHECK(Found("pk IN ['q', 'p'] AND sk = 1") == "q1 p1");
  CHECK(Found("pk IN ('q', 'p') AND sk IN [3, 1]") == "q3 q1 p3 p1");
  CHECK(Found("pk = 'p' AND pk = 'q'") == "");
  CHECK(Found("pk = 'p' AND pk IN ['p', 'q'] AND sk = 1 AND sk IN [1, 2]") == "p1");
  CHECK(Found("pk = 'q' AND sk = 1 OR pk = 'p' AND sk > 2") == "q1 p3");
  CHECK(Statement("SELECT * FROM wide")["Items"].size() == 6);
  CHECK(Statement("SELECT * FROM \"wide\" WHERE n = 2")["Items"].size() == 2);

  // The units show what is read: an item, a partition, or the table's four partitions.
  CHECK(Units(" WHERE pk = 'p' AND sk = 2") == 0.5);
  CHECK(Units(" WHERE pk = 'p' AND sk = 4") == 0.5);
  CHECK(Units(" WHERE pk = 'p'") == 0.5);
  CHECK(Units(" WHERE pk IN ['p', 'q']") == 1.0);
  CHECK(Units(" WHERE pk = 'p' AND sk IN [1, 2, 3]") == 1.5);
  CHECK(Units("") == 2.0);
  CHECK(Units(" WHERE n = 2") == 2.0);
  CHECK(Units(" WHERE pk > 'a'") == 2.0);
  CHECK(Units(" WHERE pk = 'p' OR n = 1") == 2.0);
}

TEST_CASE_METHOD(Fixture, "ORDER BY turns a read around", "[operations][ExecuteStatement]") {
  CHECK(Found("pk = 'p' ORDER BY sk") == "p1 p2 p3");
  CHECK(Found("pk = 'p' ORDER BY sk DESC") == "p3 p2 p1");
  CHECK(Found("pk = 'p' ORDER BY pk DESC") == "p3 p2 p1");
  CHECK(Found("pk = 'p' ORDER BY pk") == "p3 p2 p1");
  CHECK(Found("pk = 'p' ORDER BY pk, sk DESC NULLS FIRST") == "p3 p2 p1");
  CHECK(Found("pk IN ['q', 'p'] ORDER BY pk, sk DESC") == "p3 p2 p1 q3 q2 q1");
  CHECK(Found("pk IN ['p', 'q'] ORDER BY pk DESC") == "q3 q2 q1 p3 p2 p1");
  CHECK(Found("pk = 'p' AND sk IN [3, 1, 2] ORDER BY sk") == "p1 p2 p3");
  CHECK(Found("pk = 'p' AND sk IN [3, 1, 2] ORDER BY sk DESC") == "p3 p2 p1");
  const auto fault = [&](const std::string& clauses) {
    return Fault("SELECT * FROM wide WHERE " + clauses);
  };
  CHECK(fault("pk = 'p' ORDER BY n") ==
        "Attribute n in ORDER BY clause must be part of the primary key");
  CHECK(fault("pk IN ['p', 'q'] ORDER BY sk") ==
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in "
        "WHERE clause.");
  CHECK(fault("pk = 'p' ORDER BY sk.x") ==
        "Argument to ORDER BY must be of type VariableReference. Type: PATH at 1:44:2");
  CHECK(fault("n = 1 ORDER BY sk") ==
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER "
        "BY clause.");
}

TEST_CASE_METHOD(Fixture, "Values that no key has are refused", "[operations][ExecuteStatement]") {
  const auto fault = [&](const std::string& clauses) {
    return Fault("SELECT * FROM wide WHERE " + clauses);
  };
  const std::string mismatch =
      "Key attribute's data type should match its data type in table's schema: Key ";
  CHECK(fault("pk = 1") == mismatch + "pk");
  CHECK(fault("pk IN ['p', 1]") == mismatch + "pk");
  CHECK(fault("pk = {}") == "Key value must be of type S, N, or B. Key name: pk, Key type: M");
  CHECK(fault("pk = 'p' AND sk = 'x'") == mismatch + "sk");
  CHECK(fault("pk = 'p' AND sk > 'x'") == mismatch + "sk");
  CHECK(fault("pk = ''") ==
        "One or more parameter values are not valid. The AttributeValue for a key attribute "
        "cannot contain an empty string value. Key: pk");
  CHECK(fault("pk.x = 1") ==
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
        "allowed: Key: pk");
  CHECK(fault("pk = 'p' AND n = 1 OR pk = 'p' AND sk = 2") ==
        "Overlapping conditions with range keys are not supported in where clause");
  CHECK(fault("pk = 'p' AND n <> 1 OR pk = 'p' AND sk = 2") ==
        "Overlapping conditions with range keys are not supported in where clause");
  CHECK(fault("pk = 'p' AND n = 1 OR pk = 'p' AND n = 2") ==
        "Overlapping conditions with range keys are not supported in where clause");
  // With a branch that can only filter on the sort key, everything is read.
  CHECK(Found("pk = 'p' AND sk <> 1 OR pk = 'p' AND sk = 2") == "p2 p3");
  CHECK(Found("pk = 'p' OR pk = 'p' AND NOT sk = 1") == "p1 p2 p3");
  std::string many = "pk IN ['p'";
  for (int i = 0; i < 24; ++i) {
    many += ",'" + std::to_string(i) + "'";
  }
  CHECK(Found(many + "] AND sk IN [1, 2]") == "p1 p2");
  CHECK(fault(many + "] AND sk IN [1, 2, 3]") ==
        "Too many decomposed read operations for a given query.");
}

TEST_CASE_METHOD(Fixture, "A SELECT reads indexes", "[operations][ExecuteStatement]") {
  CHECK(Keys(Statement("SELECT * FROM wide.\"byG\" WHERE g = 'g2' AND pk = 'q'")) == "q2");
  CHECK(Keys(Statement("SELECT * FROM wide.byL WHERE pk = 'p'")) == "p3 p2 p1");
  CHECK(Keys(Statement("SELECT * FROM wide.byL WHERE pk = 'p' AND l > 'l6' ORDER BY l DESC")) ==
        "p1 p2");
  CHECK(Statement("SELECT * FROM wide.byL WHERE pk = 'p' AND l = 'l7'")["Items"] ==
        Json::parse(R"([{"pk":{"S":"p"},"sk":{"N":"2"},"l":{"S":"l7"}}])"));
  CHECK(Statement("SELECT n FROM wide.byL WHERE pk = 'p' AND l = 'l7'",
                  {{"ReturnConsumedCapacity", "INDEXES"}})["ConsumedCapacity"] ==
        Json::parse(R"({"TableName":"wide","CapacityUnits":1.0,"Table":{"CapacityUnits":0.5},
            "LocalSecondaryIndexes":{"byL":{"CapacityUnits":0.5}}})"));
  CHECK(Fault("SELECT * FROM wide.nope") == "The table does not have the specified index");
  CHECK(Fault("SELECT * FROM wide.byG WHERE g = 'g1'", {{"ConsistentRead", true}}) ==
        "Strongly consistent read is not supported on Global Secondary Indexes");
  CHECK(Fault("SELECT n FROM wide.byG WHERE g = 'g1'") ==
        "One or more parameter values were invalid: Global secondary index byG does not project "
        "[n]");
  const std::string filter =
      "One or more parameter values were invalid: Secondary index byG does not project one or "
      "more filter attributes: [n]";
  CHECK(Fault("SELECT * FROM wide.byG WHERE g = 'g1' AND n = 1") == filter);
  CHECK(Fault("SELECT * FROM wide.byG WHERE g IN ['g1', 'g2'] AND n IS MISSING") == filter);
  CHECK(Statement("SELECT * FROM wide.byG WHERE n = 1")["Items"].empty());
  CHECK(Statement("SELECT * FROM wide.byG WHERE NOT n = 1")["Items"].size() == 6);
  CHECK(Statement("SELECT * FROM wide.byG WHERE g = 'g1' AND n = 1 OR g = 'g2'")["Items"].size() ==
        2);
  const std::string refused =
      "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or "
      "multi-attribute RANGE keys.";
  for (const char* rest : {"", " WHERE g = 5", " WHERE n = 1"}) {
    CHECK(Fault("SELECT * FROM wide.byBoth" + std::string(rest)) == refused);
    CHECK(Fault("SELECT COUNT(*) FROM wide.byBoth" + std::string(rest)) == refused);
  }
  CHECK(Fault("SELECT * FROM nope WHERE a = 1") ==
        "ResourceNotFoundException: Requested resource not found");
  CHECK(Fault("SELECT * FROM nope WHERE a < true").starts_with("Incorrect operand type"));
}

TEST_CASE_METHOD(Fixture, "Pages of a SELECT go on where they ended",
                 "[operations][ExecuteStatement]") {
  for (const char* clauses : {" WHERE pk = 'p'", " WHERE pk = 'p' ORDER BY sk DESC", "",
                              " WHERE n > 1", " WHERE pk IN ['q', 'p'] AND sk IN [2, 1]",
                              " WHERE pk = 'p' OR pk = 'q'", ".byL WHERE pk = 'p'", ".byG"}) {
    const std::string statement = "SELECT * FROM wide" + std::string(clauses);
    INFO(statement);
    const std::string all = Keys(Statement(statement));
    std::string paged;
    Json token;
    int pages = 0;
    do {
      Json members = {{"Limit", 1}};
      if (!token.is_null()) {
        members["NextToken"] = token;
      }
      const Json page = Statement(statement, members);
      CHECK(page["Items"].size() <= 1);
      const std::string keys = Keys(page);
      paged += (paged.empty() || keys.empty() ? "" : " ") + keys;
      token = page.value("NextToken", Json());
      REQUIRE(++pages < 10);
    } while (!token.is_null());
    CHECK(paged == all);
  }
  // After the whole key of one item nothing can follow. Yet there is a NextToken if the Limit is
  // reached.
  const std::string single = "SELECT * FROM wide WHERE pk = 'p' AND sk = 1";
  CHECK_FALSE(Statement(single, {{"Limit", 2}}).contains("NextToken"));
  const Json whole = Statement(single, {{"Limit", 1}});
  CHECK(whole["Items"].size() == 1);
  const Json after = Statement(single, {{"Limit", 1}, {"NextToken", whole["NextToken"]}});
  CHECK(after["Items"].empty());
  CHECK_FALSE(after.contains("NextToken"));
  const Json page = Statement("SELECT * FROM wide WHERE pk = 'p'", {{"Limit", 2}});
  CHECK(page["LastEvaluatedKey"] == Json::parse(R"({"pk":{"S":"p"},"sk":{"N":"2"}})"));
}

TEST_CASE_METHOD(Fixture, "A NextToken is one of its statement", "[operations][ExecuteStatement]") {
  const auto with_token = [&](const std::string& statement, const std::string& token,
                              const Json& parameters) {
    Json members = {{"NextToken", token}};
    if (!parameters.is_null()) {
      members["Parameters"] = parameters;
    }
    return Fault(statement, members);
  };
  const std::string statement = "SELECT * FROM wide WHERE pk = ?";
  const Json p = Json::parse(R"([{"S":"p"}])");
  const Json q = Json::parse(R"([{"S":"q"}])");
  const std::string token = Statement(statement, {{"Limit", 1}, {"Parameters", p}})["NextToken"];
  CHECK(with_token(statement, token, p) == "");
  CHECK(with_token(statement, token, q) == "NextToken does not match request");
  CHECK(with_token(statement + " ", token, p) == "NextToken does not match request");
  CHECK(with_token("SELECT * FROM wide", token, Json()) == "NextToken does not match request");
  for (const std::string& bad :
       {std::string("abc"), std::string("AAAA"), token.substr(4), token + "AAAA",
        "B" + token.substr(1), token.substr(0, token.size() - 4)}) {
    INFO(bad);
    CHECK(with_token(statement, bad, p) == "Invalid NextToken");
  }
  const std::string lists = "SELECT * FROM wide WHERE pk = 'p' AND n <> ?";
  const Json list = Json::parse(R"([{"L":[]}])");
  const std::string list_token =
      Statement(lists, {{"Limit", 1}, {"Parameters", list}})["NextToken"];
  CHECK(with_token(lists, list_token, list) == "NextToken does not match request");
}

TEST_CASE_METHOD(Fixture, "Statements write single items", "[operations][ExecuteStatement]") {
  CHECK(Statement("INSERT INTO wide VALUE {'pk': 'x', 'sk': 1}") == Json{{"Items", Json::array()}});
  CHECK(Fault("INSERT INTO wide VALUE {'pk': 'x', 'sk': 1, 'a': 2}") ==
        "DuplicateItemException: Duplicate primary key exists in table");
  CHECK(Statement("UPDATE wide SET a = 1 WHERE pk = 'x' AND sk = 1") ==
        Json{{"Items", Json::array()}});
  CHECK(Fault("UPDATE wide SET a = 2 WHERE pk = 'x' AND sk = 1 AND a = 5") ==
        "ConditionalCheckFailedException: The conditional request failed");
  CHECK(Fault("UPDATE wide SET a = 1 WHERE pk = 'y' AND sk = 1") ==
        "ConditionalCheckFailedException: The conditional request failed");
  CHECK(Fault("UPDATE wide SET a = 1 WHERE pk = 'y' AND sk = 1 AND attribute_not_exists(pk)") ==
        "ConditionalCheckFailedException: The conditional request failed");
  CHECK(
      Statement(
          "FROM wide WHERE sk = 1 AND pk = 'x' SET b = 2 REMOVE a RETURNING ALL NEW *")["Items"] ==
      Json::parse(R"([{"pk":{"S":"x"},"sk":{"N":"1"},"b":{"N":"2"}}])"));
  CHECK(Statement("UPDATE wide SET b = b + 1 WHERE pk = 'x' AND sk = 1 RETURNING MODIFIED OLD *")
            ["Items"] == Json::parse(R"([{"b":{"N":"2"}}])"));
  CHECK(
      Statement("UPDATE wide REMOVE b WHERE pk = 'x' AND sk = 1 RETURNING MODIFIED NEW *")["Items"]
          .empty());
  CHECK(Fault("DELETE FROM wide WHERE pk = 'x' AND sk = 1 AND b = 1") ==
        "ConditionalCheckFailedException: The conditional request failed");
  CHECK(Statement("DELETE FROM wide WHERE pk = 'x' AND sk = 1 RETURNING ALL OLD *")["Items"] ==
        Json::parse(R"([{"pk":{"S":"x"},"sk":{"N":"1"}}])"));
  CHECK(
      Statement("DELETE FROM wide WHERE pk = 'x' AND sk = 1 RETURNING ALL OLD *")["Items"].empty());
  CHECK(Statement("DELETE FROM wide WHERE pk = 'x' AND sk = 1 AND b = 1")["Items"].empty());

  const Json failed =
      Run("ExecuteStatement", Request("UPDATE wide SET a = 1 WHERE pk = 'p' AND sk = 1 AND n = 9",
                                      {{"ReturnValuesOnConditionCheckFailure", "ALL_OLD"}})
                                  .dump())
          .body;
  CHECK(failed["Item"]["n"]["N"] == "1");
  CHECK(failed["Message"] == "The conditional request failed");
}

TEST_CASE_METHOD(Fixture, "Writes without a key are refused", "[operations][ExecuteStatement]") {
  const std::string no_key =
      "Where clause does not contain a mandatory equality on all key attributes";
  for (const char* where : {"", " WHERE n = 1", " WHERE pk = 'p'", " WHERE pk = 'p' AND sk > 1",
                            " WHERE pk = 'p' OR sk = 1", " WHERE pk IN ['p'] AND sk = 1",
                            " WHERE NOT pk = 'p' AND sk = 1"}) {
    INFO(where);
    CHECK(Fault("UPDATE wide SET a = 1" + std::string(where)) == no_key);
    CHECK(Fault("DELETE FROM wide" + std::string(where)) == no_key);
  }
  const auto update = [&](const std::string& where) {
    return Fault("UPDATE wide SET a = 1 WHERE " + where);
  };
  CHECK(update("pk = 'p' AND sk = 1 AND pk = 'q'") ==
        "Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported");
  CHECK(update("pk = 'p' AND sk = 1 AND pk = 'p'") == "");
  CHECK(update("pk = {} AND sk = 1") ==
        "Key value must be of type S, N, or B. Key name: pk, Key type: M");
  CHECK(update("pk = 1 AND sk = 1") ==
        "Key attribute's data type should match its data type in table's schema: Key pk");
  CHECK(Fault("UPDATE wide SET sk = 5 WHERE pk = 'p' AND sk = 1") ==
        "One or more parameter values were invalid: Cannot update attribute sk. This attribute is "
        "part of the key");
  CHECK(Fault("UPDATE wide SET g = 5 WHERE pk = 'p' AND sk = 1") ==
        "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S "
        "Actual: N IndexName: byG");
  CHECK(Fault("INSERT INTO wide VALUE {'pk': 'p'}") ==
        "Key attribute should be present in the item: Key sk");
  CHECK(Fault("INSERT INTO wide VALUE {'pk': 'p', 'sk': 's'}") ==
        "Key attribute's data type should match its data type in table's schema: Key sk");
  CHECK(Fault("INSERT INTO nope VALUE {'pk': 'p'}") ==
        "ResourceNotFoundException: Requested resource not found");
  for (const char* source : {"wide WHERE pk = 'p'", "wide[0]", "ab", "wide.a.b"}) {
    CHECK(Fault(std::string("EXISTS(SELECT * FROM ") + source + ")") ==
          "EXISTS can only be used in ExecuteTransaction write requests.");
  }
}

TEST_CASE_METHOD(Fixture, "Statements make the records of native writes",
                 "[operations][ExecuteStatement][streams]") {
  const std::string stream = StreamArn("wide");
  const std::size_t before = Records(stream).size();
  Statement("INSERT INTO wide VALUE {'pk': 's', 'sk': 1, 'a': 1}");
  Statement("UPDATE wide SET a = 1 WHERE pk = 's' AND sk = 1");  // changes nothing
  Statement("UPDATE wide SET a = a + 1 WHERE pk = 's' AND sk = 1");
  Fault("UPDATE wide SET a = 9 WHERE pk = 's' AND sk = 1 AND a = 7");
  Fault("INSERT INTO wide VALUE {'pk': 's', 'sk': 1}");
  Statement("DELETE FROM wide WHERE pk = 's' AND sk = 1");
  Statement("DELETE FROM wide WHERE pk = 's' AND sk = 1");
  std::vector<Json> records = Records(stream);
  records.erase(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(before));
  REQUIRE(records.size() == 3);
  CHECK(records[0]["eventName"] == "INSERT");
  CHECK(records[0]["dynamodb"]["NewImage"]["a"]["N"] == "1");
  CHECK(records[1]["eventName"] == "MODIFY");
  CHECK(records[1]["dynamodb"]["OldImage"]["a"]["N"] == "1");
  CHECK(records[1]["dynamodb"]["NewImage"]["a"]["N"] == "2");
  CHECK(records[2]["eventName"] == "REMOVE");
  CHECK(records[2]["dynamodb"]["OldImage"]["a"]["N"] == "2");
}

TEST_CASE_METHOD(Fixture, "Bad parameters are refused after bad statements",
                 "[operations][ExecuteStatement]") {
  const auto fault = [&](const std::string& statement, const char* parameters) {
    return Fault(statement, {{"Parameters", Json::parse(parameters)}});
  };
  const std::string select = "SELECT * FROM wide WHERE pk = ?";
  CHECK(fault(select, R"([{"N":"1e99999999999"}])") ==
        "The parameter cannot be converted to a numeric value: 1e99999999999");
  CHECK(fault(select, R"([{"N":""}])") == "The parameter cannot be converted to a numeric value");
  CHECK(fault(select, R"([{}])") ==
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  CHECK(fault(select, R"([{"SS":["a","a"]}])") ==
        "One or more parameter values were invalid: Input collection [a, a] contains duplicates.");
  CHECK(fault("SELECT", R"([{"N":"x"}])").starts_with("Statement wasn't well formed"));
  CHECK(fault(select, "[]") ==
        "1 validation error detected: Value '[]' at 'parameters' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1");
  CHECK(Fault(select) == "Number of parameters in request and statement don't match.");
  CHECK(fault(select, R"([{"S":"p"},{"S":"more"}])") == "");
  CHECK(Fault("") ==
        "1 validation error detected: Value '' at 'statement' failed to satisfy constraint: Member "
        "must have length greater than or equal to 1");
  CHECK(Fault("SELECT * FROM wide -- " + std::string(8192, 'x'))
            .ends_with("Member must have length less than or equal to 8192"));
  CHECK(
      Fault(select, {{"Limit", 0}}).ends_with("Member must have value greater than or equal to 1"));
}

}  // namespace
}  // namespace weir::testing
