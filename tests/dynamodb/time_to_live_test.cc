// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class TimeToLiveTest : public DatabaseFixture {
 public:
  TimeToLiveTest() { CreateTable("Tab", "NEW_AND_OLD_IMAGES"); }

  Answer Set(bool enabled, const std::string& attribute = "ttl") {
    return Run("UpdateTimeToLive", Json{{"TableName", "Tab"},
                                        {"TimeToLiveSpecification",
                                         {{"Enabled", enabled}, {"AttributeName", attribute}}}}
                                       .dump());
  }
  Json Status() {
    return Must("DescribeTimeToLive", R"({"TableName": "Tab"})")["TimeToLiveDescription"];
  }
  // The time `distance` seconds from now, in seconds since 1970.
  std::int64_t In(std::int64_t distance) {
    return std::chrono::duration_cast<seconds>(database().clock().Now()).count() + distance;
  }
  void Put(const std::string& key, const Json& ttl) {
    Must("PutItem",
         Json{{"TableName", "Tab"}, {"Item", {{"pk", {{"S", key}}}, {"ttl", ttl}}}}.dump());
  }
  void PutNumber(const std::string& key, const std::string& ttl) { Put(key, {{"N", ttl}}); }
  // The keys that are left in the table, joined.
  std::string Left() {
    std::vector<std::string> keys;
    const Json page = Must("Scan", R"({"TableName": "Tab"})");
    for (const Json& item : page["Items"]) {
      keys.push_back(item["pk"]["S"]);
    }
    std::sort(keys.begin(), keys.end());
    std::string left;
    for (const std::string& key : keys) {
      left += (left.empty() ? "" : " ") + key;
    }
    return left;
  }
  std::vector<Json> Removals() {
    std::vector<Json> removals;
    for (const Json& record : Records(StreamArn("Tab"))) {
      if (record["eventName"] == "REMOVE") {
        removals.push_back(record);
      }
    }
    return removals;
  }
};

TEST_CASE_METHOD(TimeToLiveTest, "Time to live is switched on and off",
                 "[operations][UpdateTimeToLive][DescribeTimeToLive]") {
  CHECK(Status() == Json{{"TimeToLiveStatus", "DISABLED"}});
  const Answer enabled = Set(true);
  CHECK(enabled.error() == "");
  CHECK(enabled.body ==
        Json{{"TimeToLiveSpecification", {{"Enabled", true}, {"AttributeName", "ttl"}}}});
  CHECK(Status() == Json{{"TimeToLiveStatus", "ENABLED"}, {"AttributeName", "ttl"}});
  Advance(hours(1));
  CHECK(Set(false).error() == "");
  CHECK(Status() == Json{{"TimeToLiveStatus", "DISABLED"}});
  Advance(hours(1));
  CHECK(Set(true, "other").error() == "");
  CHECK(Status() == Json{{"TimeToLiveStatus", "ENABLED"}, {"AttributeName", "other"}});
}

TEST_CASE_METHOD(TimeToLiveTest, "A change of time to live that changes nothing is refused",
                 "[operations][UpdateTimeToLive]") {
  CHECK(Set(false).error() == "ValidationException: TimeToLive is already disabled");
  REQUIRE(Set(true).ok());
  CHECK(Set(true).error() == "ValidationException: TimeToLive is already enabled");
  for (const bool enable : {true, false}) {
    CHECK(Set(enable, "other").error() ==
          "ValidationException: TimeToLive is active on a different AttributeName: current "
          "AttributeName is ttl");
  }
}

TEST_CASE_METHOD(TimeToLiveTest, "Time to live is changed once in 31 minutes at most",
                 "[operations][UpdateTimeToLive]") {
  const std::string too_soon =
      "ValidationException: Time to live has been modified multiple times within a fixed interval";
  REQUIRE(Set(true).ok());
  CHECK(Set(false).error() == too_soon);
  Advance(std::chrono::minutes(31) - Micros(1));
  CHECK(Set(false).error() == too_soon);
  Advance(Micros(1));
  CHECK(Set(false).error() == "");
  CHECK(Set(true).error() == too_soon);
}

TEST_CASE_METHOD(TimeToLiveTest, "Faults of time to live requests",
                 "[operations][UpdateTimeToLive][DescribeTimeToLive]") {
  CHECK(Run("DescribeTimeToLive", R"({"TableName": "None"})").error() ==
        "ResourceNotFoundException: Requested resource not found: Table: None not found");
  CHECK(Run("UpdateTimeToLive",
            R"({"TableName": "None",
                "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "a"}})")
            .error() ==
        "ResourceNotFoundException: Requested resource not found: Table: None not found");
  CHECK(Set(true, "").error() ==
        "ValidationException: 1 validation error detected: Value '' at "
        "'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must have "
        "length greater than or equal to 1");
}

