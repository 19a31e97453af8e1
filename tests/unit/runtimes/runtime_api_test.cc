// SPDX-License-Identifier: Apache-2.0
#include "runtimes/runtime_api.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace weir::runtimes {
namespace {

struct Client final : ApiClient {
  void Answer(ApiAnswer given) override {
    answers.push_back(std::to_string(given.status) + " " + given.body);
    answer = std::move(given);
  }
  [[nodiscard]] bool connected() const override { return is_connected; }
  bool is_connected = true;
  std::vector<std::string> answers;
  ApiAnswer answer;
};

struct Events final : ApiEvents {
  void OnReady() override { names.emplace_back("ready"); }
  void OnInitError(std::string error) override { names.push_back("init error " + error); }
  void OnResult(ApiResult result) override {
    names.push_back((result.is_error ? "error " : "returned ") + result.payload);
  }
  void OnRestarted() override { names.emplace_back("restarted"); }
  std::vector<std::string> names;
};

using Names = std::vector<std::string>;

struct Fixture {
  explicit Fixture(bool may_restart = false) : api(events, may_restart) {}
  std::shared_ptr<Client> Next() {
    auto client = std::make_shared<Client>();
    ApiRequest request;
    request.method = "GET";
    request.path = "/2018-06-01/runtime/invocation/next";
    api.Handle(std::move(request), client);
    return client;
  }
  // The answer to a POST.
  std::string Post(const std::string& path, const std::string& body = "1",
                   const std::string& mode = "") {
    const auto client = std::make_shared<Client>();
    ApiRequest request;
    request.method = "POST";
    request.path = "/2018-06-01/runtime/" + path;
    request.body = body;
    request.body_size = body.size();
    request.response_mode = mode;
    api.Handle(std::move(request), client);
    return client->answers.empty() ? "" : client->answers.front();
  }
  void Send() {
    ApiInvocation invocation;
    invocation.request_id = "id";
    invocation.payload = "{}";
    invocation.deadline_ms = 5;
    api.Send(std::move(invocation));
  }

  Events events;
  RuntimeApi api;
};

const std::string kAccepted = "202 {\"status\":\"OK\"}\n";

std::string Forbidden(const std::string& from, const std::string& to) {
  return R"(403 {"errorMessage":"State transition from )" + from + " to " + to +
         R"( failed for runtime. Error: State transition is not allowed",)" +
         R"("errorType":"InvalidStateTransition"})";
}

TEST_CASE("An invocation goes through the Runtime API", "[runtimes][RuntimeApi]") {
  Fixture fixture;
  const auto next = fixture.Next();
  CHECK(next->answers.empty());
  REQUIRE(fixture.api.ready());
  fixture.Send();
  CHECK(next->answers == Names{"200 {}"});
  REQUIRE(next->answer.headers.size() == 2);  // those that are empty are left out
  CHECK(next->answer.headers[0].name == "Lambda-Runtime-Aws-Request-Id");
  CHECK(next->answer.headers[0].value == "id");
  CHECK(next->answer.headers[1].name == "Lambda-Runtime-Deadline-Ms");
  CHECK(next->answer.headers[1].value == "5");
  CHECK_FALSE(fixture.api.ready());
  CHECK(fixture.Post("invocation/id/response", "42") == kAccepted);
  (void)fixture.Next();
  fixture.Send();
  CHECK(fixture.Post("invocation/id/error", "{}") == kAccepted);
  CHECK(fixture.events.names == Names{"ready", "returned 42", "ready", "error {}"});
}

TEST_CASE("The Runtime API refuses what comes at the wrong time", "[runtimes][RuntimeApi]") {
  Fixture fixture;
  CHECK(fixture.Post("invocation/id/response") == Forbidden("Started", "InvocationResponse"));
  CHECK(fixture.Post("invocation/id/error") == Forbidden("Started", "InvocationErrorResponse"));
  (void)fixture.Next();
  CHECK(fixture.Next()->answers == Names{Forbidden("Ready", "Ready")});
  CHECK(fixture.Post("init/error") == Forbidden("Ready", "InitError"));
  fixture.Send();
  CHECK(fixture.Next()->answers == Names{Forbidden("Running", "Ready")});
  CHECK(fixture.Post("invocation/other/response") ==
        R"(400 {"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"})");
  CHECK(fixture.Post("invocation/id/response", "1", "buffered") ==
        R"(400 {"errorMessage":"Invalid function response mode",)"
        R"("errorType":"InvalidFunctionResponseMode"})");
  CHECK(fixture.Post("invocation/id/response", "1", "streaming") == kAccepted);
  CHECK(fixture.Post("invocation/id/response") ==
        Forbidden("RuntimeResponseSentState", "InvocationResponse"));
  CHECK(fixture.events.names == Names{"ready", "returned 1"});
}

TEST_CASE("After an error at its start a process gets no invocation", "[runtimes][RuntimeApi]") {
  Fixture fixture;
  CHECK(fixture.Post("init/error", "{}") == kAccepted);
  CHECK(fixture.Next()->answers == Names{Forbidden("InitError", "Ready")});
  CHECK(fixture.events.names == Names{"init error {}"});
}

TEST_CASE("The Runtime API knows no other paths", "[runtimes][RuntimeApi]") {
  Fixture fixture;
  for (const char* path : {"", "invocation", "invocation/id", "invocation/id/other", "restore/next",
                           "invocation/next"}) {
    CHECK(fixture.Post(path) == "404 404 page not found\n");
  }
  CHECK(fixture.events.names.empty());
}

TEST_CASE("A process whose connection is lost may ask again", "[runtimes][RuntimeApi]") {
  Fixture fixture;
  const auto first = fixture.Next();
  first->is_connected = false;
  CHECK_FALSE(fixture.api.ready());
  const auto second = fixture.Next();
  fixture.Send();
  CHECK(first->answers.empty());
  CHECK(second->answers == Names{"200 {}"});
}

TEST_CASE("A process that somebody else starts may be restarted", "[runtimes][RuntimeApi]") {
  Fixture fixture(true);
  (void)fixture.Next();
  fixture.Send();
  (void)fixture.Next();
  CHECK(fixture.events.names == Names{"ready", "restarted", "ready"});
}

TEST_CASE("A result that nobody waits for is taken and dropped", "[runtimes][RuntimeApi]") {
  Fixture fixture(true);
  (void)fixture.Next();
  fixture.Send();
  fixture.api.Forget();
  CHECK(fixture.Post("invocation/id/response") == kAccepted);
  (void)fixture.Next();
  fixture.Send();
  CHECK(fixture.Post("invocation/id/response", "2") == kAccepted);
  CHECK(fixture.events.names == Names{"ready", "ready", "returned 2"});
}

}  // namespace
}  // namespace weir::runtimes
