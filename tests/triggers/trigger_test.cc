// SPDX-License-Identifier: Apache-2.0
// What functions get, and what becomes of records over shards, tables and mappings.
#include <catch2/catch.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "services/dynamodb/triggers/event_record.h"
#include "services/lambda/mappings/triggers_endpoint.h"
#include "tests/triggers/trigger_fixture.h"

namespace weir::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    parts.push_back(part);
  }
  return parts;
}

// The keys of all invocations so far, in order.
std::vector<std::string> KeysOf(const FakeFunctions& functions) {
  std::vector<std::string> keys;
  for (const std::string& invocation : Split(functions.log(), ' ')) {
    for (const std::string& key : Split(invocation.substr(invocation.find(':') + 1), ',')) {
      keys.push_back(key);
    }
  }
  return keys;
}

lambda::DeadLetter LetterOf(std::string payload) {
  lambda::DeadLetter letter;
  letter.mapping = "m";
  letter.condition = "RecordAgeExceeded";
  letter.payload = std::move(payload);
  return letter;
}

TEST_CASE("A function gets AWS's event", "[triggers]") {
  TriggerFixture fixture;
  fixture.Map();
  fixture.Must("PutItem", R"({"TableName":"orders","Item":{"pk":{"S":"a"},"n":{"N":"1.50"},
      "b":{"B":"AAE="},"l":{"L":[{"NULL":true}]}}})");
  fixture.Settle();
  Json event = fixture.functions().event();
  REQUIRE(event["Records"].size() == 1);
  Json record = event["Records"][0];
  const Json read = fixture.Records(fixture.arn())[0];
  CHECK(record["eventID"] == read["eventID"]);
  CHECK(record["dynamodb"]["SequenceNumber"] == read["dynamodb"]["SequenceNumber"]);
  record.erase("eventID");
  record["dynamodb"].erase("SequenceNumber");
  CHECK(record == Json::parse(R"({
      "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
      "awsRegion": "eu-west-1", "eventSourceARN": ")" +
                              fixture.arn() + R"(",
      "dynamodb": {"ApproximateCreationDateTime": 1700000000.0, "Keys": {"pk": {"S": "a"}},
        "NewImage": {"pk": {"S": "a"}, "n": {"N": "1.5"}, "b": {"B": "AAE="},
                     "l": {"L": [{"NULL": true}]}},
        "SizeBytes": 19, "StreamViewType": "NEW_AND_OLD_IMAGES"}})"));
}

TEST_CASE("An event's time is a decimal, and its members come in AWS's order", "[triggers]") {
  TriggerFixture fixture;
  fixture.Put("a");
  std::string text;
  const auto stream = fixture.database().streams().Find(fixture.arn());
  const auto reader = stream::Reader::Subscribe(stream, {}, fixture.database().clock().Now());
  const auto page =
      reader.value().Read(reader.value().cursors()[0], 1, fixture.database().clock().Now());
  dynamodb::AppendEventRecord(*stream, page.value().changes[0], text);
  CHECK(text.find(R"("dynamodb":{"ApproximateCreationDateTime":1700000000.0,"Keys":)") !=
        std::string::npos);
  CHECK(text.find(R"(,"eventSourceARN":")" + fixture.arn() + "\"}") != std::string::npos);
}

TEST_CASE("An item that expires says who deleted it, in lower case", "[triggers]") {
  TriggerFixture fixture;
  fixture.Must("UpdateTimeToLive", R"({"TableName":"orders",
      "TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}})");
  fixture.Map(R"({"FilterCriteria":{"Filters":[{"Pattern":
      "{\"userIdentity\":{\"type\":[\"Service\"],\"principalId\":[\"dynamodb.amazonaws.com\"]}}"}]}})");
  fixture.Must("PutItem",
               R"({"TableName":"orders","Item":{"pk":{"S":"a"},"ttl":{"N":"1700000100"}}})");
  fixture.Settle();
  CHECK(fixture.functions().log().empty());
  fixture.Advance(hours(1));
  REQUIRE_FALSE(fixture.functions().log().empty());
  CHECK(fixture.functions().event()["Records"][0]["userIdentity"] ==
        Json::parse(R"({"type":"Service","principalId":"dynamodb.amazonaws.com"})"));
}

