// SPDX-License-Identifier: Apache-2.0
// AsyncQueue: invocations that nobody waits for, and their retries.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
//
// An event that ends in a function error is tried again 1 minute later, and then 2 minutes after
// that, MaximumRetryAttempts times at most. One at which nothing ran (a throttle; no process is
// attached) is tried again after 1 second, then after twice as long each time, up to 5 minutes. An
// event older than MaximumEventAgeInSeconds is given up. All of that goes by the service's clock.
//
// An accepted event is a kept record until it is done or given up. So with a data folder it is run
// after the end of the process, perhaps a second time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "consumers/worker_pool.h"
#include "core/mutex.h"
#include "core/timeline.h"
#include "runtimes/function_host.h"
#include "services/lambda/errors.h"
#include "services/lambda/function_directory.h"
#include "services/lambda/invoke/async_event.h"
#include "storage/kept_records.h"

namespace weir::lambda {

// Thread-safe. Invocations may end after it is destroyed; their events are then tried again by the
// next process.
class AsyncQueue {
 public:
  struct Parts {  // all must outlive it
    consumers::WorkerPool* pool = nullptr;
    const FunctionDirectory* directory = nullptr;
    Invoker* invoker = nullptr;
    storage::KeptRecords* records = nullptr;
    // Takes a line for each event that is given up, on any thread.
    std::function<void(std::string_view)> report;
  };
  // Takes up the events that an earlier process has left.
  explicit AsyncQueue(Parts parts);
  ~AsyncQueue();
  AsyncQueue(const AsyncQueue&) = delete;
  AsyncQueue& operator=(const AsyncQueue&) = delete;

  // Our own bounds. AWS scales with what comes; here it is memory and the machine's processors.
  static constexpr std::size_t kMostEvents = 10'000;
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
  static constexpr std::size_t kMostUnderWayOfFunction = 10;
  static constexpr std::size_t kMostUnderWay = 40;
  // Functions whose events are counted; beyond, those without any are forgotten.
  static constexpr std::size_t kMostTurns = 2000;
  static constexpr std::string_view kRecordKind = "lambda.event";

  // Accepts an event: it is kept when this returns. Fails with TooManyRequestsException if too much
  // is queued.
  LambdaStatus Add(const FunctionRef& function, runtimes::InvokeRequest request);

  struct Counts {
    std::size_t queued = 0;      // events that wait or run
    std::uint64_t given_up = 0;  // since the server started
  };
  [[nodiscard]] Counts CountsOf(std::string_view function) const;
  [[nodiscard]] Counts counts() const;

 private:
  // In the order of acceptance; the event's key.
  using Number = std::uint64_t;
  // The events of one function, by whose name they take turns.
  struct Turn {
    std::deque<Number> ready;
    std::size_t queued = 0;
    std::size_t under_way = 0;
    std::uint64_t given_up = 0;
  };
  // Through which invocations and the timer reach a queue that may be gone by then.
  struct Inbox {
    // Has the queue's lane run the task, unless the queue is gone.
    void Post(std::function<void(AsyncQueue&)> task);

    Mutex mutex;
    AsyncQueue* queue WEIR_GUARDED_BY(mutex) = nullptr;
  };
  using Turns = std::map<std::string, Turn, std::less<>>;

  // What is left of an outcome for the queue.
  struct Ended {
    runtimes::InvokeOutcome::Kind kind = runtimes::InvokeOutcome::Kind::kUnavailable;
    std::string text;  // for people: why it failed
    AsyncSettings settings;
  };

  void Restore();
  void Count(const AsyncEvent& event) WEIR_REQUIRES(mutex_);
  // Has the event, which is counted, wait until it is due, or for its turn.
  void Insert(Number number, AsyncEvent event) WEIR_REQUIRES(mutex_);
  Turn& TurnOf(const std::string& function) WEIR_REQUIRES(mutex_);

  // The rest runs on the lane, whose tasks are run again if there is no memory. So each does first
  // what may fail, and counts after that.
  // Begins as many attempts as may be under way, of what is due.
  void Work();
  void TakeDue() WEIR_REQUIRES(mutex_);
  // The next event whose turn it is, which stays ready; nullopt if none may run now.
  std::optional<std::pair<Number, AsyncEvent>> Next();
  // Begins an invocation. If none can be made, returns why the event is given up.
  std::optional<std::string> Attempt(Number number, const AsyncEvent& event);
  void Finish(Number number, const Ended& ended);
  // The event, which is under way, waits for so long, or until it is too old.
  void TryAgain(Number number, AsyncEvent event, Micros wait, const AsyncSettings& settings);
  void ReportGivenUp(const AsyncEvent& event, std::string_view why);
  // Counts the event that Next returned as under way.
  void Begin(const AsyncEvent& event) WEIR_REQUIRES(mutex_);
  // Counts an event that is under way as done or given up.
  void End(Number number, bool given_up) WEIR_REQUIRES(mutex_);

  const Parts parts_;
  Timeline& timeline_;
  const std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();

  mutable Mutex mutex_;
  std::map<Number, AsyncEvent> events_ WEIR_GUARDED_BY(mutex_);
  std::set<std::pair<Micros, Number>> waiting_ WEIR_GUARDED_BY(mutex_);  // by when they are due
  Turns turns_ WEIR_GUARDED_BY(mutex_);
  std::string last_turn_ WEIR_GUARDED_BY(mutex_);  // whose function's event was begun last
  Number next_number_ WEIR_GUARDED_BY(mutex_) = 1;
  std::size_t queued_ WEIR_GUARDED_BY(mutex_) = 0;
  std::size_t bytes_ WEIR_GUARDED_BY(mutex_) = 0;
  std::size_t under_way_ WEIR_GUARDED_BY(mutex_) = 0;
  std::uint64_t given_up_ WEIR_GUARDED_BY(mutex_) = 0;

  Timeline::Timer timer_;
  consumers::Lane lane_;  // last: its tasks use all members above
};

}  // namespace weir::lambda
