// SPDX-License-Identifier: Apache-2.0
#include "core/background.h"

#include <new>
#include <utility>

#include "core/memory_reserve.h"

namespace weir {

namespace {

// How long until a task that failed for want of memory is run again.
constexpr std::chrono::seconds kRetryPause{1};

}  // namespace

BackgroundExecutor::BackgroundExecutor() : thread_([this] { Run(); }) {}

BackgroundExecutor::~BackgroundExecutor() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyOne();
  thread_.join();
}

void BackgroundExecutor::Post(Task task) {
  PostAt(Clock::time_point::min(), std::move(task));
}

void BackgroundExecutor::PostAt(Clock::time_point due, Task task) {
  {
    const MutexLock lock(mutex_);
    tasks_.emplace(due, std::move(task));
  }
  changed_.NotifyOne();
}

void BackgroundExecutor::Run() {
  const MemoryReserve::MustNotFail loop;
  while (const Task task = Take()) {
    try {
      const MemoryReserve::MayFail here;
      task();
    } catch (const std::bad_alloc&) {
      PostAt(Clock::now() + kRetryPause, task);
    }
  }
}

BackgroundExecutor::Task BackgroundExecutor::Take() {
  const MutexLock lock(mutex_);
  while (!stopping_) {
    const bool waits_for_time = !tasks_.empty();
    const Clock::time_point due = waits_for_time ? tasks_.begin()->first : Clock::time_point();
    if (waits_for_time && due <= Clock::now()) {
      Task task = std::move(tasks_.begin()->second);
      tasks_.erase(tasks_.begin());
      return task;
    }
    if (waits_for_time) {
      changed_.WaitUntil(mutex_, due);
    } else {
      changed_.Wait(mutex_);
    }
  }
  return {};
}

}  // namespace weir