TEST_CASE("An unchanged retry has the same request id, another batch another", "[triggers]") {
  TriggerFixture fixture;
  fixture.functions().Answer("error");
  fixture.Map();
  fixture.Put("a");
  fixture.Advance(seconds(1));
  fixture.Put("b");
  fixture.Settle();
  const std::vector<std::string> ids = fixture.functions().request_ids();
  REQUIRE(ids.size() == 3);
  CHECK(ids[0] == ids[1]);
  CHECK(ids[1] != ids[2]);
  CHECK(ids[0].size() == 36);
}

TEST_CASE("LastProcessingResult follows the last answer", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map(R"({"MaximumRetryAttempts":0})");
  CHECK(fixture.Describe(uuid)["LastProcessingResult"] == "No records processed");
  fixture.functions().Answer("error");
  fixture.Put("a");
  fixture.Settle();
  CHECK(fixture.Describe(uuid)["LastProcessingResult"] == "PROBLEM: Function call failed");
  fixture.Put("b");
  fixture.Settle();
  CHECK(fixture.Describe(uuid)["LastProcessingResult"] == "OK");
}

TEST_CASE("Expiry before any invocation leaves LastProcessingResult alone", "[triggers]") {
  TriggerFixture fixture;
  fixture.Put("a");
  fixture.Advance(minutes(2));
  const std::string uuid = fixture.Map(R"({"MaximumRecordAgeInSeconds":60})");
  fixture.Settle();
  CHECK(fixture.Status(uuid).dead_letters == 1);
  CHECK(fixture.Describe(uuid)["LastProcessingResult"] == "No records processed");
}

TEST_CASE("What is given up is a dead letter with its records, and named", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map(R"({"MaximumRetryAttempts":1})");
  fixture.functions().Answer("error");
  fixture.functions().Answer("error");
  fixture.Put("a");
  fixture.Advance(seconds(1));
  const auto list = fixture.dead_letters().List();
  REQUIRE(list.size() == 1);
  const auto letter = fixture.dead_letters().Find(list[0]["id"].get<std::string>());
  REQUIRE(letter.has_value());
  const std::string number = fixture.Records(fixture.arn())[0]["dynamodb"]["SequenceNumber"];
  CHECK((*letter)["mapping"] == uuid);
  CHECK((*letter)["functionArn"] == "arn:aws:lambda:eu-west-1:000000000000:function:fn");
  CHECK((*letter)["streamArn"] == fixture.arn());
  CHECK((*letter)["shardId"] == fixture.ShardIds(fixture.arn())[0]);
  CHECK((*letter)["condition"] == "RetryAttemptsExhausted");
  CHECK((*letter)["requestId"] == fixture.functions().request_ids()[0]);
  CHECK((*letter)["approximateInvokeCount"] == 2);
  CHECK((*letter)["startSequenceNumber"] == number);
  CHECK((*letter)["endSequenceNumber"] == number);
  CHECK((*letter)["batchSize"] == 1);
  CHECK((*letter)["error"] == R"({"errorMessage":"no","errorType":"Error"})");
  CHECK(Json::parse((*letter)["payload"].get<std::string>()) == fixture.functions().event());
  REQUIRE(fixture.reports().size() == 1);
  CHECK(fixture.reports()[0] == "trigger " + uuid + " gave up record " + number +
                                    " for arn:aws:lambda:eu-west-1:000000000000:function:fn: "
                                    "RetryAttemptsExhausted");
}

TEST_CASE("Dead letters outlive a restart, and are numbered on", "[triggers]") {
  TriggerFixture fixture;
  fixture.Map(R"({"MaximumRetryAttempts":0})");
  fixture.functions().Answer("error");
  fixture.Put("a");
  fixture.Settle();
  lambda::DeadLetters again(fixture.database().records());
  REQUIRE(again.List().size() == 1);
  CHECK(again.List()[0]["id"] == "1");
  again.Add(LetterOf("{}"));
  CHECK(again.Ids() == std::vector<std::string>{"1", "2"});
  CHECK(again.Remove("1"));
  CHECK_FALSE(again.Remove("1"));
  CHECK(again.Remove("2"));
  lambda::DeadLetters later(fixture.database().records());
  later.Add(LetterOf("{}"));
  CHECK(later.Ids() == std::vector<std::string>{"3"});  // no number is used again
}

