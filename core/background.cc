// SPDX-License-Identifier: Apache-2.0
#include "core/background.h"

#include <utility>

namespace weir {

BackgroundExecutor::BackgroundExecutor() : thread_([this] { Run(); }) {}

BackgroundExecutor::~BackgroundExecutor() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void BackgroundExecutor::Post(Task task) {
  {
    const MutexLock lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void BackgroundExecutor::Run() {
  while (const Task task = Take()) {
    task();
  }
}

BackgroundExecutor::Task BackgroundExecutor::Take() {
  const MutexLock lock(mutex_);
  while (!stopping_) {
    if (!tasks_.empty()) {
      Task task = std::move(tasks_.front());
      tasks_.pop_front();
      return task;
    }
    // The lock is lent to the condition variable and is held again when it returns.
    std::unique_lock<std::mutex> waiting(mutex_.native(), std::adopt_lock);
    changed_.wait(waiting);
    waiting.release();
  }
  return {};
}

}  // namespace weir
