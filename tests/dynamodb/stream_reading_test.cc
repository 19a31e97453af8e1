// SPDX-License-Identifier: Apache-2.0
// ListStreams, DescribeStream, GetShardIterator and GetRecords.
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kArn =
    "arn:aws:dynamodb:eu-west-1:000000000000:table/things/stream/2023-11-14T22:13:20.123";
const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";
constexpr Micros kDay = std::chrono::hours(24);

struct Fixture : DatabaseFixture {
  // Creates a provisioned table, whose stream has one shard. Returns the shard's id.
  std::string OneShard() {
    Must("CreateTable", R"({"TableName":"things",
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
        "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5},
        "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})");
    return ShardIds(kArn).at(0);
  }
  void Put(const std::string& key) {
    Must("PutItem", R"({"TableName":"things","Item":{"pk":{"S":")" + key + "\"}}}");
  }
  void StopStream() {
    Must("UpdateTable", R"({"TableName":"things","StreamSpecification":{"StreamEnabled":false}})");
  }
  void StartStream() {
    Must("UpdateTable", R"({"TableName":"things",
        "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})");
  }
  Answer Read(const std::string& iterator) {
    return Run("GetRecords", Json{{"ShardIterator", iterator}}.dump());
  }
  Answer IteratorAnswer(const std::string& shard, const Json& members) {
    Json request = {{"StreamArn", kArn}, {"ShardId", shard}};
    request.update(members);
    return Run("GetShardIterator", request.dump());
  }
  // The keys of a page's records, joined: "abc".
  static std::string Keys(const Json& page) {
    std::string keys;
    for (const Json& record : page["Records"]) {
      keys += record["dynamodb"]["Keys"]["pk"]["S"].get<std::string>();
    }
    return keys;
  }
};

TEST_CASE_METHOD(Fixture, "DescribeStream shows a new stream", "[operations][DescribeStream]") {
  const std::string shard = OneShard();
  const Json stream = Must("DescribeStream", Json{{"StreamArn", kArn}}.dump());
  const std::string start =
      stream["StreamDescription"]["Shards"][0]["SequenceNumberRange"]["StartingSequenceNumber"];
  CHECK(start.size() == 28);
  Json expected = Json::parse(R"({
    "StreamLabel": "2023-11-14T22:13:20.123", "StreamStatus": "ENABLED",
    "StreamViewType": "KEYS_ONLY", "CreationRequestDateTime": 1700000000.123,
    "TableName": "things", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]})");
  expected["StreamArn"] = kArn;
  expected["Shards"] = {
      {{"ShardId", shard}, {"SequenceNumberRange", {{"StartingSequenceNumber", start}}}}};
  CHECK(stream["StreamDescription"] == expected);
  CHECK(shard.starts_with("shardId-00000001700000000123-"));
}

TEST_CASE_METHOD(Fixture, "DescribeStream pages through the shards in the order of their ids",
                 "[operations][DescribeStream]") {
  CreateTable("things", "KEYS_ONLY");
  const std::vector<std::string> ids = ShardIds(kArn);
  REQUIRE(ids.size() == 4);
  std::vector<std::string> paged;
  Json request = {{"StreamArn", kArn}, {"Limit", 3}};
  Json page = Must("DescribeStream", request.dump())["StreamDescription"];
  REQUIRE(page["Shards"].size() == 3);
  CHECK(page["LastEvaluatedShardId"] == ids[2]);
  request["ExclusiveStartShardId"] = ids[2];
  page = Must("DescribeStream", request.dump())["StreamDescription"];
  REQUIRE(page["Shards"].size() == 1);
  CHECK(page["Shards"][0]["ShardId"] == ids[3]);
  CHECK_FALSE(page.contains("LastEvaluatedShardId"));
  request["ExclusiveStartShardId"] = ids[3];
  page = Must("DescribeStream", request.dump())["StreamDescription"];
  CHECK(page["Shards"] == Json::array());
}

