// SPDX-License-Identifier: Apache-2.0
// CreateTable with indexes: the order in which it finds their faults.
#include <catch2/catch.hpp>
#include <string>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";

TEST_CASE_METHOD(DatabaseFixture, "Each step of a definition with indexes comes before the next",
                 "[operations][CreateTable][index]") {
  Json request = Json::parse(R"({
    "TableName": "orders",
    "BillingMode": "PROVISIONED",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                             {"AttributeName": "sk", "AttributeType": "S"},
                             {"AttributeName": "l", "AttributeType": "S"},
                             {"AttributeName": "unused", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "RANGE"},
                  {"AttributeName": "sk", "KeyType": "RANGE"}],
    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    "LocalSecondaryIndexes": [{
      "IndexName": "same", "Projection": {},
      "KeySchema": [{"AttributeName": "l", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"}]}],
    "GlobalSecondaryIndexes": [{
      "IndexName": "same", "Projection": {},
      "KeySchema": [{"AttributeName": "g", "KeyType": "RANGE"}]}]})");
  Json& global = request["GlobalSecondaryIndexes"][0];
  Json& local = request["LocalSecondaryIndexes"][0];
  const auto fault = [&] { return Run("CreateTable", request.dump()).error(); };

  // The billing.
  CHECK(fault() == kInvalid + "ProvisionedThroughput is not specified for index: same");
  global["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1'000'000'000'001},
                                     {"WriteCapacityUnits", 1}};
  // The bounds.
  CHECK(fault() ==
        "ValidationException: Given value 1000000000001 for ReadCapacityUnits is out of bounds for "
        "index same");
  global["ProvisionedThroughput"]["ReadCapacityUnits"] = 1;
  // The table's key.
  CHECK(fault() ==
        "ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key "
        "type");
  request["KeySchema"][0]["KeyType"] = "HASH";
  // The definitions of index keys.
  CHECK(fault() == kInvalid +
                       "Some index key attributes are not defined in AttributeDefinitions. Keys: "
                       "[g], AttributeDefinitions: [pk, sk, l, unused]");
  request["AttributeDefinitions"].push_back({{"AttributeName", "g"}, {"AttributeType", "S"}});
  // Definitions that nothing uses.
  CHECK(fault() == kInvalid +
                       "Some AttributeDefinitions are not used. AttributeDefinitions: [pk, sk, l, "
                       "unused, g], keys used: [g, sk, pk, l]");
  request["AttributeDefinitions"].erase(3);
  // Local indexes: key, then projection.
  CHECK(fault() == kInvalid +
                       "Index KeySchema does not have the same leading hash key as table KeySchema "
                       "for index: same. index hash key: l, table hash key: pk");
  local["KeySchema"][0]["AttributeName"] = "pk";
  local["KeySchema"][1]["AttributeName"] = "l";
  CHECK(fault() == kInvalid + "Unknown ProjectionType: null");
  local["Projection"]["ProjectionType"] = "ALL";
  // Global indexes: key, then projection.
  CHECK(fault() ==
        "ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key "
        "type");
  global["KeySchema"][0]["KeyType"] = "HASH";
  CHECK(fault() == kInvalid + "Unknown ProjectionType: null");
  global["Projection"]["ProjectionType"] = "ALL";
  // All names together.
  CHECK(fault() == kInvalid + "Duplicate index name: same");
  global["IndexName"] = "other";
  Must("CreateTable", request.dump());
  // Finally, whether the table exists.
  CHECK(fault() == "ResourceInUseException: Table already exists: orders");
}

TEST_CASE_METHOD(DatabaseFixture, "Members of indexes are looked at before all that they mean",
                 "[operations][CreateTable][index]") {
  const Answer answer = Run("CreateTable", R"({
    "TableName": "orders",
    "BillingMode": "PROVISIONED",
    "AttributeDefinitions": [],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [{"IndexName": "a"}],
    "LocalSecondaryIndexes": [{"IndexName": "b"}]})");
  const std::string error = answer.error();
  CHECK(error.starts_with("ValidationException: 6 validation errors detected: "));
  // Global indexes before local ones.
  const std::size_t global = error.find("globalSecondaryIndexes.1.member");
  const std::size_t local = error.find("localSecondaryIndexes.1.member");
  REQUIRE(global != std::string::npos);
  REQUIRE(local != std::string::npos);
  CHECK(global < local);
  CHECK(error.find("globalSecondaryIndexes", local) == std::string::npos);
  for (const std::string list : {"globalSecondaryIndexes", "localSecondaryIndexes"}) {
    CHECK(error.find("Value null at '" + list + ".1.member.keySchema") != std::string::npos);
    CHECK(error.find("Value null at '" + list + ".1.member.projection") != std::string::npos);
    CHECK(error.find("at '" + list + ".1.member.indexName' failed") != std::string::npos);
  }
}

TEST_CASE_METHOD(DatabaseFixture, "The first index with a fault is the one that is named",
                 "[operations][CreateTable][index]") {
  Json request = Json::parse(R"({
    "TableName": "orders",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                             {"AttributeName": "sk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                  {"AttributeName": "sk", "KeyType": "RANGE"}]})");
  for (const char* name : {"good", "second", "third"}) {
    Json keys = {{{"AttributeName", "pk"}, {"KeyType", "HASH"}}};
    if (std::string(name) == "good") {
      keys.push_back({{"AttributeName", "sk"}, {"KeyType", "RANGE"}});
    }
    request["LocalSecondaryIndexes"].push_back(
        {{"IndexName", name}, {"Projection", {{"ProjectionType", "ALL"}}}, {"KeySchema", keys}});
  }
  CHECK(Run("CreateTable", request.dump()).error() ==
        kInvalid + "Index KeySchema does not have a range key for index: second");
  CHECK(Run("DescribeTable", R"({"TableName":"orders"})").status == 400);
}

}  // namespace
}  // namespace weir::testing
