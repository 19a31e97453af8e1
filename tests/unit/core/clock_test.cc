// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>
#include <vector>

namespace weir {
namespace {

Micros WallTime() {
  return std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch());
}

TEST_CASE("A manual clock moves only when told", "[core][clock]") {
  ManualClock clock(Micros(1'000));
  CHECK(clock.Now() == Micros(1'000));
  CHECK(clock.Now() == Micros(1'000));
  clock.Advance(Micros(1));
  CHECK(clock.Now() == Micros(1'001));
  clock.Advance(Micros(0));
  clock.Advance(std::chrono::hours(24));
  CHECK(clock.Now() == Micros(1'001) + Micros(std::chrono::hours(24)));
}

TEST_CASE("The system clock gives the time of day in microseconds", "[core][clock]") {
  const SystemClock clock;
  const Micros before = WallTime();
  const Micros now = clock.Now();
  const Micros after = WallTime();
  CHECK(before <= now);
  CHECK(now <= after);
}

TEST_CASE("The system clock never goes back, whichever thread asks", "[core][clock]") {
  const SystemClock clock;
  std::atomic<int> backwards{0};
  std::atomic<std::int64_t> published{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int reading = 0; reading < 2000; ++reading) {
        const std::int64_t seen = published.load();
        const std::int64_t now = clock.Now().count();
        backwards += now < seen ? 1 : 0;
        published.store(now);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(backwards == 0);
}

TEST_CASE("The system clock goes on when the machine's is set back", "[core][clock]") {
  std::int64_t machine = 1'000'000;
  std::int64_t steady = 5;
  const SystemClock clock([&] { return machine; }, [&] { return steady; });
  const auto pass = [&](std::int64_t micros) {
    machine += micros;
    steady += micros;
  };
  CHECK(clock.Now() == Micros(1'000'000));
  pass(10);
  CHECK(clock.Now() == Micros(1'000'010));
  machine += 1'000'000'000;  // a jump ahead, which is then taken back
  CHECK(clock.Now() == Micros(1'001'000'010));
  machine -= 1'000'000'000;
  CHECK(clock.Now() == Micros(1'001'000'010));
  pass(100);
  CHECK(clock.Now() == Micros(1'001'000'110));  // it goes on at the usual rate
  pass(100);
  CHECK(clock.Now() == Micros(1'001'000'210));
  machine += 2'000'000'000;  // the clock of the machine overtakes ours
  CHECK(clock.Now() == Micros(2'001'000'210));
  pass(1);
  CHECK(clock.Now() == Micros(2'001'000'211));
  // A second jump back does not add to the first.
  machine -= 1'500'000'000;
  CHECK(clock.Now() == Micros(2'001'000'211));
  pass(7);
  CHECK(clock.Now() == Micros(2'001'000'218));
}

}  // namespace
}  // namespace weir
