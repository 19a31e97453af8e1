// SPDX-License-Identifier: Apache-2.0
// The states that tables pass through (CREATING, UPDATING, ...), when these take time.
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

using dynamodb::TransitionTimes;
using std::chrono::seconds;

const std::string kName = R"({"TableName":"orders"})";
const std::string kInUse =
    "ResourceInUseException: Attempt to change a resource which is still in use: ";
const std::string kNotFound = "ResourceNotFoundException: Requested resource not found";

dynamodb::DatabaseOptions TenSecondsForEverything() {
  dynamodb::DatabaseOptions options;
  options.transition_times = TransitionTimes::Each(seconds(10));
  return options;
}

struct Fixture : DatabaseFixture {
  Fixture() : DatabaseFixture(TenSecondsForEverything()) {}

  void CreateActive(const std::string& stream_view = "") {
    CreateTable("orders", stream_view);
    clock().Advance(seconds(10));
  }
  void CreateProvisioned() {
    Must("CreateTable", R"({
      "TableName": "orders",
      "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
      "GlobalSecondaryIndexes": [{"IndexName": "idx",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
        "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}],
      "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}})");
    clock().Advance(seconds(10));
  }
  std::string Try(const std::string& members) {
    return Run("UpdateTable", R"({"TableName":"orders",)" + members + "}").error();
  }
  Json Table() { return Must("DescribeTable", kName)["Table"]; }
  std::string Status() { return Table()["TableStatus"]; }
  std::string Delete() { return Run("DeleteTable", kName).error(); }
  std::string StreamStatus(const std::string& arn) {
    return Must("DescribeStream",
                Json{{"StreamArn", arn}}.dump())["StreamDescription"]["StreamStatus"];
  }
};

const std::string kProtect = R"("DeletionProtectionEnabled":false)";
const std::string kUnits2 =
    R"("ProvisionedThroughput":{"ReadCapacityUnits":2,"WriteCapacityUnits":2})";
const std::string kUnits3 =
    R"("ProvisionedThroughput":{"ReadCapacityUnits":3,"WriteCapacityUnits":3})";
const std::string kStream =
    R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"})";
const std::string kInfrequent = R"("TableClass":"STANDARD_INFREQUENT_ACCESS")";
const std::string kOnDemand = R"("BillingMode":"PAY_PER_REQUEST")";
const std::string kEncrypt = R"("SSESpecification":{"Enabled":true})";

TEST_CASE_METHOD(Fixture, "A new table is CREATING, and no table yet for items",
                 "[operations][states]") {
  CreateTable("orders", "KEYS_ONLY");
  const Json table = Table();
  CHECK(table["TableStatus"] == "CREATING");
  CHECK(StreamStatus(table["LatestStreamArn"]) == "ENABLING");
  CHECK(Must("ListTables", "{}")["TableNames"] == Json{"orders"});
  const std::string put = R"({"TableName":"orders","Item":{"pk":{"S":"a"}}})";
  CHECK(Run("PutItem", put).error() == kNotFound);
  CHECK(Run("Scan", kName).error() == kNotFound);
  CHECK(Try(kProtect) == kInUse + "Table is being created: orders");
  CHECK(Delete() == kInUse + "Table is being created: orders");
  const std::string arn = table["TableArn"];
  const std::string resource = R"({"ResourceArn":")" + arn + R"("})";
  CHECK(Run("ListTagsOfResource", resource).error() ==
        kNotFound + ": ResourceArn: " + arn + " not found");
  CHECK(Run("GetResourcePolicy", resource).error() == kNotFound + ": Table: orders not found");
  CHECK(Run("DescribeContinuousBackups", kName).error() ==
        "TableNotFoundException: Table not found: orders");
  CHECK(Run("UpdateContinuousBackups",
            R"({"TableName":"orders",
                "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}})")
            .error() ==
        "ContinuousBackupsUnavailableException: Backups are being enabled for the "
        "table: orders. Please retry later");
  CHECK(Run("UpdateContributorInsights",
            R"({"TableName":"orders","ContributorInsightsAction":"ENABLE"})")
            .error()
            .ends_with("TableStatus must be ACTIVE to enable ContributorInsights."));
  Json again = Json::parse(R"({
    "TableName": "orders",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST"})");
  CHECK(Run("CreateTable", again.dump()).error() == kInUse + "Table is being created: orders");
  clock().Advance(seconds(10) - Micros(1));
  CHECK(Status() == "CREATING");
  clock().Advance(Micros(1));
  CHECK(Status() == "ACTIVE");
  CHECK(StreamStatus(table["LatestStreamArn"]) == "ENABLED");
  Must("PutItem", put);
  CHECK(Run("CreateTable", again.dump()).error() ==
        "ResourceInUseException: Table already exists: orders");
}

TEST_CASE_METHOD(Fixture, "A deleted table is DELETING and keeps its name until it is gone",
                 "[operations][states]") {
  CreateActive("KEYS_ONLY");
  const std::string arn = Table()["LatestStreamArn"];
  Must("PutItem", R"({"TableName":"orders","Item":{"pk":{"S":"a"}}})");
  CHECK(Must("DeleteTable", kName)["TableDescription"]["TableStatus"] == "DELETING");
  CHECK(Status() == "DELETING");
  CHECK(StreamStatus(arn) == "DISABLING");
  CHECK(Must("ListTables", "{}")["TableNames"] == Json{"orders"});
  CHECK(Run("GetItem", R"({"TableName":"orders","Key":{"pk":{"S":"a"}}})").error() == kNotFound);
  CHECK(Delete() == kInUse + "Table is being deleted: orders");
  CHECK(Try(kProtect) == kInUse + "Table is being deleted: orders");
  CHECK(Run("TagResource", R"({"ResourceArn":")" + Table()["TableArn"].get<std::string>() +
                               R"(","Tags":[{"Key":"a","Value":"b"}]})")
            .error() == kInUse + "Table is being deleted: orders");
  CHECK(Run("DescribeContinuousBackups", kName).error() ==
        "TableNotFoundException: Table not found: orders");
  const std::string create = R"({
    "TableName": "orders",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST"})";
  CHECK(Run("CreateTable", create).error() ==
        "ResourceInUseException: Table already exists: orders");
  clock().Advance(seconds(10));
  CHECK(Run("DescribeTable", kName).error() == kNotFound + ": Table: orders not found");
  CHECK(Must("ListTables", "{}")["TableNames"] == Json::array());
  CHECK(StreamStatus(arn) == "DISABLED");
  CHECK(Must("CreateTable", create)["TableDescription"]["TableStatus"] == "CREATING");
}

