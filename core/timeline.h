// SPDX-License-Identifier: Apache-2.0
// Timeline: the service's clock, and what is to be done by it.
//
// All that time brings about (expired items, trimmed records, states that pass) is done by timers
// on one thread, in the order in which it is due. The same thread carries out what is asked of the
// clock: to advance it, it shows the due time of each timer while that runs, one after the other,
// and then the time asked for. So a change of the clock is over when everything due by then has
// happened, each at its own time.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "core/adjustable_clock.h"
#include "core/mutex.h"
#include "core/result.h"

namespace weir {

// What is asked of the clock. Freezing comes before a move, resuming after it.
struct ClockChange {
  bool freeze = false;
  bool resume = false;
  std::optional<Micros> set;      // to this time
  std::optional<Micros> advance;  // by so much
};

struct ClockReading {
  Micros now{0};
  bool frozen = false;
};

// Thread-safe. The destructor of its owner calls Stop before anything goes that timers use.
class Timeline {
 public:
  class Timer;

  explicit Timeline(const Clock& base);
  ~Timeline() { Stop(); }
  Timeline(const Timeline&) = delete;
  Timeline& operator=(const Timeline&) = delete;

  [[nodiscard]] const Clock& clock() const { return clock_; }
  // While the clock is being advanced: how far it is.
  [[nodiscard]] ClockReading Read() const { return {clock_.Now(), frozen_.load()}; }

  // Carries out `change` after those asked for before, and calls `done` once, on the timeline's
  // thread or, if nothing is to be done, on this one. ValidationException for a change that would
  // set the clock back, further ahead than limits::kClockStep or to limits::kClockEnd;
  // LimitExceededException when limits::kClockChanges wait already; InternalServerError when the
  // timeline stops, or without a text when there is no memory for it. Once `*cancelled` is set the
  // change ends where it is: what is due by the time that the clock shows then has happened, and
  // what comes after it has not.
  using Done = std::function<void(Result<ClockReading>)>;
  using Cancelled = std::shared_ptr<const std::atomic<bool>>;
  void Change(const ClockChange& change, Done done, Cancelled cancelled = nullptr);
  // The same, waiting. With an empty change: until what is due now is done. Not for timers.
  Result<ClockReading> ChangeNow(const ClockChange& change);

  // Lets the timer under way finish and runs no more. Timers can still be set, to no effect.
  void Stop();

 private:
  struct TimerState;
  // Timers of the same time run in the order in which they were set.
  using Position = std::pair<Micros, std::uint64_t>;
  struct Command {
    ClockChange change;
    Done done;
    Cancelled cancelled;
  };

  void Run();
  // Waits for a command or a timer that is due; false when the timeline stops.
  bool AwaitWork();
  std::optional<Command> TakeCommand();
  Result<ClockReading> Apply(const Command& command);
  // Does all that is due by `target`; whether it got there.
  bool RunTo(Micros target, const Command& command);
  // Runs the first timer if it is due at `time` or earlier.
  bool RunTimer(Micros time);
  void Unset(TimerState& timer) WEIR_REQUIRES(mutex_);
  void SetLocked(const std::shared_ptr<TimerState>& timer, Micros due, bool only_earlier)
      WEIR_REQUIRES(mutex_);

  AdjustableClock clock_;
  std::atomic<bool> frozen_{false};  // as asked for: the clock also stands still to be advanced

  Mutex mutex_;
  ConditionVariable changed_;
  std::deque<Command> commands_ WEIR_GUARDED_BY(mutex_);
  std::map<Position, std::shared_ptr<TimerState>> queue_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t next_number_ WEIR_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<TimerState> running_ WEIR_GUARDED_BY(mutex_);
  ConditionVariable timer_ended_;
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread::id thread_id_ WEIR_GUARDED_BY(mutex_);
  std::thread thread_;  // last: it uses all of the above
};

// A task that runs when the clock reaches the time set, each time it is set. Thread-safe.
class Timeline::Timer {
 public:
  // Does nothing yet. The task should do a bounded share of its work and set the timer again for
  // the rest. One that fails for want of memory leaves everything as it was, and is tried again; it
  // throws nothing else.
  Timer(Timeline& timeline, std::function<void()> task);
  // The task does not run afterwards; waits for it if it is running, unless it is what destroys
  // the timer.
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Instead of the time set before. A time that has passed means now.
  void Set(Micros due);
  // Unless an earlier one is set.
  void SetNoLaterThan(Micros due);

 private:
  void SetIf(Micros due, bool only_earlier);

  Timeline& timeline_;
  const std::shared_ptr<TimerState> state_;
};

}  // namespace weir
