// SPDX-License-Identifier: Apache-2.0
#include "core/background.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <new>
#include <thread>
#include <vector>

namespace weir {
namespace {

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
  SUCCEED("it is destroyed here, within the time limit of the test");
}

TEST_CASE("A task waits for its time, and others do not wait for it", "[core][background]") {
  using Clock = BackgroundExecutor::Clock;
  std::promise<Clock::time_point> late;
  std::promise<Clock::time_point> soon;
  BackgroundExecutor executor;
  const Clock::time_point due = Clock::now() + std::chrono::milliseconds(30);
  executor.PostAt(due, [&] { late.set_value(Clock::now()); });
  executor.PostAt(Clock::now() + std::chrono::hours(1), [] { FAIL("an hour has passed"); });
  executor.Post([&] { soon.set_value(Clock::now()); });
  CHECK(soon.get_future().get() < late.get_future().get());
  CHECK(Clock::now() >= due);
}

TEST_CASE("A task without memory does not keep the next one from running", "[core][background]") {
  std::promise<void> next;
  BackgroundExecutor executor;
  executor.Post([] { throw std::bad_alloc(); });
  executor.Post([&] { next.set_value(); });
  next.get_future().wait();
}

}  // namespace
}  // namespace weir
