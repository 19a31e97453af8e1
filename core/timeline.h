// SPDX-License-Identifier: Apache-2.0
// Timeline: the service's clock, and what is due when.
//
// All that time brings about (expired items, trimmed records, states that pass) is done by timers
// on one thread, in the order in which it is due. That thread also carries out requests to change
// the clock. To advance the clock, it runs the timers that become due, one after the other, while
// the clock shows the due time of each. Then the clock shows the time asked for. So a change of the
// clock is over when everything due by then has happened, each thing at its own time. What a timer
// starts on other threads holds the timeline (Timeline::Hold) until that, too, has happened.
#pragma once

#include <atomic>
#include <cstddef>
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

// A request to change the clock. If so asked, it is frozen before it is moved, and resumed after
// that.
struct ClockChange {
  bool freeze = false;
  bool resume = false;
  std::optional<Micros> set;      // move to this time
  std::optional<Micros> advance;  // move by so much; from `set`, if that is given
};

struct ClockReading {
  Micros now{0};
  bool frozen = false;
};

// Thread-safe. Its owner must call Stop before it destroys anything that timers use.
class Timeline {
 public:
  class Timer;
  class Hold;

  // `start` is how the clock stands to `base`. `changed`, if not null, is called on the timeline's
  // thread after each change.
  using Changed = std::function<void(const ClockState& state)>;
  explicit Timeline(const Clock& base, const ClockState& start = {}, Changed changed = nullptr);
  ~Timeline() { Stop(); }
  Timeline(const Timeline&) = delete;
  Timeline& operator=(const Timeline&) = delete;

  [[nodiscard]] const Clock& clock() const { return clock_; }
  // What the clock shows. While it is being advanced, that is how far it has come.
  [[nodiscard]] ClockReading Read() const { return {clock_.Now(), frozen_.load()}; }

  // How the clock stands to its base; while it is being changed, about how it did before.
  [[nodiscard]] ClockState state() const {
    const ClockState state = clock_.state();
    return {.frozen_at = frozen_ ? state.frozen_at : std::nullopt, .ahead = state.ahead};
  }

  // Carries out `change` after those asked for before, and calls `done` once, on the timeline's
  // thread. A change that is refused at once calls it on this thread, and one that still waits when
  // the timeline stops on the thread that calls Stop. `done` gets a ValidationException for a
  // change that would set the clock back, further ahead than limits::kClockStep, or to
  // limits::kClockEnd or beyond; LimitExceededException if limits::kClockChanges wait already;
  // InternalServerError if the timeline stops, or, without a text, if there is no memory for the
  // change. Once `*cancelled` is set, the change ends where it is: what is due by the time that the
  // clock then shows has happened, and what is due later has not.
  using Done = std::function<void(Result<ClockReading>)>;
  using Cancelled = std::shared_ptr<const std::atomic<bool>>;
  void Change(const ClockChange& change, Done done, Cancelled cancelled = nullptr);
  // Makes a change and waits for it. With an empty change, waits until what is due now is done. A
  // timer must not call it: it would wait for itself.
  Result<ClockReading> ChangeNow(const ClockChange& change);

  // How many holds there are (Hold).
  [[nodiscard]] std::size_t holders() const {
    const MutexLock lock(mutex_);
    return holders_;
  }

  // Lets the timer under way finish, runs no more, and refuses the changes that wait. Timers can
  // still be set, to no effect.
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
  // Runs all timers that are due by `target`, and waits for what they start; false if the change is
  // cancelled first.
  bool RunTo(Micros target, const Command& command);
  // Waits until nothing holds the timeline, while it runs the timers that are due at the present
  // time; false if the change is cancelled first.
  bool AwaitHolders(const Command& command);
  void Release();
  // Runs the first timer if it is due at `time` or earlier; else false.
  bool RunTimer(Micros time);
  void Unset(TimerState& timer) WEIR_REQUIRES(mutex_);
  void SetLocked(const std::shared_ptr<TimerState>& timer, Micros due, bool only_earlier)
      WEIR_REQUIRES(mutex_);

  const Clock& base_;
  AdjustableClock clock_;
  const Changed clock_changed_;
  std::atomic<bool> frozen_;  // as asked for; clock_ also freezes for each change

  mutable Mutex mutex_;
  ConditionVariable changed_;
  std::deque<Command> commands_ WEIR_GUARDED_BY(mutex_);
  std::map<Position, std::shared_ptr<TimerState>> queue_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t next_number_ WEIR_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<TimerState> running_ WEIR_GUARDED_BY(mutex_);
  ConditionVariable timer_ended_;
  std::size_t holders_ WEIR_GUARDED_BY(mutex_) = 0;
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread::id thread_id_ WEIR_GUARDED_BY(mutex_);
  std::thread thread_;  // last: it uses all members above
};

// Work on another thread that belongs to the present time: while there is a hold, a change of the
// clock moves it no further, and does not end. Timers run meanwhile, and the clock of a server that
// is not being advanced runs on. Movable; each is used by one thread at a time.
class Timeline::Hold {
 public:
  Hold() = default;  // holds nothing
  explicit Hold(Timeline& timeline);
  Hold(Hold&& other) noexcept : timeline_(std::exchange(other.timeline_, nullptr)) {}
  Hold& operator=(Hold&& other) noexcept {
    if (this != &other) {
      Release();
      timeline_ = std::exchange(other.timeline_, nullptr);
    }
    return *this;
  }
  ~Hold() { Release(); }

  void Release();

 private:
  Timeline* timeline_ = nullptr;
};

// A task that runs when the clock reaches the time set, each time it is set. Thread-safe.
class Timeline::Timer {
 public:
  // Sets no time yet. The task should do a bounded share of its work and set the timer again for
  // the rest. It may throw std::bad_alloc, after which it is run again; it must then have left
  // everything as it was. It must throw nothing else.
  Timer(Timeline& timeline, std::function<void()> task);
  // The task does not run afterwards. Waits for the task if it is running, unless the task itself
  // destroys the timer.
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Has the task run at `due`, and not at the time set before. A time that has passed means now.
  void Set(Micros due);
  // Has the task run at `due`, unless an earlier time is set.
  void SetNoLaterThan(Micros due);

 private:
  void SetIf(Micros due, bool only_earlier);

  Timeline& timeline_;
  const std::shared_ptr<TimerState> state_;
};

}  // namespace weir