TEST_CASE("The oldest dead letters make room, and are counted", "[triggers]") {
  TriggerFixture fixture;
  lambda::DeadLetters& letters = fixture.dead_letters();
  const lambda::DeadLetter letter = LetterOf(std::string(lambda::DeadLetters::kMostBytes / 3, 'x'));
  for (int i = 0; i < 4; ++i) {
    letters.Add(letter);
  }
  CHECK(letters.Ids() == std::vector<std::string>{"3", "4"});
  CHECK(letters.dropped() == 2);
}

TEST_CASE("Several mappings of a stream each get all records", "[triggers]") {
  TriggerFixture fixture;
  fixture.Map();
  fixture.Map(R"({"FunctionName":"other"})");
  fixture.Put("a");
  fixture.Settle();
  CHECK(fixture.functions().log() == "0:a 0:a");
}

TEST_CASE("A failing shard does not hold up the others", "[triggers]") {
  TriggerFixture fixture(4);
  const std::string uuid = fixture.Map(R"({"BatchSize":1})");
  fixture.functions().Answer("error");
  fixture.Put("a");
  fixture.Settle();
  fixture.Put("b c d e f g h");
  fixture.Settle();
  const std::vector<std::string> keys = KeysOf(fixture.functions());
  CHECK(keys.size() > 2);  // of the other three shards
  fixture.Advance(minutes(1));
  CHECK(KeysOf(fixture.functions()).size() == 9);
  CHECK(fixture.Status(uuid).records == 8);
}

TEST_CASE("Records of an item come in order over splits and rotations", "[triggers]") {
  TriggerFixture fixture(2);
  const std::string uuid = fixture.Map(R"({"BatchSize":3})");
  const auto stream = fixture.database().streams().Find(fixture.arn());
  std::map<std::string, int> written;
  for (int round = 0; round < 12; ++round) {
    for (const char* const key : {"a", "b", "c", "d", "e"}) {
      const int value = ++written[key];
      fixture.Must("UpdateItem",
                   Json{{"TableName", "orders"},
                        {"Key", {{"pk", {{"S", key}}}}},
                        {"UpdateExpression", "SET v = :v"},
                        {"ExpressionAttributeValues", {{":v", {{"N", std::to_string(value)}}}}}}
                       .dump());
    }
    // Some batches fail now and then.
    if (round % 3 == 0) {
      fixture.functions().Answer("error");
    }
    const Micros now = fixture.database().clock().Now();
    CHECK((round % 2 == 0 ? stream->RotateAll(now) : stream->SplitAll(now)).ok());
    fixture.Advance(round % 4 == 0 ? Micros(minutes(10)) : Micros(0));
  }
  fixture.Advance(minutes(10));
  CHECK(fixture.Status(uuid).records == 60);
  std::map<std::string, int> seen;
  for (const std::string& key : KeysOf(fixture.functions())) {
    ++seen[key];
  }
  for (const auto& [key, count] : written) {
    CHECK(seen[key] >= count);
  }
}

TEST_CASE("A mapping goes on for days of rotations", "[triggers]") {
  TriggerFixture fixture(2);
  const std::string uuid = fixture.Map();
  for (int hour = 0; hour < 60; ++hour) {
    fixture.Put("k" + std::to_string(hour));
    fixture.Advance(hours(1));
  }
  CHECK(fixture.Status(uuid).records == 60);
  CHECK(KeysOf(fixture.functions()).size() == 60);
  CHECK(fixture.Status(uuid).lost == 0);
}

TEST_CASE("The records of a deleted table are still sent, and the mapping stays", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map(R"({"MaximumBatchingWindowInSeconds":60})");
  fixture.Put("a b");
  fixture.Must("DeleteTable", R"({"TableName":"orders"})");
  fixture.Advance(minutes(2));
  CHECK(KeysOf(fixture.functions()) == std::vector<std::string>{"a", "b"});
  CHECK(fixture.Describe(uuid)["State"] == "Enabled");
}

TEST_CASE("A deleted function leaves its mapping enabled, and records wait", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map();
  fixture.functions().Remove("fn");
  fixture.Put("a");
  fixture.Advance(minutes(1));
  CHECK(fixture.Describe(uuid)["State"] == "Enabled");
  CHECK(fixture.Describe(uuid)["LastProcessingResult"] == "PROBLEM: Function call failed");
  CHECK(fixture.Status(uuid).last_error ==
        "Function not found: arn:aws:lambda:eu-west-1:000000000000:function:fn");
  CHECK(fixture.Status(uuid).waiting == 1);
  CHECK(fixture.Call("GET", "/2015-03-31/event-source-mappings?FunctionName=fn")
            .body["EventSourceMappings"][0]["UUID"] == uuid);
}

