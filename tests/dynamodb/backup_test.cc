// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

// While it lives, the timeline does no work that falls due, so tables change only by requests.
class TimelineHold {
 public:
  explicit TimelineHold(Timeline& timeline) {
    timeline.Change({}, [released = release_.get_future().share()](
                            const Result<ClockReading>& /*reading*/) { released.wait(); });
  }
  TimelineHold(const TimelineHold&) = delete;
  TimelineHold& operator=(const TimelineHold&) = delete;
  ~TimelineHold() { release_.set_value(); }

 private:
  std::promise<void> release_;
};

class BackupTest : public DatabaseFixture {
 public:
  void CreateIndexed() {
    Must("CreateTable", R"({
      "TableName": "Tab",
      "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                               {"AttributeName": "sk", "AttributeType": "N"},
                               {"AttributeName": "a", "AttributeType": "S"},
                               {"AttributeName": "b", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"}],
      "LocalSecondaryIndexes": [{"IndexName": "local",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
                      {"AttributeName": "b", "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"}}],
      "GlobalSecondaryIndexes": [{"IndexName": "global",
        "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"}}],
      "BillingMode": "PAY_PER_REQUEST",
      "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}})");
  }
  void Put(int number, const std::string& value) {
    Must("PutItem", Json{{"TableName", "Tab"},
                         {"Item",
                          {{"pk", {{"S", std::to_string(number % 10)}}},
                           {"sk", {{"N", std::to_string(number)}}},
                           {"a", {{"S", value}}},
                           {"b", {{"S", value}}}}}}
                        .dump());
  }
  std::string Backup(const std::string& table = "Tab", const std::string& name = "one") {
    return Must(
        "CreateBackup",
        Json{{"TableName", table}, {"BackupName", name}}.dump())["BackupDetails"]["BackupArn"];
  }
  Answer Restore(const std::string& arn, const std::string& target, Json more = Json::object()) {
    more["BackupArn"] = arn;
    more["TargetTableName"] = target;
    return Run("RestoreTableFromBackup", more.dump());
  }
  Json MustRestore(const std::string& arn, const std::string& target, Json more = Json::object()) {
    const Answer answer = Restore(arn, target, std::move(more));
    REQUIRE(answer.error() == "");
    Advance(Micros(0));
    return answer.body["TableDescription"];
  }
  Json Table(const std::string& name) {
    return Must("DescribeTable", Json{{"TableName", name}}.dump())["Table"];
  }
  Json Items(const std::string& table, const std::string& index = "") {
    Json request = {{"TableName", table}};
    if (!index.empty()) {
      request["IndexName"] = index;
    }
    return Must("Scan", request.dump())["Items"];
  }
};