TEST_CASE_METHOD(TimeToLiveTest, "Items go when they are expired, each at its own time",
                 "[operations][ttl]") {
  REQUIRE(Set(true).ok());
  PutNumber("a", std::to_string(In(10)));
  PutNumber("c", std::to_string(In(30)));
  PutNumber("b", std::to_string(In(20)));
  const std::int64_t start = In(0);
  Advance(seconds(15));
  CHECK(Left() == "b c");
  Advance(hours(6));
  CHECK(Left() == "");
  const std::vector<Json> removals = Removals();
  REQUIRE(removals.size() == 3);
  for (std::size_t i = 0; i < removals.size(); ++i) {
    const Json& record = removals[i];
    CHECK(record["dynamodb"]["Keys"]["pk"]["S"] == std::string(1, static_cast<char>('a' + i)));
    CHECK(record["dynamodb"]["ApproximateCreationDateTime"] ==
          start + 10 * static_cast<std::int64_t>(i + 1));
    CHECK(record["userIdentity"] ==
          Json{{"PrincipalId", "dynamodb.amazonaws.com"}, {"Type", "Service"}});
    CHECK(record["dynamodb"]["OldImage"].contains("ttl"));
    CHECK_FALSE(record["dynamodb"].contains("NewImage"));
  }
}

TEST_CASE_METHOD(TimeToLiveTest, "An item is expired when more seconds have passed than it says",
                 "[operations][ttl]") {
  REQUIRE(Set(true).ok());
  PutNumber("whole", std::to_string(In(10)));
  PutNumber("half", std::to_string(In(10)) + ".5");
  const Micros second = seconds(In(10)) - database().clock().Now();
  Advance(second);
  CHECK(Left() == "half whole");
  Advance(Micros(1));
  CHECK(Left() == "half");
  Advance(std::chrono::milliseconds(500));
  CHECK(Left() == "");
}

TEST_CASE_METHOD(TimeToLiveTest, "Only numbers of the last five years and of years to come count",
                 "[operations][ttl]") {
  REQUIRE(Set(true).ok());
  constexpr std::int64_t kDay = 86'400;
  constexpr std::int64_t kYear = 365 * kDay;
  Put("string", {{"S", std::to_string(In(-10))}});
  Put("set", {{"NS", {std::to_string(In(-10))}}});
  Put("list", {{"L", {{{"N", std::to_string(In(-10))}}}}});
  PutNumber("ancient", std::to_string(In(-5 * kYear - 3 * kDay)));
  PutNumber("zero", "0");
  PutNumber("negative", std::to_string(-In(-10)));
  PutNumber("milliseconds", std::to_string(In(-10)) + "000");
  PutNumber("huge", "1" + std::string(37, '0'));
  Must("PutItem", R"({"TableName": "Tab", "Item": {"pk": {"S": "without"}}})");
  PutNumber("past", std::to_string(In(-10)));
  PutNumber("old", std::to_string(In(-5 * kYear + kDay)));
  Advance(seconds(1));
  CHECK(Left() == "ancient huge list milliseconds negative set string without zero");
  Advance(hours(24) * 365 * 20);
  CHECK(Left() == "ancient huge list milliseconds negative set string without zero");
}

TEST_CASE_METHOD(TimeToLiveTest, "An item that is written again goes by what it says then",
                 "[operations][ttl]") {
  REQUIRE(Set(true).ok());
  for (const char* key : {"later", "removed", "retyped", "deleted", "earlier"}) {
    PutNumber(key, std::to_string(In(100)));
  }
  PutNumber("later", std::to_string(In(1000)));
  PutNumber("earlier", std::to_string(In(10)));
  Put("retyped", {{"S", "x"}});
  Must("UpdateItem", R"({"TableName": "Tab", "Key": {"pk": {"S": "removed"}},
                         "UpdateExpression": "REMOVE #t", "ExpressionAttributeNames":
                         {"#t": "ttl"}})");
  Must("DeleteItem", R"({"TableName": "Tab", "Key": {"pk": {"S": "deleted"}}})");
  Advance(seconds(12));
  CHECK(Left() == "later removed retyped");
  Advance(seconds(200));
  CHECK(Left() == "later removed retyped");
  Advance(seconds(900));
  CHECK(Left() == "removed retyped");
}

