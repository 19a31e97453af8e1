// SPDX-License-Identifier: Apache-2.0
#include "core/adjustable_clock.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

namespace weir {
namespace {

TEST_CASE("An adjustable clock follows its base until it is changed", "[core][clock]") {
  ManualClock base(Micros(1'000));
  const AdjustableClock clock(base);
  CHECK(clock.Now() == Micros(1'000));
  base.Advance(Micros(5));
  CHECK(clock.Now() == Micros(1'005));
  CHECK_FALSE(clock.frozen());
}

TEST_CASE("A frozen clock stands, moves when told, and runs on from there", "[core][clock]") {
  ManualClock base(Micros(1'000));
  AdjustableClock clock(base);
  CHECK(clock.Freeze() == Micros(1'000));
  CHECK(clock.frozen());
  base.Advance(Micros(50));
  CHECK(clock.Now() == Micros(1'000));
  CHECK(clock.Freeze() == Micros(1'000));
  clock.MoveTo(Micros(1'010));
  CHECK(clock.Now() == Micros(1'010));
  clock.MoveTo(Micros(1'009));
  CHECK(clock.Now() == Micros(1'010));
  clock.Resume();
  CHECK_FALSE(clock.frozen());
  CHECK(clock.Now() == Micros(1'010));
  base.Advance(Micros(1));
  CHECK(clock.Now() == Micros(1'011));
  clock.Resume();
  CHECK(clock.Now() == Micros(1'011));
}

TEST_CASE("A running clock moves on and never back", "[core][clock]") {
  ManualClock base(Micros(1'000));
  AdjustableClock clock(base);
  clock.MoveTo(Micros(2'000));
  CHECK(clock.Now() == Micros(2'000));
  clock.MoveTo(Micros(1'500));
  CHECK(clock.Now() == Micros(2'000));
  base.Advance(Micros(7));
  CHECK(clock.Now() == Micros(2'007));
}

TEST_CASE("No reader sees an adjustable clock go back", "[core][clock]") {
  const SystemClock base;
  AdjustableClock clock(base);
  std::atomic<bool> stop{false};
  std::atomic<std::int64_t> published{0};
  std::atomic<int> backwards{0};
  std::vector<std::thread> readers;
  readers.reserve(3);
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const std::int64_t seen = published.load();
        const std::int64_t now = clock.Now().count();
        backwards += now < seen ? 1 : 0;
        std::int64_t latest = seen;
        while (latest < now && !published.compare_exchange_weak(latest, now)) {
        }
      }
    });
  }
  for (int i = 0; i < 500; ++i) {
    const Micros frozen = clock.Freeze();
    backwards += frozen.count() < published.load() ? 1 : 0;
    clock.MoveTo(frozen + Micros(i % 3));
    clock.Resume();
  }
  stop = true;
  for (std::thread& reader : readers) {
    reader.join();
  }
  CHECK(backwards == 0);
}

}  // namespace
}  // namespace weir
