// SPDX-License-Identifier: Apache-2.0
#include "core/background.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

namespace weir {
namespace {

using std::chrono::milliseconds;

TEST_CASE("Posted tasks run in order on one other thread", "[core][background]") {
  std::vector<int> order;
  std::vector<std::thread::id> threads;
  std::promise<void> last;
  BackgroundExecutor executor;
  for (int i = 0; i < 100; ++i) {
    executor.Post([&, i] {
      order.push_back(i);
      threads.push_back(std::this_thread::get_id());
      if (i == 99) {
        last.set_value();
      }
    });
  }
  last.get_future().wait();
  for (int i = 0; i < 100; ++i) {
    CHECK(order[static_cast<std::size_t>(i)] == i);
    CHECK(threads[static_cast<std::size_t>(i)] == threads.front());
  }
  CHECK(threads.front() != std::this_thread::get_id());
}

TEST_CASE("A task may post another", "[core][background]") {
  std::promise<int> answer;
  BackgroundExecutor executor;
  executor.Post([&] { executor.Post([&] { answer.set_value(42); }); });
  CHECK(answer.get_future().get() == 42);
}

TEST_CASE("A periodic task runs again and again, between posted ones", "[core][background]") {
  std::promise<void> third;
  std::promise<void> posted;
  std::atomic<int> runs{0};
  BackgroundExecutor executor;
  executor.Every(milliseconds(1), [&] {
    if (++runs == 3) {
      third.set_value();
    }
  });
  third.get_future().wait();
  executor.Post([&] { posted.set_value(); });
  posted.get_future().wait();
  CHECK(runs >= 3);
}

TEST_CASE("Several periodic tasks keep their own periods", "[core][background]") {
  std::promise<void> done;
  std::atomic<int> seldom{0};
  std::atomic<int> often{0};
  BackgroundExecutor executor;
  executor.Every(milliseconds(3'600'000), [&] { ++seldom; });
  executor.Every(milliseconds(1), [&] {
    if (++often == 5) {
      done.set_value();
    }
  });
  done.get_future().wait();
  CHECK(seldom == 0);
}

TEST_CASE("The first run of a periodic task comes after one period", "[core][background]") {
  using Clock = std::chrono::steady_clock;
  std::promise<Clock::time_point> first;
  std::atomic<bool> ran{false};
  BackgroundExecutor executor;
  const Clock::time_point start = Clock::now();
  executor.Every(milliseconds(20), [&] {
    if (!ran.exchange(true)) {
      first.set_value(Clock::now());
    }
  });
  CHECK(first.get_future().get() - start >= milliseconds(20));
}

TEST_CASE("The executor ends after the task under way", "[core][background]") {
  std::promise<void> begun;
  std::promise<void> release;
  std::atomic<bool> finished{false};
  std::thread releaser;
  {
    BackgroundExecutor executor;
    executor.Post([&] {
      begun.set_value();
      release.get_future().wait();
      finished = true;
    });
    begun.get_future().wait();
    releaser = std::thread([&] { release.set_value(); });
  }
  CHECK(finished);
  releaser.join();
}

TEST_CASE("An executor with nothing to do ends at once", "[core][background]") {
  BackgroundExecutor idle;
  BackgroundExecutor waiting;
  waiting.Every(milliseconds(3'600'000), [] {});
  SUCCEED("both are destroyed here, within the time limit of the test");
}

}  // namespace
}  // namespace weir
