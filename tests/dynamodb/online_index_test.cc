// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

class OnlineIndexTest : public DatabaseFixture {
 public:
  OnlineIndexTest() { CreateTable("Tab"); }

  static Json Create(const std::string& name, const std::string& attribute = "a",
                     const std::string& type = "S") {
    return {{"TableName", "Tab"},
            {"AttributeDefinitions", {{{"AttributeName", attribute}, {"AttributeType", type}}}},
            {"GlobalSecondaryIndexUpdates",
             {{{"Create",
                {{"IndexName", name},
                 {"KeySchema", {{{"AttributeName", attribute}, {"KeyType", "HASH"}}}},
                 {"Projection", {{"ProjectionType", "ALL"}}}}}}}}};
  }
  static Json Delete(const std::string& name) {
    return {{"TableName", "Tab"},
            {"GlobalSecondaryIndexUpdates", {{{"Delete", {{"IndexName", name}}}}}}};
  }
  Answer Update(const Json& request) { return Run("UpdateTable", request.dump()); }
  void MustUpdate(const Json& request) { Must("UpdateTable", request.dump()); }
  // Waits for all work that is due.
  void Settle() { Advance(Micros(0)); }
  Json Table() { return Must("DescribeTable", R"({"TableName": "Tab"})")["Table"]; }
  static Json Item(const std::string& key, const Json& a) {
    return {{"TableName", "Tab"}, {"Item", {{"pk", {{"S", key}}}, {"a", a}}}};
  }
  void Put(const std::string& key, const Json& a) { Must("PutItem", Item(key, a).dump()); }
  // The entries of an index: its attribute, by the table's key.
  std::map<std::string, std::string> Entries(const std::string& index) {
    std::map<std::string, std::string> entries;
    Json request = {{"TableName", "Tab"}, {"IndexName", index}};
    while (true) {
      const Json page = Must("Scan", request.dump());
      for (const Json& item : page["Items"]) {
        entries[item["pk"]["S"]] = item["a"]["S"];
      }
      if (!page.contains("LastEvaluatedKey")) {
        return entries;
      }
      request["ExclusiveStartKey"] = page["LastEvaluatedKey"];
    }
  }
};

TEST_CASE_METHOD(OnlineIndexTest, "An index is added, filled and queried",
                 "[operations][UpdateTable][online_index]") {
  for (int i = 0; i < 300; ++i) {
    Put("k" + std::to_string(i), {{"S", "v" + std::to_string(i % 3)}});
  }
  const Answer made = Update(Create("byA"));
  REQUIRE(made.error() == "");
  CHECK(made.at("/TableDescription/TableStatus") == "UPDATING");
  CHECK(made.at("/TableDescription/GlobalSecondaryIndexes/0/IndexStatus") == "CREATING");
  CHECK(made.at("/TableDescription/GlobalSecondaryIndexes/0/Backfilling") == false);
  CHECK(made.at("/TableDescription/AttributeDefinitions").size() == 2);
  Settle();
  const Json table = Table();
  CHECK(table["TableStatus"] == "ACTIVE");
  const Json& index = table["GlobalSecondaryIndexes"][0];
  CHECK(index["IndexStatus"] == "ACTIVE");
  CHECK_FALSE(index.contains("Backfilling"));
  CHECK(index["ItemCount"] == 300);
  const std::string arn = index["IndexArn"];
  CHECK(arn.substr(arn.rfind("table/")) == "table/Tab/index/byA");
  const Json found = Must("Query", R"({"TableName": "Tab", "IndexName": "byA",
    "KeyConditionExpression": "a = :v", "ExpressionAttributeValues": {":v": {"S": "v1"}}})");
  CHECK(found["Count"] == 100);
}

TEST_CASE_METHOD(OnlineIndexTest, "What an index cannot hold is passed over",
                 "[operations][UpdateTable][online_index]") {
  Put("good", {{"S", "x"}});
  Put("number", {{"N", "1"}});
  Put("empty", {{"S", ""}});
  Put("long", {{"S", std::string(2049, 'x')}});
  Must("PutItem", R"({"TableName": "Tab", "Item": {"pk": {"S": "without"}}})");
  MustUpdate(Create("byA"));
  Settle();
  CHECK(Entries("byA") == std::map<std::string, std::string>{{"good", "x"}});
  CHECK(Run("PutItem", Item("more", {{"N", "1"}}).dump()).error() ==
        "ValidationException: One or more parameter values were invalid: Type mismatch for Index "
        "Key a Expected: S Actual: N IndexName: byA");
  Put("number", {{"S", "now"}});
  CHECK(Entries("byA").size() == 2);
}

TEST_CASE_METHOD(OnlineIndexTest, "An index is deleted, with the definitions nobody needs",
                 "[operations][UpdateTable][online_index]") {
  MustUpdate(Create("byA"));
  Settle();
  const Answer deleted = Update(Delete("byA"));
  REQUIRE(deleted.error() == "");
  CHECK(deleted.at("/TableDescription/TableStatus") == "UPDATING");
  CHECK(deleted.at("/TableDescription/GlobalSecondaryIndexes/0/IndexStatus") == "DELETING");
  const Json table = Table();
  CHECK_FALSE(table.contains("GlobalSecondaryIndexes"));
  CHECK(table["AttributeDefinitions"].size() == 1);
  CHECK(Run("Scan", R"({"TableName": "Tab", "IndexName": "byA"})").error() ==
        "ValidationException: The table does not have the specified index: byA");
  // The attribute may now have another type.
  Put("k", {{"N", "1"}});
  CHECK(Update(Create("byA", "a", "N")).error() == "");
}

