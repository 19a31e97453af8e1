// SPDX-License-Identifier: Apache-2.0
#include "consumers/worker_pool.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <new>
#include <optional>
#include <thread>
#include <vector>

namespace weir::consumers {
namespace {

using std::chrono::seconds;

struct Fixture {
  ManualClock clock{Micros(1'000'000)};
  Timeline timeline{clock};
  WorkerPool pool{timeline, 3};

  Fixture() { pool.Start(); }

  // Returns when all that is due by then is done.
  void Advance(Micros by) {
    REQUIRE(timeline.ChangeNow({.set = std::nullopt, .advance = by}).ok());
  }
};

TEST_CASE("The tasks of a lane run one at a time, in order", "[consumers][Lane]") {
  Fixture fixture;
  std::vector<int> ran;
  std::atomic<int> at_once{0};
  Lane lane(fixture.pool);
  for (int i = 0; i < 1000; ++i) {
    lane.Post([&, i] {
      CHECK(++at_once == 1);
      ran.push_back(i);
      --at_once;
    });
  }
  fixture.Advance(Micros(0));
  REQUIRE(ran.size() == 1000);
  for (int i = 0; i < 1000; ++i) {
    CHECK(ran[static_cast<std::size_t>(i)] == i);
  }
}

TEST_CASE("Lanes do not wait for each other", "[consumers][Lane]") {
  Fixture fixture;
  Lane slow(fixture.pool);
  Lane quick(fixture.pool);
  std::promise<void> quick_ran;
  slow.Post([&] { quick_ran.get_future().wait(); });
  quick.Post([&] { quick_ran.set_value(); });
  fixture.Advance(Micros(0));
}

TEST_CASE("A task may post to its own lane", "[consumers][Lane]") {
  Fixture fixture;
  Lane lane(fixture.pool);
  int ran = 0;
  std::function<void()> task = [&] {
    if (++ran < 10) {
      lane.Post(task);
    }
  };
  lane.Post(task);
  fixture.Advance(Micros(0));
  CHECK(ran == 10);
}

TEST_CASE("A lane that is destroyed drops what waits", "[consumers][Lane]") {
  Fixture fixture;
  std::promise<void> started;
  std::promise<void> go_on;
  std::atomic<int> ran{0};
  auto lane = std::make_unique<Lane>(fixture.pool);
  lane->Post([&] {
    started.set_value();
    go_on.get_future().wait();
    ++ran;
  });
  lane->Post([&] { ++ran; });
  started.get_future().wait();
  std::thread destroyer([&] { lane = nullptr; });
  go_on.set_value();
  destroyer.join();
  fixture.Advance(Micros(0));
  CHECK(ran >= 1);
  CHECK(fixture.timeline.holders() == 0);
}

TEST_CASE("A task may destroy its lane", "[consumers][Lane]") {
  Fixture fixture;
  auto lane = std::make_unique<Lane>(fixture.pool);
  lane->Post([&] { lane = nullptr; });
  fixture.Advance(Micros(0));
  CHECK(lane == nullptr);
}

TEST_CASE("A task that has no memory is run again", "[consumers][Lane]") {
  Fixture fixture;
  Lane lane(fixture.pool);
  std::vector<int> ran;
  lane.Post([&] {
    ran.push_back(1);
    if (ran.size() < 3) {
      throw std::bad_alloc();
    }
  });
  lane.Post([&] { ran.push_back(2); });
  fixture.Advance(Micros(0));
  CHECK(ran == std::vector<int>{1, 1, 1, 2});
}

TEST_CASE("Work of a time is done before the clock goes on", "[consumers][Lane]") {
  Fixture fixture;
  Lane lane(fixture.pool);
  std::vector<Micros> seen;
  std::unique_ptr<Timeline::Timer> timer;
  timer = std::make_unique<Timeline::Timer>(fixture.timeline, [&] {
    lane.Post([&] {
      std::this_thread::yield();
      seen.push_back(fixture.timeline.clock().Now());
      if (seen.size() < 5) {
        timer->Set(fixture.timeline.clock().Now() + seconds(1));
      }
    });
  });
  const Micros start = fixture.timeline.clock().Now();
  timer->Set(start + seconds(1));
  fixture.Advance(seconds(10));
  REQUIRE(seen.size() == 5);
  for (int i = 0; i < 5; ++i) {
    CHECK(seen[static_cast<std::size_t>(i)] == start + seconds(i + 1));
  }
  timer = nullptr;
}

TEST_CASE("Nothing is posted to a pool that has stopped", "[consumers][WorkerPool]") {
  Fixture fixture;
  Lane lane(fixture.pool);
  fixture.pool.Stop();
  bool ran = false;
  lane.Post([&] { ran = true; });
  CHECK_FALSE(ran);
  CHECK(fixture.timeline.holders() == 0);
}

TEST_CASE("Many threads may post", "[consumers][Lane]") {
  Fixture fixture;
  Lane lane(fixture.pool);
  int ran = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        lane.Post([&] { ++ran; });
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  fixture.Advance(Micros(0));
  CHECK(ran == 2000);
}

}  // namespace
}  // namespace weir::consumers
