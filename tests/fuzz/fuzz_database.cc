// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz_database.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "tests/fuzz/fuzz_check.h"

namespace weir::fuzz {
namespace {

using Json = nlohmann::json;

constexpr unsigned kOk = 200;
constexpr unsigned kBadRequest = 400;

// The errors that AWS documents for both services (DynamoDB and its streams), without those that
// Weir never gives, and without InternalServerError, which no input may cause.
constexpr std::array<std::string_view, 18> kErrors = {"ValidationException",
                                                      "SerializationException",
                                                      "UnknownOperationException",
                                                      "ResourceNotFoundException",
                                                      "ResourceInUseException",
                                                      "TableNotFoundException",
                                                      "TableAlreadyExistsException",
                                                      "ConditionalCheckFailedException",
                                                      "LimitExceededException",
                                                      "TrimmedDataAccessException",
                                                      "ExpiredIteratorException",
                                                      "TransactionCanceledException",
                                                      "TransactionConflictException",
                                                      "TransactionInProgressException",
                                                      "IdempotentParameterMismatchException",
                                                      "DuplicateItemException",
                                                      "ItemCollectionSizeLimitExceededException",
                                                      "AccessDeniedException"};

constexpr std::string_view kTables[] = {
    R"({"TableName":"plain","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})",
    R"({"TableName":"ranged","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                                {"AttributeName":"sk","AttributeType":"N"},
                                {"AttributeName":"g","AttributeType":"S"},
                                {"AttributeName":"h","AttributeType":"B"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
                     {"AttributeName":"sk","KeyType":"RANGE"}],
        "GlobalSecondaryIndexes":[
          {"IndexName":"global","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},
                                             {"AttributeName":"h","KeyType":"RANGE"}],
           "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["n"]}}],
        "LocalSecondaryIndexes":[
          {"IndexName":"local","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
                                            {"AttributeName":"h","KeyType":"RANGE"}],
           "Projection":{"ProjectionType":"KEYS_ONLY"}}],
        "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}})",
    R"({"TableName":"bytes",
        "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5},
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"N"},
                                {"AttributeName":"sk","AttributeType":"B"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
                     {"AttributeName":"sk","KeyType":"RANGE"}],
        "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})"};

constexpr std::string_view kItems = R"({"RequestItems":{
    "plain":[
      {"PutRequest":{"Item":{"pk":{"S":"a"},"n":{"N":"1"},"l":{"L":[{"N":"1"},{"S":"x"}]},
                             "m":{"M":{"x":{"L":[{"N":"2"}]},"y":{"NULL":true}}},
                             "ss":{"SS":["x","y"]},"ns":{"NS":["1","2.5"]},"bs":{"BS":["eA=="]},
                             "t":{"BOOL":true},"b":{"B":"eHk="},"s":{"S":"text"}}}},
      {"PutRequest":{"Item":{"pk":{"S":"b"}}}}],
    "ranged":[
      {"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"N":"1"},"n":{"N":"1"},
                             "g":{"S":"x"},"h":{"B":"eA=="}}}},
      {"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"N":"2.5"},"s":{"S":"x"},
                             "g":{"S":"x"},"h":{"B":"eAAA"}}}},
      {"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"N":"-1"}}}}],
    "bytes":[
      {"PutRequest":{"Item":{"pk":{"N":"1"},"sk":{"B":"eA=="},"n":{"N":"1"}}}},
      {"PutRequest":{"Item":{"pk":{"N":"1"},"sk":{"B":"eHk="},"l":{"L":[]}}}}]}})";

class SignedRequest final : public protocol::HttpRequest {
 public:
  SignedRequest(std::string_view operation, std::string body) : body_(std::move(body)) {
    constexpr std::array<std::string_view, 4> kStreams = {"ListStreams", "DescribeStream",
                                                          "GetShardIterator", "GetRecords"};
    const bool of_streams =
        std::find(kStreams.begin(), kStreams.end(), operation) != kStreams.end();
    target_ = of_streams ? "DynamoDBStreams_20120810." : "DynamoDB_20120810.";
    target_.append(operation);
  }
  [[nodiscard]] std::string_view method() const override { return "POST"; }
  [[nodiscard]] std::string_view target() const override { return "/"; }
  [[nodiscard]] std::string_view body() const override { return body_; }
  [[nodiscard]] std::string_view header(std::string_view name) const override {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower == "x-amz-target") {
      return target_;
    }
    if (lower == "content-type") {
      return "application/x-amz-json-1.0";
    }
    if (lower == "x-amz-date") {
      return "20231114T221320Z";
    }
    if (lower == "authorization") {
      return "AWS4-HMAC-SHA256 Credential=key/20231114/eu-west-1/dynamodb/aws4_request, "
             "SignedHeaders=host;x-amz-date, Signature=0123";
    }
    return {};
  }

 private:
  std::string target_;
  std::string body_;
};

