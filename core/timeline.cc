// SPDX-License-Identifier: Apache-2.0
#include "core/timeline.h"

#include <algorithm>
#include <future>
#include <new>
#include <string>

#include "core/limits.h"
#include "core/memory_reserve.h"

namespace weir {
namespace {

// The longest wait in one go, so that a base clock that somebody sets is noticed.
constexpr Micros kLongestWait = std::chrono::seconds(1);
// How often a change that waits for a hold looks whether it was cancelled.
constexpr Micros kHolderPoll = std::chrono::milliseconds(20);
// How long until a task that failed for want of memory is run again.
constexpr Micros kRetryPause = std::chrono::seconds(1);

ApiError Stopped() {
  return MakeError(ErrorCode::kInternalServerError, "The server is ending");
}

// Answers without a text, which would need memory. If there is no memory for the answer either,
// there is none.
void FailQuietly(const Timeline::Done& done) {
  try {
    done(ApiError());
  } catch (const std::bad_alloc&) {
    return;
  }
}

Status CheckMove(Micros now, Micros target) {
  if (target < now) {
    return ValidationError("The clock cannot go back");
  }
  if (target - now > limits::kClockStep) {
    return ValidationError("The clock moves by 100 years at most");
  }
  if (target > now && target >= limits::kClockEnd) {
    return ValidationError("The clock ends with the year 9999");
  }
  return {};
}

}  // namespace

struct Timeline::TimerState {
  std::function<void()> task;
  std::optional<Position> position;  // in the queue, while it is set
  bool gone = false;                 // its Timer has been destroyed
};

Timeline::Timeline(const Clock& base, const ClockState& start, Changed changed)
    : base_(base),
      clock_(base, start),
      clock_changed_(std::move(changed)),
      frozen_(start.frozen_at.has_value()),
      thread_([this] { Run(); }) {}

void Timeline::Stop() {
  const MemoryReserve::MustNotFail all;  // destructors call Stop
  std::deque<Command> refused;
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    refused.swap(commands_);
  }
  changed_.NotifyOne();
  if (thread_.joinable()) {
    thread_.join();
  }
  for (const Command& command : refused) {
    command.done(Stopped());
  }
}

void Timeline::Change(const ClockChange& change, Done done, Cancelled cancelled) {
  bool stopping = false;
  {
    const MutexLock lock(mutex_);
    stopping = stopping_;
    if (!stopping && commands_.size() < limits::kClockChanges) {
      commands_.push_back({change, std::move(done), std::move(cancelled)});
      changed_.NotifyOne();
      return;
    }
  }
  done(stopping ? Stopped()
                : MakeError(ErrorCode::kLimitExceeded, "Too many changes of the clock wait"));
}

Result<ClockReading> Timeline::ChangeNow(const ClockChange& change) {
  std::promise<Result<ClockReading>> answer;
  Change(change, [&](Result<ClockReading> reading) { answer.set_value(std::move(reading)); });
  return answer.get_future().get();
}

void Timeline::Run() {
  const MemoryReserve::MustNotFail loop;
  {
    const MutexLock lock(mutex_);
    thread_id_ = std::this_thread::get_id();
  }
  while (AwaitWork()) {
    if (std::optional<Command> command = TakeCommand()) {
      try {
        command->done(Apply(*command));
      } catch (const std::bad_alloc&) {
        FailQuietly(command->done);
      }
    } else {
      RunTimer(clock_.Now());
    }
  }
}

bool Timeline::AwaitWork() {
  const MutexLock lock(mutex_);
  while (!stopping_ && commands_.empty()) {
    const bool waits_for_time = !queue_.empty();
    const Micros left = waits_for_time ? queue_.begin()->first.first - clock_.Now() : Micros(0);
    const bool due = waits_for_time && left <= Micros(0);
    if (!waits_for_time) {
      changed_.Wait(mutex_);
    } else if (!due) {
      changed_.WaitFor(mutex_, std::min(left, kLongestWait));
    }
    if (due) {
      return true;
    }
  }
  return !stopping_;
}

std::optional<Timeline::Command> Timeline::TakeCommand() {
  const MutexLock lock(mutex_);
  if (commands_.empty()) {
    return std::nullopt;
  }
  Command command = std::move(commands_.front());
  commands_.pop_front();
  return command;
}