TEST_CASE_METHOD(Fixture, "New throughput shows when the table is ACTIVE again",
                 "[operations][states]") {
  CreateProvisioned();
  CHECK(Try(kUnits2) == "");
  CHECK(Status() == "UPDATING");
  CHECK(Table()["ProvisionedThroughput"]["ReadCapacityUnits"] == 1);
  const std::string busy = kInUse + "Table IOPS are currently being updated. Table: orders";
  CHECK(Try(kUnits3) == busy);
  CHECK(Try(kOnDemand) == busy);
  CHECK(Try(kStream) ==
        kInUse +
            "Can't enable or disable stream while table IOPS are being updated. Table: "
            "orders");
  CHECK(Delete() == kInUse + "Table: orders is in the process of being updated.");
  CHECK(Try(kProtect) == "");
  clock().Advance(seconds(10));
  CHECK(Status() == "ACTIVE");
  CHECK(Table()["ProvisionedThroughput"]["ReadCapacityUnits"] == 2);
}

TEST_CASE_METHOD(Fixture, "A billing mode shows at once and its date when it is done",
                 "[operations][states]") {
  CreateProvisioned();
  CHECK(Try(kOnDemand) == "");
  CHECK(Status() == "UPDATING");
  CHECK(Table()["BillingModeSummary"] == Json{{"BillingMode", "PAY_PER_REQUEST"}});
  CHECK(Try(R"("OnDemandThroughput":{"MaxReadRequestUnits":5})") ==
        kInUse + "OnDemandThroughput cannot be updated while BillingMode update is in progress");
  clock().Advance(seconds(10));
  CHECK(Table()["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] == 1700000020.123);
}

TEST_CASE_METHOD(Fixture, "A stream is ENABLING and DISABLING with its table",
                 "[operations][states]") {
  CreateActive();
  CHECK(Try(kStream) == "");
  const Json table = Table();
  CHECK(table["TableStatus"] == "UPDATING");
  CHECK(StreamStatus(table["LatestStreamArn"]) == "ENABLING");
  const std::string label = table["LatestStreamLabel"];
  const std::string change = "Table: orders Stream: " + label + " Operation: ENABLE";
  CHECK(Try(kStream) == kInUse + "A stream status change is currently in progress. " + change);
  CHECK(Try(kInfrequent) ==
        kInUse + "Can't update table class when stream status is being updated. " + change);
  CHECK(Try(kOnDemand) ==
        kInUse + "Can't change table IOPS when stream status is being updated. " + change);
  CHECK(Try(R"("OnDemandThroughput":{"MaxReadRequestUnits":5})") ==
        kInUse + "OnDemandThroughput cannot be updated while stream status update is in progress");
  CHECK(Delete() == kInUse + "Cannot delete table while stream is being enabled/disabled.");
  // Other settings of the table may change meanwhile.
  CHECK(Try(kEncrypt) == "");
  Must("PutItem", R"({"TableName":"orders","Item":{"pk":{"S":"a"}}})");
  clock().Advance(seconds(10));
  CHECK(StreamStatus(table["LatestStreamArn"]) == "ENABLED");
  CHECK(Try(R"("StreamSpecification":{"StreamEnabled":false})") == "");
  CHECK(StreamStatus(table["LatestStreamArn"]) == "DISABLING");
  CHECK_FALSE(Table().contains("StreamSpecification"));
  clock().Advance(seconds(10));
  CHECK(StreamStatus(table["LatestStreamArn"]) == "DISABLED");
  CHECK(Records(table["LatestStreamArn"]).size() == 1);
}

TEST_CASE_METHOD(Fixture, "A table class shows when it is done", "[operations][states]") {
  CreateActive();
  CHECK(Try(kInfrequent) == "");
  CHECK_FALSE(Table().contains("TableClassSummary"));
  const std::string progress = "TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS";
  CHECK(Try(kInfrequent) == kInUse +
                                "Can't update table class when a table class update is in "
                                "progress. Table: orders " +
                                progress);
  CHECK(Try(kStream) == kInUse +
                            "Can't change stream status when a table class update is in progress. "
                            "Table: orders " +
                            progress);
  CHECK(Try(R"("OnDemandThroughput":{"MaxReadRequestUnits":5})") ==
        kInUse + "OnDemandThroughput cannot be updated while TableClass update is in progress. " +
            progress);
  clock().Advance(seconds(10));
  CHECK(Table()["TableClassSummary"]["LastUpdateDateTime"] == 1700000020.123);
}

TEST_CASE_METHOD(Fixture, "Encryption and warm throughput change while the table is ACTIVE",
                 "[operations][states]") {
  CreateActive();
  CHECK(Try(kEncrypt) == "");
  CHECK(Status() == "ACTIVE");
  CHECK(Table()["SSEDescription"] == Json{{"Status", "UPDATING"}});
  CHECK(Try(kEncrypt) == kInUse + "Server-Side Encryption is still being updated");
  CHECK(Delete() == kInUse + "Table: orders is in the process of being updated.");
  clock().Advance(seconds(10));
  CHECK(Table()["SSEDescription"]["Status"] == "ENABLED");
  CHECK(Try(R"("WarmThroughput":{"ReadUnitsPerSecond":13000})") == "");
  CHECK(Status() == "ACTIVE");
  CHECK(Table()["WarmThroughput"]["Status"] == "UPDATING");
  CHECK(Table()["WarmThroughput"]["ReadUnitsPerSecond"] == 12000);
  CHECK(Delete() == kInUse + "Table: orders is in the process of being updated.");
  clock().Advance(seconds(10));
  CHECK(Table()["WarmThroughput"]["ReadUnitsPerSecond"] == 13000);
  CHECK(Delete() == "");
}

TEST_CASE_METHOD(Fixture, "An index is UPDATING while its table is ACTIVE",
                 "[operations][states]") {
  CreateProvisioned();
  const std::string update =
      R"("GlobalSecondaryIndexUpdates":[{"Update":{"IndexName":"idx",)" + kUnits2 + "}}]";
  CHECK(Try(update) == "");
  CHECK(Status() == "ACTIVE");
  Json index = Table()["GlobalSecondaryIndexes"][0];
  CHECK(index["IndexStatus"] == "UPDATING");
  CHECK(index["ProvisionedThroughput"]["ReadCapacityUnits"] == 1);
  CHECK(Try(update) == kInUse + "Index is being updated. Table: orders Index: idx");
  CHECK(Delete() ==
        kInUse + "Cannot delete table while indexes are being created, updated, or deleted.");
  clock().Advance(seconds(10));
  index = Table()["GlobalSecondaryIndexes"][0];
  CHECK(index["IndexStatus"] == "ACTIVE");
  CHECK(index["ProvisionedThroughput"]["ReadCapacityUnits"] == 2);
}

TEST_CASE_METHOD(Fixture, "Contributor Insights are ENABLING, then ENABLED",
                 "[operations][states]") {
  CreateActive();
  const auto update = [&](const std::string& action) {
    return Must("UpdateContributorInsights",
                R"({"TableName":"orders","ContributorInsightsAction":")" + action +
                    R"("})")["ContributorInsightsStatus"];
  };
  const auto status = [&] {
    return Must("DescribeContributorInsights", kName)["ContributorInsightsStatus"];
  };
  CHECK(update("ENABLE") == "ENABLING");
  CHECK(status() == "ENABLING");
  CHECK(update("ENABLE") == "ENABLING");
  clock().Advance(seconds(10));
  CHECK(status() == "ENABLED");
  CHECK(update("DISABLE") == "DISABLING");
  CHECK(status() == "DISABLING");
  clock().Advance(seconds(10));
  CHECK(status() == "DISABLED");
}

