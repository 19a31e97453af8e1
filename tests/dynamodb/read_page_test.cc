// SPDX-License-Identifier: Apache-2.0
// Query and Scan.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/dynamodb/database_fixture.h"

namespace weir::testing {
namespace {

const std::string kEnvelope = "ValidationException: 1 validation error detected: ";

// A table "numbers" with the keys pk (S) and sk (N) and eight items in two partitions.
struct Fixture : DatabaseFixture {
  Fixture() {
    Must("CreateTable", R"({"TableName":"numbers","BillingMode":"PAY_PER_REQUEST",
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
                     {"AttributeName":"sk","KeyType":"RANGE"}],
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                                {"AttributeName":"sk","AttributeType":"N"}]})");
    for (const char* sort : {"10", "-2", "2.5", "0", "1e3", "-2.25"}) {
      Put("p", sort);
    }
    Put("q", "1");
    Put("q", "2");
  }
  void Put(const std::string& partition, const std::string& sort) {
    Must("PutItem", Json{{"TableName", "numbers"},
                         {"Item", {{"pk", {{"S", partition}}}, {"sk", {{"N", sort}}}}}}
                        .dump());
  }
  // A query for the partition "p" with additional members.
  static std::string Query(const std::string& condition, const Json& values, Json more = {}) {
    if (more.is_null()) {
      more = Json::object();
    }
    more["TableName"] = "numbers";
    more["KeyConditionExpression"] = "pk = :p" + condition;
    more["ExpressionAttributeValues"] = values.is_null() ? Json::object() : values;
    more["ExpressionAttributeValues"][":p"] = {{"S", "p"}};
    return more.dump();
  }
  static std::vector<std::string> SortKeys(const Json& answer) {
    std::vector<std::string> keys;
    for (const Json& item : answer["Items"]) {
      keys.push_back(item["sk"]["N"]);
    }
    return keys;
  }
};

using Texts = std::vector<std::string>;

TEST_CASE_METHOD(Fixture, "Query gives a partition in the order of its sort keys",
                 "[operations][Query]") {
  const Texts ascending = {"-2.25", "-2", "0", "2.5", "10", "1000"};
  CHECK(SortKeys(Must("Query", Query("", {}))) == ascending);
  CHECK(SortKeys(Must("Query", Query("", {}, {{"ScanIndexForward", false}}))) ==
        Texts(ascending.rbegin(), ascending.rend()));
}

TEST_CASE_METHOD(Fixture, "Query narrows by each condition on the sort key",
                 "[operations][Query]") {
  const auto keys = [&](const std::string& condition) {
    Json values = {{":a", {{"N", "0"}}}};
    if (condition.find(":b") != std::string::npos) {
      values[":b"] = {{"N", "10"}};
    }
    return SortKeys(Must("Query", Query(" AND " + condition, values)));
  };
  CHECK(keys("sk = :a") == Texts{"0"});
  CHECK(keys("sk < :a") == Texts{"-2.25", "-2"});
  CHECK(keys("sk <= :a") == Texts{"-2.25", "-2", "0"});
  CHECK(keys("sk > :a") == Texts{"2.5", "10", "1000"});
  CHECK(keys("sk >= :a") == Texts{"0", "2.5", "10", "1000"});
  CHECK(keys("sk BETWEEN :a AND :b") == Texts{"0", "2.5", "10"});
}

TEST_CASE_METHOD(Fixture, "A page ends at the limit and the next one goes on behind it",
                 "[operations][Query]") {
  const Json first = Must("Query", Query("", {}, {{"Limit", 4}}));
  CHECK(SortKeys(first) == Texts{"-2.25", "-2", "0", "2.5"});
  const Json& start = first["LastEvaluatedKey"];
  CHECK(start == Json::parse(R"({"pk":{"S":"p"},"sk":{"N":"2.5"}})"));
  const Json second = Must("Query", Query("", {}, {{"Limit", 2}, {"ExclusiveStartKey", start}}));
  CHECK(SortKeys(second) == Texts{"10", "1000"});
  // The limit was reached with the last item, so there is a key, but nothing follows it.
  const Json third =
      Must("Query", Query("", {}, {{"ExclusiveStartKey", second["LastEvaluatedKey"]}}));
  CHECK(SortKeys(third).empty());
  CHECK_FALSE(third.contains("LastEvaluatedKey"));
}

