// SPDX-License-Identifier: Apache-2.0
#include "services/logs/log_tail.h"

#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "tests/unit/support/plain_request.h"

namespace weir::logs {
namespace {

constexpr Millis kStart = 1'700'000'000'000;

struct Fixture {
  ManualClock clock{Micros(kStart * 1000)};
  LogStore store{clock};
  LogTail tail{store};

  void Append(std::string_view message) { store.Append("g", "s", clock.Now(), message); }
  protocol::HttpResponse Ask(const std::string& query) {
    testing::PlainRequest request;
    request.method_text = "GET";
    request.target_text = "/_weir/functions/f/logs?" + query;
    protocol::HttpResponse response;
    tail.Handle("g", request, response);
    return response;
  }
  static std::future<protocol::HttpResponse> Wait(protocol::HttpResponse& response) {
    REQUIRE(response.later != nullptr);
    auto answer = std::make_shared<std::promise<protocol::HttpResponse>>();
    response.later([answer](protocol::HttpResponse made) { answer->set_value(std::move(made)); });
    return answer->get_future();
  }
  static std::string Cursor(const protocol::HttpResponse& response) {
    REQUIRE(response.headers.size() == 1);
    CHECK(response.headers.front().first == LogTail::kCursorHeader);
    return response.headers.front().second;
  }
};

constexpr const char* kOne = "{\"timestamp\":1700000000000,\"stream\":\"s\",\"message\":\"one\"}\n";
constexpr const char* kTwo = "{\"timestamp\":1700000000000,\"stream\":\"s\",\"message\":\"two\"}\n";

TEST_CASE_METHOD(Fixture, "A tail answers lines and a cursor to go on from", "[logs][LogTail]") {
  Append("one");
  const protocol::HttpResponse first = Ask("");
  CHECK(first.body == kOne);
  CHECK(first.content_type == "application/x-ndjson");
  CHECK(Cursor(first) == "1");
  Append("two");
  CHECK(Ask("cursor=1").body == kTwo);
  CHECK(Ask("cursor=2").body.empty());
  CHECK(Ask("since=1700000000001").body.empty());
  CHECK(Ask("since=1700000000000&cursor=0").body == std::string(kOne) + kTwo);
}

TEST_CASE_METHOD(Fixture, "A tail that follows is answered by the next line", "[logs][LogTail]") {
  protocol::HttpResponse response = Ask("follow=20");
  std::future<protocol::HttpResponse> answer = Wait(response);
  store.Append("other", "s", clock.Now(), "elsewhere");
  Append("one");
  const protocol::HttpResponse lines = answer.get();
  CHECK(lines.body == kOne);
  CHECK(Cursor(lines) == "2");
}

TEST_CASE_METHOD(Fixture, "A line that comes before the tail waits is not missed",
                 "[logs][LogTail]") {
  protocol::HttpResponse response = Ask("follow=20");
  Append("one");
  CHECK(Wait(response).get().body == kOne);
}

TEST_CASE_METHOD(Fixture, "Tails that follow end with the server, and without their client",
                 "[logs][LogTail]") {
  protocol::HttpResponse response = Ask("follow=20");
  std::future<protocol::HttpResponse> answer = Wait(response);
  protocol::HttpResponse left = Ask("follow=20");
  bool answered = false;
  left.later([&](const protocol::HttpResponse&) { answered = true; })();
  tail.Stop();
  CHECK(answer.get().body.empty());
  CHECK(!answered);
  protocol::HttpResponse late = Ask("follow=20");
  CHECK(Wait(late).get().body.empty());
}

TEST_CASE("A store goes on without its tail", "[logs][LogTail]") {
  ManualClock clock{Micros(kStart * 1000)};
  LogStore store(clock);
  { const LogTail tail(store); }
  store.Append("g", "s", clock.Now(), "one");
  CHECK(store.Group("g").value().stored_bytes == 4);  // with its newline
}

TEST_CASE_METHOD(Fixture, "A tail refuses other queries", "[logs][LogTail]") {
  for (const char* query : {"follow=21", "follow=-1", "since=x", "cursor=", "other=1", "&"}) {
    CHECK(Ask(query).status == 400);
  }
}

TEST_CASE_METHOD(Fixture, "A tail leaves out the one newline that ends an event",
                 "[logs][LogTail]") {
  REQUIRE(store.CreateGroup("g", {}).ok());
  REQUIRE(store.CreateStream("g", "s").ok());
  REQUIRE(store.Put("g", "s", {{kStart, "one"}, {kStart, "two\n\n"}}).ok());
  CHECK(Ask("").body ==
        std::string(kOne) +
            "{\"timestamp\":1700000000000,\"stream\":\"s\",\"message\":\"two\\n\"}\n");
}

TEST_CASE_METHOD(Fixture, "Lines that are not UTF-8 stay JSON", "[logs][LogTail]") {
  Append("a\xff\"b");
  CHECK(Ask("").body ==
        "{\"timestamp\":1700000000000,\"stream\":\"s\",\"message\":\"a\xEF\xBF\xBD\\\"b\"}\n");
}

}  // namespace
}  // namespace weir::logs
