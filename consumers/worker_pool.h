// SPDX-License-Identifier: Apache-2.0
// WorkerPool: the threads on which consumers work, and Lane: the work of one of them, in order.
//
// Nothing that consumers do runs on the timeline's or a connection's thread. What is due at a time
// of the clock is a Timeline::Timer whose task posts to a lane. Until a task has run, it holds the
// timeline (Timeline::Hold): a change of the clock is over only when all that was due by then has
// been done, in order of its due time. What a task starts and does not wait for, such as a
// function's invocation, takes a hold of its own.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "core/mutex.h"
#include "core/timeline.h"

namespace weir::consumers {

class Lane;

// Thread-safe. Must outlive its lanes.
class WorkerPool {
 public:
  // `timeline` must outlive it. Has no threads before Start.
  WorkerPool(Timeline& timeline, unsigned threads) : timeline_(timeline), count_(threads) {}
  ~WorkerPool() { Stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] Timeline& timeline() { return timeline_; }
  // To be called before the first task is posted; many servers have none. Does nothing the second
  // time. Throws std::system_error if the system has no thread left.
  void Start();
  // Lets the tasks under way finish, drops all others and those that are posted later.
  void Stop();

 private:
  friend class Lane;
  struct LaneState;
  using LanePtr = std::shared_ptr<LaneState>;
  void Run();

  Timeline& timeline_;
  const unsigned count_;
  Mutex mutex_;
  ConditionVariable changed_;
  ConditionVariable task_ended_;
  std::deque<LanePtr> ready_ WEIR_GUARDED_BY(mutex_);  // lanes that have a task and run none
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_ WEIR_GUARDED_BY(mutex_);
};

// Tasks that run one at a time, in the order in which they were posted. Thread-safe. A task may
// throw std::bad_alloc, after which it is run again a little later; it must then have left
// everything as it was.
class Lane {
 public:
  using Task = std::function<void()>;
  explicit Lane(WorkerPool& pool);
  // Drops the tasks that wait, and waits for the one that runs, unless that destroys the lane.
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  void Post(Task task);

 private:
  WorkerPool& pool_;
  const std::shared_ptr<WorkerPool::LaneState> state_;
};

}  // namespace weir::consumers
