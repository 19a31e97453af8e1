// SPDX-License-Identifier: Apache-2.0
// TransactWriteItems and TransactGetItems.
#include <catch2/catch.hpp>
#include <string>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

struct Fixture : DatabaseFixture {
  Fixture() {
    CreateTable("things", "NEW_AND_OLD_IMAGES");
    CreateTable("others");
  }
  // Sends a transaction. `actions` is their JSON, joined by commas.
  Answer Transact(const std::string& actions, const std::string& more = "") {
    return Run("TransactWriteItems", R"({"TransactItems":[)" + actions + "]" + more + "}");
  }
};

const std::string kPutA = R"({"Put":{"TableName":"things","Item":{"pk":{"S":"a"},"x":{"N":"1"}}}})";
const std::string kPutB = R"({"Put":{"TableName":"others","Item":{"pk":{"S":"b"}}}})";
const std::string kDeleteA = R"({"Delete":{"TableName":"things","Key":{"pk":{"S":"a"}}}})";
const std::string kCheckC = R"json({"ConditionCheck":{"TableName":"things",
    "Key":{"pk":{"S":"c"}},"ConditionExpression":"attribute_exists(pk)"}})json";
const std::string kMisfit = R"({"Delete":{"TableName":"things","Key":{"x":{"S":"a"}}}})";

TEST_CASE_METHOD(Fixture, "TransactWriteItems writes to several tables, each change a record",
                 "[operations][TransactWriteItems][streams]") {
  CHECK(Transact(kPutA + "," + kPutB).body == Json::object());
  const auto inserted = Records(StreamArn("things"));
  REQUIRE(inserted.size() == 1);
  CHECK(inserted[0]["eventName"] == "INSERT");
  CHECK(Transact(kPutA).ok());  // changes nothing
  CHECK(Transact(R"({"Update":{"TableName":"things","Key":{"pk":{"S":"a"}},
      "UpdateExpression":"ADD x :one","ExpressionAttributeValues":{":one":{"N":"1"}}}})")
            .ok());
  const auto records = Records(StreamArn("things"));
  REQUIRE(records.size() == 2);
  CHECK(records[1]["dynamodb"]["OldImage"]["x"]["N"] == "1");
  CHECK(records[1]["dynamodb"]["NewImage"]["x"]["N"] == "2");
}

TEST_CASE_METHOD(Fixture, "A canceled transaction names what failed and writes nothing",
                 "[operations][TransactWriteItems]") {
  const Answer answer = Transact(kPutA + "," + kCheckC);
  CHECK(answer.status == 400);
  CHECK(answer.at("/__type") == "com.amazonaws.dynamodb.v20120810#TransactionCanceledException");
  CHECK(answer.at("/Message") ==
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, "
        "ConditionalCheckFailed]");
  CHECK(answer.at("/CancellationReasons") == Json::parse(R"([{"Code":"None"},
            {"Code":"ConditionalCheckFailed","Message":"The conditional request failed"}])"));
  CHECK(Must("Scan", R"({"TableName":"things"})")["Count"] == 0);
}

TEST_CASE_METHOD(Fixture,
                 "Of several ValidationErrors only the first is a reason, and no condition",
                 "[operations][TransactWriteItems]") {
  CHECK(Transact(kCheckC + "," + kMisfit + "," + kMisfit).at("/CancellationReasons") ==
        Json::parse(R"([{"Code":"None"},{"Code":"ValidationError",
            "Message":"The provided key element does not match the schema"},{"Code":"None"}])"));
}

TEST_CASE_METHOD(Fixture, "Some faults refuse a transaction before any item is looked at",
                 "[operations][TransactWriteItems]") {
  const auto [actions, expected] = GENERATE(table<std::string, std::string>({
      {kPutA + "," + kDeleteA,
       "ValidationException: Transaction request cannot include multiple operations on one item"},
      {kPutA + R"(,{"Delete":{"TableName":"absent","Key":{"pk":{"S":"a"}}}})",
       "ResourceNotFoundException: Requested resource not found"},
      {"{}",
       "ValidationException: Invalid Request: TransactWriteRequest should contain Delete or Put or "
       "Update request"},
      {R"({"Put":{"TableName":"things","Item":{"pk":{"S":""}}}})",
       "ValidationException: One or more parameter values are not valid. The AttributeValue for a "
       "key attribute cannot contain an empty string value. Key: pk"},
      {R"({"Delete":{"TableName":"things","Key":{"pk":{"S":"a"}},"ConditionExpression":"a b"}})",
       "ValidationException: Invalid ConditionExpression: Syntax error; token: \"b\", near: \"a "
       "b\""},
      {R"({"Update":{"TableName":"things","Key":{"pk":{"S":"a"}},
           "UpdateExpression":"DELETE a :v","ExpressionAttributeValues":{":v":{"BOOL":true}}}})",
       "ValidationException: Invalid UpdateExpression: Incorrect operand type for operator or "
       "function; operator: DELETE, operand type: BOOLEAN, typeSet: ALLOWED_FOR_DELETE_OPERAND"},
  }));
  CHECK(Transact(actions).error() == expected);
}