TEST_CASE_METHOD(BackupTest, "A backup is made, described, listed and deleted",
                 "[operations][CreateBackup][DescribeBackup][ListBackups][DeleteBackup]") {
  CreateIndexed();
  Put(1, "x");
  Must("UpdateTimeToLive", R"({"TableName": "Tab", "TimeToLiveSpecification":
                               {"Enabled": true, "AttributeName": "ttl"}})");
  const Json table = Table("Tab");
  const Json made = Must("CreateBackup", R"({"TableName": "Tab", "BackupName": "one"})");
  const Json& details = made["BackupDetails"];
  const std::string arn = details["BackupArn"];
  CHECK(arn.substr(0, arn.rfind('/')) == table["TableArn"].get<std::string>() + "/backup");
  CHECK(arn.substr(arn.rfind('/') + 1, 15) == "01700000000123-");
  CHECK(arn.size() == arn.rfind('/') + 1 + 14 + 1 + 8);
  CHECK(details["BackupName"] == "one");
  CHECK(details["BackupStatus"] == "CREATING");
  CHECK(details["BackupType"] == "USER");
  CHECK(details["BackupSizeBytes"] == table["TableSizeBytes"]);
  CHECK(details["BackupCreationDateTime"] == 1'700'000'000.123);

  const Json described =
      Must("DescribeBackup", Json{{"BackupArn", arn}}.dump())["BackupDescription"];
  CHECK(described["BackupDetails"]["BackupStatus"] == "AVAILABLE");
  const Json& source = described["SourceTableDetails"];
  for (const char* member :
       {"TableName", "TableId", "TableArn", "TableSizeBytes", "ItemCount", "KeySchema"}) {
    CHECK(source[member] == table[member]);
  }
  CHECK(source["TableCreationDateTime"] == table["CreationDateTime"]);
  CHECK(source["BillingMode"] == "PAY_PER_REQUEST");
  const Json& features = described["SourceTableFeatureDetails"];
  CHECK(features["LocalSecondaryIndexes"][0]["IndexName"] == "local");
  CHECK(features["LocalSecondaryIndexes"][0]["Projection"]["ProjectionType"] == "KEYS_ONLY");
  CHECK(features["GlobalSecondaryIndexes"][0]["IndexName"] == "global");
  CHECK(features["StreamDescription"] ==
        Json{{"StreamEnabled", true}, {"StreamViewType", "NEW_IMAGE"}});
  CHECK(features["TimeToLiveDescription"] ==
        Json{{"TimeToLiveStatus", "ENABLED"}, {"AttributeName", "ttl"}});

  const Json listed = Must("ListBackups", "{}")["BackupSummaries"];
  REQUIRE(listed.size() == 1);
  CHECK(listed[0]["BackupArn"] == arn);
  CHECK(listed[0]["TableName"] == "Tab");
  CHECK(listed[0]["TableId"] == table["TableId"]);
  CHECK(listed[0]["BackupStatus"] == "AVAILABLE");

  const Json deleted = Must("DeleteBackup", Json{{"BackupArn", arn}}.dump())["BackupDescription"];
  CHECK(deleted["BackupDetails"]["BackupStatus"] == "DELETED");
  const std::string gone = "BackupNotFoundException: Backup not found: " + arn;
  for (const char* operation : {"DescribeBackup", "DeleteBackup"}) {
    CHECK(Run(operation, Json{{"BackupArn", arn}}.dump()).error() == gone);
  }
  CHECK(Restore(arn, "New").error() == gone);
  CHECK(Must("ListBackups", "{}")["BackupSummaries"].empty());
}

TEST_CASE_METHOD(BackupTest, "Backups of one moment have names of their own",
                 "[operations][CreateBackup]") {
  CreateTable("Tab");
  const std::string first = Backup();
  const std::string second = Backup();
  CHECK(first.substr(first.rfind('/') + 1, 14) == "01700000000123");
  CHECK(second.substr(second.rfind('/') + 1, 14) == "01700000000124");
}

