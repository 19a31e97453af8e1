// SPDX-License-Identifier: Apache-2.0
#include "tests/dynamodb/database_fixture.h"

#include <algorithm>
#include <cctype>

namespace weir::testing {
namespace {

bool IsStreamOperation(std::string_view operation) {
  return operation == "ListStreams" || operation == "DescribeStream" ||
         operation == "GetShardIterator" || operation == "GetRecords";
}

std::string Text(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump();
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = headers.find(lower);
  return found == headers.end() ? std::string_view() : found->second;
}

std::string Answer::error() const {
  if (ok()) {
    return "";
  }
  const std::string type = body.value("__type", "");
  const std::string message = body.contains("message")   ? Text(body["message"])
                              : body.contains("Message") ? Text(body["Message"])
                                                         : "";
  return type.substr(type.find('#') + 1) + ": " + message;
}

Json Answer::at(const std::string& pointer) const {
  const Json::json_pointer path(pointer);
  return body.contains(path) ? body[path] : Json();
}

Request DatabaseFixture::Signed(std::string_view operation, std::string_view body) {
  Request request;
  request.body_text = body;
  const std::string service =
      IsStreamOperation(operation) ? "DynamoDBStreams_20120810." : "DynamoDB_20120810.";
  request.headers["x-amz-target"] = service + std::string(operation);
  request.headers["content-type"] = "application/x-amz-json-1.0";
  request.headers["x-amz-date"] = "20231114T221320Z";
  request.headers["authorization"] =
      "AWS4-HMAC-SHA256 Credential=key/20231114/eu-west-1/dynamodb/aws4_request, "
      "SignedHeaders=host;x-amz-date, Signature=0123";
  return request;
}

protocol::HttpResponse DatabaseFixture::Send(const Request& request) {
  protocol::HttpResponse response;
  service_.Handle(request, response);
  return response;
}

Answer DatabaseFixture::Run(std::string_view operation, std::string_view body) {
  const protocol::HttpResponse response = Send(Signed(operation, body));
  // A few operations answer with an empty body.
  Answer answer{response.status,
                response.body.empty() ? Json() : Json::parse(response.body, nullptr, false)};
  REQUIRE_FALSE(answer.body.is_discarded());
  return answer;
}

Json DatabaseFixture::Must(std::string_view operation, std::string_view body) {
  Answer answer = Run(operation, body);
  INFO(operation << " " << body);
  REQUIRE(answer.error() == "");
  return std::move(answer.body);
}

void DatabaseFixture::CreateTable(const std::string& name, const std::string& stream_view) {
  Json request = Json::parse(R"({
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST"})");
  request["TableName"] = name;
  if (!stream_view.empty()) {
    request["StreamSpecification"] = {{"StreamEnabled", true}, {"StreamViewType", stream_view}};
  }
  Must("CreateTable", request.dump());
}

std::string DatabaseFixture::StreamArn(const std::string& table) {
  const Json answer = Must("DescribeTable", Json{{"TableName", table}}.dump());
  return answer["Table"].value("LatestStreamArn", "");
}

std::vector<std::string> DatabaseFixture::ShardIds(const std::string& stream_arn) {
  const Json answer = Must("DescribeStream", Json{{"StreamArn", stream_arn}}.dump());
  std::vector<std::string> ids;
  for (const Json& shard : answer["StreamDescription"]["Shards"]) {
    ids.push_back(shard["ShardId"]);
  }
  return ids;
}

std::string DatabaseFixture::Iterator(const std::string& stream_arn, const std::string& shard,
                                      const std::string& type) {
  const Json request = {{"StreamArn", stream_arn}, {"ShardId", shard}, {"ShardIteratorType", type}};
  return Must("GetShardIterator", request.dump())["ShardIterator"];
}

std::vector<Json> DatabaseFixture::Records(const std::string& stream_arn) {
  std::vector<Json> records;
  for (const std::string& shard : ShardIds(stream_arn)) {
    Json iterator = Iterator(stream_arn, shard);
    while (!iterator.is_null()) {
      const Json page = Must("GetRecords", Json{{"ShardIterator", iterator}}.dump());
      records.insert(records.end(), page["Records"].begin(), page["Records"].end());
      const bool more = !page["Records"].empty() && page.contains("NextShardIterator");
      iterator = more ? page["NextShardIterator"] : Json();
    }
  }
  std::sort(records.begin(), records.end(), [](const Json& a, const Json& b) {
    return a["dynamodb"]["SequenceNumber"].get<std::string>() <
           b["dynamodb"]["SequenceNumber"].get<std::string>();
  });
  return records;
}

void DatabaseFixture::Advance(Micros by) {
  ClockChange change;
  change.advance = by;
  REQUIRE(database_.timeline().ChangeNow(change).ok());
}

}  // namespace weir::testing
