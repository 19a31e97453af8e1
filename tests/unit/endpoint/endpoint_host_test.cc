// SPDX-License-Identifier: Apache-2.0
#include "runtimes/endpoint/endpoint_host.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

// An emulator whose first answer waits; answers count the requests before it.
struct EmulatorFixture {
  std::future<InvokeOutcome> StartFirst() {
    std::future<InvokeOutcome> first = on.Start(kEmulatorPath);
    read.get_future().wait();
    return first;
  }

  std::promise<void> read;
  std::promise<void> go;
  std::atomic<int> served = 0;
  Fixture on{[this](Socket& socket, int /*number*/) {
    while (ScriptedServer::Read(socket)) {
      const int before = served++;
      if (before == 0) {
        read.set_value();
        go.get_future().wait();
      }
      ScriptedServer::Write(socket, Answer(std::to_string(before)));
    }
  }};
};

TEST_CASE("An emulator gets one invocation at a time, and others wait their turn",
          "[lambda][endpoint]") {
  EmulatorFixture emulator;
  std::future<InvokeOutcome> first = emulator.StartFirst();
  std::future<InvokeOutcome> second = emulator.on.Start(kEmulatorPath);
  std::future<InvokeOutcome> third = emulator.on.Start(kEmulatorPath);
  CHECK(emulator.on.Start(kApiPath).get().payload == "1");  // is no emulator
  CHECK(emulator.served == 2);
  emulator.go.set_value();
  CHECK(first.get().payload == "0");
  CHECK(second.get().payload == "2");
  CHECK(third.get().payload == "3");
  CHECK(emulator.on.Start(kEmulatorPath).get().payload == "4");
}

TEST_CASE("So many invocations wait for an emulator", "[lambda][endpoint]") {
  EmulatorFixture emulator;
  std::future<InvokeOutcome> first = emulator.StartFirst();
  std::vector<std::future<InvokeOutcome>> waiting;
  for (std::size_t i = 0; i < EndpointHost::kMostWaiting; ++i) {
    waiting.push_back(emulator.on.Start(kEmulatorPath));
  }
  const InvokeOutcome refused = emulator.on.Start(kEmulatorPath).get();
  CHECK(refused.kind == Kind::kThrottled);
  CHECK(refused.payload ==
        emulator.on.server.Url(kEmulatorPath) + " runs one invocation at a time, and 100 wait");
  emulator.on.host.Stop();
  for (std::future<InvokeOutcome>& one : waiting) {
    REQUIRE(one.wait_for(milliseconds(0)) == std::future_status::ready);
    CHECK(one.get().kind == Kind::kUnavailable);
  }
  emulator.go.set_value();
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

TEST_CASE("Invocations of an emulator that is not there end one after the other",
          "[lambda][endpoint]") {
  Fixture on(Once(""));
  on.client.Stop();  // refuses each call at once
  for (int i = 0; i < 3; ++i) {
    CHECK(on.Start(kEmulatorPath).get().kind == Kind::kUnavailable);
  }
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
