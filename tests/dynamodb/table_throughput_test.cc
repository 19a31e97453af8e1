// SPDX-License-Identifier: Apache-2.0
// Provisioned, on-demand and warm throughput, and the switch between the billing modes.
#include <catch2/catch.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";

Json Units(int reads, int writes) {
  return {{"ReadCapacityUnits", reads}, {"WriteCapacityUnits", writes}};
}

struct Fixture : DatabaseFixture {
  // Creates a table "orders" with the global index "by-user" and the local index "by-time".
  Json Create(const Json& changes) {
    Json request = Json::parse(R"({
      "TableName": "orders",
      "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                               {"AttributeName": "sk", "AttributeType": "S"},
                               {"AttributeName": "user", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"}],
      "LocalSecondaryIndexes": [{"IndexName": "by-time",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                      {"AttributeName": "user", "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": "ALL"}}],
      "GlobalSecondaryIndexes": [{"IndexName": "by-user",
        "KeySchema": [{"AttributeName": "user", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"}}]})");
    request.merge_patch(changes);
    return Must("CreateTable", request.dump())["TableDescription"];
  }
  Json CreateProvisioned(int reads, int writes) {
    Json index = Json::parse(R"([{"IndexName": "by-user",
        "KeySchema": [{"AttributeName": "user", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"}}])");
    index[0]["ProvisionedThroughput"] = Units(reads, writes);
    return Create(
        {{"ProvisionedThroughput", Units(reads, writes)}, {"GlobalSecondaryIndexes", index}});
  }
  Json CreateOnDemand() { return Create({{"BillingMode", "PAY_PER_REQUEST"}}); }

  Answer Try(Json changes) {
    changes["TableName"] = "orders";
    return Run("UpdateTable", changes.dump());
  }
  Json Update(const Json& changes) {
    Answer answer = Try(changes);
    INFO(changes);
    REQUIRE(answer.error() == "");
    return answer.body["TableDescription"];
  }
  Json Table() { return Must("DescribeTable", R"({"TableName":"orders"})")["Table"]; }
  Json Index() { return Table()["GlobalSecondaryIndexes"][0]; }
  static Json IndexUpdate(const Json& action) {
    Json update = action;
    update["IndexName"] = "by-user";
    Json request;
    request["GlobalSecondaryIndexUpdates"] = Json::array({Json{{"Update", update}}});
    return request;
  }
};

TEST_CASE_METHOD(Fixture, "UpdateTable changes provisioned throughput and notes when",
                 "[operations][UpdateTable]") {
  CreateProvisioned(5, 5);
  clock().Advance(seconds(10));
  Json answer = Update({{"ProvisionedThroughput", Units(7, 5)}});
  // As on AWS: the old figures with the new date.
  CHECK(answer["TableStatus"] == "UPDATING");
  CHECK(answer["ProvisionedThroughput"] == Json{{"LastIncreaseDateTime", 1700000010.123},
                                                {"NumberOfDecreasesToday", 0},
                                                {"ReadCapacityUnits", 5},
                                                {"WriteCapacityUnits", 5}});
  CHECK(Table()["TableStatus"] == "ACTIVE");
  CHECK(Table()["ProvisionedThroughput"]["ReadCapacityUnits"] == 7);
  CHECK(Table()["WarmThroughput"] ==
        Json{{"ReadUnitsPerSecond", 7}, {"WriteUnitsPerSecond", 5}, {"Status", "ACTIVE"}});
  clock().Advance(seconds(10));
  answer = Update({{"ProvisionedThroughput", Units(1, 6)}});
  CHECK(answer["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 0);
  CHECK(Table()["ProvisionedThroughput"] == Json{{"LastIncreaseDateTime", 1700000020.123},
                                                 {"LastDecreaseDateTime", 1700000020.123},
                                                 {"NumberOfDecreasesToday", 1},
                                                 {"ReadCapacityUnits", 1},
                                                 {"WriteCapacityUnits", 6}});
  // It stays warm for the most units that it ever had.
  CHECK(Table()["WarmThroughput"]["ReadUnitsPerSecond"] == 7);
}

TEST_CASE_METHOD(Fixture, "UpdateTable refuses throughput that changes nothing",
                 "[operations][UpdateTable]") {
  CreateProvisioned(5, 6);
  const std::string error =
      "ValidationException: The provisioned throughput for the table will not change. The "
      "requested value equals the current value. Current ReadCapacityUnits provisioned for the "
      "table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the "
      "table: 6. Requested WriteCapacityUnits: 6. Refer to the Amazon DynamoDB Developer Guide for "
      "current limits and how to request higher limits.";
  CHECK(Try({{"ProvisionedThroughput", Units(5, 6)}}).error() == error);
  CHECK(Try({{"BillingMode", "PROVISIONED"}, {"ProvisionedThroughput", Units(5, 6)}}).error() ==
        error);
  CHECK(Try(IndexUpdate({{"ProvisionedThroughput", Units(5, 6)}})).error() ==
        "ValidationException: The provisioned throughput for the index by-user will not change. "
        "The requested value equals the current value. Current ReadCapacityUnits provisioned for "
        "index by-user: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned "
        "for index by-user: 6. Requested WriteCapacityUnits: 6. Refer to the Amazon DynamoDB "
        "Developer Guide for current limits and how to request higher limits.");
  CHECK(Try({{"BillingMode", "PROVISIONED"}}).error() ==
        kInvalid + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
}

TEST_CASE_METHOD(Fixture, "Throughput goes down four times a day, then once an hour",
                 "[operations][UpdateTable]") {
  CreateProvisioned(20, 20);
  int units = 20;
  const auto decrease = [&] {
    const Answer answer = Try({{"ProvisionedThroughput", Units(units - 1, units - 1)}});
    units -= answer.ok() ? 1 : 0;
    return answer.error();
  };
  // The time is 22:13:20 on November 14, a Tuesday.
  for (int i = 0; i < 4; ++i) {
    CHECK(decrease() == "");
  }
  const std::string limit =
      "LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases are "
      "limited within a given UTC day. After the first 4 decreases, each subsequent decrease in "
      "the same UTC day can be performed at most once every 3600 seconds. Number of decreases "
      "today: ";
  CHECK(decrease() == limit +
                          "4. Last decrease at Tuesday, November 14, 2023 at 10:13:20 PM "
                          "Coordinated Universal Time. Next decrease can be made at Tuesday, "
                          "November 14, 2023 at 11:13:20 PM Coordinated Universal Time");
  // Fewer units of one kind are a decrease, whatever the other kind does. More units alone are not.
  CHECK_FALSE(Try({{"ProvisionedThroughput", Units(1, 40)}}).ok());
  CHECK(Try({{"ProvisionedThroughput", Units(30, 30)}}).ok());
  units = 30;
  clock().Advance(hours(1) - seconds(1));
  CHECK(decrease().starts_with(limit + "4."));
  clock().Advance(seconds(1));
  CHECK(decrease() == "");
  CHECK(Table()["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 5);
  // The day ends before the hour does, and the count of decreases starts again.
  CHECK(decrease() == limit +
                          "5. Last decrease at Tuesday, November 14, 2023 at 11:13:20 PM "
                          "Coordinated Universal Time. Next decrease can be made at Wednesday, "
                          "November 15, 2023 at 12:00:00 AM Coordinated Universal Time");
  clock().Advance(std::chrono::minutes(46) + seconds(40));
  CHECK(Table()["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 0);
  CHECK(Table()["ProvisionedThroughput"]["LastDecreaseDateTime"] == 1700003600.123);
  CHECK(decrease() == "");
  CHECK(Table()["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 1);
}

TEST_CASE_METHOD(Fixture, "An index has throughput and decreases of its own",
                 "[operations][UpdateTable]") {
  CreateProvisioned(5, 5);
  const Json answer = Update(IndexUpdate({{"ProvisionedThroughput", Units(2, 5)}}));
  CHECK(answer["TableStatus"] == "ACTIVE");
  CHECK(answer["GlobalSecondaryIndexes"][0]["IndexStatus"] == "UPDATING");
  CHECK(answer["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["ReadCapacityUnits"] == 5);
  CHECK(Index()["IndexStatus"] == "ACTIVE");
  CHECK(Index()["ProvisionedThroughput"]["ReadCapacityUnits"] == 2);
  CHECK(Index()["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 1);
  CHECK(Index()["WarmThroughput"]["ReadUnitsPerSecond"] == 5);
  CHECK(Table()["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 0);
}

TEST_CASE_METHOD(Fixture, "UpdateTable checks updates of indexes", "[operations][UpdateTable]") {
  CreateProvisioned(5, 5);
  const Json units = {{"ProvisionedThroughput", Units(2, 2)}};
  const auto named = [&](const std::string& name, Json action) {
    action["IndexName"] = name;
    return Json{{"Update", action}};
  };
  const std::vector<std::pair<Json, std::string>> rows = {
      {Json::array({Json::object()}),
       kInvalid + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                  "GlobalSecondaryIndexUpdate.Delete must not be null"},
      {Json::array({named("by-user", units), named("by-user", units)}),
       kInvalid + "Only one global secondary index update per index is allowed simultaneously. "
                  "Index: by-user"},
      {Json::array({named("ghost", units)}),
       "ResourceNotFoundException: Requested resource not found: Index ghost for table orders"},
      {Json::array({named("by-time", units)}),
       "ValidationException: Cannot update an index that is not a GlobalSecondaryIndex: by-time"},
      {Json::array({named("by-user", Json::object())}),
       kInvalid + "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: "
                  "by-user"},
      {Json::array({named("by-user", {{"WarmThroughput", Json::object()}})}),
       kInvalid + "WarmThroughput must have at least one of ReadUnitsPerSecond or "
                  "WriteUnitsPerSecond specified for index: by-user"},
      {Json::array({named("by-user", {{"OnDemandThroughput", {{"MaxReadRequestUnits", 5}}}})}),
       kInvalid + "MaxReadRequestUnits for OnDemandThroughput for index : by-user cannot be "
                  "specified when the table BillingMode is PROVISIONED"},
  };
  for (const auto& [updates, error] : rows) {
    CAPTURE(updates);
    CHECK(Try({{"GlobalSecondaryIndexUpdates", updates}}).error() == error);
  }
  CHECK(Index()["ProvisionedThroughput"] ==
        Json{{"NumberOfDecreasesToday", 0}, {"ReadCapacityUnits", 5}, {"WriteCapacityUnits", 5}});
}

TEST_CASE_METHOD(Fixture, "A table becomes provisioned with figures for all its indexes",
                 "[operations][UpdateTable]") {
  CreateOnDemand();
  const Json switched = {{"BillingMode", "PROVISIONED"}, {"ProvisionedThroughput", Units(3, 4)}};
  CHECK(Try({{"BillingMode", "PROVISIONED"}}).error() ==
        kInvalid + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  CHECK(Try({{"ProvisionedThroughput", Units(3, 4)}}).error() ==
        kInvalid +
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
            "BillingMode is PAY_PER_REQUEST");
  CHECK(Try(switched).error() ==
        kInvalid + "ProvisionedThroughput must be specified for index: by-user");
  CHECK(Try(IndexUpdate({{"ProvisionedThroughput", Units(1, 1)}})).error() ==
        kInvalid +
            "The only Updates for index: by-user when TableThroughputMode is "
            "PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput");
  Json request = IndexUpdate({{"ProvisionedThroughput", Units(1, 2)}});
  request.update(switched);
  const Json answer = Update(request);
  CHECK(answer["TableStatus"] == "UPDATING");
  CHECK(answer["BillingModeSummary"] == Json{{"BillingMode", "PROVISIONED"}});
  CHECK(
      Table()["BillingModeSummary"] ==
      Json{{"BillingMode", "PROVISIONED"}, {"LastUpdateToPayPerRequestDateTime", 1700000000.123}});
  CHECK(Table()["ProvisionedThroughput"] ==
        Json{{"NumberOfDecreasesToday", 0}, {"ReadCapacityUnits", 3}, {"WriteCapacityUnits", 4}});
  CHECK(Index()["ProvisionedThroughput"]["WriteCapacityUnits"] == 2);
  CHECK(Table()["WarmThroughput"]["ReadUnitsPerSecond"] == 12000);
}

TEST_CASE_METHOD(Fixture, "TableThroughputMode is another name of BillingMode, which decides",
                 "[operations][UpdateTable]") {
  const Json mode = {{"TableThroughputMode", "PAY_PER_REQUEST"}};
  const Json created = Create(mode);
  CHECK(created["BillingModeSummary"] == Json{{"BillingMode", "PAY_PER_REQUEST"}});
  CHECK(created["TableThroughputModeSummary"] == mode);
  CHECK(Try({{"TableThroughputMode", "PROVISIONED"}}).error() ==
        Try({{"BillingMode", "PROVISIONED"}}).error());
  const std::string rule =
      " failed to satisfy constraint: Member must satisfy enum value set: "
      "[PROVISIONED, PAY_PER_REQUEST]";
  CHECK(Try({{"BillingMode", "A"}, {"TableThroughputMode", "B"}}).error() ==
        "ValidationException: 2 validation errors detected: Value 'A' at 'billingMode'" + rule +
            "; Value 'B' at 'tableThroughputMode'" + rule);
  Update({{"TableThroughputMode", "PAY_PER_REQUEST"},
          {"BillingMode", "PROVISIONED"},
          {"ProvisionedThroughput", Units(5, 5)},
          {"GlobalSecondaryIndexUpdates",
           IndexUpdate({{"ProvisionedThroughput", Units(1, 1)}})["GlobalSecondaryIndexUpdates"]}});
  const Json table = Table();
  CHECK(table["TableThroughputModeSummary"]["TableThroughputMode"] == "PROVISIONED");
  CHECK(table["TableThroughputModeSummary"]["LastUpdateToPayPerRequestDateTime"] ==
        table["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"]);
}

TEST_CASE_METHOD(Fixture, "A table becomes on demand, with a summary and without figures",
                 "[operations][UpdateTable]") {
  CHECK_FALSE(CreateProvisioned(5, 5).contains("BillingModeSummary"));
  CHECK_FALSE(Table().contains("BillingModeSummary"));
  CHECK(Try({{"BillingMode", "PAY_PER_REQUEST"}, {"ProvisionedThroughput", Units(5, 5)}}).error() ==
        kInvalid +
            "ProvisionedThroughput cannot be specified when BillingMode is "
            "PAY_PER_REQUEST");
  clock().Advance(seconds(5));
  const Json answer = Update(
      {{"BillingMode", "PAY_PER_REQUEST"}, {"OnDemandThroughput", {{"MaxReadRequestUnits", 100}}}});
  CHECK(answer["BillingModeSummary"] == Json{{"BillingMode", "PAY_PER_REQUEST"}});
  CHECK(answer["ProvisionedThroughput"]["ReadCapacityUnits"] == 0);
  const Json table = Table();
  CHECK(table["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] == 1700000005.123);
  CHECK(table["OnDemandThroughput"] == Json{{"MaxReadRequestUnits", 100}});
  CHECK(table["WarmThroughput"]["WriteUnitsPerSecond"] == 4000);
  CHECK(Index()["ProvisionedThroughput"]["ReadCapacityUnits"] == 0);
  // Setting the mode that the table has is no fault and changes nothing.
  CHECK(Update({{"BillingMode", "PAY_PER_REQUEST"}})["TableStatus"] == "UPDATING");
  CHECK(Table() == table);
}

TEST_CASE_METHOD(Fixture, "On-demand limits are set one by one and removed by -1",
                 "[operations][UpdateTable]") {
  CreateOnDemand();
  const auto limits = [&](const Json& change) {
    return Update({{"OnDemandThroughput", change}})["OnDemandThroughput"];
  };
  CHECK(limits({{"MaxReadRequestUnits", 10}, {"MaxWriteRequestUnits", 5}})["MaxReadRequestUnits"] ==
        10);
  CHECK(limits({{"MaxReadRequestUnits", 20}}) ==
        Json{{"MaxReadRequestUnits", 20}, {"MaxWriteRequestUnits", 5}});
  CHECK(limits({{"MaxReadRequestUnits", -1}}) ==
        Json{{"MaxReadRequestUnits", -1}, {"MaxWriteRequestUnits", 5}});
  CHECK(Table()["OnDemandThroughput"] == Json{{"MaxWriteRequestUnits", 5}});
  CHECK(limits({{"MaxWriteRequestUnits", -1}}) == Json{{"MaxWriteRequestUnits", -1}});
  CHECK_FALSE(Table().contains("OnDemandThroughput"));
  for (const int value : {0, -2}) {
    CHECK(Try({{"OnDemandThroughput", {{"MaxWriteRequestUnits", value}}}}).error() ==
          kInvalid +
              "Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside "
              "of valid range");
  }
  Update(IndexUpdate({{"OnDemandThroughput", {{"MaxReadRequestUnits", 7}}}}));
  CHECK(Index()["OnDemandThroughput"] == Json{{"MaxReadRequestUnits", 7}});
  CHECK(Index()["IndexStatus"] == "ACTIVE");
}

TEST_CASE_METHOD(Fixture, "Warm throughput only grows", "[operations][UpdateTable]") {
  CreateOnDemand();
  const Json warm = Table()["WarmThroughput"];
  CHECK(warm ==
        Json{{"ReadUnitsPerSecond", 12000}, {"WriteUnitsPerSecond", 4000}, {"Status", "ACTIVE"}});
  Json answer = Update({{"WarmThroughput", {{"ReadUnitsPerSecond", 13000}}}});
  CHECK(answer["TableStatus"] == "ACTIVE");
  CHECK(answer["WarmThroughput"] ==
        Json{{"ReadUnitsPerSecond", 12000}, {"WriteUnitsPerSecond", 4000}, {"Status", "UPDATING"}});
  CHECK(Table()["WarmThroughput"]["ReadUnitsPerSecond"] == 13000);
  CHECK(Try({{"WarmThroughput", {{"ReadUnitsPerSecond", 12000}}}}).error() ==
        kInvalid +
            "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than "
            "current WarmThroughput, decreasing WarmThroughput is not supported");
  CHECK(Try(IndexUpdate({{"WarmThroughput", {{"WriteUnitsPerSecond", 1}}}})).error() ==
        kInvalid +
            "Requested WriteUnitsPerSecond for WarmThroughput for index by-user is lower "
            "than current WarmThroughput, decreasing WarmThroughput is not supported");
  Update(IndexUpdate({{"WarmThroughput", {{"WriteUnitsPerSecond", 5000}}}}));
  CHECK(Index()["WarmThroughput"]["WriteUnitsPerSecond"] == 5000);
}

TEST_CASE_METHOD(Fixture, "CreateTable takes on-demand limits and warm throughput",
                 "[operations][CreateTable]") {
  Json created = Create({{"BillingMode", "PAY_PER_REQUEST"},
                         {"OnDemandThroughput", {{"MaxReadRequestUnits", 10}}},
                         {"WarmThroughput", {{"ReadUnitsPerSecond", 12001}}}});
  CHECK(created["OnDemandThroughput"] == Json{{"MaxReadRequestUnits", 10}});
  CHECK(created["WarmThroughput"] ==
        Json{{"ReadUnitsPerSecond", 12001}, {"WriteUnitsPerSecond", 4000}, {"Status", "UPDATING"}});
  CHECK(Table()["WarmThroughput"]["Status"] == "ACTIVE");
  CHECK(Table()["OnDemandThroughput"] == Json{{"MaxReadRequestUnits", 10}});
}

TEST_CASE_METHOD(Fixture, "CreateTable checks on-demand limits and warm throughput",
                 "[operations][CreateTable]") {
  Json request = Json::parse(R"({
    "TableName": "orders",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]})");
  const std::string initial =
      " for WarmThroughput for table is lower than initial throughput for OnDemand. See: "
      "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
      "on-demand-capacity-mode.html#on-demand-capacity-mode-initial";
  const Json on_demand = {{"BillingMode", "PAY_PER_REQUEST"}};
  const Json provisioned = {{"ProvisionedThroughput", Units(10, 10)}};
  const std::vector<std::tuple<Json, Json, std::string>> rows = {
      {on_demand,
       {{"OnDemandThroughput", {{"MaxReadRequestUnits", -1}}}},
       "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range"},
      {provisioned,
       {{"OnDemandThroughput", {{"MaxWriteRequestUnits", 5}}}},
       "MaxWriteRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is "
       "PROVISIONED."},
      {on_demand,
       {{"WarmThroughput", {{"ReadUnitsPerSecond", 1}, {"WriteUnitsPerSecond", 1}}}},
       "Requested ReadUnitsPerSecond" + initial},
      {on_demand,
       {{"WarmThroughput", {{"WriteUnitsPerSecond", 3999}}}},
       "Requested WriteUnitsPerSecond" + initial},
      {provisioned,
       {{"WarmThroughput", {{"ReadUnitsPerSecond", 5}}}},
       "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than "
       "ReadCapacityUnits of ProvisionedThroughput"},
  };
  for (const auto& [mode, members, error] : rows) {
    CAPTURE(members);
    Json bad = request;
    bad.update(mode);
    bad.update(members);
    CHECK(Run("CreateTable", bad.dump()).error() == kInvalid + error);
  }
  // Empty structures change nothing.
  request.update(on_demand);
  request["OnDemandThroughput"] = Json::object();
  request["WarmThroughput"] = Json::object();
  Must("CreateTable", request.dump());
  CHECK_FALSE(Table().contains("OnDemandThroughput"));
}

}  // namespace
}  // namespace weir::testing