TEST_CASE_METHOD(BackupTest, "Backups are listed by table, time and type, a page at a time",
                 "[operations][ListBackups]") {
  CreateTable("Tab");
  CreateTable("Other");
  std::vector<std::string> arns;
  for (int i = 0; i < 3; ++i) {
    arns.push_back(Backup("Tab", "tab" + std::to_string(i)));
    Backup("Other", "other" + std::to_string(i));
    Advance(std::chrono::seconds(10));
  }
  const auto names = [&](const Json& request) {
    std::string text;
    const Json page = Must("ListBackups", request.dump());
    for (const Json& summary : page["BackupSummaries"]) {
      text += summary["BackupName"].get<std::string>() + " ";
    }
    return text;
  };
  CHECK(names(Json::object()) == "other0 other1 other2 tab0 tab1 tab2 ");
  CHECK(names({{"TableName", "Tab"}}) == "tab0 tab1 tab2 ");
  CHECK(names({{"TableName", "None"}}).empty());
  CHECK(names({{"BackupType", "ALL"}, {"TableName", "Tab"}}) == "tab0 tab1 tab2 ");
  CHECK(names({{"BackupType", "SYSTEM"}}).empty());
  CHECK(names({{"BackupType", "AWS_BACKUP"}}).empty());
  CHECK(names({{"TableName", "Tab"}, {"TimeRangeLowerBound", 1'700'000'010.0}}) == "tab1 tab2 ");
  CHECK(names({{"TableName", "Tab"}, {"TimeRangeUpperBound", 1'700'000'010.0}}) == "tab0 ");
  const Json page = Must("ListBackups", R"({"TableName": "Tab", "Limit": 2})");
  CHECK(page["BackupSummaries"].size() == 2);
  CHECK(page["LastEvaluatedBackupArn"] == arns[1]);
  CHECK(names({{"TableName", "Tab"}, {"ExclusiveStartBackupArn", arns[1]}}) == "tab2 ");
  CHECK_FALSE(Must("ListBackups", R"({"TableName": "Tab", "Limit": 3})")
                  .contains("LastEvaluatedBackupArn"));
}

TEST_CASE_METHOD(BackupTest, "A backup is the table as it was, and outlives it",
                 "[operations][RestoreTableFromBackup]") {
  CreateIndexed();
  for (int i = 0; i < 300; ++i) {
    Put(i, "old");
  }
  const Json source = Table("Tab");
  const Json items = Items("Tab");
  const Json global = Items("Tab", "global");
  const Json local = Items("Tab", "local");
  const std::string arn = Backup();
  for (int i = 0; i < 400; ++i) {
    Put(i, "new");
  }
  Must("DeleteTable", R"({"TableName": "Tab"})");

  const Json restoring = MustRestore(arn, "New");
  CHECK(restoring["TableStatus"] == "CREATING");
  CHECK(restoring["RestoreSummary"]["RestoreInProgress"] == true);
  CHECK(restoring["RestoreSummary"]["SourceBackupArn"] == arn);
  CHECK(Items("New") == items);
  CHECK(Items("New", "global") == global);
  CHECK(Items("New", "local") == local);
  const Json table = Table("New");
  CHECK(table["TableStatus"] == "ACTIVE");
  CHECK(table["ItemCount"] == 300);
  CHECK(table["GlobalSecondaryIndexes"][0]["ItemCount"] == 300);
  CHECK(table["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE");
  CHECK(table["LocalSecondaryIndexes"][0]["ItemCount"] == 300);
  CHECK_FALSE(table.contains("StreamSpecification"));
  CHECK(table["TableId"] != source["TableId"]);
  // The restored table knows the sizes of its item collections.
  const Json written =
      Must("PutItem", R"({"TableName": "New", "ReturnItemCollectionMetrics": "SIZE",
    "Item": {"pk": {"S": "1"}, "sk": {"N": "1000"}}})");
  CHECK(written["ItemCollectionMetrics"]["ItemCollectionKey"]["pk"]["S"] == "1");
  // What is written to one restored table is not in another.
  MustRestore(arn, "Another");
  CHECK(Items("Another") == items);
}

TEST_CASE_METHOD(BackupTest, "Of the table's settings a restored one has its capacity only",
                 "[operations][RestoreTableFromBackup]") {
  CreateIndexed();
  Must("UpdateTable", R"({"TableName": "Tab", "DeletionProtectionEnabled": true})");
  Must("UpdateTimeToLive", R"({"TableName": "Tab", "TimeToLiveSpecification":
                               {"Enabled": true, "AttributeName": "ttl"}})");
  MustRestore(Backup(), "New");
  const Json table = Table("New");
  CHECK(table["DeletionProtectionEnabled"] == false);
  CHECK(table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST");
  CHECK(Must("DescribeTimeToLive", R"({"TableName": "New"})")["TimeToLiveDescription"] ==
        Json{{"TimeToLiveStatus", "DISABLED"}});
  CHECK_FALSE(table.contains("LatestStreamArn"));
}

TEST_CASE_METHOD(BackupTest, "A deleted table leaves a backup if its recovery was on",
                 "[operations][DeleteTable][ListBackups][DeleteBackup]") {
  CreateIndexed();
  Put(1, "x");
  Put(2, "y");
  const Json items = Items("Tab");
  const auto backups = [&](const std::string& type) {
    return Must("ListBackups",
                Json{{"TableName", "Tab"}, {"BackupType", type}}.dump())["BackupSummaries"];
  };
  Must("UpdateContinuousBackups", R"({"TableName": "Tab", "PointInTimeRecoverySpecification":
                                      {"PointInTimeRecoveryEnabled": true}})");
  Must("DeleteTable", R"({"TableName": "Tab"})");
  CHECK(backups("USER").empty());
  REQUIRE(backups("ALL").size() == 1);
  const Json summary = backups("SYSTEM")[0];
  const std::string arn = summary["BackupArn"];
  CHECK(arn.ends_with("-00000000"));
  CHECK(summary["BackupName"] == "Tab$DeletedTableBackup");
  CHECK(summary["BackupType"] == "SYSTEM");
  CHECK(summary["BackupExpiryDateTime"].get<double>() -
            summary["BackupCreationDateTime"].get<double>() ==
        Approx(35 * 86400.0));
  const Json described = Must("DescribeBackup", Json{{"BackupArn", arn}}.dump());
  CHECK(described["BackupDescription"]["SourceTableDetails"]["ItemCount"] == 2);
  CHECK(described["BackupDescription"]["SourceTableFeatureDetails"] == Json::object());
  const Answer refused = Run("DeleteBackup", Json{{"BackupArn", arn}}.dump());
  CHECK_THAT(refused.error(),
             Catch::StartsWith(
                 "ValidationException: Invalid Request: User is not allowed to delete the system "
                 "backup with arn " +
                 arn + ". It will automatically expire on "));
  MustRestore(arn, "Tab");
  CHECK(Items("Tab") == items);
  CHECK(Items("Tab", "global").size() == 2);
  // The restored table has no point-in-time recovery, so its deletion leaves no backup.
  Must("DeleteTable", R"({"TableName": "Tab"})");
  CHECK(backups("ALL").size() == 1);
  Advance(std::chrono::hours(35 * 24) - Micros(1));
  CHECK(backups("ALL").size() == 1);
  Advance(Micros(1));
  CHECK(backups("ALL").empty());
  CHECK_FALSE(Run("DescribeBackup", Json{{"BackupArn", arn}}.dump()).ok());
}

TEST_CASE_METHOD(BackupTest, "A backup that is being restored is in use",
                 "[operations][RestoreTableFromBackup][DeleteBackup]") {
  CreateIndexed();
  for (int i = 0; i < 300; ++i) {
    Put(i, "x");
  }
  const std::string arn = Backup();
  {
    const TimelineHold hold(database().timeline());
    REQUIRE(Restore(arn, "One").ok());
    CHECK(Restore(arn, "Two").error() ==
          "BackupInUseException: Backup is being used to restore another table: " + arn);
    CHECK(Run("DeleteBackup", Json{{"BackupArn", arn}}.dump()).error() ==
          "BackupInUseException: Backup is being used to restore table: " + arn);
  }
  Advance(Micros(0));
  CHECK(Run("DeleteBackup", Json{{"BackupArn", arn}}.dump()).ok());
}

TEST_CASE_METHOD(BackupTest, "A restore may change encryption and on-demand limits",
                 "[operations][RestoreTableFromBackup]") {
  CreateIndexed();
  const std::string arn = Backup();
  MustRestore(arn, "New",
              {{"SSESpecificationOverride", {{"Enabled", true}, {"SSEType", "KMS"}}},
               {"OnDemandThroughputOverride",
                {{"MaxReadRequestUnits", 20}, {"MaxWriteRequestUnits", 10}}}});
  const Json table = Table("New");
  CHECK(table["SSEDescription"]["SSEType"] == "KMS");
  CHECK(table["OnDemandThroughput"] ==
        Json{{"MaxReadRequestUnits", 20}, {"MaxWriteRequestUnits", 10}});
  CHECK(Restore(arn, "Bad", {{"SSESpecificationOverride", {{"SSEType", "AES256"}}}}).error() ==
        "ValidationException: One or more parameter values were invalid: SSEType AES256 is not "
        "supported");
  const Json provisioned = {
      {"BillingModeOverride", "PROVISIONED"},
      {"ProvisionedThroughputOverride", {{"ReadCapacityUnits", 3}, {"WriteCapacityUnits", 4}}},
      {"OnDemandThroughputOverride", {{"MaxReadRequestUnits", 20}}}};
  CHECK(Restore(arn, "Bad", provisioned).error() ==
        "ValidationException: Invalid Request: Cannot override MaxReadRequestUnits for "
        "OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST");
}

TEST_CASE_METHOD(BackupTest, "A restore may leave indexes out and change the capacity",
                 "[operations][RestoreTableFromBackup]") {
  CreateIndexed();
  Put(1, "x");
  const std::string arn = Backup();
  MustRestore(
      arn, "Bare",
      {{"GlobalSecondaryIndexOverride", Json::array()},
       {"LocalSecondaryIndexOverride", Json::array()},
       {"BillingModeOverride", "PROVISIONED"},
       {"ProvisionedThroughputOverride", {{"ReadCapacityUnits", 3}, {"WriteCapacityUnits", 4}}}});
  const Json table = Table("Bare");
  CHECK_FALSE(table.contains("GlobalSecondaryIndexes"));
  CHECK_FALSE(table.contains("LocalSecondaryIndexes"));
  CHECK(table["AttributeDefinitions"].size() == 2);
  CHECK(table["ProvisionedThroughput"]["ReadCapacityUnits"] == 3);
  CHECK(table["ProvisionedThroughput"]["WriteCapacityUnits"] == 4);
  CHECK(Items("Bare").size() == 1);
  const auto override_of = [](const char* key) {
    return Json{{{"IndexName", "other"},
                 {"KeySchema", {{{"AttributeName", key}, {"KeyType", "HASH"}}}},
                 {"Projection", {{"ProjectionType", "ALL"}}}}};
  };
  CHECK(Restore(arn, "More", {{"GlobalSecondaryIndexOverride", override_of("none")}}).error() ==
        "ValidationException: Invalid Request: Index other does not match a secondary index that "
        "existed in the source table and cannot be created during the restore operation");
  // An index that matches one of the backup by key and projection may have another name.
  REQUIRE(Restore(arn, "More", {{"GlobalSecondaryIndexOverride", override_of("a")}}).ok());
  CHECK(Table("More")["GlobalSecondaryIndexes"][0]["IndexName"] == "other");
  CHECK_FALSE(Restore(arn, "Worse", {{"BillingModeOverride", "PROVISIONED"}}).ok());
}

TEST_CASE_METHOD(BackupTest, "Faults of backups",
                 "[operations][CreateBackup][RestoreTableFromBackup]") {
  CHECK(Run("CreateBackup", R"({"TableName": "None", "BackupName": "one"})").error() ==
        "TableNotFoundException: Table not found: None");
  CreateTable("Tab");
  CHECK(Run("CreateBackup", R"({"TableName": "Tab", "BackupName": "x"})").error() ==
        "ValidationException: 1 validation error detected: Value 'x' at 'backupName' failed to "
        "satisfy constraint: Member must have length greater than or equal to 3");
  const std::string arn = Backup();
  CHECK(Restore(arn, "Tab").error() == "TableAlreadyExistsException: Table already exists: Tab");
  CHECK(Restore(arn + "0", "New").error() ==
        "BackupNotFoundException: Backup not found: " + arn + "0");
}

// Makes backups while writers write. Each must hold the table as it was at one moment: of each
// writer's items, those from the first to some last one.
TEST_CASE_METHOD(BackupTest, "A backup beside writes is one moment of the table",
                 "[operations][CreateBackup][RestoreTableFromBackup][threads]") {
  CreateTable("Tab");
  constexpr int kWriters = 3;
  std::atomic<bool> stop{false};
  std::atomic<int> failures{0};
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; !stop; ++i) {
        const Json key = {{"S", std::to_string(writer) + "/" + std::to_string(i)}};
        const Json request = {{"TableName", "Tab"}, {"Item", {{"pk", key}}}};
        failures += Send(Signed("PutItem", request.dump())).status == 200 ? 0 : 1;
      }
    });
  }
  std::vector<std::string> arns;
  for (int i = 0; i < 5; ++i) {
    arns.push_back(Backup("Tab", "backup" + std::to_string(i)));
    Advance(Micros(1));
  }
  stop = true;
  for (std::thread& writer : writers) {
    writer.join();
  }
  CHECK(failures == 0);
  for (std::size_t i = 0; i < arns.size(); ++i) {
    const std::string name = "Restored" + std::to_string(i);
    MustRestore(arns[i], name);
    std::map<std::string, std::pair<int, int>> written;  // by writer: count and greatest
    for (const Json& item : Items(name)) {
      const std::string key = item["pk"]["S"];
      auto& [count, greatest] = written[key.substr(0, 1)];
      ++count;
      greatest = std::max(greatest, std::stoi(key.substr(2)));
    }
    for (const auto& [writer, keys] : written) {
      CHECK(keys.first == keys.second + 1);
    }
  }
}

}  // namespace
}  // namespace weir::testing