void Replace(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

void CheckAnswer(const protocol::HttpResponse& response, const Json& answer,
                 const std::string& details) {
  FUZZ_CHECK(answer.is_object(), details);  // every answer of both services is an object
  if (response.status == kOk) {
    FUZZ_CHECK(!answer.contains("__type"), details);
    return;
  }
  FUZZ_CHECK(response.status == kBadRequest, details);
  FUZZ_CHECK(answer.contains("__type") && answer["__type"].is_string(), details);
  const std::string type = answer["__type"];
  const std::size_t mark = type.find('#');
  FUZZ_CHECK(mark != std::string::npos, details);
  FUZZ_CHECK(std::find(kErrors.begin(), kErrors.end(), type.substr(mark + 1)) != kErrors.end(),
             details);
}

}  // namespace

FuzzDatabase::FuzzDatabase() {
  for (const std::string_view table : kTables) {
    Must("CreateTable", Json::parse(table));
  }
  Must("BatchWriteItem", Json::parse(kItems));
  stream_ = Must("DescribeTable", {{"TableName", "ranged"}})["Table"]["LatestStreamArn"];
  shard_ =
      Must("DescribeStream", {{"StreamArn", stream_}})["StreamDescription"]["Shards"][0]["ShardId"];
  iterator_ = Must("GetShardIterator", {{"StreamArn", stream_},
                                        {"ShardId", shard_},
                                        {"ShardIteratorType", "TRIM_HORIZON"}})["ShardIterator"];
  changed_ = false;
}

Json FuzzDatabase::Call(std::string_view operation, std::string body) {
  Replace(body, "@stream", stream_);
  Replace(body, "@shard", shard_);
  Replace(body, "@iterator", iterator_);
  const std::string details = std::string(operation) + " " + body;
  protocol::HttpResponse response;
  service_.Handle(SignedRequest(operation, std::move(body)), response);
  // These two operations have no output: their answer's body is empty.
  const bool silent = operation == "TagResource" || operation == "UntagResource";
  Json answer = silent && response.status == kOk && response.body.empty()
                    ? Json::object()
                    : Json::parse(response.body, nullptr, false);
  CheckAnswer(response, answer, details + "\n  " + response.body);
  const bool reads = operation.starts_with("Get") || operation.starts_with("BatchGet") ||
                     operation.starts_with("Describe") || operation.starts_with("List") ||
                     operation == "Query" || operation == "Scan";
  changed_ = changed_ || (response.status == kOk && !reads);
  return answer;
}

Json FuzzDatabase::Must(std::string_view operation, const Json& request) {
  Json answer = Call(operation, request.dump());
  FUZZ_CHECK(!answer.contains("__type"), request.dump() + "\n  " + answer.dump());
  return answer;
}

void FuzzDatabase::ReadStream(const std::string& arn) {
  const Json description = Must("DescribeStream", {{"StreamArn", arn}})["StreamDescription"];
  for (const Json& shard : description["Shards"]) {
    Json iterator = Must(
        "GetShardIterator",
        {{"StreamArn", arn}, {"ShardId", shard["ShardId"]}, {"ShardIteratorType", "TRIM_HORIZON"}});
    Must("GetRecords", {{"ShardIterator", iterator["ShardIterator"]}});
  }
}

void FuzzDatabase::ReadEverything() {
  const Json tables = Must("ListTables", Json::object());
  for (const Json& name : tables["TableNames"]) {
    const Json table = Must("DescribeTable", {{"TableName", name}})["Table"];
    Must("Scan", {{"TableName", name}});
    for (const char* member : {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"}) {
      for (const Json& index : table.value(member, Json::array())) {
        Must("Scan", {{"TableName", name}, {"IndexName", index["IndexName"]}});
      }
    }
  }
  const Json streams = Must("ListStreams", Json::object());
  for (const Json& stream : streams["Streams"]) {
    ReadStream(stream["StreamArn"]);
  }
}

}  // namespace weir::fuzz
