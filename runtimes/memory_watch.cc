// SPDX-License-Identifier: Apache-2.0
#include "runtimes/memory_watch.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/memory_reserve.h"
#include "core/system.h"

namespace weir::runtimes {

MemoryWatch::MemoryWatch() : thread_([this] { Run(); }) {}

MemoryWatch::~MemoryWatch() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyOne();
  }
  thread_.join();
}

void MemoryWatch::Add(int program, std::uint64_t limit, std::function<void()> exceeded) {
  const MutexLock lock(mutex_);
  watched_[program] = {.limit = limit, .most = 0, .exceeded = std::move(exceeded)};
  if (sleeping_) {
    changed_.NotifyOne();
  }
}

std::uint64_t MemoryWatch::Remove(int program) {
  const MutexLock lock(mutex_);
  const auto found = watched_.find(program);
  if (found == watched_.end()) {
    return 0;
  }
  const std::uint64_t most = found->second.most;
  watched_.erase(found);
  return most;
}

void MemoryWatch::Run() {
  const MemoryReserve::MustNotFail loop;
  for (;;) {
    {
      const MutexLock lock(mutex_);
      sleeping_ = true;
      while (!stopping_ && watched_.empty()) {
        changed_.Wait(mutex_);
      }
      sleeping_ = false;
      const auto next = std::chrono::steady_clock::now() + kInterval;
      while (!stopping_ && std::chrono::steady_clock::now() < next) {
        changed_.WaitUntil(mutex_, next);
      }
      if (stopping_) {
        return;
      }
    }
    Look();
  }
}

void MemoryWatch::Look() {
  std::unordered_map<int, std::uint64_t> sums;  // by watched program
  {
    const MutexLock lock(mutex_);
    for (const auto& [program, watched] : watched_) {
      sums.emplace(program, 0);
    }
  }
  if (sums.empty()) {
    return;
  }
  const std::vector<system::ProcessUse> processes = system::Processes();
  std::unordered_map<int, int> parents;
  for (const system::ProcessUse& process : processes) {
    parents.emplace(process.id, process.parent);
  }
  for (const system::ProcessUse& process : processes) {
    // Up to the watched program, if it descends from one. Processes come and go while the system is
    // asked, so the parents may form a circle.
    int id = process.id;
    for (std::size_t steps = 0; steps < processes.size() && sums.count(id) == 0; ++steps) {
      const auto parent = parents.find(id);
      id = parent == parents.end() ? 0 : parent->second;
      if (id == 0) {
        break;
      }
    }
    if (const auto sum = sums.find(id); sum != sums.end()) {
      sum->second += process.resident;
    }
  }
  std::vector<std::function<void()>> exceeded;
  {
    const MutexLock lock(mutex_);
    for (const auto& [program, sum] : sums) {
      const auto found = watched_.find(program);
      if (found != watched_.end()) {
        found->second.most = std::max(found->second.most, sum);
        if (sum > found->second.limit) {
          exceeded.push_back(found->second.exceeded);
        }
      }
    }
  }
  for (const auto& call : exceeded) {
    call();
  }
}

}  // namespace weir::runtimes
