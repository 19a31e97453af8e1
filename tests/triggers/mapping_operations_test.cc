// SPDX-License-Identifier: Apache-2.0
// The operations on event source mappings, and what they refuse.
#include <catch2/catch.hpp>
#include <string>

#include "tests/triggers/trigger_fixture.h"

namespace weir::testing {
namespace {

// The text of an error, whose member AWS spells in two ways.
std::string MessageOf(const Answer& answer) {
  return answer.body.value("message", answer.body.value("Message", ""));
}

constexpr const char* kPath = "/2015-03-31/event-source-mappings";

TEST_CASE("CreateEventSourceMapping answers with all settings", "[triggers]") {
  TriggerFixture fixture;
  const Json request = {
      {"EventSourceArn", fixture.arn()}, {"FunctionName", "fn"}, {"StartingPosition", "LATEST"}};
  Answer answer = fixture.Call("POST", kPath, request.dump());
  CHECK(answer.status == 202);
  const std::string uuid = answer.body["UUID"];
  CHECK(uuid.size() == 36);
  CHECK(answer.body["LastModified"].is_number_float());
  answer.body.erase("LastModified");
  Json expected = Json::parse(R"({
    "BatchSize": 100, "MaximumBatchingWindowInSeconds": 0, "ParallelizationFactor": 1,
    "MaximumRetryAttempts": -1, "MaximumRecordAgeInSeconds": -1, "TumblingWindowInSeconds": 0,
    "BisectBatchOnFunctionError": false, "FunctionResponseTypes": [],
    "DestinationConfig": {"OnFailure": {}}, "StartingPosition": "LATEST",
    "FunctionArn": "arn:aws:lambda:eu-west-1:000000000000:function:fn", "State": "Creating",
    "StateTransitionReason": "User action", "LastProcessingResult": "No records processed"})");
  expected["UUID"] = uuid;
  expected["EventSourceArn"] = fixture.arn();
  expected["EventSourceMappingArn"] =
      "arn:aws:lambda:eu-west-1:000000000000:event-source-mapping:" + uuid;
  CHECK(answer.body == expected);
  CHECK(fixture.Describe(uuid)["State"] == "Enabled");
}

TEST_CASE("Updates answer with their state, and hold", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map();
  const std::string path = std::string(kPath) + "/" + uuid;
  const auto state = [&](const char* body) {
    return fixture.Call("PUT", path, body).body["State"].get<std::string>();
  };
  CHECK(state(R"({"BatchSize":7,"MaximumRetryAttempts":2,"MaximumRecordAgeInSeconds":60})") ==
        "Updating");
  CHECK(state(R"({"Enabled":false})") == "Disabling");
  CHECK(fixture.Describe(uuid)["State"] == "Disabled");
  CHECK(state(R"({"Enabled":true})") == "Enabling");
  CHECK(state(R"({"FunctionResponseTypes":["ReportBatchItemFailures"],
                  "BisectBatchOnFunctionError":true})") == "Updating");
  fixture.Restart();
  const Json body = fixture.Describe(uuid);
  CHECK(body["BatchSize"] == 7);
  CHECK(body["MaximumRetryAttempts"] == 2);
  CHECK(body["MaximumRecordAgeInSeconds"] == 60);
  CHECK(body["FunctionResponseTypes"] == Json::parse(R"(["ReportBatchItemFailures"])"));
  CHECK(body["BisectBatchOnFunctionError"] == true);
  CHECK(body["State"] == "Enabled");
}

TEST_CASE("Filters are shown as they were given, and not at all if there are none", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map(
      R"({"FilterCriteria":{"Filters":[{"Pattern":"{ \"eventName\": [\"INSERT\"] }"}]}})");
  CHECK(fixture.Describe(uuid)["FilterCriteria"] ==
        Json::parse(R"({"Filters":[{"Pattern":"{ \"eventName\": [\"INSERT\"] }"}]})"));
  fixture.Update(uuid, R"({"FilterCriteria":{"Filters":[]}})");
  CHECK_FALSE(fixture.Describe(uuid).contains("FilterCriteria"));
}