Result<ClockReading> Timeline::Apply(const Command& command) {
  const ClockChange& change = command.change;
  const bool was_frozen = frozen_;
  const Micros began = base_.Now();
  const Micros now = clock_.Freeze();
  const Micros target = change.set.value_or(now) + change.advance.value_or(Micros(0));
  Status allowed = CheckMove(now, target);
  if (allowed.ok()) {
    if (RunTo(target, command)) {
      clock_.MoveTo(target);
    }
    frozen_ = (was_frozen || change.freeze) && !change.resume;
    const MutexLock lock(mutex_);
    if (stopping_) {
      allowed = Stopped();
    }
  }
  if (!frozen_) {
    if (!was_frozen) {
      // The change took its time, which a clock that runs does not lose.
      clock_.MoveTo(clock_.Now() + std::max(base_.Now() - began, Micros(0)));
    }
    clock_.Resume();
  }
  if (clock_changed_) {
    clock_changed_(clock_.state());
  }
  WEIR_RETURN_IF_ERROR(allowed);
  return Read();
}

bool Timeline::RunTo(Micros target, const Command& command) {
  const auto cancelled = [&] { return command.cancelled != nullptr && *command.cancelled; };
  while (!cancelled()) {
    if (!AwaitHolders(command)) {
      return false;
    }
    if (!RunTimer(target)) {
      return true;
    }
  }
  return false;
}

bool Timeline::AwaitHolders(const Command& command) {
  while (command.cancelled == nullptr || !*command.cancelled) {
    if (RunTimer(clock_.Now())) {
      continue;
    }
    const MutexLock lock(mutex_);
    if (holders_ == 0 || stopping_) {
      return true;
    }
    changed_.WaitFor(mutex_, kHolderPoll);
  }
  return false;
}

Timeline::Hold::Hold(Timeline& timeline) : timeline_(&timeline) {
  const MutexLock lock(timeline.mutex_);
  ++timeline.holders_;
}

void Timeline::Hold::Release() {
  if (Timeline* const timeline = std::exchange(timeline_, nullptr)) {
    timeline->Release();
  }
}

void Timeline::Release() {
  const MutexLock lock(mutex_);
  if (--holders_ == 0) {
    changed_.NotifyOne();
  }
}

bool Timeline::RunTimer(Micros time) {
  // The timer's node of the queue is kept: a timer that fails for want of memory is then set again
  // without an allocation.
  std::map<Position, std::shared_ptr<TimerState>>::node_type place;
  {
    const MutexLock lock(mutex_);
    if (stopping_ || queue_.empty() || queue_.begin()->first.first > time) {
      return false;
    }
    place = queue_.extract(queue_.begin());
    place.mapped()->position.reset();
    running_ = place.mapped();
  }
  const std::shared_ptr<TimerState> timer = place.mapped();
  const Micros due = place.key().first;
  if (clock_.frozen()) {
    clock_.MoveTo(due);
  }
  bool done = true;
  try {
    const MemoryReserve::MayFail here;
    timer->task();
  } catch (const std::bad_alloc&) {
    done = false;
  }
  {
    const MutexLock lock(mutex_);
    running_ = nullptr;
    if (!done && !timer->gone && !timer->position.has_value()) {
      place.key() = {due + kRetryPause, next_number_++};
      timer->position = place.key();
      queue_.insert(std::move(place));
    }
  }
  timer_ended_.NotifyAll();
  return true;
}

void Timeline::Unset(TimerState& timer) {
  if (timer.position.has_value()) {
    queue_.erase(*timer.position);
    timer.position.reset();
  }
}

Timeline::Timer::Timer(Timeline& timeline, std::function<void()> task)
    : timeline_(timeline), state_(std::make_shared<TimerState>()) {
  state_->task = std::move(task);
}

Timeline::Timer::~Timer() {
  const MutexLock lock(timeline_.mutex_);
  timeline_.Unset(*state_);
  state_->gone = true;
  while (timeline_.running_ == state_ && std::this_thread::get_id() != timeline_.thread_id_) {
    timeline_.timer_ended_.Wait(timeline_.mutex_);
  }
}

void Timeline::Timer::Set(Micros due) {
  SetIf(due, false);
}

void Timeline::Timer::SetNoLaterThan(Micros due) {
  SetIf(due, true);
}

void Timeline::Timer::SetIf(Micros due, bool only_earlier) {
  const MutexLock lock(timeline_.mutex_);
  timeline_.SetLocked(state_, due, only_earlier);
}

void Timeline::SetLocked(const std::shared_ptr<TimerState>& timer, Micros due, bool only_earlier) {
  if (timer->gone ||
      (only_earlier && timer->position.has_value() && timer->position->first <= due)) {
    return;
  }
  Unset(*timer);
  const Position position{due, next_number_++};
  queue_.emplace(position, timer);
  timer->position = position;
  if (queue_.begin()->second == timer) {
    changed_.NotifyOne();
  }
}

}  // namespace weir
