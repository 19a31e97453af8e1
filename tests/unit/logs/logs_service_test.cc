// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "services/logs/log_store.h"
#include "services/logs/service.h"
#include "tests/unit/support/plain_request.h"

namespace weir::logs {
namespace {

using Json = nlohmann::json;

constexpr Millis kStart = 1'700'000'000'000;
constexpr const char* kAuthorization =
    "AWS4-HMAC-SHA256 Credential=key/20261201/eu-west-1/logs/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=00";

struct Fixture {
  ManualClock clock{Micros(kStart * 1000)};
  LogStore store{clock};
  LogsService service{store, clock};

  protocol::HttpResponse Send(const std::string& operation, const std::string& body,
                              bool is_signed = true) {
    testing::PlainRequest request;
    request.method_text = "POST";
    request.body_text = body;
    request.headers["X-Amz-Target"] = "Logs_20140328." + operation;
    request.headers["Content-Type"] = "application/x-amz-json-1.1";
    if (is_signed) {
      request.headers["Authorization"] = kAuthorization;
      request.headers["X-Amz-Date"] = "20261201T000000Z";
    }
    protocol::HttpResponse response;
    service.Handle(request, response);
    CHECK(response.content_type == "application/x-amz-json-1.1");
    return response;
  }
  // The answer of a request that is carried out; null if it has no body.
  Json Call(const std::string& operation, const Json& body) {
    const protocol::HttpResponse response = Send(operation, body.dump());
    INFO(response.body);
    REQUIRE(response.status == 200);
    return response.body.empty() ? Json() : Json::parse(response.body);
  }
  // The error's body.
  std::string Fault(const std::string& operation, const std::string& body) {
    const protocol::HttpResponse response = Send(operation, body);
    CHECK(response.status == 400);
    return response.body;
  }
  // Without the newline that ends those of functions.
  std::vector<std::string> Messages(const Json& answer) const {
    std::vector<std::string> messages;
    for (const Json& event : answer.at("events")) {
      const auto message = event.at("message").get<std::string>();
      messages.push_back(message.substr(0, message.find('\n')));
    }
    return messages;
  }
  void Append(std::string_view stream, Millis after, std::string_view message) {
    store.Append("/g", stream, Micros((kStart + after) * 1000), message);
  }
};
using Texts = std::vector<std::string>;

TEST_CASE_METHOD(Fixture, "A log group lives as Terraform has it live", "[logs][CreateLogGroup]") {
  CHECK(Call("CreateLogGroup", {{"logGroupName", "/g"}, {"tags", {{"a", "1"}}}}).is_null());
  CHECK(Call("PutRetentionPolicy", {{"logGroupName", "/g"}, {"retentionInDays", 14}}).is_null());
  const Json group{{"logGroupName", "/g"},
                   {"creationTime", kStart},
                   {"retentionInDays", 14},
                   {"metricFilterCount", 0},
                   {"arn", "arn:aws:logs:eu-west-1:000000000000:log-group:/g:*"},
                   {"storedBytes", 0},
                   {"logGroupClass", "STANDARD"},
                   {"logGroupArn", "arn:aws:logs:eu-west-1:000000000000:log-group:/g"},
                   {"deletionProtectionEnabled", false}};
  CHECK(Call("DescribeLogGroups", {{"logGroupNamePrefix", "/g"}}) ==
        Json{{"logGroups", Json::array({group})}});
  const Json arn{{"resourceArn", "arn:aws:logs:eu-west-1:000000000000:log-group:/g"}};
  CHECK(Call("ListTagsForResource", arn) == Json{{"tags", {{"a", "1"}}}});
  Json change = arn;
  change["tags"] = {{"b", "2"}};
  CHECK(Call("TagResource", change).is_null());
  change = arn;
  change["tagKeys"] = {"a"};
  CHECK(Call("UntagResource", change).is_null());
  CHECK(Call("ListTagsLogGroup", {{"logGroupName", "/g"}}) == Json{{"tags", {{"b", "2"}}}});
  CHECK(Call("DeleteRetentionPolicy", {{"logGroupName", "/g"}}).is_null());
  CHECK(!Call("DescribeLogGroups", Json::object())["logGroups"][0].contains("retentionInDays"));
  CHECK(Call("DeleteLogGroup", {{"logGroupName", "/g"}}).is_null());
  CHECK(Call("DescribeLogGroups", Json::object()) == Json{{"logGroups", Json::array()}});
}

TEST_CASE_METHOD(Fixture, "CloudWatch Logs words its errors as AWS does", "[logs]") {
  Call("CreateLogGroup", {{"logGroupName", "/g"}});
  CHECK(
      Fault("CreateLogGroup", R"({"logGroupName":"/g"})") ==
      R"({"__type":"ResourceAlreadyExistsException","message":"The specified log group already exists"})");
  CHECK(
      Fault("DeleteLogGroup", R"({"logGroupName":"/h"})") ==
      R"({"__type":"ResourceNotFoundException","message":"The specified log group does not exist."})");
  CHECK(
      Fault("GetLogEvents", R"({"logGroupName":"/g","logStreamName":"s"})") ==
      R"({"__type":"ResourceNotFoundException","message":"The specified log stream does not exist."})");
  CHECK(Fault("CreateLogGroup", R"({"logGroupName":"a b"})") ==
        R"({"__type":"InvalidParameterException","message":"1 validation error detected: )"
        R"(Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy )"
        R"(regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"})");
  CHECK(Fault("CreateLogStream", R"({"logGroupName":null})") ==
        R"({"__type":"InvalidParameterException","message":"2 validation errors detected: )"
        R"(Value null at 'logGroupName' failed to satisfy constraint: Member must not be null; )"
        R"(Value null at 'logStreamName' failed to satisfy constraint: Member must not be null"})");
  CHECK(Fault("CreateLogGroup", R"({"logGroupName":7})") ==
        R"({"__type":"SerializationException","message":"Expected a string"})");
  CHECK(Fault("CreateLogGroup", "[") == R"({"__type":"SerializationException"})");
  CHECK(Fault("CreateLogGroup", std::string(100'000, '[')) ==
        R"({"__type":"SerializationException"})");
  CHECK(
      Fault("StartQuery", "{}") ==
      R"({"__type":"UnknownOperationException","message":"StartQuery is not supported by Weir yet"})");
  CHECK(Send("DescribeLogGroups", "{}", false).body.find("MissingAuthenticationToken") !=
        std::string::npos);
  CHECK(Fault("PutRetentionPolicy", R"({"logGroupName":"/g","retentionInDays":2})")
            .find("Value '2' at 'retentionInDays' failed to satisfy constraint: Member must "
                  "satisfy enum value set: [1, 3, 5,") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "DescribeLogStreams orders by name or by the last event",
                 "[logs][DescribeLogStreams]") {
  Append("a", 30, "x");
  Append("b", 10, "x");
  Append("c", 20, "x");
  const auto names = [&](Json request) {
    request["logGroupName"] = "/g";
    Texts found;
    const Json answer = Call("DescribeLogStreams", request);
    for (const Json& stream : answer.at("logStreams")) {
      found.push_back(stream.at("logStreamName").get<std::string>());
    }
    if (answer.contains("nextToken")) {
      found.push_back("token " + answer["nextToken"].get<std::string>());
    }
    return found;
  };
  CHECK(names(Json::object()) == Texts{"a", "b", "c"});
  CHECK(names({{"descending", true}, {"limit", 2}}) == Texts{"c", "b", "token b"});
  CHECK(names({{"descending", true}, {"nextToken", "b"}}) == Texts{"a"});
  CHECK(names({{"orderBy", "LastEventTime"}}) == Texts{"b", "c", "a"});
  const Texts first = names({{"orderBy", "LastEventTime"}, {"descending", true}, {"limit", 1}});
  REQUIRE(first.size() == 2);
  CHECK(first[0] == "a");
  CHECK(names({{"orderBy", "LastEventTime"},
               {"descending", true},
               {"nextToken", first[1].substr(6)}}) == Texts{"c", "b"});
  CHECK(names({{"logStreamNamePrefix", "b"}}) == Texts{"b"});
  const Json stream =
      Call("DescribeLogStreams",
           {{"logGroupIdentifier", "arn:aws:logs:eu-west-1:000000000000:log-group:/g"}})
          .at("logStreams")
          .at(0);
  CHECK(stream == Json{{"logStreamName", "a"},
                       {"creationTime", kStart},
                       {"firstEventTimestamp", kStart + 30},
                       {"lastEventTimestamp", kStart + 30},
                       {"lastIngestionTime", kStart},
                       {"arn", "arn:aws:logs:eu-west-1:000000000000:log-group:/g:log-stream:a"},
                       {"storedBytes", 0}});
  CHECK(Fault("DescribeLogStreams",
              R"({"logGroupName":"/g","orderBy":"LastEventTime","logStreamNamePrefix":"a"})")
            .find("Cannot order by LastEventTime with a logStreamNamePrefix.") !=
        std::string::npos);
}

TEST_CASE_METHOD(Fixture, "GetLogEvents reads both ways, and gives the same token at an end",
                 "[logs][GetLogEvents]") {
  for (int i = 0; i < 5; ++i) {
    Append("s", i, std::to_string(i));
  }
  Json request{{"logGroupName", "/g"}, {"logStreamName", "s"}, {"limit", 2}};
  Json page = Call("GetLogEvents", request);
  CHECK(Messages(page) == Texts{"3", "4"});
  const Json end = page["nextForwardToken"];
  request["nextToken"] = page["nextBackwardToken"];
  page = Call("GetLogEvents", request);
  CHECK(Messages(page) == Texts{"1", "2"});
  request["nextToken"] = page["nextForwardToken"];
  CHECK(Messages(Call("GetLogEvents", request)) == Texts{"3", "4"});
  request["nextToken"] = page["nextBackwardToken"];
  page = Call("GetLogEvents", request);
  CHECK(Messages(page) == Texts{"0"});
  request["nextToken"] = page["nextBackwardToken"];
  page = Call("GetLogEvents", request);
  CHECK(Messages(page).empty());
  CHECK(page["nextBackwardToken"] == request["nextToken"]);

  request["nextToken"] = end;
  page = Call("GetLogEvents", request);
  CHECK(Messages(page).empty());
  CHECK(page["nextForwardToken"] == end);
  Append("s", 9, "5");
  page = Call("GetLogEvents", request);
  CHECK(Messages(page) == Texts{"5"});
  CHECK(page["events"][0] ==
        Json{{"timestamp", kStart + 9}, {"message", "5\n"}, {"ingestionTime", kStart}});

  request.erase("nextToken");
  request["startFromHead"] = true;
  CHECK(Messages(Call("GetLogEvents", request)) == Texts{"0", "1"});
  request["startTime"] = kStart + 2;
  request["endTime"] = kStart + 3;
  CHECK(Messages(Call("GetLogEvents", request)) == Texts{"2"});
  CHECK(
      Fault("GetLogEvents", R"({"logGroupName":"/g","logStreamName":"s","nextToken":"x"})") ==
      R"({"__type":"InvalidParameterException","message":"The specified nextToken is invalid."})");
}

TEST_CASE_METHOD(Fixture, "GetLogEvents of an empty stream gives a token for its first event",
                 "[logs][GetLogEvents]") {
  Call("CreateLogGroup", {{"logGroupName", "/g"}});
  Call("CreateLogStream", {{"logGroupName", "/g"}, {"logStreamName", "s"}});
  Json request{{"logGroupName", "/g"}, {"logStreamName", "s"}};
  request["nextToken"] = Call("GetLogEvents", request)["nextForwardToken"];
  CHECK(request["nextToken"] == "f/" + std::string(56, '0'));
  Append("s", 0, "first");
  CHECK(Messages(Call("GetLogEvents", request)) == Texts{"first"});
}

TEST_CASE_METHOD(Fixture, "FilterLogEvents finds events over streams, page by page",
                 "[logs][FilterLogEvents]") {
  for (int i = 0; i < 6; ++i) {
    Append(i % 2 == 0 ? "even" : "odd", i, (i < 3 ? "low " : "high ") + std::to_string(i));
  }
  Json request{{"logGroupName", "/g"}};
  CHECK(Messages(Call("FilterLogEvents", request)) ==
        Texts{"low 0", "low 1", "low 2", "high 3", "high 4", "high 5"});
  request["filterPattern"] = "high";
  request["limit"] = 2;
  Json page = Call("FilterLogEvents", request);
  CHECK(Messages(page) == Texts{"high 3", "high 4"});
  CHECK(page["searchedLogStreams"] == Json::array());
  CHECK(page["events"][0]["logStreamName"] == "odd");
  CHECK(page["events"][0]["eventId"].get<std::string>().size() == 56);
  request["nextToken"] = page["nextToken"];
  page = Call("FilterLogEvents", request);
  CHECK(Messages(page) == Texts{"high 5"});
  CHECK(!page.contains("nextToken"));

  request = {{"logGroupName", "/g"}, {"startFromHead", false}, {"limit", 4}};
  page = Call("FilterLogEvents", request);
  CHECK(Messages(page) == Texts{"high 5", "high 4", "high 3", "low 2"});
  request["nextToken"] = page["nextToken"];
  CHECK(Messages(Call("FilterLogEvents", request)) == Texts{"low 1", "low 0"});

  request = {{"logGroupName", "/g"}, {"logStreamNames", {"odd"}}, {"endTime", kStart + 3}};
  CHECK(Messages(Call("FilterLogEvents", request)) == Texts{"low 1", "high 3"});
  request = {{"logGroupName", "/g"}, {"logStreamNamePrefix", "e"}};
  CHECK(Messages(Call("FilterLogEvents", request)) == Texts{"low 0", "low 2", "high 4"});
}

TEST_CASE_METHOD(Fixture, "FilterLogEvents looks through so much at a time, and says it goes on",
                 "[logs][FilterLogEvents]") {
  const std::string filler(700'000, 'x');
  for (int i = 0; i < 6; ++i) {
    Append("s", i, filler);
  }
  Append("s", 9, "wanted");
  Json request{{"logGroupName", "/g"}, {"filterPattern", "wanted"}};
  const Json first = Call("FilterLogEvents", request);
  CHECK(Messages(first).empty());
  request["nextToken"] = first.at("nextToken");
  const Json second = Call("FilterLogEvents", request);
  CHECK(Messages(second) == Texts{"wanted"});
  CHECK(!second.contains("nextToken"));
}

TEST_CASE_METHOD(Fixture, "PutLogEvents takes a batch in order, and says what it rejects",
                 "[logs][PutLogEvents]") {
  Call("CreateLogGroup", {{"logGroupName", "/g"}});
  Call("CreateLogStream", {{"logGroupName", "/g"}, {"logStreamName", "s"}});
  const auto put = [](const std::vector<Millis>& times) {
    Json events = Json::array();
    for (const Millis time : times) {
      events.push_back({{"timestamp", kStart + time}, {"message", std::to_string(time)}});
    }
    return Json{{"logGroupName", "/g"}, {"logStreamName", "s"}, {"logEvents", events}};
  };
  constexpr Millis kHour = 3'600'000;
  constexpr Millis kDay = 24 * kHour;
  CHECK(Call("PutLogEvents", put({0, 1})) ==
        Json{{"nextSequenceToken", std::string(55, '0') + "2"}});
  CHECK(Call("PutLogEvents", put({-15 * kDay, 2, 2 * kHour + 1})).at("rejectedLogEventsInfo") ==
        Json{{"tooNewLogEventStartIndex", 2}, {"tooOldLogEventEndIndex", 1}});
  CHECK(Messages(Call("FilterLogEvents", {{"logGroupName", "/g"}})) == Texts{"0", "1", "2"});
  CHECK(Fault("PutLogEvents", put({1, 0}).dump()).find("must be in chronological order.") !=
        std::string::npos);
  CHECK(
      Fault("PutLogEvents", put({-25 * kHour, 0}).dump()).find("cannot span more than 24 hours.") !=
      std::string::npos);
  Json large = put({0, 1});
  large["logEvents"][0]["message"] = std::string(1'048'576 - 26, 'x');
  CHECK(Fault("PutLogEvents", large.dump())
            .find("Upload too large: 1048603 bytes exceeds limit of 1048576") != std::string::npos);
  CHECK(Fault("PutLogEvents", R"({"logGroupName":"/g","logStreamName":"s","logEvents":[{}]})")
            .find("logEvents.1.member.timestamp") != std::string::npos);
}

}  // namespace
}  // namespace weir::logs