TEST_CASE("A mapping keeps the qualifier that was given", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map(R"({"FunctionName":"fn:live"})");
  CHECK(fixture.Describe(uuid)["FunctionArn"] ==
        "arn:aws:lambda:eu-west-1:000000000000:function:fn:live");
}

TEST_CASE("ListEventSourceMappings filters and pages", "[triggers]") {
  TriggerFixture fixture;
  const std::string first = fixture.Map();
  const std::string second = fixture.Map(R"({"FunctionName":"other"})");
  const std::string path(kPath);
  CHECK(fixture.Call("GET", path).body["EventSourceMappings"].size() == 2);
  CHECK(fixture.Call("GET", path + "?FunctionName=other").body["EventSourceMappings"][0]["UUID"] ==
        second);
  CHECK(fixture.Call("GET", path + "?EventSourceArn=" + fixture.arn())
            .body["EventSourceMappings"]
            .size() == 2);
  CHECK(fixture.Call("GET", path + "?EventSourceArn=arn:aws:dynamodb:x")
            .body["EventSourceMappings"]
            .empty());
  const Json page = fixture.Call("GET", path + "?MaxItems=1").body;
  CHECK(page["EventSourceMappings"].size() == 1);
  const Json rest =
      fixture.Call("GET", path + "?Marker=" + page["NextMarker"].get<std::string>()).body;
  CHECK(rest["EventSourceMappings"].size() == 1);
  CHECK_FALSE(rest.contains("NextMarker"));
  CHECK(fixture.Call("GET", path + "?FunctionName=none").status == 404);
  CHECK(fixture.Call("GET", path + "?MaxItems=0").status == 400);
}

struct Refused {
  const char* members;  // that replace those of a good request; null removes one
  unsigned status;
  std::string message;  // <arn> stands for the stream's
};

TEST_CASE("CreateEventSourceMapping refuses as AWS does", "[triggers]") {
  TriggerFixture fixture;
  const std::string counted = "1 validation error detected: Value '";
  const Refused rows[] = {
      {R"({"StartingPosition":null})", 400,
       "1 validation error detected: Value null at 'startingPosition' failed to satisfy "
       "constraint: Member must not be null."},
      {R"({"StartingPosition":"NOW"})", 400,
       counted + "NOW' at 'startingPosition' failed to satisfy constraint: Member must satisfy "
                 "enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]"},
      {R"({"StartingPosition":"AT_TIMESTAMP"})", 400,
       "Unsupported starting position for arn type: <arn>"},
      {R"({"StartingPosition":"AT_TIMESTAMP","StartingPositionTimestamp":1})", 400,
       "Unsupported starting position for arn type: <arn>"},
      {R"({"StartingPositionTimestamp":1})", 400,
       "Timestamp only valid with StartingPosition AT_TIMESTAMP"},
      {R"({"EventSourceArn":null})", 400, "Unrecognized event source."},
      {R"({"EventSourceArn":"arn:aws:s3:::bucket"})", 400, "Unrecognized event source."},
      {R"({"EventSourceArn":"x"})", 400, "Unrecognized event source."},
      {R"({"FunctionName":"none"})", 400, "Function does not exist"},
      {R"({"BatchSize":0})", 400,
       counted + "0' at 'batchSize' failed to satisfy constraint: Member must have value greater "
                 "than or equal to 1"},
      {R"({"BatchSize":10001})", 400,
       counted + "10001' at 'batchSize' failed to satisfy constraint: Member must have value less "
                 "than or equal to 10000"},
      {R"({"MaximumBatchingWindowInSeconds":301})", 400,
       counted + "301' at 'maximumBatchingWindowInSeconds' failed to satisfy constraint: Member "
                 "must have value less than or equal to 300"},
      {R"({"MaximumRetryAttempts":-2,"BatchSize":0})", 400,
       "2 validation errors detected: Value '0' at 'batchSize' failed to satisfy constraint: "
       "Member must have value greater than or equal to 1; Value '-2' at 'maximumRetryAttempts' "
       "failed to satisfy constraint: Member must have value greater than or equal to -1"},
      {R"({"FilterCriteria":{"Filters":[{"Pattern":"{"}]}})", 400,
       "Invalid filter pattern definition."},
      {R"({"FilterCriteria":{"Filters":[{"Pattern":"{\"a\":[]}"}]}})", 400,
       "Invalid filter pattern definition."},
      {R"({"ParallelizationFactor":2})", 400, "ParallelizationFactor is not supported by Weir yet"},
      {R"({"TumblingWindowInSeconds":60})", 400,
       "TumblingWindowInSeconds is not supported by Weir yet"},
      {R"({"DestinationConfig":{"OnFailure":{"Destination":"arn:aws:sqs:x"}}})", 400,
       "DestinationConfig is not supported by Weir yet"},
  };
  for (const Refused& row : rows) {
    INFO(row.members);
    Json request = {
        {"EventSourceArn", fixture.arn()}, {"FunctionName", "fn"}, {"StartingPosition", "LATEST"}};
    request.merge_patch(Json::parse(row.members));
    const Answer answer = fixture.Call("POST", kPath, request.dump());
    std::string expected = row.message;
    if (const std::size_t at = expected.find("<arn>"); at != std::string::npos) {
      expected.replace(at, 5, fixture.arn());
    }
    CHECK(answer.status == row.status);
    CHECK(MessageOf(answer) == expected);
  }
}

