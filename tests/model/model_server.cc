// SPDX-License-Identifier: Apache-2.0
#include "tests/model/model_server.h"

namespace weir::model {

using testing::DatabaseFixture;

Json ModelServer::Call(std::string_view operation, const Json& request) {
  const protocol::HttpResponse response =
      fixture_.Send(DatabaseFixture::Signed(operation, request.dump()));
  const Json answer = Json::parse(response.body, nullptr, false);
  return answer.is_discarded() ? Json() : answer;
}

std::vector<Json> ModelServer::ScanAll(const std::string& table) {
  std::vector<Json> items;
  Json request = {{"TableName", table}, {"ConsistentRead", true}};
  while (true) {
    const Json page = Call("Scan", request);
    const Json found = page.value("Items", Json::array());
    items.insert(items.end(), found.begin(), found.end());
    if (!page.contains("LastEvaluatedKey")) {
      return items;
    }
    request["ExclusiveStartKey"] = page["LastEvaluatedKey"];
  }
}

std::vector<std::vector<Json>> ModelServer::ReadStream(const std::string& table) {
  const Json description = Call("DescribeTable", {{"TableName", table}});
  const Json arn = description["Table"]["LatestStreamArn"];
  const Json stream = Call("DescribeStream", {{"StreamArn", arn}});
  std::vector<std::vector<Json>> shards;
  for (const Json& shard : stream["StreamDescription"]["Shards"]) {
    std::vector<Json>& records = shards.emplace_back();
    Json iterator = Call(
        "GetShardIterator",
        {{"StreamArn", arn}, {"ShardId", shard["ShardId"]}, {"ShardIteratorType", "TRIM_HORIZON"}});
    Json page = Call("GetRecords", {{"ShardIterator", iterator["ShardIterator"]}});
    while (!page.value("Records", Json::array()).empty()) {
      records.insert(records.end(), page["Records"].begin(), page["Records"].end());
      page = Call("GetRecords", {{"ShardIterator", page["NextShardIterator"]}});
    }
  }
  return shards;
}

}  // namespace weir::model
