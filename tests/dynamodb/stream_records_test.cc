// SPDX-License-Identifier: Apache-2.0
// The stream records of writes.
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

struct Fixture : DatabaseFixture {
  // Creates "things" with a stream of that view, and returns the stream's ARN.
  std::string Stream(const std::string& view) {
    CreateTable("things", view);
    return StreamArn("things");
  }
  void Put(const std::string& item) {
    Must("PutItem", R"({"TableName":"things","Item":)" + item + "}");
  }
  void Delete(const std::string& key) {
    Must("DeleteItem", R"({"TableName":"things","Key":{"pk":{"S":")" + key + "\"}}}");
  }
};

TEST_CASE_METHOD(Fixture, "Each view shows its images of an INSERT, a MODIFY and a REMOVE",
                 "[operations][GetRecords]") {
  const std::string view =
      GENERATE(as<std::string>{}, "KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES");
  CAPTURE(view);
  const bool shows_new = view.find("NEW") != std::string::npos;
  const bool shows_old = view.find("OLD") != std::string::npos;
  const std::string arn = Stream(view);
  const Json first = Json::parse(R"({"pk":{"S":"k"},"v":{"N":"1"}})");
  const Json second = Json::parse(R"({"pk":{"S":"k"},"v":{"N":"22"},"w":{"S":"xyz"}})");
  Put(first.dump());
  Put(second.dump());
  Delete("k");
  const std::vector<Json> records = Records(arn);
  REQUIRE(records.size() == 3);
  const std::vector<std::string> names = {"INSERT", "MODIFY", "REMOVE"};
  // No image is ever null, so null stands for no image here.
  const std::vector<Json> befores = {Json(), first, second};
  const std::vector<Json> afters = {first, second, Json()};
  const std::size_t size_first = 2 + 1 + 1 + 2;
  const std::size_t size_second = size_first + 1 + 3;
  const std::vector<std::size_t> size_before = {0, size_first, size_second};
  const std::vector<std::size_t> size_after = {size_first, size_second, 0};
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(names[i]);
    const Json& change = records[i]["dynamodb"];
    CHECK(records[i]["eventName"] == names[i]);
    CHECK(change["Keys"] == Json::parse(R"({"pk":{"S":"k"}})"));
    CHECK(change["StreamViewType"] == view);
    CHECK(change.value("NewImage", Json()) == (shows_new ? afters[i] : Json()));
    CHECK(change.value("OldImage", Json()) == (shows_old ? befores[i] : Json()));
    CHECK(change["SizeBytes"] ==
          3 + (shows_new ? size_after[i] : 0) + (shows_old ? size_before[i] : 0));
  }
}

TEST_CASE_METHOD(Fixture, "A record has every member, and no others", "[operations][GetRecords]") {
  const std::string arn = Stream("NEW_AND_OLD_IMAGES");
  clock().Advance(std::chrono::milliseconds(5'900));
  Put(R"({"pk":{"S":"k"}})");
  const std::vector<Json> records = Records(arn);
  REQUIRE(records.size() == 1);
  Json record = records[0];
  const std::string event_id = record["eventID"];
  CHECK(event_id.size() == 32);
  const std::string number = record["dynamodb"]["SequenceNumber"];
  CHECK(number.size() >= 21);
  CHECK(number.find_first_not_of("0123456789") == std::string::npos);
  record.erase("eventID");
  record["dynamodb"].erase("SequenceNumber");
  // The time is in whole seconds: 1700000000.123 + 5.9.
  CHECK(record == Json::parse(R"({
    "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
    "awsRegion": "eu-west-1",
    "dynamodb": {"ApproximateCreationDateTime": 1700000006, "Keys": {"pk": {"S": "k"}},
                 "NewImage": {"pk": {"S": "k"}}, "SizeBytes": 6,
                 "StreamViewType": "NEW_AND_OLD_IMAGES"}})"));
  CHECK(Records(arn)[0]["eventID"] == event_id);  // the same every time the record is read
}

TEST_CASE_METHOD(Fixture, "Writes that change nothing make no record", "[operations][GetRecords]") {
  const std::string arn = Stream("NEW_AND_OLD_IMAGES");
  const std::string item = R"({"pk":{"S":"k"},"n":{"N":"1"},"ss":{"SS":["a","b"]},
                               "m":{"M":{"x":{"S":"1"},"y":{"S":"2"}}}})";
  Put(item);
  REQUIRE(Records(arn).size() == 1);
  const auto update = [&](const std::string& members) {
    Json request = Json::parse(R"({"TableName":"things","Key":{"pk":{"S":"k"}}})");
    request.update(Json::parse(members));
    Must("UpdateItem", request.dump());
  };
  Put(item);
  Put(R"({"m":{"M":{"y":{"S":"2"},"x":{"S":"1"}}},"ss":{"SS":["b","a"]},"n":{"N":"1.0"},
          "pk":{"S":"k"}})");
  update("{}");
  update(R"({"UpdateExpression":"SET n = :v","ExpressionAttributeValues":{":v":{"N":"1"}}})");
  update(R"({"UpdateExpression":"ADD n :v","ExpressionAttributeValues":{":v":{"N":"0"}}})");
  update(R"({"UpdateExpression":"ADD ss :v","ExpressionAttributeValues":{":v":{"SS":["b"]}}})");
  update(R"({"UpdateExpression":"DELETE ss :v","ExpressionAttributeValues":{":v":{"SS":["z"]}}})");
  update(R"({"UpdateExpression":"REMOVE absent"})");
  Delete("nobody");
  Must("UpdateItem", R"({"TableName":"things","Key":{"pk":{"S":"nobody"}},
                         "UpdateExpression":"REMOVE x"})");
  CHECK(Records(arn).size() == 1);
}

