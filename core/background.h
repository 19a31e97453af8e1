// SPDX-License-Identifier: Apache-2.0
// BackgroundExecutor: one thread for work that no request should wait for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "core/mutex.h"

namespace weir {

// Runs posted tasks in order, and periodic ones by real time. Thread-safe. The destructor lets the
// task under way finish and drops those not begun. Tasks must not throw.
class BackgroundExecutor {
 public:
  using Task = std::function<void()>;

  BackgroundExecutor();
  ~BackgroundExecutor();
  BackgroundExecutor(const BackgroundExecutor&) = delete;
  BackgroundExecutor& operator=(const BackgroundExecutor&) = delete;

  // Runs `task` soon. Posted tasks stand for tables and streams that went away, so they are as few
  // as those are.
  void Post(Task task);
  // Runs `task` every `period`, the first time after one.
  void Every(std::chrono::milliseconds period, Task task);

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Periodic {
    std::chrono::milliseconds period;
    TimePoint due;
    Task task;
  };
  void Run();
  // The next task to run, waiting for it; none when the executor stops.
  Task Take();

  Mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_ WEIR_GUARDED_BY(mutex_);
  std::vector<Periodic> periodic_ WEIR_GUARDED_BY(mutex_);
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace weir
