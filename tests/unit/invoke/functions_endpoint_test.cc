// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/functions_endpoint.h"

#include <catch2/catch.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "consumers/worker_pool.h"
#include "core/clock.h"
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
using Json = nlohmann::json;

class OneAttachment final : public Attachments {
 public:
  Result<Attachment, std::string> Attach(std::string_view function) override {
    if (function != "f") {
      return std::string("no");
    }
    return Attachment{"h", "127.0.0.1:12345", {{"AWS_REGION", "eu-west-1"}}};
  }
  void Detach(std::string_view /*handle*/) override { ++detached; }
  int detached = 0;
};

class Fixture {
 public:
  Fixture() { directory.Add(Ref(Spec("f"))); }
  ~Fixture() { pool.Stop(); }

  protocol::HttpResponse Send(const std::string& method, const std::string& target,
                              const std::string& origin = "") {
    testing::PlainRequest request;
    request.method_text = method;
    request.target_text = "/_weir/functions" + target;
    if (!origin.empty()) {
      request.headers["Origin"] = origin;
    }
    protocol::HttpResponse response;
    endpoint.Handle(request, response);
    return response;
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
  OneAttachment attachments;
  AttachmentLeases leases{attachments};
  FunctionsEndpoint endpoint{FunctionsEndpoint::Parts{
      .directory = &directory,
      .invoker = &invoker,
      .queue = &queue,
      .leases = &leases,
      .list =
          [] {
            return std::vector<FunctionSummary>{
                {"f", "arn:f", "python3.12", runtimes::Placement::kProcess, 2}};
          },
      .code_of =
          [](std::string_view name, std::string_view version, std::string_view token) {
            return name == "f" && version == "$LATEST" && token == "t"
                       ? std::optional<std::string>("zip")
                       : std::nullopt;
          },
      .has_logs = [](std::string_view group) { return group == "/aws/lambda/gone"; },
      .read_logs =
          [](std::string_view group, const protocol::HttpRequest& request,
             protocol::HttpResponse& response) {
            response.body = std::string(group) + "?" + std::string(request.query());
          },
      .drain_logs = [this] { drained = true; }}};
  bool drained = false;
};

TEST_CASE_METHOD(Fixture, "Functions are listed with what has happened to them",
                 "[lambda][control]") {
  host.answer = [](const FakeHost::Call&) {
    return InvokeOutcome{Kind::kUnavailable, "nobody", {}};
  };
  invoker.Invoke(Ref(Spec("f")), {}, [](const InvokeOutcome&) {});
  const Json summary{
      {"name", "f"},    {"arn", "arn:f"},   {"runtime", "python3.12"}, {"placement", "process"},
      {"processes", 2}, {"underWay", 0},    {"invocations", 0},        {"errors", 0},
      {"throttles", 0}, {"unavailable", 1}, {"lastError", "nobody"},   {"queued", 0},
      {"givenUp", 0}};
  CHECK(Json::parse(Send("GET", "").body) == Json{{"functions", Json::array({summary})}});
  CHECK(Json::parse(Send("GET", "/f").body) == summary);
  CHECK(Send("GET", "/g").status == 404);
  CHECK(Send("POST", "").status == 405);
  CHECK(Send("GET", "/f/other").status == 404);
}

TEST_CASE_METHOD(Fixture, "A function's code is for who has the token", "[lambda][control]") {
  const protocol::HttpResponse zip = Send("GET", "/f/code?token=t&version=%24LATEST");
  CHECK(zip.body == "zip");
  CHECK(zip.content_type == "application/zip");
  CHECK(Send("GET", "/f/code?token=x&version=$LATEST").status == 404);
  CHECK(Send("GET", "/g/code?token=t").status == 404);
  CHECK(Send("DELETE", "/f/code?token=t").status == 405);
}

TEST_CASE_METHOD(Fixture, "The log is that of the function, also when it is gone",
                 "[lambda][control]") {
  CHECK(Send("GET", "/f/logs?since=1").body == "/aws/lambda/f?since=1");
  CHECK(Send("GET", "/gone/logs").body == "/aws/lambda/gone?");
  CHECK(Send("GET", "/never/logs").status == 404);
  CHECK(Send("POST", "/f/logs").status == 405);
  CHECK(!drained);
  endpoint.Drain();
  CHECK(drained);
}

TEST_CASE_METHOD(Fixture, "A process is attached, kept and ended, but by no web page",
                 "[lambda][control]") {
  CHECK(Send("POST", "/f/runtime", "https://evil.example").status == 403);
  const protocol::HttpResponse attached = Send("POST", "/f/runtime");
  REQUIRE(attached.status == 200);
  const Json lease = Json::parse(attached.body);
  CHECK(lease.at("runtimeApi") == "127.0.0.1:12345");
  CHECK(lease.at("environment") == Json{{"AWS_REGION", "eu-west-1"}});
  const std::string path = "/f/runtime/" + lease.at("id").get<std::string>();
  CHECK(Send("POST", path).status == 200);
  CHECK(Send("POST", "/f/runtime/x").status == 404);
  CHECK(Send("DELETE", path, "https://evil.example").status == 403);
  CHECK(attachments.detached == 0);
  CHECK(Send("DELETE", path).status == 200);
  CHECK(attachments.detached == 1);
  CHECK(Send("POST", path).status == 404);
  CHECK(Send("POST", "/g/runtime").status == 503);
  const protocol::HttpResponse refused = Send("GET", path);
  CHECK(refused.status == 405);
  CHECK(refused.body == R"({"message":"This control endpoint answers POST and DELETE only."})");
  REQUIRE(refused.headers.size() == 1);
  CHECK(refused.headers[0].first == "Allow");
  CHECK(refused.headers[0].second == "POST, DELETE");
  CHECK(Send("GET", "/f/runtime").status == 405);
}

TEST_CASE_METHOD(Fixture, "A process is attached by any form of a function's name, but not of none",
                 "[lambda][control]") {
  const std::string arn = "/arn:aws:lambda:us-east-1:000000000000:function:f/runtime";
  const protocol::HttpResponse attached = Send("POST", arn);
  REQUIRE(attached.status == 200);
  const std::string id = Json::parse(attached.body).at("id").get<std::string>();
  CHECK(Send("POST", arn + "/" + id).status == 200);
  CHECK(Send("DELETE", "/f/runtime/" + id).status == 200);
  const protocol::HttpResponse bad = Send("POST", "/a.b/runtime");
  CHECK(bad.status == 400);
  CHECK(Json::parse(bad.body).at("message").get<std::string>().find(
            "1 validation error detected: Value 'a.b' at 'functionName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: ") == 0);
  CHECK(Send("POST", "//runtime").status == 400);
  CHECK(Send("POST", "/" + std::string(65, 'f') + "/runtime").status == 400);
  CHECK(Send("DELETE", "/a.b/runtime/x").status == 400);
}

}  // namespace
}  // namespace weir::lambda
