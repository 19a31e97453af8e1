// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

class Fixture : public DatabaseFixture {
 public:
  Fixture() {
    CreateTable("things", "NEW_AND_OLD_IMAGES");
    CreateTable("others");
    for (const char* pk : {"a", "b"}) {
      Json put = {{"TableName", "things"}};
      put["Item"] = {{"pk", {{"S", pk}}}, {"n", {{"N", "1"}}}};
      Must("PutItem", put.dump());
    }
  }

  static Json Request(const std::vector<std::string>& statements) {
    Json request = {{"TransactStatements", Json::array()}};
    for (const std::string& statement : statements) {
      request["TransactStatements"].push_back({{"Statement", statement}});
    }
    return request;
  }
  Json Transact(const std::vector<std::string>& statements) {
    return Must("ExecuteTransaction", Request(statements).dump());
  }
  std::string Fault(const std::vector<std::string>& statements) {
    const std::string error = Run("ExecuteTransaction", Request(statements).dump()).error();
    const std::string prefix = "ValidationException: ";
    return error.starts_with(prefix) ? error.substr(prefix.size()) : error;
  }
  // "ConditionalCheckFailed None": the codes of a canceled transaction.
  std::string Reasons(const std::vector<std::string>& statements) {
    const Answer answer = Run("ExecuteTransaction", Request(statements).dump());
    std::string codes;
    for (const Json& reason : answer.body.value("CancellationReasons", Json::array())) {
      codes += (codes.empty() ? "" : " ") + reason["Code"].get<std::string>();
    }
    return codes;
  }
  std::string N(const std::string& pk) {
    const Json request = {{"TableName", "things"}, {"Key", {{"pk", {{"S", pk}}}}}};
    const Json answer = Must("GetItem", request.dump());
    return answer.contains("Item") ? answer["Item"]["n"]["N"].get<std::string>() : "none";
  }
};

TEST_CASE_METHOD(Fixture, "ExecuteTransaction reads items at once",
                 "[operations][ExecuteTransaction]") {
  CHECK(Transact({"SELECT * FROM things WHERE pk = 'a'", "SELECT n FROM things WHERE pk = 'b'",
                  "SELECT * FROM others WHERE pk = 'absent'"}) == Json::parse(R"({"Responses":[
      {"Item":{"pk":{"S":"a"},"n":{"N":"1"}}},{"Item":{"n":{"N":"1"}}},{}]})"));
  CHECK(Transact({"SELECT absent FROM things WHERE pk = 'a'"}) ==
        Json::parse(R"({"Responses":[{"Item":{}}]})"));
  const std::string no_key =
      "Validation failed in TransactStatements[0]: Select statements within ExecuteTransaction "
      "must specify the primary key in the where clause.";
  CHECK(Fault({"SELECT * FROM things"}) == no_key);
  CHECK(Fault({"SELECT * FROM things WHERE pk = 'a' AND n = 1"}) == no_key);
  CHECK(Fault({"SELECT * FROM things.idx WHERE pk = 'a'"}) ==
        "Validation failed in TransactStatements[0]: Reads on indices are not supported within "
        "transactions.");
  CHECK(Reasons({"SELECT * FROM things WHERE pk = 'a'", "SELECT * FROM none WHERE pk = 'a'"}) ==
        "None ResourceNotFound");
  CHECK(Reasons({"SELECT * FROM things WHERE pk = 1"}) == "ValidationError");
}

