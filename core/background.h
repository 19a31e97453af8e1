// SPDX-License-Identifier: Apache-2.0
// BackgroundExecutor: one thread for work that no request should wait for.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <thread>

#include "core/mutex.h"

namespace weir {

// Runs posted tasks in order. Thread-safe. The destructor lets the
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

 private:
  void Run();
  // The next task to run, waiting for it; none when the executor stops.
  Task Take();

  Mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_ WEIR_GUARDED_BY(mutex_);
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace weir