TEST_CASE("A stream that is not there is named", "[triggers]") {
  TriggerFixture fixture;
  const std::string arn =
      "arn:aws:dynamodb:eu-west-1:000000000000:table/x/stream/2026-01-01T00:00:00.000";
  const Json request = {
      {"EventSourceArn", arn}, {"FunctionName", "fn"}, {"StartingPosition", "LATEST"}};
  const Answer answer = fixture.Call("POST", kPath, request.dump());
  CHECK(answer.status == 400);
  CHECK(MessageOf(answer) == "Stream not found: " + arn);
}

TEST_CASE("A stream and a function have one mapping", "[triggers]") {
  TriggerFixture fixture;
  const std::string uuid = fixture.Map();
  const Json request = {
      {"EventSourceArn", fixture.arn()}, {"FunctionName", "fn"}, {"StartingPosition", "LATEST"}};
  const Answer answer = fixture.Call("POST", kPath, request.dump());
  CHECK(answer.status == 409);
  CHECK(MessageOf(answer) == "The event source arn (\" " + fixture.arn() +
                                 " \") and function (\" fn \") provided mapping already "
                                 "exists. Please update or delete the existing mapping with "
                                 "UUID " +
                                 uuid);
}

TEST_CASE("An unknown mapping is not found", "[triggers]") {
  TriggerFixture fixture;
  const std::string path = std::string(kPath) + "/00000000-0000-4000-8000-000000000000";
  for (const char* const method : {"GET", "PUT", "DELETE"}) {
    const Answer answer = fixture.Call(method, path, "{}");
    CHECK(answer.status == 404);
    CHECK(MessageOf(answer) == "The resource you requested does not exist.");
  }
}

TEST_CASE("A body that is no object is refused", "[triggers]") {
  TriggerFixture fixture;
  for (const char* const body : {"[]", "{", "1", R"({"BatchSize":"1"})", R"({"Enabled":1})",
                                 R"({"FilterCriteria":[]})", R"({"Tags":[]})"}) {
    CHECK(fixture.Call("POST", kPath, body).status == 400);
  }
}

}  // namespace
}  // namespace weir::testing
