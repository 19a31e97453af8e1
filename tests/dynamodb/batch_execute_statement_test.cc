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
    Must("PutItem", R"({"TableName":"things","Item":{"pk":{"S":"a"},"n":{"N":"1"}}})");
    Must("PutItem", R"({"TableName":"others","Item":{"pk":{"S":"a"},"n":{"N":"2"}}})");
  }

  static std::string Request(const std::vector<std::string>& statements) {
    Json request = {{"ReturnConsumedCapacity", "TOTAL"}, {"Statements", Json::array()}};
    for (const std::string& statement : statements) {
      request["Statements"].push_back({{"Statement", statement}});
    }
    return request.dump();
  }
  Json Batch(const std::vector<std::string>& statements) {
    return Must("BatchExecuteStatement", Request(statements));
  }
  std::string Fault(const std::vector<std::string>& statements) {
    return Run("BatchExecuteStatement", Request(statements)).error();
  }
  // The code and text of the error that a batch of one statement answers.
  std::string MemberFault(const std::string& statement) {
    const Json error = Batch({statement})["Responses"][0]["Error"];
    return error["Code"].get<std::string>() + ": " + error["Message"].get<std::string>();
  }
};

TEST_CASE_METHOD(Fixture, "BatchExecuteStatement reads items by their keys",
                 "[operations][BatchExecuteStatement]") {
  const Json answer = Batch(
      {"SELECT * FROM things WHERE pk = 'a'", "SELECT n FROM others WHERE 'a' = pk",
       "SELECT * FROM things WHERE pk = 'absent'", "SELECT * FROM nope WHERE pk = 'a'", "SELECT"});
  CHECK(answer["Responses"] == Json::parse(R"([
      {"TableName":"things","Item":{"pk":{"S":"a"},"n":{"N":"1"}}},
      {"TableName":"others","Item":{"n":{"N":"2"}}},
      {"TableName":"things"},
      {"Error":{"Code":"ResourceNotFound","Message":"Requested resource not found"}},
      {"Error":{"Code":"ValidationError",
        "Message":"Statement wasn't well formed, can't be processed: Unexpected term"}}])"));
  CHECK(answer["ConsumedCapacity"] == Json::parse(R"([
      {"TableName":"things","CapacityUnits":1.0},{"TableName":"others","CapacityUnits":0.5}])"));
  CHECK(Batch({"SELECT absent FROM things WHERE pk = 'a'"})["Responses"] ==
        Json::parse(R"([{"TableName":"things","Item":{}}])"));
  const std::string no_key =
      "ValidationError: Select statements within BatchExecuteStatement must specify the primary "
      "key in the where clause.";
  for (const char* statement : {"SELECT * FROM things", "SELECT * FROM things WHERE n = 1",
                                "SELECT * FROM things WHERE pk = 'a' AND n = 1",
                                "SELECT * FROM things WHERE pk IN ['a', 'b']",
                                "SELECT * FROM things WHERE pk = 'a' AND attribute_exists(n)"}) {
    INFO(statement);
    CHECK(MemberFault(statement) == no_key);
  }
}

TEST_CASE_METHOD(Fixture, "BatchExecuteStatement makes writes that succeed one by one",
                 "[operations][BatchExecuteStatement]") {
  const Json answer =
      Batch({"INSERT INTO things VALUE {'pk': 'a'}", "INSERT INTO things VALUE {'pk': 'b'}",
             "UPDATE others SET n = 3 WHERE pk = 'a' RETURNING MODIFIED NEW *",
             "UPDATE others SET n = 3 WHERE pk = 'absent'", "DELETE FROM things WHERE n = 1",
             "DELETE FROM things WHERE pk = 'c' RETURNING ALL OLD *"});
  CHECK(answer["Responses"] == Json::parse(R"([
      {"TableName":"things","Error":{"Code":"DuplicateItem",
        "Message":"Duplicate primary key exists in table"}},
      {"TableName":"things"},
      {"TableName":"others","Item":{"n":{"N":"3"}}},
      {"TableName":"others","Error":{"Code":"ConditionalCheckFailed",
        "Message":"The conditional request failed"}},
      {"Error":{"Code":"ValidationError","Message":
        "Where clause does not contain a mandatory equality on all key attributes"}},
      {"TableName":"things"}])"));
  CHECK(answer["ConsumedCapacity"] == Json::parse(R"([
      {"TableName":"things","CapacityUnits":3.0},{"TableName":"others","CapacityUnits":2.0}])"));
  CHECK(Records(StreamArn("things")).size() == 2);
}

TEST_CASE_METHOD(Fixture, "What a batch may not hold", "[operations][BatchExecuteStatement]") {
  CHECK(Fault({"SELECT * FROM things WHERE pk = 'a'", "DELETE FROM things WHERE pk = 'b'"}) ==
        "ValidationException: Read and write requests together in the same batch is not "
        "supported.");
  CHECK(Fault({"SELECT * FROM things WHERE pk = 'a'", "SELECT n FROM things WHERE pk = 'a'"}) ==
        "ValidationException: Provided list of item keys contains duplicates");
  CHECK(Fault({"DELETE FROM things WHERE pk = 'a'", "INSERT INTO things VALUE {'pk': 'a'}"}) ==
        "ValidationException: Provided list of item keys contains duplicates");
  CHECK(MemberFault("EXISTS(SELECT * FROM things WHERE pk = 'a')") ==
        "ValidationError: EXISTS can only be used in ExecuteTransaction write requests.");
  CHECK(MemberFault("DELETE FROM things WHERE pk = 'a' RETURNING ALL NEW *") ==
        "ValidationError: Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * "
        "is allowed in DELETE statements.");
  const Json refused = Batch({"INSERT INTO things VALUE {'pk': 'a'}"});
  CHECK_FALSE(refused.contains("ConsumedCapacity"));
  CHECK(Fault(std::vector<std::string>(26, "SELECT"))
            .find("Member must have length less than or equal to 25") != std::string::npos);
  CHECK(Fault({}).find("Member must have length greater than or equal to 1") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "A batch shows the item of a failed condition on request",
                 "[operations][BatchExecuteStatement]") {
  const Json answer = Must("BatchExecuteStatement", R"({"Statements":[{
      "Statement":"UPDATE things SET n = 2 WHERE pk = ? AND n = ?",
      "Parameters":[{"S":"a"},{"N":"7"}],"ReturnValuesOnConditionCheckFailure":"ALL_OLD"},{
      "Statement":"UPDATE things SET n = ? WHERE pk = 'b'","Parameters":[{"N":"x"}]}]})");
  CHECK(answer["Responses"][0]["Error"]["Item"]["n"]["N"] == "1");
  CHECK(answer["Responses"][1]["Error"]["Message"] ==
        "The parameter cannot be converted to a numeric value: x");
}

}  // namespace
}  // namespace weir::testing