TEST_CASE_METHOD(Fixture, "A filter counts what it leaves out as scanned", "[operations][Scan]") {
  const Json answer = Must("Scan", R"({"TableName":"numbers","FilterExpression":"sk > :n",
      "ExpressionAttributeValues":{":n":{"N":"2"}}})");
  CHECK(answer["Count"] == 3);
  CHECK(answer["ScannedCount"] == 8);
}

TEST_CASE_METHOD(Fixture, "The segments of a scan are disjoint and complete",
                 "[operations][Scan]") {
  for (const int total : {1, 2, 7, 100}) {
    int count = 0;
    for (int segment = 0; segment < total; ++segment) {
      const Json request = {
          {"TableName", "numbers"}, {"Segment", segment}, {"TotalSegments", total}};
      count += Must("Scan", request.dump())["Count"].get<int>();
    }
    CAPTURE(total);
    CHECK(count == 8);
  }
}

TEST_CASE_METHOD(Fixture, "A scan costs at least a unit for each partition that it reads",
                 "[operations][Scan][capacity]") {
  const auto units = [&](Json request) {
    request["TableName"] = "numbers";
    request["ConsistentRead"] = true;
    request["ReturnConsumedCapacity"] = "TOTAL";
    return Must("Scan", request.dump())["ConsumedCapacity"]["CapacityUnits"].get<double>();
  };
  CHECK(units(Json::object()) == 4);  // one for each of the partitions of a new on-demand table
  CHECK(units({{"Segment", 0}, {"TotalSegments", 2}}) == 2);
  CHECK(units({{"Segment", 0}, {"TotalSegments", 4}}) == 1);
  CHECK(units({{"Segment", 3}, {"TotalSegments", 4}}) == 1);
  CHECK(units({{"Segment", 6}, {"TotalSegments", 7}}) == 1);
}

TEST_CASE_METHOD(Fixture, "The largest provisioned throughput makes a bounded number of partitions",
                 "[operations][Scan][capacity]") {
  Must("CreateTable", R"({"TableName":"huge","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "ProvisionedThroughput":{"ReadCapacityUnits":1000000000000,
                               "WriteCapacityUnits":1000000000000},
      "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})");
  CHECK(Must("Scan", R"({"TableName":"huge"})")["Count"] == 0);
  CHECK(Must("DescribeStream", Json{{"StreamArn", StreamArn("huge")}}
                                   .dump())["StreamDescription"]["LastEvaluatedShardId"]
            .is_string());
}

TEST_CASE_METHOD(Fixture, "Select COUNT leaves the items out", "[operations][Scan]") {
  const Json answer = Must("Scan", R"({"TableName":"numbers","Select":"COUNT"})");
  CHECK(answer == Json{{"Count", 8}, {"ScannedCount", 8}});
  CHECK(Run("Scan", R"({"TableName":"numbers","Select":"COUNT","ProjectionExpression":"pk"})")
            .error() ==
        kEnvelope + "Cannot specify the ProjectionExpression when choosing to get only the Count");
}

TEST_CASE_METHOD(Fixture, "A start key must belong to the query", "[operations][Query]") {
  const auto fault = [&](const std::string& condition, const Json& values, const char* start) {
    return Run("Query", Query(condition, values, {{"ExclusiveStartKey", Json::parse(start)}}))
        .error();
  };
  const std::string prefix = "ValidationException: The ";
  CHECK(fault("", {}, R"({"pk":{"S":"p"}})") == prefix + "provided starting key is invalid");
  CHECK(fault("", {}, R"({"pk":{"S":"q"},"sk":{"N":"1"}})") ==
        prefix + "provided starting key is outside query boundaries based on provided conditions");
  const Json above = {{":a", {{"N", "5"}}}};
  CHECK(fault(" AND sk > :a", above, R"({"pk":{"S":"p"},"sk":{"N":"1"}})") ==
        prefix + "provided starting key does not match the range key predicate");
  CHECK(fault(" AND sk = :a", above, R"({"pk":{"S":"p"},"sk":{"N":"5"}})") ==
        prefix + "query can return at most one row and cannot be restarted");
}

}  // namespace
}  // namespace weir::testing
