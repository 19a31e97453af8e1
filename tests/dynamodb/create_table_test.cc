// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";

// A valid request with some members replaced. A null removes its member.
std::string Orders(const std::string& changes) {
  Json request = Json::parse(R"({
    "TableName": "orders",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST"})");
  request.merge_patch(Json::parse(changes));
  return request.dump();
}

TEST_CASE_METHOD(DatabaseFixture, "CreateTable answers the new table's description",
                 "[operations][CreateTable]") {
  const Json table = Must("CreateTable", Orders("{}"))["TableDescription"];
  const std::string id = table["TableId"];
  CHECK(id.size() == 36);
  Json expected = Json::parse(R"({
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "TableStatus": "CREATING",
    "CreationDateTime": 1700000000.123,
    "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0,
                              "WriteCapacityUnits": 0},
    "TableSizeBytes": 0,
    "ItemCount": 0,
    "TableArn": "arn:aws:dynamodb:eu-west-1:000000000000:table/orders",
    "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
    "TableThroughputModeSummary": {"TableThroughputMode": "PAY_PER_REQUEST"},
    "DeletionProtectionEnabled": false})");
  expected["TableId"] = id;
  CHECK(table == expected);
  // The table can be used at once.
  CHECK(Must("DescribeTable", R"({"TableName":"orders"})")["Table"]["TableStatus"] == "ACTIVE");
}

TEST_CASE_METHOD(DatabaseFixture, "CreateTable keeps keys, capacity and class",
                 "[operations][CreateTable]") {
  const Json table = Must("CreateTable", Orders(R"({
    "AttributeDefinitions": [{"AttributeName": "sk", "AttributeType": "N"},
                             {"AttributeName": "pk", "AttributeType": "B"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                  {"AttributeName": "sk", "KeyType": "RANGE"}],
    "BillingMode": null,
    "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 7},
    "TableClass": "STANDARD_INFREQUENT_ACCESS",
    "DeletionProtectionEnabled": true})"))["TableDescription"];
  CHECK(table["KeySchema"] == Json::parse(R"([{"AttributeName": "pk", "KeyType": "HASH"},
                                              {"AttributeName": "sk", "KeyType": "RANGE"}])"));
  CHECK(table["AttributeDefinitions"] ==
        Json::parse(R"([{"AttributeName": "pk", "AttributeType": "B"},
                        {"AttributeName": "sk", "AttributeType": "N"}])"));
  CHECK(table["ProvisionedThroughput"]["ReadCapacityUnits"] == 5);
  CHECK(table["ProvisionedThroughput"]["WriteCapacityUnits"] == 7);
  CHECK(table["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS");
  CHECK(table["DeletionProtectionEnabled"] == true);
  CHECK_FALSE(table.contains("BillingModeSummary"));
}

TEST_CASE_METHOD(DatabaseFixture, "CreateTable with a stream shows it",
                 "[operations][CreateTable]") {
  const Json table = Must("CreateTable", Orders(R"({
    "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "OLD_IMAGE"}})"))
      ["TableDescription"];
  CHECK(table["StreamSpecification"] ==
        Json{{"StreamEnabled", true}, {"StreamViewType", "OLD_IMAGE"}});
  CHECK(table["LatestStreamLabel"] == "2023-11-14T22:13:20.123");
  CHECK(table["LatestStreamArn"] ==
        "arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/2023-11-14T22:13:20.123");
}

TEST_CASE_METHOD(DatabaseFixture, "CreateTable with the stream off has none",
                 "[operations][CreateTable]") {
  const Json table = Must("CreateTable", Orders(R"({
    "StreamSpecification": {"StreamEnabled": false}})"))["TableDescription"];
  CHECK_FALSE(table.contains("StreamSpecification"));
  CHECK_FALSE(table.contains("LatestStreamArn"));
}

TEST_CASE_METHOD(DatabaseFixture, "A new stream has as many shards as the table has partitions",
                 "[operations][CreateTable]") {
  const std::vector<std::pair<std::string, std::size_t>> rows = {
      {R"({"BillingMode": "PAY_PER_REQUEST"})", 4},
      {R"({"BillingMode": null,
           "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}})",
       1},
      {R"({"BillingMode": null,
           "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 1001}})",
       2},
      {R"({"BillingMode": null,
           "ProvisionedThroughput": {"ReadCapacityUnits": 9000, "WriteCapacityUnits": 1}})",
       3},
  };
  for (const auto& [billing, shards] : rows) {
    CAPTURE(billing);
    Json changes = Json::parse(billing);
    changes["StreamSpecification"] = {{"StreamEnabled", true}, {"StreamViewType", "KEYS_ONLY"}};
    Must("CreateTable", Orders(changes.dump()));
    CHECK(ShardIds(StreamArn("orders")).size() == shards);
    Must("DeleteTable", R"({"TableName":"orders"})");
  }
}

