// SPDX-License-Identifier: Apache-2.0
#include "runtimes/endpoint/endpoint_host.h"

#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "runtimes/endpoint/lambda_endpoints.h"
#include "tests/unit/http/scripted_server.h"

namespace weir::runtimes {
namespace {

using std::chrono::milliseconds;
using testing::Answer;
using testing::ScriptedServer;
using Kind = InvokeOutcome::Kind;
using Socket = ScriptedServer::Socket;

constexpr const char* kRequestId = "8f507cfc-xmpl-4697-b07a-ac58fc914c95";
constexpr const char* kTimedOut =
    R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: )"
    R"(8f507cfc-xmpl-4697-b07a-ac58fc914c95 Error: Task timed out after 1.00 seconds"})";
constexpr const char* kExited =
    R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: )"
    R"(8f507cfc-xmpl-4697-b07a-ac58fc914c95 Error: Runtime exited without providing a reason"})";
constexpr const char* kApiPath = "/2015-03-31/functions/orders/invocations";

struct Fixture {
  explicit Fixture(ScriptedServer::Script script, milliseconds allowance = milliseconds(10'000),
                   int timeout_s = 1)
      : server(std::move(script)), host(client, allowance), timeout(timeout_s) {}

  std::future<InvokeOutcome> Start(std::string_view path, const std::string& client_context = {}) {
    auto spec = std::make_shared<FunctionSpec>();
    spec->name = "orders";
    spec->placement = Placement::kEndpoint;
    spec->timeout_s = timeout;
    spec->endpoint = server.Url(path);
    auto outcome = std::make_shared<std::promise<InvokeOutcome>>();
    std::future<InvokeOutcome> future = outcome->get_future();
    host.Invoke(spec,
                {.request_id = kRequestId,
                 .payload = R"({"a":1})",
                 .client_context = client_context,
                 .invoked_arn = {}},
                [outcome](InvokeOutcome one) { outcome->set_value(std::move(one)); });
    return future;
  }

  ScriptedServer server;
  consumers::HttpClient client{consumers::HttpClientOptions{}};
  EndpointHost host;
  int timeout;
};

ScriptedServer::Script Once(std::string answer) {
  return [answer = std::move(answer)](Socket& socket, int /*number*/) {
    if (ScriptedServer::Read(socket)) {
      ScriptedServer::Write(socket, answer);
    }
  };
}

TEST_CASE("An invocation is POSTed as an SDK does it", "[lambda][endpoint]") {
  std::promise<ScriptedServer::Request> seen;
  Fixture on([&seen](Socket& socket, int /*number*/) {
    seen.set_value(ScriptedServer::Read(socket).value());
    ScriptedServer::Write(socket, Answer(R"({"b":2})"));
  });
  const InvokeOutcome outcome = on.Start(kApiPath, R"({"c":3})").get();
  CHECK(outcome.kind == Kind::kReturned);
  CHECK(outcome.payload == R"({"b":2})");
  CHECK(outcome.log_tail.empty());
  const ScriptedServer::Request request = seen.get_future().get();
  CHECK(request.method_string() == "POST");
  CHECK(request.target() == kApiPath);
  CHECK(request.body() == R"({"a":1})");
  CHECK(request["Content-Type"] == "application/json");
  CHECK(request["X-Amz-Invocation-Type"] == "RequestResponse");
  CHECK(request["X-Amz-Log-Type"] == "None");
  CHECK(request["X-Amz-Client-Context"] == "eyJjIjozfQ==");
}

TEST_CASE("How an invocation ended is read from status and headers", "[lambda][endpoint]") {
  struct Case {
    std::string answer;
    Kind kind;
    std::string payload;
  };
  const std::string error = R"({"errorMessage":"no","errorType":"Error"})";
  const Case one = GENERATE_COPY(values<Case>({
      {Answer(error, "200 OK", "X-Amz-Function-Error: Unhandled\r\n"), Kind::kFunctionError, error},
      {Answer(error), Kind::kReturned, error},  // is what this function returns
      {Answer("null"), Kind::kReturned, "null"},
      {Answer(R"({"Reason":"x"})", "429 Too Many Requests"), Kind::kThrottled,
       R"( answered with HTTP status 429: {"Reason":"x"})"},
      {Answer("no such function", "404 Not Found"), Kind::kUnavailable,
       " answered with HTTP status 404: no such function"},
      {Answer("", "503 Service Unavailable"), Kind::kUnavailable,
       " answered with HTTP status 503: "},
      {Answer("", "302 Found", "Location: /a\r\n"), Kind::kUnavailable,
       " answered with HTTP status 302: "},
      {Answer("", "400 Bad Request"), Kind::kUnavailable, " answered with HTTP status 400: "},
      {"HTTP/1.1 200 OK\r\nContent-Length: 6291557\r\n\r\n", Kind::kFunctionError,
       R"({"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size )"
       R"(exceeded maximum allowed payload size (6291556 bytes)."})"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", Kind::kFunctionError, kExited},
      {"", Kind::kFunctionError, kExited},
  }));
  CAPTURE(one.answer);
  Fixture on(Once(one.answer));
  const InvokeOutcome outcome = on.Start(kApiPath).get();
  CHECK(outcome.kind == one.kind);
  const bool has_url = one.payload.starts_with(' ');
  CHECK(outcome.payload == (has_url ? on.server.Url(kApiPath) : "") + one.payload);
}

