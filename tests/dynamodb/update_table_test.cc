// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";
const std::string kEnable =
    R"({"TableName":"orders",
        "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}})";
const std::string kDisable =
    R"({"TableName":"orders","StreamSpecification":{"StreamEnabled":false}})";

TEST_CASE_METHOD(DatabaseFixture, "UpdateTable switches a stream on", "[operations][UpdateTable]") {
  CreateTable("orders");
  const Json table = Must("UpdateTable", kEnable)["TableDescription"];
  CHECK(table["TableStatus"] == "UPDATING");
  CHECK(table["StreamSpecification"] ==
        Json{{"StreamEnabled", true}, {"StreamViewType", "NEW_IMAGE"}});
  CHECK(table["LatestStreamLabel"] == "2023-11-14T22:13:20.123");
  CHECK(Must("DescribeTable", R"({"TableName":"orders"})")["Table"]["TableStatus"] == "ACTIVE");
}

TEST_CASE_METHOD(DatabaseFixture, "UpdateTable switches a stream off and leaves its ARN",
                 "[operations][UpdateTable]") {
  CreateTable("orders", "KEYS_ONLY");
  const std::string arn = StreamArn("orders");
  const Json table = Must("UpdateTable", kDisable)["TableDescription"];
  CHECK_FALSE(table.contains("StreamSpecification"));
  CHECK(table["LatestStreamArn"] == arn);
  CHECK(table["LatestStreamLabel"] == "2023-11-14T22:13:20.123");
}

TEST_CASE_METHOD(DatabaseFixture, "UpdateTable refuses a stream that is as asked for",
                 "[operations][UpdateTable]") {
  CreateTable("orders");
  CHECK(Run("UpdateTable", kDisable).error() ==
        "ValidationException: Table has no stream to disable: TableName: orders");
  Must("UpdateTable", kEnable);
  CHECK(Run("UpdateTable", kEnable).error() ==
        "ValidationException: Table already has an enabled stream: TableName: orders");
  CHECK(Run("UpdateTable", R"({"TableName":"orders",
              "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})")
            .error() ==
        "ValidationException: Table already has an enabled stream: TableName: orders");
}

TEST_CASE_METHOD(DatabaseFixture, "UpdateTable checks the stream's view",
                 "[operations][UpdateTable]") {
  CreateTable("orders");
  CHECK(Run("UpdateTable", R"({"TableName":"orders","StreamSpecification":{"StreamEnabled":true}})")
            .error() == kInvalid + "If stream is being enabled then UpdateViewType is required");
  CHECK(Run("UpdateTable", R"({"TableName":"orders",
              "StreamSpecification":{"StreamEnabled":false,"StreamViewType":"KEYS_ONLY"}})")
            .error() ==
        kInvalid + "If stream is being disabled, then UpdateViewType must not be specified");
}

TEST_CASE_METHOD(DatabaseFixture, "UpdateTable wants something to do, and one thing",
                 "[operations][UpdateTable]") {
  CreateTable("orders");
  CHECK(Run("UpdateTable", R"({"TableName":"orders"})").error() ==
        "ValidationException: At least one of ProvisionedThroughput, BillingMode, "
        "UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, "
        "MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
        "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required");
  CHECK(Run("UpdateTable", R"({"TableName":"orders","DeletionProtectionEnabled":true,
              "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})")
            .error() ==
        kInvalid + "DeletionProtection modification must be the only operation in the request");
  CHECK(StreamArn("orders").empty());
}

TEST_CASE_METHOD(DatabaseFixture, "UpdateTable refuses what Weir does not carry out",
                 "[operations][UpdateTable]") {
  CreateTable("orders");
  CHECK(Run("UpdateTable", R"({"TableName":"orders","ReplicaUpdates":[{}]})").error() ==
        kInvalid + "ReplicaUpdates is not supported by Weir yet");
}

}  // namespace
}  // namespace weir::testing