TEST_CASE_METHOD(OnlineIndexTest, "Faults of new indexes",
                 "[operations][UpdateTable][online_index]") {
  const std::string invalid = "ValidationException: One or more parameter values were invalid: ";
  Json request = Create("byA");
  request.erase("AttributeDefinitions");
  CHECK(
      Update(request).error() ==
      "ValidationException: One or more parameter values were invalid: AttributeDefinitions is not "
      "specified for index: byA");
  request = Create("byA");
  request["AttributeDefinitions"][0]["AttributeName"] = "b";
  CHECK(Update(request).error() ==
        invalid +
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [a], "
            "AttributeDefinitions: [b]");
  request = Create("byPk", "pk", "N");
  CHECK(Update(request).error() ==
        invalid +
            "Attributes cannot be redefined. Please check that your attribute has the same type "
            "as previously defined. Existing schema: Schema:[SchemaElement: key{pk:S:HASH}] New "
            "schema: Schema:[SchemaElement: key{pk:N:HASH}]");
  request = Create("byA");
  request["GlobalSecondaryIndexUpdates"][0]["Create"]["ProvisionedThroughput"] = {
      {"ReadCapacityUnits", 1}, {"WriteCapacityUnits", 1}};
  CHECK(Update(request).error() ==
        invalid +
            "ProvisionedThroughput should not be specified for index: byA when BillingMode is "
            "PAY_PER_REQUEST");
  request = Create("byA");
  request["GlobalSecondaryIndexUpdates"][0]["Create"]["Projection"] = Json::object();
  CHECK(Update(request).error() == invalid + "Unknown ProjectionType: null");
  request = Create("byA");
  request["GlobalSecondaryIndexUpdates"].push_back(Create("byB")["GlobalSecondaryIndexUpdates"][0]);
  CHECK(Update(request).error() ==
        "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or "
        "deleted simultaneously per table");
  CHECK(Update(Delete("none")).error() ==
        "ResourceNotFoundException: Requested resource not found: Index none for table Tab");
  MustUpdate(Create("byA"));
  Settle();
  CHECK(Update(Create("byA")).error() ==
        "ValidationException: Attempting to create an index which already exists");
  CHECK(Table()["GlobalSecondaryIndexes"].size() == 1);
}

TEST_CASE_METHOD(OnlineIndexTest, "A table has twenty global indexes at most",
                 "[operations][UpdateTable][online_index]") {
  for (int i = 0; i < 20; ++i) {
    MustUpdate(Create("by" + std::to_string(100 + i)));
    Settle();
  }
  CHECK(Update(Create("more")).error() ==
        "LimitExceededException: Subscriber limit exceeded: Number of global secondary indexes "
        "exceeds per-table limit of 20");
}

// Builds, deletes and rebuilds an index while writers write. At the end, the index must have
// exactly the items that they left.
TEST_CASE_METHOD(OnlineIndexTest, "An index is exact however writes come between",
                 "[operations][UpdateTable][online_index][threads]") {
  constexpr int kWriters = 4;
  constexpr int kKeys = 500;
  for (int i = 0; i < kWriters * kKeys; ++i) {
    Put(std::to_string(i), {{"S", "first"}});
  }
  // By writer and key, the last value that was written; empty if it does not belong in the index. A
  // key that was never written has the value from the start.
  std::vector<std::map<int, std::string>> left(kWriters);
  std::atomic<bool> stop{false};
  std::atomic<int> failures{0};
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      std::map<int, std::string>& mine = left[static_cast<std::size_t>(writer)];
      std::uint64_t random = static_cast<std::uint64_t>(writer) + 1;
      for (int round = 0; !stop; ++round) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        const int key = writer * kKeys + static_cast<int>((random >> 33U) % kKeys);
        Json request = Item(std::to_string(key), {{"S", "v" + std::to_string(round)}});
        std::string operation = "PutItem";
        if (round % 5 == 0) {
          request["Item"].erase("a");
        } else if (round % 7 == 0) {
          operation = "DeleteItem";
          request = {{"TableName", "Tab"}, {"Key", {{"pk", {{"S", std::to_string(key)}}}}}};
        }
        failures += Send(Signed(operation, request.dump())).status == 200 ? 0 : 1;
        mine[key] = operation == "DeleteItem" || round % 5 == 0 ? "" : "v" + std::to_string(round);
      }
    });
  }
  MustUpdate(Create("byA"));
  Settle();
  MustUpdate(Delete("byA"));
  MustUpdate(Create("byA"));
  Settle();
  stop = true;
  for (std::thread& writer : writers) {
    writer.join();
  }
  CHECK(failures == 0);
  std::map<std::string, std::string> expected;
  for (int i = 0; i < kWriters * kKeys; ++i) {
    const auto& mine = left[static_cast<std::size_t>(i / kKeys)];
    const auto written = mine.find(i);
    const std::string value = written == mine.end() ? "first" : written->second;
    if (!value.empty()) {
      expected[std::to_string(i)] = value;
    }
  }
  CHECK(Entries("byA") == expected);
  CHECK(Table()["GlobalSecondaryIndexes"][0]["ItemCount"] == expected.size());
}

}  // namespace
}  // namespace weir::testing