TEST_CASE("Records behind a batch that fails for a day are given up one by one", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map(R"({"BatchSize":1})");
  for (int i = 0; i < 3000; ++i) {
    fixture.functions().Answer("error");
  }
  fixture.Put("a b c d e");
  fixture.Advance(seconds(1));
  fixture.Put("f g");
  fixture.Advance(hours(25));
  CHECK(fixture.Status(uuid).dead_letters == 7);
  CHECK(fixture.Status(uuid).lost == 0);
  CHECK(fixture.dead_letters().Ids().size() == 7);
}

TEST_CASE("A deleted mapping sends no more", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map();
  fixture.Put("a");
  fixture.Settle();
  CHECK(fixture.Call("DELETE", "/2015-03-31/event-source-mappings/" + uuid).status == 202);
  fixture.Put("b");
  fixture.Advance(hours(1));
  CHECK(fixture.functions().log() == "0:a");
  CHECK(fixture.database().records().All("lambda.checkpoint").empty());
  CHECK(fixture.database().records().All("lambda.mapping").empty());
}

TEST_CASE("A batch ends before 6 MB", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map();
  fixture.functions().Answer("hold");
  fixture.Put("first");
  fixture.AdvanceWithHeld(Micros(0));
  for (int i = 0; i < 20; ++i) {
    const Json request = {
        {"TableName", "orders"},
        {"Item",
         {{"pk", {{"S", "k" + std::to_string(i)}}}, {"s", {{"S", std::string(390'000, 'x')}}}}}};
    fixture.Must("PutItem", request.dump());
  }
  fixture.functions().Release("ok");
  fixture.Settle();
  const std::vector<std::string> invocations = Split(fixture.functions().log(), ' ');
  REQUIRE(invocations.size() == 3);
  CHECK(Split(invocations[1], ',').size() == 16);
  CHECK(Split(invocations[2], ',').size() == 4);
  CHECK(fixture.Status(uuid).largest_batch == 16);
}

TEST_CASE("A stream shows what its view shows", "[triggers]") {
  TriggerFixture fixture(1, "KEYS_ONLY");
  fixture.Map();
  fixture.Put("a");
  fixture.Settle();
  const Json record = fixture.functions().event()["Records"][0]["dynamodb"];
  CHECK_FALSE(record.contains("NewImage"));
  CHECK(record["StreamViewType"] == "KEYS_ONLY");
}

TEST_CASE("A long backlog is sent in full batches", "[triggers]") {
  TriggerFixture fixture;
  for (int i = 0; i < 2500; ++i) {
    fixture.Put("k" + std::to_string(i));
  }
  const std::string uuid = fixture.Map(R"({"BatchSize":1000})");
  fixture.Settle();
  CHECK(fixture.Status(uuid).batches == 3);
  CHECK(fixture.Status(uuid).records == 2500);
  CHECK(fixture.Status(uuid).largest_batch == 1000);
}

TEST_CASE("A filter walks over a long backlog", "[triggers]") {
  TriggerFixture fixture;
  for (int i = 0; i < 20'000; ++i) {
    fixture.Put(i % 10'000 == 9'999 ? "wanted" + std::to_string(i) : "k" + std::to_string(i));
  }
  const std::string uuid = fixture.Map(
      R"({"FilterCriteria":{"Filters":[{"Pattern":
      "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[{\"prefix\":\"wanted\"}]}}}}"}]}})");
  fixture.Settle();
  CHECK(KeysOf(fixture.functions()) == std::vector<std::string>{"wanted9999", "wanted19999"});
  CHECK(fixture.Status(uuid).filtered == 19'998);
}

TEST_CASE("Mappings come and go while their triggers work", "[triggers]") {
  TriggerFixture fixture(4);
  for (int i = 0; i < 3000; ++i) {
    fixture.Put("k" + std::to_string(i));
  }
  for (int i = 0; i < 50; ++i) {
    const std::string uuid =
        fixture.Map(R"({"BatchSize":10,"MaximumBatchingWindowInSeconds":300})");
    fixture.Update(uuid, R"({"MaximumBatchingWindowInSeconds":0})");
    CHECK(fixture.Call("DELETE", "/2015-03-31/event-source-mappings/" + uuid).status == 202);
  }
  fixture.Settle();
  CHECK(fixture.database().records().All("lambda.checkpoint").empty());
  CHECK(fixture.database().timeline().holders() == 0);
}

TEST_CASE("A mapping that is enabled later begins with the next write", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map(R"({"StartingPosition":"LATEST","Enabled":false})");
  fixture.Put("before");
  fixture.Update(uuid, R"({"Enabled":true})");
  fixture.Put("after");
  fixture.Settle();
  CHECK(fixture.functions().log() == "0:after");
}

TEST_CASE("An answer with ten thousand failures is read at once", "[triggers]") {
  std::string answer = R"({"batchItemFailures":[)";
  for (int i = 0; i < 100'000; ++i) {
    answer += R"({"itemIdentifier":"9999"},)";
  }
  answer.back() = ']';
  answer += '}';
  std::size_t asked = 0;
  const lambda::BatchResult result =
      lambda::ReadBatchResult(answer, 10'000, [&](std::size_t index) {
        ++asked;
        return std::to_string(index);
      });
  CHECK(result.kind == lambda::BatchResult::Kind::kFailedFrom);
  CHECK(result.first_failed == 9999);
  CHECK(asked == 10'000);
}

TEST_CASE("What a function reports of a batch", "[triggers]") {
  using Kind = lambda::BatchResult::Kind;
  const auto kind_of = [](std::string_view answer) {
    return lambda::ReadBatchResult(answer, 3,
                                   [](std::size_t index) { return std::to_string(index); })
        .kind;
  };
  for (const char* const success : {"", "null", "{}", R"("")", R"({"batchItemFailures":null})",
                                    R"({"batchItemFailures":[]})", R"({"other":1})"}) {
    INFO(success);
    CHECK(kind_of(success) == Kind::kDone);
  }
  for (const char* const failure :
       {"[]", "1", R"("x")", "{", R"({"batchItemFailures":{}})", R"({"batchItemFailures":[1]})",
        R"({"batchItemFailures":[{}]})", R"({"batchItemFailures":[{"itemIdentifier":null}]})",
        R"({"batchItemFailures":[{"itemIdentifier":""}]})",
        R"({"batchItemFailures":[{"itemIdentifier":1}]})",
        R"({"batchItemFailures":[{"itemIdentifier":"1"},{"itemIdentifier":"3"}]})"}) {
    INFO(failure);
    CHECK(kind_of(failure) == Kind::kFailed);
  }
  CHECK(kind_of(R"({"batchItemFailures":[{"itemIdentifier":"2"},{"itemIdentifier":"1"}]})") ==
        Kind::kFailedFrom);
}

// The answer to a redrive of the first dead letter.
Json Redrive(TriggerFixture& fixture) {
  lambda::DeadLettersEndpoint endpoint(fixture.parts());
  Request request;
  request.target_text = "/_weir/dlq/1/redrive";
  protocol::HttpResponse response;
  endpoint.Handle(request, response);
  REQUIRE(response.later);
  Json body;
  (void)response.later(
      [&](const protocol::HttpResponse& answer) { body = Json::parse(answer.body); });
  return body;
}

TEST_CASE("A redrive keeps what fails again", "[triggers]") {
  TriggerFixture fixture;
  fixture.Map(R"({"MaximumRetryAttempts":0,"FunctionResponseTypes":["ReportBatchItemFailures"]})");
  fixture.functions().Answer("error");
  fixture.Put("a");
  fixture.Settle();
  REQUIRE(fixture.dead_letters().Ids().size() == 1);
  fixture.functions().Answer(R"({"batchItemFailures":[{"itemIdentifier":"x"}]})");
  CHECK(Redrive(fixture)["functionError"] == true);
  fixture.functions().Answer("error");
  CHECK(Redrive(fixture)["functionError"] == true);
  fixture.functions().Answer("down");
  CHECK(Redrive(fixture)["message"] == "The function did not run: no process is attached");
  CHECK(fixture.dead_letters().Ids().size() == 1);
  CHECK(Redrive(fixture)["functionError"] == false);
  CHECK(fixture.dead_letters().Ids().empty());
}

}  // namespace
}  // namespace weir::testing
