// SPDX-License-Identifier: Apache-2.0
#include "consumers/worker_pool.h"

#include <chrono>
#include <new>
#include <optional>
#include <utility>

#include "core/memory_reserve.h"

namespace weir::consumers {
namespace {

// How long until a task that failed for want of memory is run again.
constexpr std::chrono::milliseconds kRetryPause{100};

}  // namespace

// Guarded by the pool's mutex.
struct WorkerPool::LaneState {
  struct Work {
    Lane::Task task;
    Timeline::Hold hold;
  };
  std::deque<Work> work;
  std::optional<std::thread::id> runs_on;  // while a task runs
  bool gone = false;                       // its Lane has been destroyed
};

void WorkerPool::Start() {
  const MutexLock lock(mutex_);
  threads_.reserve(count_);
  while (threads_.size() < count_ && !stopping_) {
    threads_.emplace_back([this] { Run(); });
  }
}

void WorkerPool::Stop() {
  std::deque<LanePtr> dropped;
  std::vector<std::thread> threads;
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    dropped.swap(ready_);
    threads.swap(threads_);
  }
  changed_.NotifyAll();
  for (std::thread& thread : threads) {
    thread.join();
  }
}

void WorkerPool::Run() {
  const MemoryReserve::MustNotFail loop;
  while (true) {
    LanePtr lane;
    LaneState::Work work;
    {
      const MutexLock lock(mutex_);
      while (!stopping_ && ready_.empty()) {
        changed_.Wait(mutex_);
      }
      if (stopping_) {
        return;
      }
      lane = std::move(ready_.front());
      ready_.pop_front();
      if (lane->work.empty()) {
        continue;  // its lane was destroyed
      }
      work = std::move(lane->work.front());
      lane->work.pop_front();
      lane->runs_on = std::this_thread::get_id();
    }
    bool done = true;
    try {
      const MemoryReserve::MayFail here;
      work.task();
    } catch (const std::bad_alloc&) {
      done = false;
      std::this_thread::sleep_for(kRetryPause);
    }
    if (done) {
      work = {};  // whatever the task has captured goes before the lane is free
    }
    {
      const MutexLock lock(mutex_);
      lane->runs_on.reset();
      if (!done && !lane->gone) {
        lane->work.push_front(std::move(work));
      }
      if (!lane->work.empty() && !stopping_) {
        ready_.push_back(lane);
      }
    }
    task_ended_.NotifyAll();
    changed_.NotifyOne();
  }
}

Lane::Lane(WorkerPool& pool) : pool_(pool), state_(std::make_shared<WorkerPool::LaneState>()) {}

Lane::~Lane() {
  std::deque<WorkerPool::LaneState::Work> dropped;  // freed without the lock
  const MutexLock lock(pool_.mutex_);
  state_->gone = true;
  dropped.swap(state_->work);
  while (state_->runs_on.has_value() && state_->runs_on != std::this_thread::get_id()) {
    pool_.task_ended_.Wait(pool_.mutex_);
  }
}

void Lane::Post(Task task) {
  const MemoryReserve::MustNotFail all;  // a task that was half posted would stop the lane
  WorkerPool& pool = pool_;              // the task may destroy the lane before this ends
  WorkerPool::LaneState::Work work{std::move(task), Timeline::Hold(pool.timeline_)};
  {
    const MutexLock lock(pool.mutex_);
    if (pool.stopping_ || state_->gone) {
      return;
    }
    state_->work.push_back(std::move(work));
    if (!state_->runs_on.has_value() && state_->work.size() == 1) {
      pool.ready_.push_back(state_);
    }
  }
  pool.changed_.NotifyOne();
}

}  // namespace weir::consumers