TEST_CASE("An emulator's errors are known by their form", "[lambda][endpoint]") {
  struct Case {
    std::string answer;
    Kind kind;
    std::string payload;
  };
  const std::string error =
      R"({"errorMessage":"no","errorType":"Error","trace":["a",{"errorType":[]}]})";
  const std::string inner = R"({"a":{"errorMessage":"no","errorType":"Error"}})";
  const std::string array = R"([{"errorMessage":"no","errorType":"Error"}])";
  const std::string one_member = R"({"errorMessage":"no"})";
  const std::string number = R"({"errorMessage":"no","errorType":5})";
  const std::string broken = R"({"errorMessage":"no","errorType":"Error")";
  const std::string deep = R"({"errorMessage":"no","a":)" + std::string(200'000, '[');
  const Case one = GENERATE_COPY(values<Case>({
      {Answer(error), Kind::kFunctionError, error},
      {Answer(error, "502 Bad Gateway"), Kind::kFunctionError, error},
      {Answer("Task timed out after 1.00 seconds"), Kind::kFunctionError, kTimedOut},
      {Answer("", "400 Bad Request"), Kind::kThrottled, ""},
      {Answer(inner), Kind::kReturned, inner},
      {Answer(array), Kind::kReturned, array},
      {Answer(one_member), Kind::kReturned, one_member},
      {Answer(number), Kind::kReturned, number},
      {Answer(broken), Kind::kReturned, broken},
      {Answer(deep), Kind::kReturned, deep},
      {Answer("null"), Kind::kReturned, "null"},
  }));
  CAPTURE(one.answer.substr(0, 200));
  Fixture on(Once(one.answer));
  const InvokeOutcome outcome = on.Start(kEmulatorPath).get();
  CHECK(outcome.kind == one.kind);
  CHECK((outcome.payload == one.payload));
}

TEST_CASE("An emulator gets one invocation at a time", "[lambda][endpoint]") {
  std::promise<void> read;
  std::promise<void> go;
  Fixture on([&](Socket& socket, int number) {
    ScriptedServer::Read(socket);
    if (number == 0) {
      read.set_value();
      go.get_future().wait();
    }
    ScriptedServer::Write(socket, Answer("1"));
  });
  std::future<InvokeOutcome> first = on.Start(kEmulatorPath);
  read.get_future().wait();
  const InvokeOutcome second = on.Start(kEmulatorPath).get();
  CHECK(second.kind == Kind::kThrottled);
  CHECK(on.Start(kApiPath).get().kind == Kind::kReturned);
  go.set_value();
  CHECK(first.get().kind == Kind::kReturned);
  CHECK(on.Start(kEmulatorPath).get().kind == Kind::kReturned);
}

TEST_CASE("A function that takes too long has timed out", "[lambda][endpoint]") {
  Fixture on([](Socket& socket, int /*number*/) { ScriptedServer::AwaitClose(socket); },
             milliseconds(-950));
  const InvokeOutcome outcome = on.Start(kApiPath).get();
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload == kTimedOut);
}

TEST_CASE("Without a server a function is unavailable", "[lambda][endpoint]") {
  std::string url;
  {
    const ScriptedServer gone(Once(""));
    url = gone.Url(kApiPath);
  }
  consumers::HttpClient client{consumers::HttpClientOptions{}};
  EndpointHost host(client);
  auto spec = std::make_shared<FunctionSpec>();
  spec->endpoint = url;
  std::promise<InvokeOutcome> outcome;
  host.Invoke(spec, {}, [&outcome](InvokeOutcome one) { outcome.set_value(std::move(one)); });
  const InvokeOutcome ended = outcome.get_future().get();
  CHECK(ended.kind == Kind::kUnavailable);
  CHECK(ended.payload.find("cannot connect to http://127.0.0.1:") == 0);
}

TEST_CASE("Stop ends the invocations under way, and later ones", "[lambda][endpoint]") {
  std::promise<void> read;
  Fixture on([&read](Socket& socket, int /*number*/) {
    ScriptedServer::Read(socket);
    read.set_value();
    ScriptedServer::AwaitClose(socket);
  });
  std::future<InvokeOutcome> running = on.Start(kApiPath);
  read.get_future().wait();
  on.host.Stop();
  REQUIRE(running.wait_for(milliseconds(0)) == std::future_status::ready);
  CHECK(running.get().kind == Kind::kUnavailable);
  CHECK(on.Start(kApiPath).get().kind == Kind::kUnavailable);
}

}  // namespace
}  // namespace weir::runtimes
