// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kUnknown =
    "ResourceNotFoundException: Requested resource not found: Table: nowhere not found";

TEST_CASE_METHOD(DatabaseFixture, "DescribeTable shows an active on-demand table",
                 "[operations][DescribeTable]") {
  CreateTable("orders");
  const Json table = Must("DescribeTable", R"({"TableName":"orders"})")["Table"];
  CHECK(table["TableStatus"] == "ACTIVE");
  CHECK(table["BillingModeSummary"] == Json::parse(R"({"BillingMode": "PAY_PER_REQUEST",
                        "LastUpdateToPayPerRequestDateTime": 1700000000.123})"));
  CHECK(table["WarmThroughput"] ==
        Json::parse(R"({"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000,
                        "Status": "ACTIVE"})"));
  // The id stays the same.
  CHECK(Must("DescribeTable", R"({"TableName":"orders"})")["Table"]["TableId"] == table["TableId"]);
}

TEST_CASE_METHOD(DatabaseFixture, "A table is found by its ARN too",
                 "[operations][DescribeTable]") {
  CreateTable("orders");
  const std::string arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/orders";
  CHECK(Must("DescribeTable", Json{{"TableName", arn}}.dump())["Table"]["TableName"] == "orders");
  Must("PutItem", Json{{"TableName", arn}, {"Item", {{"pk", {{"S", "a"}}}}}}.dump());
  CHECK(Must("GetItem", R"({"TableName":"orders","Key":{"pk":{"S":"a"}}})").contains("Item"));
}

TEST_CASE_METHOD(DatabaseFixture, "DescribeTable counts items and their bytes",
                 "[operations][DescribeTable]") {
  CreateTable("orders");
  Must("PutItem", R"({"TableName":"orders","Item":{"pk":{"S":"ab"}}})");
  Must("PutItem", R"({"TableName":"orders","Item":{"pk":{"S":"c"},"n":{"N":"42"}}})");
  const Json table = Must("DescribeTable", R"({"TableName":"orders"})")["Table"];
  CHECK(table["ItemCount"] == 2);
  CHECK(table["TableSizeBytes"] == (2 + 2) + (2 + 1) + (1 + 2));
}

TEST_CASE_METHOD(DatabaseFixture, "Unknown tables are named in control-plane errors only",
                 "[operations][DescribeTable][DeleteTable][UpdateTable][GetItem]") {
  CHECK(Run("DescribeTable", R"({"TableName":"nowhere"})").error() == kUnknown);
  CHECK(Run("DeleteTable", R"({"TableName":"nowhere"})").error() == kUnknown);
  CHECK(Run("UpdateTable", R"({"TableName":"nowhere","DeletionProtectionEnabled":true})").error() ==
        kUnknown);
  const std::string plain = "ResourceNotFoundException: Requested resource not found";
  const std::string key = R"({"TableName":"nowhere","Key":{"pk":{"S":"a"}}})";
  CHECK(Run("GetItem", key).error() == plain);
  CHECK(Run("DeleteItem", key).error() == plain);
  CHECK(Run("UpdateItem", key).error() == plain);
  CHECK(Run("PutItem", R"({"TableName":"nowhere","Item":{"pk":{"S":"a"}}})").error() == plain);
}

TEST_CASE_METHOD(DatabaseFixture, "ListTables gives names in order, in pages",
                 "[operations][ListTables]") {
  CHECK(Must("ListTables", "{}") == Json{{"TableNames", Json::array()}});
  for (const char* name : {"ccc", "aaa", "bbb"}) {
    CreateTable(name);
  }
  CHECK(Must("ListTables", "{}") == Json{{"TableNames", {"aaa", "bbb", "ccc"}}});
  CHECK(Must("ListTables", R"({"Limit":2})") ==
        Json{{"TableNames", {"aaa", "bbb"}}, {"LastEvaluatedTableName", "bbb"}});
  CHECK(Must("ListTables", R"({"Limit":2,"ExclusiveStartTableName":"bbb"})") ==
        Json{{"TableNames", {"ccc"}}});
  CHECK(Must("ListTables", R"({"ExclusiveStartTableName":"bzz"})") ==
        Json{{"TableNames", {"ccc"}}});
  CHECK(Run("ListTables", R"({"Limit":0})").status == 400);
  CHECK(Run("ListTables", R"({"Limit":101})").status == 400);
}

TEST_CASE_METHOD(DatabaseFixture, "ListTables has a page of 100 by default",
                 "[operations][ListTables]") {
  for (int i = 100; i < 201; ++i) {
    CreateTable("t" + std::to_string(i));
  }
  const Json page = Must("ListTables", "{}");
  CHECK(page["TableNames"].size() == 100);
  CHECK(page["LastEvaluatedTableName"] == "t199");
}

TEST_CASE_METHOD(DatabaseFixture, "DeleteTable answers a last description",
                 "[operations][DeleteTable]") {
  CreateTable("orders", "KEYS_ONLY");
  Must("PutItem", R"({"TableName":"orders","Item":{"pk":{"S":"ab"}}})");
  const Json table = Must("DeleteTable", R"({"TableName":"orders"})")["TableDescription"];
  CHECK(table["TableName"] == "orders");
  CHECK(table["TableStatus"] == "DELETING");
  CHECK(table["ItemCount"] == 1);
  CHECK_FALSE(table.contains("KeySchema"));
  CHECK_FALSE(table.contains("AttributeDefinitions"));
  CHECK_FALSE(table.contains("CreationDateTime"));
  CHECK(Must("ListTables", "{}")["TableNames"].empty());
  CHECK(Run("GetItem", R"({"TableName":"orders","Key":{"pk":{"S":"ab"}}})").error() ==
        "ResourceNotFoundException: Requested resource not found");
}

TEST_CASE_METHOD(DatabaseFixture, "A deleted name can be used again, for an empty table",
                 "[operations][DeleteTable]") {
  CreateTable("orders");
  const Json before = Must("DescribeTable", R"({"TableName":"orders"})")["Table"];
  Must("PutItem", R"({"TableName":"orders","Item":{"pk":{"S":"ab"}}})");
  Must("DeleteTable", R"({"TableName":"orders"})");
  CreateTable("orders");
  const Json after = Must("DescribeTable", R"({"TableName":"orders"})")["Table"];
  CHECK(after["ItemCount"] == 0);
  CHECK(after["TableId"] != before["TableId"]);
  CHECK(Must("GetItem", R"({"TableName":"orders","Key":{"pk":{"S":"ab"}}})") == Json::object());
}

TEST_CASE_METHOD(DatabaseFixture, "A protected table is not deleted",
                 "[operations][DeleteTable][UpdateTable]") {
  CreateTable("orders");
  const Json updated =
      Must("UpdateTable", R"({"TableName":"orders","DeletionProtectionEnabled":true})");
  CHECK(updated["TableDescription"]["DeletionProtectionEnabled"] == true);
  CHECK(Run("DeleteTable", R"({"TableName":"orders"})").error() ==
        "ValidationException: Resource cannot be deleted as it is currently protected against "
        "deletion. Disable deletion protection first.");
  Must("PutItem", R"({"TableName":"orders","Item":{"pk":{"S":"still here"}}})");
  Must("UpdateTable", R"({"TableName":"orders","DeletionProtectionEnabled":false})");
  Must("DeleteTable", R"({"TableName":"orders"})");
}

}  // namespace
}  // namespace weir::testing