TEST_CASE_METHOD(Fixture, "A leaf shard has no child shards", "[operations][DescribeStream]") {
  const std::string shard = OneShard();
  const Json filter = {{"Type", "CHILD_SHARDS"}, {"ShardId", shard}};
  const Json page =
      Must("DescribeStream", Json{{"StreamArn", kArn}, {"ShardFilter", filter}}.dump());
  CHECK(page["StreamDescription"]["Shards"] == Json::array());
  for (const char* bad :
       {R"({"Type":"CHILD_SHARDS"})", R"({"ShardId":"x"})",
        R"({"Type":"CHILD_SHARDS","ShardId":"nonsense-but-long-enough-1234"})",
        R"({"Type":"NO_SUCH","ShardId":"shardId-00000001700000000123-00000000"})"}) {
    CAPTURE(bad);
    const Answer answer =
        Run("DescribeStream", Json{{"StreamArn", kArn}, {"ShardFilter", Json::parse(bad)}}.dump());
    CHECK(answer.error().starts_with("ValidationException: "));
    CHECK(answer.error().find("shardFilter") != std::string::npos);
  }
}

TEST_CASE_METHOD(Fixture, "ListStreams gives streams by ARN, in pages",
                 "[operations][ListStreams]") {
  CHECK(Must("ListStreams", "{}") == Json{{"Streams", Json::array()}});
  for (const char* name : {"bbb", "aaa", "none"}) {
    CreateTable(name, std::string(name) == "none" ? "" : "KEYS_ONLY");
  }
  const Json all = Must("ListStreams", "{}")["Streams"];
  REQUIRE(all.size() == 2);
  CHECK(all[0] == Json{{"TableName", "aaa"},
                       {"StreamArn", StreamArn("aaa")},
                       {"StreamLabel", "2023-11-14T22:13:20.123"}});
  CHECK(all[1]["TableName"] == "bbb");
  const Json page = Must("ListStreams", R"({"Limit":1})");
  CHECK(page["Streams"] == Json::array({all[0]}));
  CHECK(page["LastEvaluatedStreamArn"] == all[0]["StreamArn"]);
  const Json next =
      Must("ListStreams",
           Json{{"Limit", 1}, {"ExclusiveStartStreamArn", page["LastEvaluatedStreamArn"]}}.dump());
  CHECK(next["Streams"] == Json::array({all[1]}));
  CHECK(Must("ListStreams", R"({"TableName":"bbb"})")["Streams"] == Json::array({all[1]}));
  CHECK(Must("ListStreams", R"({"TableName":"none"})")["Streams"] == Json::array());
  CHECK(Run("ListStreams", R"({"ExclusiveStartStreamArn":"nonsense, but long enough to be one"})")
            .status == 400);
  CHECK(Run("ListStreams", R"({"Limit":0})").status == 400);
  CHECK(Run("ListStreams", R"({"Limit":101})").status == 400);
}

TEST_CASE_METHOD(Fixture, "LATEST gives only what is written after it",
                 "[operations][GetShardIterator]") {
  const std::string shard = OneShard();
  Put("a");
  const std::string latest = Iterator(kArn, shard, "LATEST");
  Put("b");
  CHECK(Keys(Read(latest).body) == "b");
  CHECK(Keys(Read(Iterator(kArn, shard)).body) == "ab");
}

TEST_CASE_METHOD(Fixture, "A sequence number is a place to start at or after",
                 "[operations][GetShardIterator]") {
  const std::string shard = OneShard();
  for (const char* key : {"a", "b", "c"}) {
    Put(key);
  }
  const std::string number = Records(kArn)[1]["dynamodb"]["SequenceNumber"];
  const auto from = [&](const std::string& type) {
    const Answer answer =
        IteratorAnswer(shard, {{"ShardIteratorType", type}, {"SequenceNumber", number}});
    return Keys(Read(answer.at("/ShardIterator")).body);
  };
  CHECK(from("AT_SEQUENCE_NUMBER") == "bc");
  CHECK(from("AFTER_SEQUENCE_NUMBER") == "c");
}

TEST_CASE_METHOD(Fixture, "GetShardIterator wants a sequence number where one belongs",
                 "[operations][GetShardIterator]") {
  const std::string shard = OneShard();
  Put("a");
  const std::string number = Records(kArn)[0]["dynamodb"]["SequenceNumber"];
  const std::string other = std::string(28, '9');
  CHECK(IteratorAnswer(shard, {{"ShardIteratorType", "AT_SEQUENCE_NUMBER"}}).error() ==
        kInvalid + "SequenceNumber cannot be null");
  CHECK(IteratorAnswer(shard,
                       {{"ShardIteratorType", "AFTER_SEQUENCE_NUMBER"}, {"SequenceNumber", other}})
            .error() == "ValidationException: Invalid SequenceNumber for the shard");
  for (const char* type : {"LATEST", "TRIM_HORIZON"}) {
    CHECK(
        IteratorAnswer(shard, {{"ShardIteratorType", type}, {"SequenceNumber", number}}).error() ==
        kInvalid + "SequenceNumber should not be passed for this iterator type");
  }
  CHECK(IteratorAnswer(shard, {{"ShardIteratorType", "SOMEWHERE"}}).status == 400);
  CHECK(IteratorAnswer(shard, Json::object()).status == 400);
}

