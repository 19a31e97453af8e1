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
// destructor lets the task under way finish and drops those not begun. A task that fails for want
// of memory is tried again a second later; it must leave everything as it was.
class BackgroundExecutor {
 public:
  using Task = std::function<void()>;
  using Clock = std::chrono::steady_clock;

  BackgroundExecutor();
  ~BackgroundExecutor();
  BackgroundExecutor(const BackgroundExecutor&) = delete;
  BackgroundExecutor& operator=(const BackgroundExecutor&) = delete;

  // Runs `task` soon. Posted tasks stand for tables, streams and transactions that went away, so
  // they are as few as those are.
  void Post(Task task);
  // Not before `due`.
  void PostAt(Clock::time_point due, Task task);

 private:
  void Run();
  // The next task to run, waiting for it; none when the executor stops.
  Task Take();

  Mutex mutex_;
  ConditionVariable changed_;
  std::multimap<Clock::time_point, Task> tasks_ WEIR_GUARDED_BY(mutex_);
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace weir
