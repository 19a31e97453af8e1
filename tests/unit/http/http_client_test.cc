// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/http_client.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/unit/http/scripted_server.h"

namespace weir::consumers {
namespace {

using std::chrono::milliseconds;
using testing::Answer;
using testing::ScriptedServer;
using Kind = HttpFault::Kind;
using Socket = ScriptedServer::Socket;

std::future<HttpResult> Send(HttpClient& client, HttpCall call) {
  auto result = std::make_shared<std::promise<HttpResult>>();
  std::future<HttpResult> future = result->get_future();
  client.Send(std::move(call), [result](HttpResult one) { result->set_value(std::move(one)); });
  return future;
}

HttpResult Call(HttpClient& client, HttpCall call) {
  return Send(client, std::move(call)).get();
}

HttpCall Get(std::string url) {
  HttpCall call;
  call.url = std::move(url);
  return call;
}

HttpCall Post(std::string url, std::string body) {
  HttpCall call = Get(std::move(url));
  call.method = "POST";
  call.body = std::move(body);
  return call;
}

// Answers each request of a connection with its own body, and the connection's number as a header.
void Echo(Socket& socket, int number) {
  while (auto request = ScriptedServer::Read(socket)) {
    ScriptedServer::Write(socket,
                          Answer(request->body(), "200 OK",
                                 "X-Connection: " + std::to_string(number) +
                                     "\r\nX-Target: " + std::string(request->target()) + "\r\n"));
  }
}

// Answers one request and closes.
ScriptedServer::Script Once(std::string answer) {
  return [answer = std::move(answer)](Socket& socket, int /*number*/) {
    if (ScriptedServer::Read(socket)) {
      ScriptedServer::Write(socket, answer);
    }
  };
}

void CheckFault(const HttpResult& result, Kind kind) {
  REQUIRE(!result.ok());
  CAPTURE(result.error().text);
  CHECK(result.error().kind == kind);
}

// The server before the client: it ends once the client has closed its connections.
struct Fixture {
  explicit Fixture(ScriptedServer::Script script, HttpClientOptions options = {})
      : server(std::move(script)), client(std::move(options)) {}
  ScriptedServer server;
  HttpClient client;
};

TEST_CASE("A request arrives as it was given, and so does its answer", "[http]") {
  std::promise<ScriptedServer::Request> seen;
  Fixture on([&seen](Socket& socket, int /*number*/) {
    seen.set_value(ScriptedServer::Read(socket).value());
    ScriptedServer::Write(socket, Answer("fine", "418 I'm a teapot", "X-Two:  b \r\n"));
  });
  HttpCall call = Post(on.server.Url("/a%20b?c=d"), "payload");
  call.headers = {{"Content-Type", "application/json"}, {"X-One", "a"}};
  const HttpResult result = Call(on.client, call);
  REQUIRE(result.ok());
  CHECK(result.value().status == 418);
  CHECK(result.value().body == "fine");
  REQUIRE(result.value().Header("x-two") != nullptr);
  CHECK(*result.value().Header("x-two") == "b");
  CHECK(result.value().Header("x-three") == nullptr);

  const ScriptedServer::Request request = seen.get_future().get();
  CHECK(request.method_string() == "POST");
  CHECK(request.target() == "/a%20b?c=d");
  CHECK(request.body() == "payload");
  CHECK(request["Host"] == "127.0.0.1:" + std::to_string(on.server.port()));
  CHECK(request["Content-Length"] == "7");
  CHECK(request["Content-Type"] == "application/json");
  CHECK(request["X-One"] == "a");
}

TEST_CASE("A connection is used again", "[http]") {
  Fixture on(Echo);
  for (const std::string body : {"a", "b", "c"}) {
    const HttpResult result = Call(on.client, Post(on.server.Url(), body));
    REQUIRE(result.ok());
    CHECK(result.value().body == body);
    CHECK(*result.value().Header("X-Connection") == "0");
  }
  CHECK(on.server.connections() == 1);
}

TEST_CASE("A connection is not used again if the server says so", "[http]") {
  Fixture on([](Socket& socket, int /*number*/) {
    while (ScriptedServer::Read(socket)) {
      ScriptedServer::Write(socket, Answer("", "200 OK", "Connection: close\r\n"));
    }
  });
  CHECK(Call(on.client, Get(on.server.Url())).ok());
  CHECK(Call(on.client, Get(on.server.Url())).ok());
  CHECK(on.server.connections() == 2);
}

TEST_CASE("A connection that was closed while it was idle is not used", "[http]") {
  std::promise<void> closed;
  Fixture on([&closed](Socket& socket, int number) {
    if (number == 0) {
      Once(Answer("a"))(socket, number);
      socket.close();
      closed.set_value();
      return;
    }
    Echo(socket, number);
  });
  REQUIRE(Call(on.client, Post(on.server.Url(), "a")).ok());
  closed.get_future().wait();
  const HttpResult result = Call(on.client, Post(on.server.Url(), "b"));
  REQUIRE(result.ok());
  CHECK(*result.value().Header("X-Connection") == "1");
}

TEST_CASE("A request that a kept connection loses is repeated only if that does no harm",
          "[http]") {
  // The first connection answers once, reads a second request, and closes.
  Fixture on([](Socket& socket, int number) {
    if (number == 0) {
      Once(Answer("a"))(socket, number);
      ScriptedServer::Read(socket);
      return;
    }
    Echo(socket, number);
  });
  REQUIRE(Call(on.client, Get(on.server.Url())).ok());
  SECTION("a method that may be repeated") {
    CHECK(Call(on.client, Get(on.server.Url())).ok());
    CHECK(on.server.connections() == 2);
  }
  SECTION("a call that may be repeated") {
    HttpCall call = Post(on.server.Url(), "b");
    call.repeatable = true;
    const HttpResult result = Call(on.client, call);
    REQUIRE(result.ok());
    CHECK(result.value().body == "b");
  }
  SECTION("any other") {
    const HttpResult result = Call(on.client, Post(on.server.Url(), "b"));
    CheckFault(result, Kind::kCutOff);
    CHECK(result.error().sent);
    CHECK(on.server.connections() == 1);
  }
}

TEST_CASE("A request on a new connection is not repeated", "[http]") {
  Fixture on([](Socket& socket, int /*number*/) { ScriptedServer::Read(socket); });
  CheckFault(Call(on.client, Get(on.server.Url())), Kind::kCutOff);
  CHECK(on.server.connections() == 1);
}

TEST_CASE("A server that never answers is waited for as long as the call says", "[http]") {
  Fixture on([](Socket& socket, int number) {
    if (number > 0) {
      ScriptedServer::Read(socket);
      ScriptedServer::Write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
    }
    ScriptedServer::AwaitClose(socket);
  });
  HttpCall call = Get(on.server.Url());
  call.timeouts.total = milliseconds(50);
  for (int i = 0; i < 2; ++i) {  // no answer; half of one
    const HttpResult result = Call(on.client, call);
    CheckFault(result, Kind::kTimedOut);
    CHECK(result.error().sent);
  }
}

TEST_CASE("An answer is read up to the call's limits", "[http]") {
  const std::string ten = "0123456789";
  HttpCall call;
  call.limits.body = 10;
  call.limits.head = 200;
  std::string answer;
  bool fits = false;
  SECTION("a body that fits") {
    answer = Answer(ten);
    fits = true;
  }
  SECTION("a body that is too long by its length") {
    answer = Answer(ten + "x");
  }
  SECTION("a chunked body that fits") {
    answer =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
        "chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n";
    fits = true;
  }
  SECTION("a chunked body that is too long") {
    answer =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
        "chunked\r\n\r\n4\r\n0123\r\n7\r\n456789x\r\n0\r\n\r\n";
  }
  SECTION("a body that ends with the connection and fits") {
    answer = "HTTP/1.1 200 OK\r\n\r\n" + ten;
    fits = true;
  }
  SECTION("a body that ends with the connection and is too long") {
    answer = "HTTP/1.1 200 OK\r\n\r\n" + ten + "x";
  }
  SECTION("a head that is too long") {
    answer = Answer(ten, "200 OK", "X-Long: " + std::string(200, 'x') + "\r\n");
  }
  Fixture on(Once(answer));
  call.url = on.server.Url();
  const HttpResult result = Call(on.client, call);
  if (fits) {
    REQUIRE(result.ok());
    CHECK(result.value().body == ten);
  } else {
    CheckFault(result, Kind::kTooLarge);
  }
}

TEST_CASE("Answers without a body, and answers before the answer", "[http]") {
  struct Case {
    std::string method;
    std::string answer;
    unsigned status;
    std::string body;
  };
  const Case one = GENERATE(values<Case>({
      {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, ""},
      {"GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
      {"GET", "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + Answer("b"), 200, "b"},
      {"GET", "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", 302, ""},
  }));
  Fixture on(Once(one.answer));
  HttpCall call = Get(on.server.Url());
  call.method = one.method;
  const HttpResult result = Call(on.client, call);
  REQUIRE(result.ok());
  CHECK(result.value().status == one.status);
  CHECK(result.value().body == one.body);
  CHECK(on.server.connections() == 1);
}

TEST_CASE("An answer that is not HTTP, or does not end, is a fault", "[http]") {
  struct Case {
    std::string answer;
    Kind kind;
  };
  std::string hints;
  for (int i = 0; i < 9; ++i) {
    hints += "HTTP/1.1 103 Early Hints\r\n\r\n";
  }
  const Case one = GENERATE_COPY(values<Case>({
      {"SSH-2.0-OpenSSH_9.2\r\n", Kind::kBadAnswer},
      {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", Kind::kBadAnswer},
      {hints + Answer("never read"), Kind::kBadAnswer},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", Kind::kCutOff},
      {"HTTP/1.1 200 OK\r\nConte", Kind::kCutOff},
      {"", Kind::kCutOff},
  }));
  CAPTURE(one.answer);
  Fixture on(Once(one.answer));
  CheckFault(Call(on.client, Get(on.server.Url())), one.kind);
}

TEST_CASE("A call that cannot be sent is refused at once", "[http]") {
  HttpClient client{HttpClientOptions{}};
  HttpCall call = Get("http://127.0.0.1:9/");
  SECTION("the URL") {
    call.url = "ftp://127.0.0.1/";
  }
  SECTION("the method") {
    call.method = "GET / HTTP/1.1\r\n";
  }
  SECTION("a header's name") {
    call.headers = {{"X-A: b\r\nX-B", "c"}};
  }
  SECTION("a header's value") {
    call.headers = {{"X-A", "b\r\nX-B: c"}};
  }
  SECTION("a header that frames the request") {
    call.headers = {{"transfer-encoding", "chunked"}};
  }
  SECTION("a signature besides the one that is asked for") {
    call.signing_key.emplace();
    call.headers = {{"authorization", "none"}};
  }
  CheckFault(Call(client, call), Kind::kBadCall);
}

TEST_CASE("Link-local addresses are refused, and ports without a server", "[http]") {
  HttpClient client{HttpClientOptions{}};
  for (const char* const url : {"http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/",
                                "http://[::ffff:169.254.170.2]/"}) {
    const HttpResult result = Call(client, Get(url));
    CheckFault(result, Kind::kRefusedAddress);
    CHECK(!result.error().sent);
  }
  std::string url;
  {
    const ScriptedServer gone(Echo);
    url = gone.Url();
  }
  const HttpResult result = Call(client, Get(url));
  CheckFault(result, Kind::kCannotConnect);
  CHECK(!result.error().sent);
}

TEST_CASE("Calls beyond the limits wait or are refused", "[http]") {
  std::promise<void> go;
  const std::shared_future<void> gone = go.get_future().share();
  Fixture on(
      [gone](Socket& socket, int number) {
        gone.wait();
        Echo(socket, number);
      },
      {.most_running = 1, .most_calls = 2, .most_bytes = 10});
  std::future<HttpResult> first = Send(on.client, Post(on.server.Url(), "12345"));
  CheckFault(Call(on.client, Post(on.server.Url(), "123456")), Kind::kOverloaded);
  std::future<HttpResult> second = Send(on.client, Post(on.server.Url(), "2"));
  CheckFault(Call(on.client, Post(on.server.Url(), "3")), Kind::kOverloaded);
  go.set_value();
  CHECK(first.get().ok());
  CHECK(second.get().ok());
  CHECK(Call(on.client, Post(on.server.Url(), "1234567890")).ok());
  CHECK(on.server.connections() == 1);
}

TEST_CASE("Many calls that are refused by their address end one after the other", "[http]") {
  constexpr int kCalls = 1000;
  HttpClient client{{.most_running = 1}};
  std::vector<std::future<HttpResult>> results;
  results.reserve(kCalls);
  for (int i = 0; i < kCalls; ++i) {
    results.push_back(Send(client, Get("http://169.254.169.254/")));
  }
  for (auto& result : results) {
    CheckFault(result.get(), Kind::kRefusedAddress);
  }
}

TEST_CASE("Stop ends the calls under way, those that wait, and later ones", "[http]") {
  std::promise<void> read;
  Fixture on(
      [&read](Socket& socket, int /*number*/) {
        ScriptedServer::Read(socket);
        read.set_value();
        ScriptedServer::AwaitClose(socket);
      },
      {.most_running = 1});
  std::future<HttpResult> running = Send(on.client, Get(on.server.Url()));
  std::future<HttpResult> waiting = Send(on.client, Get(on.server.Url()));
  read.get_future().wait();
  on.client.Stop();
  const auto ended = [](const std::future<HttpResult>& result) {
    return result.wait_for(milliseconds(0)) == std::future_status::ready;
  };
  REQUIRE(ended(running));
  REQUIRE(ended(waiting));
  const HttpResult first = running.get();
  CheckFault(first, Kind::kStopping);
  CHECK(first.error().sent);
  const HttpResult second = waiting.get();
  CheckFault(second, Kind::kStopping);
  CHECK(!second.error().sent);
  CheckFault(Call(on.client, Get(on.server.Url())), Kind::kStopping);
}

TEST_CASE("Stop ends look-ups and connections that are being made", "[http]") {
  HttpClient client{HttpClientOptions{}};
  std::vector<std::future<HttpResult>> results;
  for (int i = 0; i < 50; ++i) {
    results.push_back(Send(client, Get("http://name.invalid/")));
    results.push_back(Send(client, Get("http://127.0.0.1:9/")));
  }
  client.Stop();
  for (auto& result : results) {
    CHECK(!result.get().ok());
  }
}

TEST_CASE("Each call ends once, also those of other threads while the client stops",
          "[http][threads]") {
  constexpr int kThreads = 4;
  constexpr int kCalls = 200;
  Fixture on(Echo);
  std::atomic<int> sent{0};
  std::atomic<int> ended{0};
  std::promise<void> answered;
  std::atomic<bool> first{true};
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int call = 0; call < kCalls; ++call) {
        ++sent;
        on.client.Send(Get(on.server.Url()), [&](const HttpResult&) {
          ++ended;
          if (first.exchange(false)) {
            answered.set_value();
          }
        });
      }
    });
  }
  answered.get_future().wait();
  on.client.Stop();
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(sent == kThreads * kCalls);
  CHECK(ended == sent);
}

TEST_CASE("A call is signed when it is sent", "[http]") {
  std::promise<ScriptedServer::Request> seen;
  Fixture on([&seen](Socket& socket, int /*number*/) {
    seen.set_value(ScriptedServer::Read(socket).value());
    ScriptedServer::Write(socket, Answer(""));
  });
  HttpCall call = Post(on.server.Url("/a"), "payload");
  call.signing_key = {.access_key = "AKID",
                      .secret_key = "secret",
                      .session_token = "token",
                      .region = "eu-west-1",
                      .service = "lambda"};
  REQUIRE(Call(on.client, call).ok());
  const ScriptedServer::Request request = seen.get_future().get();
  const std::string date(request["X-Amz-Date"]);
  REQUIRE(date.size() == 16);
  CHECK(request["X-Amz-Security-Token"] == "token");
  const std::string authorization(request["Authorization"]);
  const std::string expected = "AWS4-HMAC-SHA256 Credential=AKID/" + date.substr(0, 8) +
                               "/eu-west-1/lambda/aws4_request, "
                               "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=";
  CHECK(authorization.substr(0, expected.size()) == expected);
  CHECK(authorization.size() == expected.size() + 64);
}

}  // namespace
}  // namespace weir::consumers
