// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/async_queue.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "consumers/worker_pool.h"
#include "core/clock.h"
#include "services/lambda/invoke/concurrent_invoker.h"
#include "storage/engine.h"
#include "storage/kept_records.h"
#include "tests/unit/invoke/fakes.h"

namespace weir::lambda {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::FakeDirectory;
using testing::FakeHost;
using testing::InvokeOutcome;
using testing::Kind;
using testing::Ref;
using testing::Spec;

constexpr Micros kStart(1'700'000'000'000'000);

class Fixture {
 public:
  Fixture() {
    Move({.freeze = true, .resume = false, .set = {}, .advance = {}});
    directory.Add(Ref(Spec("f")));
    Open();
  }
  ~Fixture() {
    pool.Stop();
    timeline.Stop();
  }

  void Open() {
    queue = std::make_unique<AsyncQueue>(
        AsyncQueue::Parts{&pool, &directory, &invoker, &records, [this](std::string_view line) {
                            const MutexLock lock(mutex);
                            if (report_failures > 0) {
                              --report_failures;
                              throw std::bad_alloc();
                            }
                            lines.emplace_back(line);
                          }});
  }
  // Has every attempt end like this.
  void End(Kind kind, const std::string& payload = "{}") {
    host.answer = [this, kind, payload](const FakeHost::Call& call) {
      const MutexLock lock(mutex);
      attempts.push_back(timeline.clock().Now() - kStart);
      ids.push_back(call.request.request_id);
      return InvokeOutcome{kind, payload, {}};
    };
  }
  LambdaStatus Add(const std::string& id, const std::string& function = "f") {
    return queue->Add(
        Ref(Spec(function)),
        {.request_id = id, .payload = "[1]", .client_context = {}, .invoked_arn = {}});
  }
  void Move(const ClockChange& change) { REQUIRE(timeline.ChangeNow(change).ok()); }
  // Also waits until what is due is done; attempts that wait for Take are not.
  void Advance(Micros by) { Move({.freeze = false, .resume = false, .set = {}, .advance = by}); }
  // When attempts were made, after the start.
  std::vector<Micros> Attempts() {
    const MutexLock lock(mutex);
    return attempts;
  }
  std::vector<std::string> Ids() {
    const MutexLock lock(mutex);
    return ids;
  }
  void Forget() {
    const MutexLock lock(mutex);
    attempts.clear();
  }
  void FailReports(int times) {
    const MutexLock lock(mutex);
    report_failures = times;
  }
  std::vector<std::string> Lines() {
    const MutexLock lock(mutex);
    return lines;
  }

  ManualClock clock{kStart};
  Timeline timeline{clock};
  consumers::WorkerPool pool{timeline, 2};
  std::unique_ptr<storage::Engine> engine = storage::NewMemoryEngine();
  storage::KeptRecords records{*engine};
  FakeHost host;
  FakeDirectory directory;
  ConcurrentInvoker invoker{host, host, timeline};
  Mutex mutex;
  std::vector<Micros> attempts WEIR_GUARDED_BY(mutex);
  std::vector<std::string> ids WEIR_GUARDED_BY(mutex);
  std::vector<std::string> lines WEIR_GUARDED_BY(mutex);
  int report_failures WEIR_GUARDED_BY(mutex) = 0;  // so many reports to come find no memory
  std::unique_ptr<AsyncQueue> queue;
};
using Times = std::vector<Micros>;

TEST_CASE_METHOD(Fixture, "An event is run once, and then its record is gone", "[lambda][async]") {
  REQUIRE(Add("one").ok());
  const FakeHost::Call call = host.Take();
  CHECK(call.request.request_id == "one");
  CHECK(call.request.payload == "[1]");
  CHECK(call.request.invoked_arn == "arn:aws:lambda:eu-west-1:000000000000:function:f");
  CHECK(queue->CountsOf("f").queued == 1);
  CHECK(records.All(AsyncQueue::kRecordKind).size() == 1);
  call.done({Kind::kReturned, "null", {}});
  Advance(Micros(0));
  CHECK(records.All(AsyncQueue::kRecordKind).empty());
  CHECK(queue->counts().queued == 0);
  CHECK(queue->counts().given_up == 0);
}

TEST_CASE_METHOD(Fixture, "Function errors are retried after 1 and 2 minutes, then given up",
                 "[lambda][async]") {
  End(Kind::kFunctionError, R"({"errorMessage":"no"})");
  REQUIRE(Add("one").ok());
  Advance(Micros(0));
  CHECK(Attempts() == Times{Micros(0)});
  Advance(minutes(1) - microseconds(1));
  CHECK(Attempts().size() == 1);
  Advance(hours(1));
  CHECK(Attempts() == Times{Micros(0), minutes(1), minutes(3)});
  CHECK(Ids() == std::vector<std::string>(3, "one"));
  CHECK(queue->counts().queued == 0);
  CHECK(queue->CountsOf("f").given_up == 1);
  CHECK(Lines() ==
        std::vector<std::string>{"The asynchronous invocation one of "
                                 "arn:aws:lambda:eu-west-1:000000000000:function:f is given up: "
                                 R"({"errorMessage":"no"})"});
  CHECK(records.All(AsyncQueue::kRecordKind).empty());
}

TEST_CASE_METHOD(Fixture, "A function's own number of retries counts", "[lambda][async]") {
  directory.Set({.maximum_retry_attempts = 0, .maximum_event_age = hours(6)});
  End(Kind::kFunctionError);
  REQUIRE(Add("one").ok());
  Advance(hours(1));
  CHECK(Attempts() == Times{Micros(0)});
  CHECK(queue->counts().given_up == 1);
}

TEST_CASE_METHOD(Fixture, "What could not run is retried ever more rarely, and uses up no retries",
                 "[lambda][async]") {
  for (const Kind kind : {Kind::kThrottled, Kind::kUnavailable}) {
    const Micros begin = timeline.clock().Now() - kStart;
    Forget();
    End(kind, "nobody");
    REQUIRE(Add("one").ok());
    Advance(minutes(20));
    Times expected;
    for (const int after : {0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111}) {
      expected.push_back(begin + seconds(after));
    }
    CHECK(Attempts() == expected);
    End(Kind::kFunctionError);
    Advance(hours(1));
    CHECK(Attempts().size() == expected.size() + 3);
  }
}

TEST_CASE_METHOD(Fixture, "An event that has become too old is given up", "[lambda][async]") {
  directory.Set({.maximum_retry_attempts = 2, .maximum_event_age = seconds(60)});
  End(Kind::kThrottled);
  REQUIRE(Add("one").ok());
  Advance(seconds(60) - microseconds(1));
  CHECK(Attempts() ==
        Times{Micros(0), seconds(1), seconds(3), seconds(7), seconds(15), seconds(31)});
  CHECK(queue->counts().queued == 1);
  Advance(microseconds(1));
  CHECK(Attempts().size() == 6);
  CHECK(queue->counts().queued == 0);
  CHECK(queue->counts().given_up == 1);
  REQUIRE(Lines().size() == 1);
  CHECK(Lines().front().find("it is as old as an event may become") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "The events of a function that is deleted are given up",
                 "[lambda][async]") {
  End(Kind::kFunctionError);
  REQUIRE(Add("one").ok());
  Advance(Micros(0));
  directory.Remove("f");
  Advance(minutes(1));
  CHECK(Attempts().size() == 1);
  CHECK(queue->counts().queued == 0);
  REQUIRE(Lines().size() == 1);
  CHECK(Lines().front().find("Function not found") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "An event that waits survives the process, with its retries",
                 "[lambda][async]") {
  End(Kind::kFunctionError);
  REQUIRE(Add("one").ok());
  Advance(seconds(30));
  queue.reset();
  Advance(minutes(2));
  CHECK(Attempts() == Times{Micros(0)});
  records.Put(AsyncQueue::kRecordKind, "00000000000000000009", "nonsense");
  Open();
  Advance(hours(1));
  CHECK(Attempts() == Times{Micros(0), seconds(150), seconds(270)});
  CHECK(Lines().size() == 2);
  CHECK(queue->counts().given_up == 1);
}

TEST_CASE_METHOD(Fixture, "An event under way when the process ends is run again",
                 "[lambda][async]") {
  REQUIRE(Add("one").ok());
  const FakeHost::Call call = host.Take();
  queue.reset();
  call.done({Kind::kReturned, "null", {}});
  Open();
  const FakeHost::Call again = host.Take();
  CHECK(again.request.request_id == "one");
  again.done({Kind::kReturned, "null", {}});
  Advance(Micros(0));
  CHECK(records.All(AsyncQueue::kRecordKind).empty());
}

TEST_CASE_METHOD(Fixture, "So many events of a function run at a time, and others get their turn",
                 "[lambda][async]") {
  directory.Add(Ref(Spec("g")));
  constexpr std::size_t kEach = AsyncQueue::kMostUnderWayOfFunction + 5;
  for (std::size_t i = 0; i < kEach; ++i) {
    REQUIRE(Add("f" + std::to_string(i)).ok());
    REQUIRE(Add("g" + std::to_string(i), "g").ok());
  }
  std::vector<FakeHost::Call> calls;
  calls.reserve(2 * kEach);
  for (std::size_t i = 0; i < 2 * AsyncQueue::kMostUnderWayOfFunction; ++i) {
    calls.push_back(host.Take());
  }
  CHECK(invoker.CountsOf("f").under_way == AsyncQueue::kMostUnderWayOfFunction);
  CHECK(invoker.CountsOf("g").under_way == AsyncQueue::kMostUnderWayOfFunction);
  CHECK(queue->CountsOf("f").queued == kEach);
  for (std::size_t ended = 0; ended < 2 * kEach; ++ended) {
    calls[ended].done({Kind::kReturned, "null", {}});
    if (calls.size() < 2 * kEach) {
      calls.push_back(host.Take());
    }
    CHECK(host.waiting() == 0);
  }
  Advance(Micros(0));
  CHECK(queue->counts().queued == 0);
}

TEST_CASE_METHOD(Fixture, "An attempt for which there is no memory is made later",
                 "[lambda][async][memory]") {
  directory.Fail(2);
  REQUIRE(Add("one").ok());
  const FakeHost::Call call = host.Take();
  CHECK(call.request.request_id == "one");
  CHECK(host.waiting() == 0);
  call.done({Kind::kReturned, "null", {}});
  Advance(Micros(0));
  CHECK(queue->counts().queued == 0);
  CHECK(host.seen().size() == 1);
}

TEST_CASE_METHOD(Fixture, "An event that has ended is counted once, although there is no memory",
                 "[lambda][async][memory]") {
  // One more than may be under way, so that the end of one begins another.
  constexpr std::size_t kMost = AsyncQueue::kMostUnderWayOfFunction;
  for (const Kind kind :
       {Kind::kReturned, Kind::kThrottled, Kind::kFunctionError, Kind::kReturned}) {
    CAPTURE(static_cast<int>(kind));
    std::vector<FakeHost::Call> calls;
    for (std::size_t i = 0; i <= kMost; ++i) {
      REQUIRE(Add(std::to_string(i)).ok());
    }
    for (std::size_t i = 0; i < kMost; ++i) {
      calls.push_back(host.Take());
    }
    directory.Fail(2);
    calls.front().done({kind, "no", {}});
    calls.push_back(host.Take());
    CHECK(calls.back().request.request_id == std::to_string(kMost));
    CHECK(queue->CountsOf("f").queued == (kind == Kind::kReturned ? kMost : kMost + 1));
    for (std::size_t i = 1; i <= kMost; ++i) {
      calls[i].done({Kind::kReturned, "null", {}});
    }
    if (kind != Kind::kReturned) {
      End(Kind::kReturned);
      Advance(minutes(1));
      host.answer = nullptr;
    }
    Advance(Micros(0));
    // The next round finds that none is under way.
    CHECK(queue->counts().queued == 0);
    CHECK(records.All(AsyncQueue::kRecordKind).empty());
  }
  CHECK(queue->counts().given_up == 0);
}

TEST_CASE_METHOD(Fixture, "An event is given up once, although there is no memory to say so",
                 "[lambda][async][memory]") {
  directory.Set({.maximum_retry_attempts = 0, .maximum_event_age = hours(6)});
  FailReports(2);
  End(Kind::kFunctionError);
  REQUIRE(Add("one").ok());
  Advance(Micros(0));
  CHECK(queue->counts().queued == 0);
  CHECK(queue->counts().given_up == 1);

  directory.Remove("f");
  FailReports(2);
  REQUIRE(Add("two").ok());
  Advance(Micros(0));
  CHECK(queue->counts().queued == 0);
  CHECK(queue->counts().given_up == 2);
  CHECK(Attempts().size() == 1);
  CHECK(Lines().size() == 2);
}

TEST_CASE_METHOD(Fixture, "A queue that is full refuses", "[lambda][async]") {
  FunctionRef function = Ref(Spec("f"));
  const std::string payload(1'000'000, ' ');
  LambdaStatus status;
  std::size_t added = 0;
  while (status.ok()) {
    status = queue->Add(
        function, {.request_id = "x", .payload = payload, .client_context = {}, .invoked_arn = {}});
    ++added;
  }
  CHECK(added == AsyncQueue::kMostBytes / (payload.size() + 100) + 1);
  CHECK(status.error().code == LambdaErrorCode::kTooManyRequests);
  CHECK(status.error().message == "Rate Exceeded.");
  for (std::size_t i = 1; i < added; ++i) {
    host.Take().done({Kind::kReturned, "null", {}});
  }
  Advance(Micros(0));
  CHECK(queue->counts().queued == 0);
}

}  // namespace
}  // namespace weir::lambda