const std::string kAddIndex = R"(
    "AttributeDefinitions": [{"AttributeName": "color", "AttributeType": "S"}],
    "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "by-color",
      "KeySchema": [{"AttributeName": "color", "KeyType": "HASH"}],
      "Projection": {"ProjectionType": "ALL"}}}])";
const std::string kRemoveIndex =
    R"("GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-color"}}])";
const std::string kQueryIndex = R"({"TableName":"orders","IndexName":"by-color",
    "KeyConditionExpression":"color = :c","ExpressionAttributeValues":{":c":{"S":"red"}}})";
const std::string kOneIndex =
    "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or "
    "deleted simultaneously per table";

TEST_CASE_METHOD(Fixture, "An index that is added is placed, filled and then ACTIVE",
                 "[operations][states]") {
  CreateActive();
  Must("PutItem", R"({"TableName":"orders","Item":{"pk":{"S":"a"},"color":{"S":"red"}}})");
  REQUIRE(Try(kAddIndex).empty());
  Advance(Micros(0));  // it is built by now
  Json table = Table();
  CHECK(table["TableStatus"] == "UPDATING");
  CHECK(table["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING");
  CHECK(table["GlobalSecondaryIndexes"][0]["Backfilling"] == false);
  CHECK(Run("Query", kQueryIndex).error() ==
        "ValidationException: Cannot read from backfilling global secondary index: by-color");
  CHECK(Try(kRemoveIndex) ==
        kInUse +
            "Index creation is in resource allocation phase. Retry deletion during "
            "backfilling phase or when the index is active. Table: orders Index: by-color");
  CHECK(Delete() ==
        kInUse + "Cannot delete table while indexes are being created, updated, or deleted.");

  Advance(seconds(10));
  table = Table();
  CHECK(table["TableStatus"] == "ACTIVE");
  CHECK(table["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING");
  CHECK(table["GlobalSecondaryIndexes"][0]["Backfilling"] == true);
  CHECK(!Run("Query", kQueryIndex).ok());

  Advance(seconds(10));
  table = Table();
  CHECK(table["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE");
  CHECK(!table["GlobalSecondaryIndexes"][0].contains("Backfilling"));
  CHECK(Must("Query", kQueryIndex)["Count"] == 1);
}

TEST_CASE_METHOD(Fixture, "An index that is removed is DELETING for a while",
                 "[operations][states]") {
  CreateActive();
  REQUIRE(Try(kAddIndex).empty());
  Advance(seconds(20));
  REQUIRE(Try(kRemoveIndex).empty());
  Json table = Table();
  CHECK(table["TableStatus"] == "UPDATING");
  REQUIRE(table["GlobalSecondaryIndexes"].size() == 1);
  CHECK(table["GlobalSecondaryIndexes"][0]["IndexStatus"] == "DELETING");
  CHECK(table["AttributeDefinitions"].size() == 2);
  CHECK(!Run("Query", kQueryIndex).ok());
  CHECK(Try(kAddIndex) == kOneIndex);
  CHECK(Delete() ==
        kInUse + "Cannot delete table while indexes are being created, updated, or deleted.");

  Advance(seconds(10));
  table = Table();
  CHECK(table["TableStatus"] == "ACTIVE");
  CHECK(!table.contains("GlobalSecondaryIndexes"));
  CHECK(table["AttributeDefinitions"].size() == 1);
  CHECK(Try(kAddIndex).empty());
}

TEST_CASE_METHOD(Fixture, "An index can be removed while it is filled", "[operations][states]") {
  CreateActive();
  REQUIRE(Try(kAddIndex).empty());
  Advance(seconds(10));
  CHECK(Try(kRemoveIndex).empty());
  CHECK(Table()["GlobalSecondaryIndexes"][0]["IndexStatus"] == "DELETING");
  Advance(seconds(10));
  CHECK(!Table().contains("GlobalSecondaryIndexes"));
}

}  // namespace
}  // namespace weir::testing
