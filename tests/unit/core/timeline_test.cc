// SPDX-License-Identifier: Apache-2.0
#include "core/timeline.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/limits.h"

namespace weir {
namespace {

constexpr Micros kStart(1'000'000);
constexpr Micros kSecond = std::chrono::seconds(1);

ClockChange Freeze() {
  ClockChange change;
  change.freeze = true;
  return change;
}

ClockChange Advance(Micros by) {
  ClockChange change;
  change.advance = by;
  return change;
}

ClockChange Set(Micros to) {
  ClockChange change;
  change.set = to;
  return change;
}

class TimelineTest {
 public:
  Timeline& timeline() { return timeline_; }
  ManualClock& base() { return base_; }

  // Makes a timer that notes `name` and the time at which it ran.
  Timeline::Timer& Noting(const std::string& name) {
    timers_.push_back(std::make_unique<Timeline::Timer>(
        timeline_, [this, name] { notes_.emplace_back(name, timeline_.clock().Now()); }));
    return *timers_.back();
  }
  using Notes = std::vector<std::pair<std::string, Micros>>;
  // Changes the clock and returns all notes so far. No timer may run on meanwhile.
  const Notes& NotesAfter(const ClockChange& change) {
    REQUIRE(timeline_.ChangeNow(change).ok());
    return notes_;
  }