TEST_CASE_METHOD(Fixture, "Refused writes make no record", "[operations][GetRecords]") {
  const std::string arn = Stream("NEW_AND_OLD_IMAGES");
  CHECK(Run("PutItem", R"json({"TableName":"things","Item":{"pk":{"S":"k"}},
                           "ConditionExpression":"attribute_exists(pk)"})json")
            .status == 400);
  CHECK(Run("UpdateItem", R"({"TableName":"things","Key":{"pk":{"S":"k"}},
                              "UpdateExpression":"SET x = y"})")
            .status == 400);
  CHECK(Records(arn).empty());
}

TEST_CASE_METHOD(Fixture, "A key-only update of a missing item is an INSERT of its keys",
                 "[operations][GetRecords]") {
  const std::string arn = Stream("NEW_IMAGE");
  Must("UpdateItem", R"({"TableName":"things","Key":{"pk":{"S":"k"}}})");
  const std::vector<Json> records = Records(arn);
  REQUIRE(records.size() == 1);
  CHECK(records[0]["eventName"] == "INSERT");
  CHECK(records[0]["dynamodb"]["NewImage"] == Json::parse(R"({"pk":{"S":"k"}})"));
}

TEST_CASE_METHOD(Fixture, "Records of a key are in one shard, in the order of the writes",
                 "[operations][GetRecords]") {
  const std::string arn = Stream("NEW_IMAGE");
  for (int i = 0; i < 40; ++i) {
    const std::string key = std::to_string(i % 8);
    Put(R"({"pk":{"S":")" + key + R"("},"v":{"N":")" + std::to_string(i) + "\"}}");
  }
  std::set<std::string> seen;
  std::size_t used_shards = 0;
  for (const std::string& shard : ShardIds(arn)) {
    const Json page = Must("GetRecords", Json{{"ShardIterator", Iterator(arn, shard)}}.dump());
    std::set<std::string> here;
    std::map<std::string, int> latest;
    for (const Json& record : page["Records"]) {
      const std::string key = record["dynamodb"]["Keys"]["pk"]["S"];
      const int version = std::stoi(record["dynamodb"]["NewImage"]["v"]["N"].get<std::string>());
      CHECK(seen.count(key) == 0);
      CHECK((latest.count(key) == 0 || latest[key] < version));
      latest[key] = version;
      here.insert(key);
    }
    used_shards += here.empty() ? 0 : 1;
    seen.insert(here.begin(), here.end());
  }
  CHECK(seen.size() == 8);
  CHECK(used_shards > 1);
}

TEST_CASE_METHOD(Fixture, "A table without a stream keeps no records", "[operations][GetRecords]") {
  CreateTable("things");
  Put(R"({"pk":{"S":"before"}})");
  Must("UpdateTable", R"({"TableName":"things",
      "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})");
  CHECK(Records(StreamArn("things")).empty());
  Put(R"({"pk":{"S":"after"}})");
  CHECK(Records(StreamArn("things")).size() == 1);
}

}  // namespace
}  // namespace weir::testing