TEST_CASE_METHOD(Fixture, "Streams and shards that don't exist are not found",
                 "[operations][DescribeStream][GetShardIterator]") {
  OneShard();
  const std::string unknown = kArn.substr(0, kArn.size() - 1) + "9";
  const std::string error =
      "ResourceNotFoundException: Requested resource not found: Stream: " + unknown + " not found";
  CHECK(Run("DescribeStream", Json{{"StreamArn", unknown}}.dump()).error() == error);
  CHECK(Run("GetShardIterator", Json{{"StreamArn", unknown},
                                     {"ShardId", "shardId-00000001700000000123-00000000"},
                                     {"ShardIteratorType", "LATEST"}}
                                    .dump())
            .error() == error);
  for (const char* shard :
       {"shardId-00000000000000000000-00000000", "shardId-00000000000000000000-a",
        "no-shard-id-but-long-enough-to-be-one"}) {
    CAPTURE(shard);
    CHECK(IteratorAnswer(shard, {{"ShardIteratorType", "LATEST"}}).error() ==
          "ResourceNotFoundException: Requested resource not found: Shard does not exist");
  }
  CHECK(Run("DescribeStream", R"({"StreamArn":"nonsense that is long enough for an ARN"})")
            .error()
            .starts_with("ValidationException: "));
}

TEST_CASE_METHOD(Fixture, "GetRecords goes on page by page", "[operations][GetRecords]") {
  const std::string shard = OneShard();
  for (const char* key : {"a", "b", "c"}) {
    Put(key);
  }
  const auto page = [&](const std::string& iterator) {
    return Must("GetRecords", Json{{"ShardIterator", iterator}, {"Limit", 2}}.dump());
  };
  const std::string begin = Iterator(kArn, shard);
  const Json first = page(begin);
  CHECK(Keys(first) == "ab");
  const Json second = page(first["NextShardIterator"]);
  CHECK(Keys(second) == "c");
  const Json third = page(second["NextShardIterator"]);
  CHECK(third["Records"] == Json::array());
  Put("d");
  CHECK(Keys(page(third["NextShardIterator"])) == "d");
  CHECK(Keys(page(begin)) == "ab");  // an iterator can be used again
  CHECK(Run("GetRecords", Json{{"ShardIterator", begin}, {"Limit", 0}}.dump()).status == 400);
  CHECK(Run("GetRecords", Json{{"ShardIterator", begin}, {"Limit", 1001}}.dump()).status == 400);
}

TEST_CASE_METHOD(Fixture, "A page has 1000 records by default", "[operations][GetRecords]") {
  const std::string shard = OneShard();
  for (int i = 0; i < 1001; ++i) {
    Put(std::to_string(i));
  }
  const Answer first = Read(Iterator(kArn, shard));
  CHECK(first.at("/Records").size() == 1000);
  CHECK(Keys(Read(first.at("/NextShardIterator")).body) == "1000");
}

TEST_CASE_METHOD(Fixture, "An iterator expires after 15 minutes", "[operations][GetRecords]") {
  const std::string iterator = Iterator(kArn, OneShard());
  clock().Advance(std::chrono::minutes(15));
  const Answer page = Read(iterator);
  CHECK(page.ok());
  clock().Advance(Micros(1));
  CHECK(Read(iterator).error().starts_with("ExpiredIteratorException: Iterator expired."));
  // The iterator that the page gave has its own 15 minutes.
  CHECK(Read(page.at("/NextShardIterator")).ok());
}

TEST_CASE_METHOD(Fixture, "A mangled iterator is refused", "[operations][GetRecords]") {
  std::string iterator = Iterator(kArn, OneShard());
  iterator[iterator.size() / 2] ^= 1;
  CHECK(Read(iterator).error() == "ValidationException: Invalid ShardIterator");
  CHECK(Read("nonsense").error() == "ValidationException: Invalid ShardIterator");
}

