// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/invoke_routes.h"

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "consumers/worker_pool.h"
#include "core/base64.h"
#include "core/clock.h"
#include "services/lambda/invoke/concurrent_invoker.h"
#include "services/lambda/invoke/event_stream.h"
#include "storage/engine.h"
#include "storage/kept_records.h"
#include "tests/unit/invoke/fakes.h"
#include "tests/unit/support/plain_request.h"

namespace weir::lambda {
namespace {

using testing::FakeDirectory;
using testing::FakeHost;
using testing::InvokeOutcome;
using testing::Kind;
using testing::Ref;
using testing::Spec;

using Headers = std::map<std::string, std::string>;

class Fixture {
 public:
  Fixture() {
    directory.Add(Ref(Spec("f")));
    AddInvokeRoutes(routes, directory, invoker, queue);
  }
  ~Fixture() { pool.Stop(); }

  protocol::HttpResponse Send(const std::string& path, const std::string& body,
                              const Headers& headers = {}) {
    testing::PlainRequest request;
    request.method_text = "POST";
    request.target_text = path;
    request.body_text = body;
    request.headers = headers;
    protocol::RestCall call{request, {}, {}, protocol::ReadQuery(request.query())};
    const protocol::RestRoutes::Route* const route =
        routes.Find("POST", request.path(), call.labels);
    REQUIRE(route != nullptr);
    protocol::HttpResponse response;
    route->handler(call, response);
    if (response.later != nullptr) {
      protocol::HttpResponse made;
      response.later([&](protocol::HttpResponse answer) { made = std::move(answer); });
      return made;  // the hosts of these tests answer at once
    }
    return response;
  }
  protocol::HttpResponse Invoke(const std::string& body, const Headers& headers = {},
                                const std::string& name = "f") {
    return Send("/2015-03-31/functions/" + name + "/invocations", body, headers);
  }
  void End(Kind kind, const std::string& payload, const std::string& log = "") {
    host.answer = [=](const FakeHost::Call&) { return InvokeOutcome{kind, payload, log}; };
  }
  static std::string Header(const protocol::HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) {
        return value;
      }
    }
    return "(none)";
  }

  ManualClock clock{Micros(1'700'000'000'000'000)};
  Timeline timeline{clock};
  consumers::WorkerPool pool{timeline, 1};
  std::unique_ptr<storage::Engine> engine = storage::NewMemoryEngine();
  storage::KeptRecords records{*engine};
  FakeHost host;
  FakeDirectory directory;
  ConcurrentInvoker invoker{host, host, timeline};
  AsyncQueue queue{{&pool, &directory, &invoker, &records, [](std::string_view) {}}};
  protocol::RestRoutes routes;
};

TEST_CASE_METHOD(Fixture, "Invoke answers what the function returns", "[lambda][Invoke]") {
  End(Kind::kReturned, R"({"a":1})", "a log");
  const protocol::HttpResponse answer = Invoke("[1]");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"a":1})");
  CHECK(answer.content_type == "application/json");
  CHECK(answer.request_id.size() == 36);
  CHECK(Header(answer, "X-Amz-Executed-Version") == "$LATEST");
  CHECK(Header(answer, "X-Amz-Function-Error") == "(none)");
  CHECK(Header(answer, "X-Amz-Log-Result") == "(none)");
  REQUIRE(host.seen().size() == 1);
  CHECK(host.seen()[0].payload == "[1]");
  CHECK(host.seen()[0].request_id == answer.request_id);
  CHECK(host.seen()[0].invoked_arn == "arn:aws:lambda:eu-west-1:000000000000:function:f");
}

TEST_CASE_METHOD(Fixture, "Invoke hands on null, and an empty object for no payload",
                 "[lambda][Invoke]") {
  End(Kind::kReturned, "null");
  CHECK(Invoke("null").body == "null");
  Invoke("");
  REQUIRE(host.seen().size() == 2);
  CHECK(host.seen()[0].payload == "null");
  CHECK(host.seen()[1].payload == "{}");
}

TEST_CASE_METHOD(Fixture, "Invoke answers function errors, and the end of the log if asked",
                 "[lambda][Invoke]") {
  End(Kind::kFunctionError, R"({"errorMessage":"no"})", std::string(5000, 'x') + "end\xff");
  const protocol::HttpResponse answer = Invoke("{}", {{"X-Amz-Log-Type", "Tail"}});
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"errorMessage":"no"})");
  CHECK(Header(answer, "X-Amz-Function-Error") == "Unhandled");
  std::string log;
  REQUIRE(DecodeBase64(Header(answer, "X-Amz-Log-Result"), log) == Base64Fault::kNone);
  CHECK(log.size() == 4096);
  CHECK(log.ends_with("xend\xff"));
}

TEST_CASE_METHOD(Fixture, "Invoke hands on the qualifier and the client context",
                 "[lambda][Invoke]") {
  End(Kind::kReturned, "1");
  Send("/2015-03-31/functions/f/invocations?Qualifier=live", "{}",
       {{"X-Amz-Client-Context", "eyJhIjoxfQ=="}});
  REQUIRE(host.seen().size() == 1);
  CHECK(host.seen()[0].invoked_arn == "arn:aws:lambda:eu-west-1:000000000000:function:f:live");
  CHECK(host.seen()[0].client_context == R"({"a":1})");
  for (const std::string& context :
       {std::string("no"), std::string("bm8="), std::string(3584, 'a')}) {
    const protocol::HttpResponse answer = Invoke("{}", {{"X-Amz-Client-Context", context}});
    CHECK(answer.status == 400);
    CHECK(Header(answer, "x-amzn-ErrorType") == "InvalidRequestContentException");
  }
}