TEST_CASE_METHOD(Fixture, "ExecuteTransaction makes all writes or none",
                 "[operations][ExecuteTransaction][streams]") {
  const std::string stream = StreamArn("things");
  const std::size_t before = Records(stream).size();
  CHECK(Transact({"UPDATE things SET n = n + 1 WHERE pk = 'a'",
                  "INSERT INTO things VALUE {'pk': 'c', 'n': 5}",
                  "EXISTS(SELECT * FROM things WHERE pk = 'b' AND n = 1)",
                  "DELETE FROM others WHERE pk = 'x'"}) == Json{{"Responses", Json::array()}});
  CHECK(N("a") == "2");
  CHECK(N("c") == "5");
  const std::vector<Json> records = Records(stream);
  REQUIRE(records.size() == before + 2);
  CHECK(records[before]["dynamodb"]["NewImage"].contains("n"));

  const std::string good = "UPDATE things SET n = 9 WHERE pk = 'a'";
  CHECK(Reasons({good, "UPDATE things SET n = 1 WHERE pk = 'absent'"}) ==
        "None ConditionalCheckFailed");
  CHECK(Reasons({"INSERT INTO things VALUE {'pk': 'b'}", good}) == "DuplicateItem None");
  CHECK(Reasons({good, "EXISTS(SELECT * FROM things WHERE pk = 'b' AND n = 2)"}) ==
        "None ConditionalCheckFailed");
  CHECK(Reasons({good, "EXISTS(SELECT * FROM things WHERE pk = 'absent' AND n IS MISSING)"}) ==
        "None ConditionalCheckFailed");
  CHECK(Reasons({good, "UPDATE none SET n = 1 WHERE pk = 'a'"}) == "None ResourceNotFound");
  CHECK(Reasons({"UPDATE things SET n = 1 WHERE n = 1", good}) == "ValidationError None");
  CHECK(Reasons({good, "UPDATE things SET pk = 'x' WHERE pk = 'b'"}) == "None ValidationError");
  CHECK(Reasons({good, "UPDATE things SET n = absent WHERE pk = 'b'"}) == "None ValidationError");
  CHECK(N("a") == "2");
  CHECK(Records(stream).size() == before + 2);

  Json request = Request({"EXISTS(SELECT * FROM things WHERE pk = 'b' AND n = 2)"});
  request["TransactStatements"][0]["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD";
  CHECK(
      Run("ExecuteTransaction", request.dump()).body["CancellationReasons"][0]["Item"]["n"]["N"] ==
      "1");
}

TEST_CASE_METHOD(Fixture, "A transaction of statements happens once under its token",
                 "[operations][ExecuteTransaction]") {
  Json request = Request({"UPDATE things SET n = n + 1 WHERE pk = 'a'"});
  request["ClientRequestToken"] = "once";
  request["ReturnConsumedCapacity"] = "INDEXES";
  const Json first = Must("ExecuteTransaction", request.dump());
  CHECK(first["ConsumedCapacity"][0]["WriteCapacityUnits"] == 2.0);
  const Json replay = Must("ExecuteTransaction", request.dump());
  CHECK(replay["Responses"].empty());
  CHECK(replay["ConsumedCapacity"][0]["ReadCapacityUnits"] == 2.0);
  CHECK_FALSE(replay["ConsumedCapacity"][0].contains("WriteCapacityUnits"));
  CHECK(N("a") == "2");
  request["TransactStatements"][0]["Statement"] = "UPDATE things SET n = n + 2 WHERE pk = 'a'";
  CHECK(Run("ExecuteTransaction", request.dump())
            .error()
            .starts_with("IdempotentParameterMismatchException: "));
}

TEST_CASE_METHOD(Fixture, "What a transaction of statements may not hold",
                 "[operations][ExecuteTransaction]") {
  const std::string first = "Validation failed in TransactStatements[0]: ";
  const std::string second = "Validation failed in TransactStatements[1]: ";
  CHECK(Fault({"SELECT * FROM things WHERE"}) ==
        first + "Statement wasn't well formed, can't be processed: Unexpected term");
  CHECK(Fault({"DELETE FROM things WHERE pk = 'a'", "UPDATE things SET n = 1 WHERE foo(n)"}) ==
        second + "Unrecognized function: foo at 1:31:3");
  CHECK(Fault({"UPDATE things SET n = 1 WHERE pk = 'a' RETURNING ALL NEW *"}) ==
        first + "RETURNING clause is not supported in ExecuteTransaction.");
  CHECK(Fault({"SELECT * FROM things WHERE pk = 'a'", "DELETE FROM things WHERE pk = 'b'"}) ==
        "ExecuteTransaction API does not support both read and write operations in the same "
        "request.");
  CHECK(Fault({"DELETE FROM things WHERE pk = 'a'", "INSERT INTO things VALUE {'pk': 'a'}"}) ==
        "Transaction request cannot include multiple operations on one item");
  const std::string exists =
      first + "EXISTS() must contain a single item read with additional condition";
  CHECK(Fault({"EXISTS(SELECT * FROM things WHERE pk = 'a')"}) == exists);
  CHECK(Fault({"EXISTS(SELECT * FROM things WHERE n = 1)"}) == exists);
  CHECK(Fault({"EXISTS(SELECT * FROM things.idx WHERE pk = 'a' AND n = 1)"}) ==
        first + "Operations on indices are not supported in transactions");
  CHECK(Fault({"INSERT INTO things VALUE {'pk': ''}"}) ==
        "One or more parameter values are not valid. The AttributeValue for a key attribute "
        "cannot contain an empty string value. Key: pk");
  CHECK(Fault({"DELETE FROM things WHERE pk = ''"}) ==
        "One or more parameter values are not valid. The AttributeValue for a key attribute "
        "cannot contain an empty string value. Key: pk");
  Json request = Request({"UPDATE things SET n = ? WHERE pk = 'a'"});
  request["TransactStatements"][0]["Parameters"] = Json::parse(R"([{"N":"1e99999999999"}])");
  CHECK(Run("ExecuteTransaction", request.dump()).error() ==
        "ValidationException: The parameter cannot be converted to a numeric value: "
        "1e99999999999");
}

}  // namespace
}  // namespace weir::testing