TEST_CASE_METHOD(Fixture, "Records are trimmed after 24 hours", "[operations][GetRecords]") {
  const std::string shard = OneShard();
  Put("a");
  const std::string number = Records(kArn)[0]["dynamodb"]["SequenceNumber"];
  const Json at = {{"ShardIteratorType", "AT_SEQUENCE_NUMBER"}, {"SequenceNumber", number}};
  clock().Advance(kDay - Micros(1));
  const Answer last_chance = IteratorAnswer(shard, at);
  CHECK(Keys(Read(last_chance.at("/ShardIterator")).body) == "a");
  clock().Advance(Micros(1));
  const std::string trimmed =
      "TrimmedDataAccessException: The data you are trying to access has been trimmed";
  CHECK(IteratorAnswer(shard, at).error() == trimmed);
  CHECK(Read(last_chance.at("/ShardIterator")).error() == trimmed);
  CHECK(Read(Iterator(kArn, shard)).at("/Records") == Json::array());
}

TEST_CASE_METHOD(Fixture, "A stream that is switched off drains and ends",
                 "[operations][GetRecords][UpdateTable]") {
  const std::string shard = OneShard();
  Put("a");
  const std::string behind = Read(Iterator(kArn, shard)).at("/NextShardIterator");
  StopStream();
  Put("unseen");
  const Json stream = Must("DescribeStream", Json{{"StreamArn", kArn}}.dump())["StreamDescription"];
  CHECK(stream["StreamStatus"] == "DISABLED");
  const Json range = stream["Shards"][0]["SequenceNumberRange"];
  CHECK(range["StartingSequenceNumber"].get<std::string>() <
        range["EndingSequenceNumber"].get<std::string>());
  const Answer page = Read(Iterator(kArn, shard));
  CHECK(Keys(page.body) == "a");
  CHECK_FALSE(page.body.contains("NextShardIterator"));  // with the last records already
  const Answer end = Read(behind);
  CHECK(end.body == Json{{"Records", Json::array()}});
}

TEST_CASE_METHOD(Fixture, "A stream that is switched on again is a new one",
                 "[operations][UpdateTable]") {
  OneShard();
  Put("a");
  StopStream();
  Put("unseen");
  StartStream();  // in the same millisecond
  Put("b");
  const std::string renewed = StreamArn("things");
  CHECK(renewed.ends_with("2023-11-14T22:13:20.124"));
  CHECK(Keys(Json{{"Records", Records(kArn)}}) == "a");
  CHECK(Keys(Json{{"Records", Records(renewed)}}) == "b");
  CHECK(Must("ListStreams", R"({"TableName":"things"})")["Streams"].size() == 2);
}

TEST_CASE_METHOD(Fixture, "The stream of a deleted table is readable for 24 hours",
                 "[operations][DeleteTable]") {
  const std::string shard = OneShard();
  Put("a");
  Must("DeleteTable", R"({"TableName":"things"})");
  clock().Advance(kDay - Micros(1));
  CHECK(Must("DescribeStream",
             Json{{"StreamArn", kArn}}.dump())["StreamDescription"]["StreamStatus"] == "DISABLED");
  CHECK(Must("ListStreams", "{}")["Streams"].size() == 1);
  const std::string iterator = Iterator(kArn, shard);
  CHECK(Keys(Read(iterator).body) == "a");
  clock().Advance(Micros(1));
  const std::string gone =
      "ResourceNotFoundException: Requested resource not found: Stream: " + kArn + " not found";
  CHECK(Run("DescribeStream", Json{{"StreamArn", kArn}}.dump()).error() == gone);
  CHECK(Must("ListStreams", "{}")["Streams"] == Json::array());
  CHECK(Read(iterator).error() == gone);
}

TEST_CASE_METHOD(Fixture, "A record has the region of its table, whoever reads it",
                 "[operations][GetRecords]") {
  const std::string shard = OneShard();
  Put("a");
  Request request = Signed("GetRecords", Json{{"ShardIterator", Iterator(kArn, shard)}}.dump());
  std::string& authorization = request.headers["authorization"];
  authorization.replace(authorization.find("eu-west-1"), 9, "us-east-1");
  const Json page = Json::parse(Send(request).body);
  CHECK(page["Records"][0]["awsRegion"] == "eu-west-1");
}

}  // namespace
}  // namespace weir::testing