TEST_CASE_METHOD(Fixture, "A ClientRequestToken makes a transaction happen once",
                 "[operations][TransactWriteItems]") {
  const std::string token = R"(,"ClientRequestToken":"t","ReturnConsumedCapacity":"TOTAL")";
  CHECK(Transact(kPutA, token).at("/ConsumedCapacity/0/WriteCapacityUnits") == 2.0);
  Must("DeleteItem", R"({"TableName":"things","Key":{"pk":{"S":"a"}}})");
  const Answer again = Transact(kPutA, token);
  CHECK(again.at("/ConsumedCapacity/0") ==
        Json::parse(R"({"TableName":"things","CapacityUnits":2.0,"ReadCapacityUnits":2.0})"));
  CHECK(Must("Scan", R"({"TableName":"things"})")["Count"] == 0);
  CHECK(Transact(kPutB, token).error() ==
        "IdempotentParameterMismatchException: Specified idempotent token was used with different "
        "request parameters within the idempotency window");
  clock().Advance(std::chrono::minutes(10));
  CHECK(Transact(kPutB, token).ok());
}

TEST_CASE_METHOD(Fixture, "A canceled transaction leaves its token unused",
                 "[operations][TransactWriteItems]") {
  const std::string token = R"(,"ClientRequestToken":"t")";
  CHECK_FALSE(Transact(kCheckC, token).ok());
  CHECK(Transact(kPutA, token).ok());
}

TEST_CASE_METHOD(Fixture, "TransactGetItems answers in the order of its keys",
                 "[operations][TransactGetItems]") {
  REQUIRE(Transact(kPutA).ok());
  const std::string get = R"({"Get":{"TableName":"things","Key":{"pk":{"S":"a"}}}})";
  const std::string absent = R"({"Get":{"TableName":"others","Key":{"pk":{"S":"a"}}}})";
  CHECK(Must("TransactGetItems", R"({"TransactItems":[)" + absent + "," + get + "]}") ==
        Json::parse(R"({"Responses":[{},{"Item":{"pk":{"S":"a"},"x":{"N":"1"}}}]})"));
  CHECK(Run("TransactGetItems", R"({"TransactItems":[)" + get + "," + get + "]}").error() ==
        "ValidationException: Transaction request cannot include multiple operations on one item");
}

TEST_CASE_METHOD(Fixture, "Transactions pay twice for tables and once for indexes",
                 "[operations][TransactWriteItems]") {
  Must("CreateTable", R"({"TableName":"indexed","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                              {"AttributeName":"sk","AttributeType":"S"},
                              {"AttributeName":"g","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
      "GlobalSecondaryIndexes":[{"IndexName":"global","Projection":{"ProjectionType":"ALL"},
          "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}],
      "LocalSecondaryIndexes":[{"IndexName":"local","Projection":{"ProjectionType":"ALL"},
          "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
                       {"AttributeName":"g","KeyType":"RANGE"}]}]})");
  const Answer answer = Transact(
      R"json({"Put":{"TableName":"indexed","Item":{"pk":{"S":"a"},"sk":{"S":"1"},"g":{"S":"x"}}}},
         {"ConditionCheck":{"TableName":"indexed","Key":{"pk":{"S":"a"},"sk":{"S":"2"}},
             "ConditionExpression":"attribute_not_exists(pk)"}},
         {"Delete":{"TableName":"indexed","Key":{"pk":{"S":"a"},"sk":{"S":"3"}}}})json",
      R"(,"ReturnConsumedCapacity":"INDEXES","ReturnItemCollectionMetrics":"SIZE")");
  REQUIRE(answer.ok());
  CHECK(answer.at("/ConsumedCapacity/0") == Json::parse(R"({"TableName":"indexed",
      "CapacityUnits":8.0,"WriteCapacityUnits":8.0,
      "Table":{"CapacityUnits":6.0,"WriteCapacityUnits":6.0},
      "LocalSecondaryIndexes":{"local":{"CapacityUnits":1.0,"WriteCapacityUnits":1.0}},
      "GlobalSecondaryIndexes":{"global":{"CapacityUnits":1.0,"WriteCapacityUnits":1.0}}})"));
  CHECK(answer.at("/ItemCollectionMetrics/indexed").size() == 1);
}

}  // namespace
}  // namespace weir::testing