TEST_CASE_METHOD(Fixture, "Invoke accepts events, and checks dry runs", "[lambda][Invoke]") {
  End(Kind::kReturned, "1");
  const protocol::HttpResponse dry = Invoke("{}", {{"X-Amz-Invocation-Type", "DryRun"}});
  CHECK(dry.status == 204);
  CHECK(dry.body.empty());
  CHECK(host.seen().empty());
  const protocol::HttpResponse event = Invoke("{}", {{"X-Amz-Invocation-Type", "Event"}});
  CHECK(event.status == 202);
  CHECK(event.body.empty());
  REQUIRE(timeline.ChangeNow({}).ok());
  REQUIRE(host.seen().size() == 1);
  CHECK(host.seen()[0].request_id == event.request_id);
  const protocol::HttpResponse old = Send("/2014-11-13/functions/f/invoke-async/", "{}");
  CHECK(old.status == 202);
  CHECK(old.body.empty());
  REQUIRE(timeline.ChangeNow({}).ok());
  CHECK(host.seen().size() == 2);
}

TEST_CASE_METHOD(Fixture, "Invoke refuses what AWS refuses", "[lambda][Invoke]") {
  const auto fault = [&](const protocol::HttpResponse& answer, unsigned status,
                         const std::string& type) {
    CHECK(answer.status == status);
    CHECK(Header(answer, "x-amzn-ErrorType") == type);
    return answer.body;
  };
  CHECK(fault(Invoke("{}", {}, "g"), 404, "ResourceNotFoundException")
            .find("Function not found: g") != std::string::npos);
  CHECK(fault(Invoke("{a"), 400, "InvalidRequestContentException")
            .find("\"Could not parse request body into json: ") != std::string::npos);
  CHECK(fault(Invoke(std::string(6'291'457, ' ')), 413, "RequestEntityTooLargeException")
            .find("\"Request must be smaller than 6291456 bytes for the InvokeFunction "
                  "operation\"") != std::string::npos);
  CHECK(fault(Invoke(std::string(1'048'577, ' '), {{"X-Amz-Invocation-Type", "Event"}}), 413,
              "RequestEntityTooLargeException")
            .find("\"1048577 byte payload is too large for the Event invocation type (limit "
                  "1048576 bytes)\"") != std::string::npos);
  CHECK(fault(Invoke("{}", {{"X-Amz-Invocation-Type", "dry_run"}, {"X-Amz-Log-Type", "All"}}), 400,
              "ValidationException")
            .find("\"2 validation errors detected: Value 'dry_run' at 'invocationType' failed to "
                  "satisfy constraint: Member must satisfy enum value set: [DryRun, "
                  "RequestResponse, Event]; Value 'All' at 'logType' failed to satisfy "
                  "constraint: Member must satisfy enum value set: [None, Tail]\"") !=
        std::string::npos);
  CHECK(fault(Invoke("{}", {{"X-Amz-Tenant-Id", "t"}}), 400, "InvalidParameterValueException")
            .find("TenantId is not supported by Weir yet") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "Invoke answers what could not run as errors", "[lambda][Invoke]") {
  directory.Add(Ref(Spec("reserved"), 0));
  const protocol::HttpResponse throttled = Invoke("{}", {}, "reserved");
  CHECK(throttled.status == 429);
  CHECK(Header(throttled, "x-amzn-ErrorType") == "TooManyRequestsException");
  CHECK(throttled.body.find("\"ReservedFunctionConcurrentInvocationLimitExceeded\"") !=
        std::string::npos);
  CHECK(throttled.body.find("\"Rate Exceeded.\"") != std::string::npos);
  End(Kind::kUnavailable, "No process is attached");
  const protocol::HttpResponse unavailable = Invoke("{}");
  CHECK(unavailable.status == 500);
  CHECK(Header(unavailable, "x-amzn-ErrorType") == "ServiceException");
  CHECK(unavailable.body.find("\"No process is attached\"") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "InvokeWithResponseStream answers events", "[lambda][Invoke]") {
  End(Kind::kReturned, R"({"a":1})", "log");
  const std::string path = "/2021-11-15/functions/f/response-streaming-invocations";
  const protocol::HttpResponse answer = Send(path, "{}", {{"X-Amz-Log-Type", "Tail"}});
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/vnd.amazon.eventstream");
  CHECK(Header(answer, "X-Amz-Executed-Version") == "$LATEST");
  std::string expected;
  AppendPayloadChunk(R"({"a":1})", expected);
  AppendInvokeComplete({}, "bG9n", expected);
  CHECK(answer.body == expected);
  CHECK(Send(path, "{}", {{"X-Amz-Invocation-Type", "Event"}}).status == 400);
}

TEST_CASE("Events have the framing of AWS's event streams", "[lambda][Invoke]") {
  std::string chunk;
  AppendPayloadChunk("x", chunk);
  std::string encoded;
  EncodeBase64(chunk, encoded);
  // A message that botocore's EventStreamBuffer reads.
  CHECK(encoded ==
        "AAAAawAAAFoAfiHfDTptZXNzYWdlLXR5cGUHAAVldmVudAs6ZXZlbnQtdHlwZQcADFBheWxvYWRDaHVuaw06Y29u"
        "dGVudC10eXBlBwAYYXBwbGljYXRpb24vb2N0ZXQtc3RyZWFteOUlj6s=");
  std::string complete;
  AppendInvokeComplete(R"({"errorType":"Error"})", "bG9n", complete);
  CHECK(complete.find(R"({"ErrorCode":"Error","ErrorDetails":"{\"errorType\":\"Error\"}",)"
                      R"("LogResult":"bG9n"})") != std::string::npos);
}

}  // namespace
}  // namespace weir::lambda