 private:
  ManualClock base_{kStart};
  Notes notes_;
  Timeline timeline_{base_};
  std::vector<std::unique_ptr<Timeline::Timer>> timers_;
};

TEST_CASE_METHOD(TimelineTest, "Advancing runs what is due in order, each at its own time",
                 "[core][timeline]") {
  Noting("c").Set(kStart + 3 * kSecond);
  Noting("a").Set(kStart + 1 * kSecond);
  Noting("late").Set(kStart + 5 * kSecond);
  Noting("b").Set(kStart + 2 * kSecond);
  Noting("b2").Set(kStart + 2 * kSecond);
  CHECK(NotesAfter(Advance(4 * kSecond)) == Notes{{"a", kStart + 1 * kSecond},
                                                  {"b", kStart + 2 * kSecond},
                                                  {"b2", kStart + 2 * kSecond},
                                                  {"c", kStart + 3 * kSecond}});
  CHECK(timeline().clock().Now() == kStart + 4 * kSecond);
  CHECK(NotesAfter(Advance(1 * kSecond)).size() == 5);
  CHECK(NotesAfter(Advance(1'000 * kSecond)).size() == 5);
}

TEST_CASE_METHOD(TimelineTest, "Work that a timer brings about within the span is done as well",
                 "[core][timeline]") {
  std::vector<Micros> runs;
  std::unique_ptr<Timeline::Timer> hourly;
  hourly = std::make_unique<Timeline::Timer>(timeline(), [&] {
    runs.push_back(timeline().clock().Now());
    hourly->Set(runs.back() + std::chrono::hours(1));
  });
  hourly->Set(kStart);
  REQUIRE(timeline().ChangeNow(Advance(std::chrono::hours(24))).ok());
  REQUIRE(runs.size() == 25);
  CHECK(runs.front() == kStart);
  CHECK(runs.back() == kStart + std::chrono::hours(24));
  hourly.reset();
}

TEST_CASE_METHOD(TimelineTest, "A timer keeps one time: the last, or the earliest when so asked",
                 "[core][timeline]") {
  Timeline::Timer& moved = Noting("moved");
  moved.Set(kStart + 1 * kSecond);
  moved.Set(kStart + 3 * kSecond);
  Timeline::Timer& earliest = Noting("earliest");
  earliest.SetNoLaterThan(kStart + 4 * kSecond);
  earliest.SetNoLaterThan(kStart + 2 * kSecond);
  earliest.SetNoLaterThan(kStart + 6 * kSecond);
  CHECK(NotesAfter(Advance(10 * kSecond)) ==
        Notes{{"earliest", kStart + 2 * kSecond}, {"moved", kStart + 3 * kSecond}});
}

TEST_CASE_METHOD(TimelineTest, "What is due already runs now, frozen or not", "[core][timeline]") {
  Noting("past").Set(kStart - 5 * kSecond);
  CHECK(NotesAfter({}) == Notes{{"past", kStart}});
  REQUIRE(timeline().ChangeNow(Freeze()).ok());
  Noting("again").Set(kStart - 5 * kSecond);
  CHECK(NotesAfter({}).back() == std::pair<std::string, Micros>{"again", kStart});
}

TEST_CASE_METHOD(TimelineTest, "Timers run by themselves when their time comes",
                 "[core][timeline]") {
  const SystemClock system;
  std::promise<Micros> ran;
  Timeline running(system);
  const Micros due = running.clock().Now() + std::chrono::milliseconds(5);
  Timeline::Timer timer(running, [&] { ran.set_value(running.clock().Now()); });
  timer.Set(due);
  CHECK(ran.get_future().get() >= due);
}

TEST_CASE_METHOD(TimelineTest, "A timer that is gone does not run", "[core][timeline]") {
  int runs = 0;
  {
    Timeline::Timer timer(timeline(), [&] { ++runs; });
    timer.Set(kStart + 1 * kSecond);
  }
  REQUIRE(timeline().ChangeNow(Advance(2 * kSecond)).ok());
  CHECK(runs == 0);
}

TEST_CASE_METHOD(TimelineTest, "A timer may destroy itself, and others wait for it to end",
                 "[core][timeline]") {
  auto own = std::make_shared<std::unique_ptr<Timeline::Timer>>();
  *own = std::make_unique<Timeline::Timer>(timeline(), [own] { own->reset(); });
  (*own)->Set(kStart);
  REQUIRE(timeline().ChangeNow({}).ok());
  CHECK(*own == nullptr);

  std::promise<void> begun;
  std::promise<void> release;
  bool ended = false;
  std::thread releaser;
  {
    Timeline::Timer timer(timeline(), [&] {
      begun.set_value();
      release.get_future().wait();
      ended = true;
    });
    timer.Set(kStart);
    begun.get_future().wait();
    releaser = std::thread([&] { release.set_value(); });
  }
  CHECK(ended);
  releaser.join();
}

TEST_CASE_METHOD(TimelineTest, "A frozen clock stands until it is resumed", "[core][timeline]") {
  const ClockReading frozen = timeline().ChangeNow(Freeze()).value();
  CHECK(frozen.frozen);
  CHECK(frozen.now == kStart);
  base().Advance(std::chrono::hours(1));
  CHECK(timeline().Read().now == kStart);
  CHECK(timeline().ChangeNow(Set(kStart + 9 * kSecond)).value().now == kStart + 9 * kSecond);
  CHECK(timeline().Read().frozen);
  ClockChange resume;
  resume.resume = true;
  CHECK_FALSE(timeline().ChangeNow(resume).value().frozen);
  CHECK(timeline().Read().now == kStart + 9 * kSecond);
  base().Advance(1 * kSecond);
  CHECK(timeline().Read().now == kStart + 10 * kSecond);
}

TEST_CASE_METHOD(TimelineTest, "A running clock is moved on and runs on from there",
                 "[core][timeline]") {
  const ClockReading moved = timeline().ChangeNow(Advance(1 * kSecond)).value();
  CHECK_FALSE(moved.frozen);
  CHECK(moved.now == kStart + 1 * kSecond);
  base().Advance(Micros(1));
  CHECK(timeline().Read().now == kStart + 1 * kSecond + Micros(1));
}

TEST_CASE_METHOD(TimelineTest, "The clock goes neither back nor too far", "[core][timeline]") {
  for (const ClockChange& change : {Set(kStart - Micros(1)), Advance(Micros(-1))}) {
    const Result<ClockReading> refused = timeline().ChangeNow(change);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message == "The clock cannot go back");
  }
  const Result<ClockReading> far = timeline().ChangeNow(Advance(limits::kClockStep + Micros(1)));
  REQUIRE_FALSE(far.ok());
  CHECK(far.error().message == "The clock moves by 100 years at most");
  CHECK(timeline().Read().now == kStart);
  CHECK_FALSE(timeline().Read().frozen);
  CHECK(timeline().ChangeNow(Advance(limits::kClockStep)).ok());
  CHECK(timeline().ChangeNow(Set(kStart + limits::kClockStep)).ok());
}

TEST_CASE_METHOD(TimelineTest, "Changes happen one after the other, and too many are refused",
                 "[core][timeline]") {
  std::promise<void> begun;
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  Timeline::Timer blocking(timeline(), [&] {
    begun.set_value();
    released.wait();
  });
  blocking.Set(kStart);
  begun.get_future().wait();
  std::vector<Micros> times;
  std::promise<void> last;
  for (std::size_t i = 0; i < limits::kClockChanges; ++i) {
    timeline().Change(Advance(1 * kSecond), [&](const Result<ClockReading>& reading) {
      times.push_back(reading.value().now);
      if (times.size() == limits::kClockChanges) {
        last.set_value();
      }
    });
  }
  bool refused = false;
  timeline().Change(Advance(1 * kSecond), [&](const Result<ClockReading>& reading) {
    refused = !reading.ok() && reading.error().code == ErrorCode::kLimitExceeded;
  });
  CHECK(refused);
  release.set_value();
  last.get_future().wait();
  for (std::size_t i = 0; i < times.size(); ++i) {
    CHECK(times[i] == kStart + static_cast<std::int64_t>(i + 1) * kSecond);
  }
}

TEST_CASE_METHOD(TimelineTest, "A timeline that stops refuses changes and runs no timer",
                 "[core][timeline]") {
  Timeline::Timer& timer = Noting("never");
  timeline().Stop();
  timer.Set(kStart);
  const Result<ClockReading> refused = timeline().ChangeNow(Advance(1 * kSecond));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::kInternalServerError);
  timeline().Stop();
}

TEST_CASE_METHOD(TimelineTest, "A change that is cancelled ends where it is", "[core][timeline]") {
  const auto cancelled = std::make_shared<std::atomic<bool>>(false);
  int runs = 0;
  std::unique_ptr<Timeline::Timer> timer;
  timer = std::make_unique<Timeline::Timer>(timeline(), [&] {
    *cancelled = ++runs == 3;
    timer->Set(timeline().clock().Now() + kSecond);
  });
  timer->Set(kStart + kSecond);
  std::promise<Result<ClockReading>> answer;
  ClockChange change = Advance(1'000'000 * kSecond);
  timeline().Change(
      change, [&](Result<ClockReading> reading) { answer.set_value(std::move(reading)); },
      cancelled);
  const Result<ClockReading> reading = answer.get_future().get();
  REQUIRE(reading.ok());
  CHECK(reading.value().now == kStart + 3 * kSecond);
  CHECK_FALSE(reading.value().frozen);
  CHECK(runs == 3);
}

TEST_CASE_METHOD(TimelineTest, "The clock ends with the year 9999", "[core][timeline]") {
  const auto fails = [&](const ClockChange& change) {
    const Result<ClockReading> reading = timeline().ChangeNow(change);
    return !reading.ok() && reading.error().code == ErrorCode::kValidation;
  };
  while (timeline().clock().Now() + limits::kClockStep < limits::kClockEnd) {
    REQUIRE(timeline().ChangeNow(Advance(limits::kClockStep)).ok());
  }
  CHECK(fails(Advance(limits::kClockStep)));
  CHECK(fails(Set(limits::kClockEnd)));
  CHECK(timeline().ChangeNow(Set(limits::kClockEnd - Micros(1))).ok());
  CHECK(fails(Advance(Micros(1))));
}

TEST_CASE_METHOD(TimelineTest, "A timer without memory is tried again", "[core][timeline]") {
  int runs = 0;
  Timeline::Timer timer(timeline(), [&] {
    if (++runs < 3) {
      throw std::bad_alloc();
    }
  });
  timer.Set(kStart + kSecond);
  REQUIRE(timeline().ChangeNow(Advance(10 * kSecond)).ok());
  CHECK(runs == 3);
}

TEST_CASE_METHOD(TimelineTest, "A hold keeps the clock where it is", "[core][timeline]") {
  Timeline::Hold hold(timeline());
  CHECK(timeline().holders() == 1);
  std::promise<Result<ClockReading>> answer;
  std::future<Result<ClockReading>> answered = answer.get_future();
  timeline().Change(Advance(10 * kSecond),
                    [&](Result<ClockReading> reading) { answer.set_value(std::move(reading)); });
  // The change is under way once it has frozen the clock for itself, which nobody sees; so this
  // only looks whether it ends too early.
  for (int i = 0; i < 1000; ++i) {
    std::this_thread::yield();
    REQUIRE(answered.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
    REQUIRE(timeline().clock().Now() == kStart);
  }
  hold.Release();
  CHECK(answered.get().value().now == kStart + 10 * kSecond);
  CHECK(timeline().holders() == 0);
}

TEST_CASE_METHOD(TimelineTest, "What a timer starts is over before the next timer runs",
                 "[core][timeline]") {
  std::vector<std::thread> threads;
  std::vector<Micros> done;
  std::unique_ptr<Timeline::Timer> timer;
  timer = std::make_unique<Timeline::Timer>(timeline(), [&] {
    threads.emplace_back([&, hold = Timeline::Hold(timeline())] {
      std::this_thread::yield();
      done.push_back(timeline().clock().Now());
    });
    timer->Set(timeline().clock().Now() + kSecond);
  });
  timer->Set(kStart + kSecond);
  REQUIRE(timeline().ChangeNow(Advance(5 * kSecond)).ok());
  for (std::thread& thread : threads) {
    thread.join();
  }
  REQUIRE(done.size() == 5);
  for (int i = 0; i < 5; ++i) {
    CHECK(done[static_cast<std::size_t>(i)] == kStart + (i + 1) * kSecond);
  }
}

TEST_CASE_METHOD(TimelineTest, "Timers of the present run while the timeline is held",
                 "[core][timeline]") {
  Timeline::Hold hold(timeline());
  Timeline::Timer releases(timeline(), [&] { hold.Release(); });
  std::promise<Result<ClockReading>> answer;
  timeline().Change(Advance(kSecond),
                    [&](Result<ClockReading> reading) { answer.set_value(std::move(reading)); });
  releases.Set(kStart);
  CHECK(answer.get_future().get().value().now == kStart + kSecond);
}

TEST_CASE_METHOD(TimelineTest, "A change that waits for a hold can be cancelled",
                 "[core][timeline]") {
  Timeline::Hold hold(timeline());
  const auto cancelled = std::make_shared<std::atomic<bool>>(false);
  std::promise<Result<ClockReading>> answer;
  timeline().Change(
      Advance(kSecond), [&](Result<ClockReading> reading) { answer.set_value(std::move(reading)); },
      cancelled);
  *cancelled = true;
  CHECK(answer.get_future().get().value().now == kStart);
}

TEST_CASE_METHOD(TimelineTest, "A hold that is moved is one hold", "[core][timeline]") {
  Timeline::Hold first(timeline());
  Timeline::Hold second = std::move(first);
  CHECK(timeline().holders() == 1);
  second = Timeline::Hold(timeline());
  CHECK(timeline().holders() == 1);
  second.Release();
  second.Release();
  CHECK(timeline().holders() == 0);
}

TEST_CASE_METHOD(TimelineTest, "A clock that runs does not lose the time that a change takes",
                 "[core][timeline]") {
  const bool frozen = GENERATE(false, true);
  if (frozen) {
    REQUIRE(timeline().ChangeNow(Freeze()).ok());
  }
  Timeline::Hold hold(timeline());
  std::promise<Result<ClockReading>> answer;
  Timeline::Timer passes(timeline(), [&] {
    base().Advance(5 * kSecond);  // while the change waits
    hold.Release();
  });
  timeline().Change(Advance(kSecond),
                    [&](Result<ClockReading> reading) { answer.set_value(std::move(reading)); });
  passes.Set(kStart);
  CHECK(answer.get_future().get().value().now == kStart + (frozen ? 1 : 6) * kSecond);
}

}  // namespace
}  // namespace weir
