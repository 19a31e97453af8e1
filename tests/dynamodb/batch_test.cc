// SPDX-License-Identifier: Apache-2.0
// BatchGetItem and BatchWriteItem.
#include <catch2/catch.hpp>
#include <string>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

struct Fixture : DatabaseFixture {
  Fixture() {
    CreateTable("things", "NEW_AND_OLD_IMAGES");
    CreateTable("others");
  }
};

const char* const kTwoPuts = R"({"RequestItems":{
    "things":[{"PutRequest":{"Item":{"pk":{"S":"a"},"x":{"N":"1"}}}}],
    "others":[{"PutRequest":{"Item":{"pk":{"S":"b"}}}}]}})";

TEST_CASE_METHOD(Fixture, "BatchWriteItem puts and deletes over several tables",
                 "[operations][BatchWriteItem]") {
  CHECK(Must("BatchWriteItem", kTwoPuts) == Json{{"UnprocessedItems", Json::object()}});
  CHECK(Must("BatchGetItem", R"({"RequestItems":{"things":{"Keys":[{"pk":{"S":"a"}}]},
      "others":{"Keys":[{"pk":{"S":"b"}},{"pk":{"S":"absent"}}]}}})")["Responses"] ==
        Json::parse(R"({"things":[{"pk":{"S":"a"},"x":{"N":"1"}}],"others":[{"pk":{"S":"b"}}]})"));
  Must("BatchWriteItem",
       R"({"RequestItems":{"things":[{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]}})");
  CHECK(Must("Scan", R"({"TableName":"things"})")["Count"] == 0);
}

TEST_CASE_METHOD(Fixture, "Each effective write of a batch makes one record",
                 "[operations][BatchWriteItem][streams]") {
  Must("BatchWriteItem", kTwoPuts);
  Must("BatchWriteItem", kTwoPuts);  // changes nothing
  const auto records = Records(StreamArn("things"));
  REQUIRE(records.size() == 1);
  CHECK(records[0]["eventName"] == "INSERT");
}

TEST_CASE_METHOD(Fixture, "A batch with one bad write makes none", "[operations][BatchWriteItem]") {
  CHECK(Run("BatchWriteItem", R"({"RequestItems":{"things":[
      {"PutRequest":{"Item":{"pk":{"S":"a"}}}},
      {"PutRequest":{"Item":{"pk":{"N":"1"}}}}]}})")
            .error() == "ValidationException: The provided key element does not match the schema");
  CHECK(Run("BatchWriteItem", R"({"RequestItems":{"things":[
      {"PutRequest":{"Item":{"pk":{"S":"a"}}}},
      {"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]}})")
            .error() == "ValidationException: Provided list of item keys contains duplicates");
  CHECK(Must("Scan", R"({"TableName":"things"})")["Count"] == 0);
}

TEST_CASE_METHOD(Fixture, "Batches speak the older texts for values",
                 "[operations][BatchWriteItem]") {
  CHECK(Run("BatchWriteItem", R"({"RequestItems":{"things":[
      {"PutRequest":{"Item":{"pk":{"S":"a"},"x":{"SS":["b","b"]}}}}]}})")
            .error() ==
        "ValidationException: One or more parameter values were invalid: Input collection [b, b] "
        "contains duplicates.");
}

TEST_CASE_METHOD(Fixture, "BatchGetItem answers under the names that the request has",
                 "[operations][BatchGetItem]") {
  Must("BatchWriteItem", kTwoPuts);
  const std::string arn = Must("DescribeTable", R"({"TableName":"things"})")["Table"]["TableArn"];
  const Json request = {
      {"RequestItems", {{arn, {{"Keys", Json::parse(R"([{"pk":{"S":"a"}}])")}}}}}};
  CHECK(Must("BatchGetItem", request.dump())["Responses"].contains(arn));
}

}  // namespace
}  // namespace weir::testing
