// SPDX-License-Identifier: Apache-2.0
// BackgroundExecutor: one thread for work that no request should wait for.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <thread>

#include "core/mutex.h"

namespace weir {

// Runs posted tasks in the order in which they are due, by the machine's time. Thread-safe. The
// destructor lets the task under way finish and drops those not begun. A task that throws
// std::bad_alloc is run again a second later; it must have left everything as it was.
class BackgroundExecutor {
 public:
  using Task = std::function<void()>;
  using Clock = std::chrono::steady_clock;

  BackgroundExecutor();
  ~BackgroundExecutor();
  BackgroundExecutor(const BackgroundExecutor&) = delete;
  BackgroundExecutor& operator=(const BackgroundExecutor&) = delete;

  // Runs `task` as soon as possible. Waiting tasks are not limited in number: nearly all are for a
  // table, stream or transaction that has ended, and those are few.
  void Post(Task task);
  // Runs `task` as soon as possible after `due`.
  void PostAt(Clock::time_point due, Task task);

 private:
  void Run();
  // Waits for the next task that is due and takes it from the queue; empty when the executor stops.
  Task Take();

  Mutex mutex_;
  ConditionVariable changed_;
  std::multimap<Clock::time_point, Task> tasks_ WEIR_GUARDED_BY(mutex_);
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace weir