TEST_CASE_METHOD(TimeToLiveTest, "What is in the table when time to live is switched on counts",
                 "[operations][ttl]") {
  for (int i = 0; i < 500; ++i) {
    PutNumber("past" + std::to_string(i), std::to_string(In(-1000 + i)));
    PutNumber("next" + std::to_string(i), std::to_string(In(100 + i % 10)));
  }
  PutNumber("stays", std::to_string(In(10'000)));
  Advance(seconds(0));
  CHECK(Left().size() > 5000);
  REQUIRE(Set(true).ok());
  Advance(seconds(50));
  CHECK(Left().substr(0, 4) == "next");
  Advance(seconds(100));
  CHECK(Left() == "stays");
  CHECK(Removals().size() == 1000);
}

TEST_CASE_METHOD(TimeToLiveTest, "Nothing expires while time to live is off", "[operations][ttl]") {
  REQUIRE(Set(true).ok());
  PutNumber("a", std::to_string(In(7200)));
  Advance(hours(1));
  REQUIRE(Set(false).ok());
  Advance(hours(2));
  CHECK(Left() == "a");
  REQUIRE(Set(true, "other").ok());
  Advance(hours(2));
  CHECK(Left() == "a");
}

TEST_CASE_METHOD(TimeToLiveTest, "Expired items leave the indexes and the counts",
                 "[operations][ttl]") {
  Must("CreateTable", R"({
    "TableName": "Indexed",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                             {"AttributeName": "sk", "AttributeType": "S"},
                             {"AttributeName": "ttl", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                  {"AttributeName": "sk", "KeyType": "RANGE"}],
    "LocalSecondaryIndexes": [{"IndexName": "local",
      "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "ttl", "KeyType": "RANGE"}],
      "Projection": {"ProjectionType": "ALL"}}],
    "GlobalSecondaryIndexes": [{"IndexName": "global",
      "KeySchema": [{"AttributeName": "ttl", "KeyType": "HASH"}],
      "Projection": {"ProjectionType": "ALL"}}],
    "BillingMode": "PAY_PER_REQUEST"})");
  Must("UpdateTimeToLive", R"({"TableName": "Indexed", "TimeToLiveSpecification":
                               {"Enabled": true, "AttributeName": "ttl"}})");
  for (int i = 0; i < 10; ++i) {
    Must("PutItem", Json{{"TableName", "Indexed"},
                         {"Item",
                          {{"pk", {{"S", "p"}}},
                           {"sk", {{"S", std::to_string(i)}}},
                           {"ttl", {{"N", std::to_string(In(i < 7 ? 10 : 1000))}}}}}}
                        .dump());
  }
  Advance(seconds(20));
  for (const char* index : {"local", "global"}) {
    CHECK(Must("Scan", Json{{"TableName", "Indexed"}, {"IndexName", index}}.dump())["Count"] == 3);
  }
  const Json table = Must("DescribeTable", R"({"TableName": "Indexed"})")["Table"];
  CHECK(table["ItemCount"] == 3);
  CHECK(table["LocalSecondaryIndexes"][0]["ItemCount"] == 3);
  CHECK(table["GlobalSecondaryIndexes"][0]["ItemCount"] == 3);
}

// Writers write while time to live is switched on and the clock moves. The result is compared with
// a naive model of their items.
TEST_CASE_METHOD(TimeToLiveTest, "Time to live is exact beside writes",
                 "[operations][ttl][threads]") {
  constexpr int kWriters = 4;
  constexpr int kKeys = 60;
  constexpr int kRounds = 200;
  for (int i = 0; i < kWriters * kKeys; ++i) {
    PutNumber(std::to_string(i), std::to_string(In(100'000 + i)));
  }
  const std::int64_t start = In(0);
  // By writer and key, the last expiry time that was written, in seconds from the start; 0 if there
  // was no write.
  std::vector<std::vector<std::int64_t>> last(kWriters, std::vector<std::int64_t>(kKeys, 0));
  std::atomic<int> failures{0};
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      std::uint64_t random = static_cast<std::uint64_t>(writer) + 1;
      for (int round = 0; round < kRounds; ++round) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        const auto key = static_cast<std::size_t>((random >> 33U) % kKeys);
        const auto ttl = static_cast<std::int64_t>(20'000 + (random >> 40U) % 1000);
        const Json item = {{"pk", {{"S", std::to_string(writer * kKeys + static_cast<int>(key))}}},
                           {"ttl", {{"N", std::to_string(start + ttl)}}}};
        const Json request = {{"TableName", "Tab"}, {"Item", item}};
        failures += Send(Signed("PutItem", request.dump())).status == 200 ? 0 : 1;
        last[static_cast<std::size_t>(writer)][key] = ttl;
      }
    });
  }
  REQUIRE(Set(true).ok());
  for (int i = 0; i < 50; ++i) {
    Advance(seconds(1));
  }
  for (std::thread& writer : writers) {
    writer.join();
  }
  CHECK(failures == 0);
  Advance(seconds(start + 20'500) - database().clock().Now());
  std::size_t expired = 0;
  std::vector<std::string> expected;
  for (int i = 0; i < kWriters * kKeys; ++i) {
    const std::int64_t ttl =
        last[static_cast<std::size_t>(i / kKeys)][static_cast<std::size_t>(i % kKeys)];
    const bool gone = ttl != 0 && ttl < 20'500;
    expired += gone ? 1 : 0;
    if (!gone) {
      expected.push_back(std::to_string(i));
    }
  }
  std::sort(expected.begin(), expected.end());
  std::string left;
  for (const std::string& key : expected) {
    left += (left.empty() ? "" : " ") + key;
  }
  CHECK(Left() == left);
  const std::vector<Json> removals = Removals();
  CHECK(removals.size() == expired);
  for (const Json& record : removals) {
    CHECK(record["dynamodb"]["OldImage"]["ttl"]["N"] ==
          std::to_string(record["dynamodb"]["ApproximateCreationDateTime"].get<std::int64_t>()));
  }
}

}  // namespace
}  // namespace weir::testing