TEST_CASE_METHOD(DatabaseFixture, "CreateTable refuses a name that is taken",
                 "[operations][CreateTable]") {
  Must("CreateTable", Orders("{}"));
  CHECK(Run("CreateTable", Orders("{}")).error() ==
        "ResourceInUseException: Table already exists: orders");
}

TEST_CASE_METHOD(DatabaseFixture, "CreateTable refuses what does not fit together",
                 "[operations][CreateTable]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({"BillingMode":null})",
       kInvalid +
           "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode "
           "is PROVISIONED"},
      {R"({"ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}})",
       kInvalid + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                  "BillingMode is PAY_PER_REQUEST"},
      {R"({"BillingMode":null,
           "ProvisionedThroughput":{"ReadCapacityUnits":1000000000001,"WriteCapacityUnits":1}})",
       "ValidationException: Given value 1000000000001 for ReadCapacityUnits is out of bounds"},
      {R"({"StreamSpecification":{"StreamEnabled":true}})",
       kInvalid + "Table is being created with a stream enabled, UpdateViewType is required"},
      {R"({"StreamSpecification":{"StreamEnabled":false,"StreamViewType":"KEYS_ONLY"}})",
       kInvalid + "Table is being created with a stream disabled, UpdateViewType should not be "
                  "specified"},
      {R"({"StreamSpecification":{}})",
       "ValidationException: 1 validation error detected: Value null at "
       "'streamSpecification.streamEnabled' failed to satisfy constraint: Member must not be null"},
      {R"({"AttributeDefinitions":[]})",
       "ValidationException: Invalid KeySchema: Some index key attribute have no definition"},
      {R"({"AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}]})",
       kInvalid + "Some index key attributes are not defined in AttributeDefinitions. Keys: [pk], "
                  "AttributeDefinitions: [a]"},
      {R"({"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                                   {"AttributeName":"a","AttributeType":"S"}]})",
       kInvalid + "Number of attributes in KeySchema does not exactly match number of attributes "
                  "defined in AttributeDefinitions"},
      {R"({"KeySchema":[{"AttributeName":"pk","KeyType":"RANGE"}]})",
       "ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
      {R"({"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                                   {"AttributeName":"a","AttributeType":"S"}],
           "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
                        {"AttributeName":"a","KeyType":"HASH"}]})",
       "ValidationException: Invalid KeySchema: The second KeySchemaElement is not a RANGE key "
       "type"},
      {R"({"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                                   {"AttributeName":"a","AttributeType":"S"}],
           "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
                        {"AttributeName":"pk","KeyType":"RANGE"}]})",
       "ValidationException: Both the Hash Key and the Range Key element in the KeySchema have the "
       "same name"},
  };
  for (const auto& [changes, error] : rows) {
    CAPTURE(changes);
    CHECK(Run("CreateTable", Orders(changes)).error() == error);
  }
  CHECK(Must("ListTables", "{}")["TableNames"] == Json::array());
}

TEST_CASE_METHOD(DatabaseFixture, "CreateTable refuses what Weir does not carry out",
                 "[operations][CreateTable]") {
  CHECK(Run("CreateTable", Orders(R"({"GlobalTableSettingsReplicationMode":"ENABLED"})")).error() ==
        kInvalid + "GlobalTableSettingsReplicationMode is not supported by Weir yet");
  CHECK(Run("DescribeTable", R"({"TableName":"orders"})").status == 400);
}

TEST_CASE_METHOD(DatabaseFixture, "CreateTable takes an ARN for the name, and only a table's",
                 "[operations][CreateTable]") {
  const std::string start = "arn:aws:dynamodb:us-east-1:000000000000:table/";
  const auto create = [&](const std::string& name) {
    return Run("CreateTable", Orders(Json{{"TableName", name}}.dump()));
  };
  CHECK(create(start + "things").at("/TableDescription/TableName") == "things");
  for (const std::string& name : {start, start + "a/b", start + "x/stream/now", start + "ab",
                                  std::string("arn:foo"), start + std::string(256, 'a')}) {
    CAPTURE(name);
    CHECK(create(name).error().starts_with("ValidationException: "));
  }
  CHECK(Must("ListTables", "{}")["TableNames"] == Json{"things"});
}

TEST_CASE_METHOD(DatabaseFixture, "CreateTable refuses null in place of a structure",
                 "[operations][CreateTable]") {
  CHECK(Run("CreateTable", Orders(R"({"KeySchema":[null]})")).error() ==
        "ValidationException: 1 validation error detected: Value null at 'keySchema.1.member' "
        "failed to satisfy constraint: Member must not be null");
}

}  // namespace
}  // namespace weir::testing
