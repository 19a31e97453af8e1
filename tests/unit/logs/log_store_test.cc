// SPDX-License-Identifier: Apache-2.0
#include "services/logs/log_store.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace weir::logs {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr Millis kStart = 1'700'000'000'000;

// The text of an event that a function has written; it must end with a newline.
std::string LineOf(const std::string& message) {
  CHECK(message.ends_with('\n'));
  return message.substr(0, message.find('\n'));
}

struct Fixture {
  ManualClock clock{Micros(kStart * 1000)};
  LogStore store{clock};

  void Append(std::string_view stream, Millis after, std::string_view message,
              std::string_view group = "/aws/lambda/orders") {
    store.Append(group, stream, Micros((kStart + after) * 1000 + 7), message);
  }
  std::vector<std::string> Read(EventRange range) const {
    range.group = "/aws/lambda/orders";
    const LogsResult<LogStore::Page> page = store.Read(range);
    REQUIRE(page.ok());
    std::vector<std::string> messages;
    for (const LogEvent& event : page.value().events) {
      messages.push_back(LineOf(event.message));
    }
    return messages;
  }
  static EventRange All() {
    EventRange range;
    range.limit = 100;
    return range;
  }
};
using Texts = std::vector<std::string>;

TEST_CASE_METHOD(Fixture, "Events are read by their time, over the streams of a group",
                 "[logs][LogStore]") {
  Append("b", 20, "second");
  Append("a", 10, "first");
  Append("a", 20, "third");
  Append("other", 5, "elsewhere", "/other");
  CHECK(Read(All()) == Texts{"first", "second", "third"});
  EventRange range = All();
  range.backward = true;
  CHECK(Read(range) == Texts{"third", "second", "first"});
  range = All();
  range.streams = {"a"};
  CHECK(Read(range) == Texts{"first", "third"});
  range.streams = {"a", "b"};
  range.begin = kStart + 11;
  CHECK(Read(range) == Texts{"second", "third"});
  range = All();
  range.stream_prefix = "b";
  CHECK(Read(range) == Texts{"second"});
  range.end = kStart + 20;
  CHECK(Read(range).empty());
}

TEST_CASE_METHOD(Fixture, "A page that is full says where it goes on", "[logs][LogStore]") {
  for (int i = 0; i < 5; ++i) {
    Append("a", i, std::to_string(i));
  }
  for (const bool backward : {false, true}) {
    EventRange range = All();
    range.group = "/aws/lambda/orders";
    range.streams = {"a"};
    range.limit = 2;
    range.backward = backward;
    Texts seen;
    for (int pages = 1; true; ++pages) {
      const LogStore::Page page = store.Read(range).value();
      for (const LogEvent& event : page.events) {
        seen.push_back(LineOf(event.message));
      }
      if (!page.more.has_value()) {
        CHECK(pages == 3);
        break;
      }
      LogPosition next = *page.more;
      next.number -= backward ? 1 : 0;
      (backward ? range.up_to : range.after) = next;
    }
    CHECK(seen == (backward ? Texts{"4", "3", "2", "1", "0"} : Texts{"0", "1", "2", "3", "4"}));
  }
}

TEST_CASE_METHOD(Fixture, "A page has a megabyte at most, but at least one event",
                 "[logs][LogStore]") {
  const std::string large(700'000, 'x');
  Append("a", 0, large);
  Append("a", 1, large);
  CHECK(Read(All()) == Texts{large});
}

TEST_CASE("A full store drops the events that came first, and streams without any",
          "[logs][LogStore]") {
  ManualClock clock{Micros(kStart * 1000)};
  // Room for three events of one stream each.
  LogStore store(clock, 3 * (2 * LogStore::kOverhead + 1 + 100));
  const std::string message(99, 'm');  // and a newline
  for (const std::string_view stream : {"a", "b", "c", "d"}) {
    store.Append("g", stream, clock.Now(), message);
  }
  CHECK(store.dropped() == 1);
  const std::vector<StreamInfo> streams = store.Streams("g", "").value();
  REQUIRE(streams.size() == 3);
  CHECK(streams.front().name == "b");
  CHECK(store.Group("g").value().stored_bytes == 300);

  REQUIRE(store.CreateStream("g", "lasting").ok());
  REQUIRE(store.Put("g", "lasting", {{kStart, message}}).ok());
  for (int i = 0; i < 10; ++i) {
    store.Append("h", "z", clock.Now(), message);
  }
  REQUIRE(store.Streams("g", "").value().size() == 1);
  CHECK(store.Streams("g", "").value().front().name == "lasting");
  CHECK(!store.Streams("g", "").value().front().first_event.has_value());
}

TEST_CASE_METHOD(Fixture, "A retention policy ends events by the service's clock",
                 "[logs][LogStore]") {
  Append("a", 0, "old");
  REQUIRE(store.CreateStream("/aws/lambda/orders", "lasting").ok());
  REQUIRE(store
              .ChangeGroup("/aws/lambda/orders",
                           [](GroupSettings& settings) -> LogsStatus {
                             settings.retention_days = 1;
                             return {};
                           })
              .ok());
  clock.Advance(hours(24));
  CHECK(Read(All()) == Texts{"old"});
  clock.Advance(milliseconds(1));
  CHECK(Read(All()).empty());
  Append("b", 86'400'001, "new");
  CHECK(Read(All()) == Texts{"new"});
  const std::vector<StreamInfo> streams = store.Streams("/aws/lambda/orders", "").value();
  REQUIRE(streams.size() == 2);
  CHECK(streams[0].name == "b");
  CHECK(streams[1].name == "lasting");
}

TEST_CASE_METHOD(Fixture, "Groups and streams that are deleted take their events along",
                 "[logs][LogStore]") {
  Append("a", 0, "one");
  Append("b", 0, "two");
  REQUIRE(store.DeleteStream("/aws/lambda/orders", "a").ok());
  CHECK(Read(All()) == Texts{"two"});
  REQUIRE(store.DeleteGroup("/aws/lambda/orders").ok());
  CHECK(!store.HasGroup("/aws/lambda/orders"));
  CHECK(store.DeleteGroup("/aws/lambda/orders").error().message ==
        "The specified log group does not exist.");
  std::uint64_t cursor = 0;
  CHECK(store.ReadArrivals("/aws/lambda/orders", 0, cursor, 10).empty());
}

TEST_CASE_METHOD(Fixture, "Arrivals are read in their order, once each", "[logs][LogStore]") {
  Append("a", 20, "one");
  Append("x", 0, "elsewhere", "/other");
  Append("b", 10, "two");
  std::uint64_t cursor = 0;
  const auto read = [&](Millis since) {
    Texts messages;
    for (const LogEvent& event : store.ReadArrivals("/aws/lambda/orders", since, cursor, 10)) {
      messages.push_back(LineOf(event.message));
    }
    return messages;
  };
  CHECK(read(0) == Texts{"one", "two"});
  CHECK(cursor == 3);
  CHECK(read(0).empty());
  cursor = 0;
  CHECK(read(kStart + 11) == Texts{"one"});
}

}  // namespace
}  // namespace weir::logs
