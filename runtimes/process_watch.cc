// SPDX-License-Identifier: Apache-2.0
#include "runtimes/process_watch.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/memory_reserve.h"
#include "core/system.h"

namespace weir::runtimes {
namespace {

// What each program's family takes, by the programs that are asked for. Its keeper is its parent,
// also of the orphans that it has left, so the family is what descends from the keeper.
std::unordered_map<int, ProcessWatch::Use> UsesOf(const std::vector<int>& programs) {
  const std::vector<system::ProcessUse> processes = system::Processes();
  std::unordered_map<int, int> parents;
  for (const system::ProcessUse& process : processes) {
    parents.emplace(process.id, process.parent);
  }
  std::unordered_map<int, int> kept;  // programs by their keepers
  for (const int program : programs) {
    if (const auto keeper = parents.find(program); keeper != parents.end()) {
      kept.emplace(keeper->second, program);
    }
  }
  std::unordered_map<int, ProcessWatch::Use> uses;
  for (const system::ProcessUse& process : processes) {
    // Up to a keeper. Processes come and go while the system is asked, so the parents may form a
    // circle.
    int id = process.parent;
    for (std::size_t steps = 0; steps < processes.size() && id != 0 && kept.count(id) == 0;
         ++steps) {
      const auto parent = parents.find(id);
      id = parent == parents.end() ? 0 : parent->second;
    }
    if (const auto found = kept.find(id); found != kept.end()) {
      ProcessWatch::Use& use = uses[found->second];
      use.memory += process.resident;
      use.threads += process.threads;
    }
  }
  return uses;
}

}  // namespace

ProcessWatch::ProcessWatch() : thread_([this] { Run(); }) {}

ProcessWatch::~ProcessWatch() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyOne();
  }
  thread_.join();
}

void ProcessWatch::Add(int program, const Use& limit, Exceeded exceeded) {
  const MutexLock lock(mutex_);
  watched_[program] = {.limit = limit, .exceeded = std::move(exceeded)};
  LookBy(Clock::now() + kIdleInterval);
}

void ProcessWatch::Begin(int program) {
  const MutexLock lock(mutex_);
  const auto found = watched_.find(program);
  if (found != watched_.end() && !std::exchange(found->second.busy, true)) {
    found->second.most = 0;
    LookBy(Clock::now() + kInterval);
  }
}

std::uint64_t ProcessWatch::End(int program) {
  const MutexLock lock(mutex_);
  const auto found = watched_.find(program);
  if (found == watched_.end() || !std::exchange(found->second.busy, false)) {
    return 0;
  }
  return found->second.most;
}

void ProcessWatch::Remove(int program) {
  const MutexLock lock(mutex_);
  watched_.erase(program);
}

void ProcessWatch::LookBy(Clock::time_point time) {
  if (time < next_look_) {
    next_look_ = time;
    changed_.NotifyOne();
  }
}

void ProcessWatch::Run() {
  const MemoryReserve::MustNotFail loop;
  for (;;) {
    {
      const MutexLock lock(mutex_);
      while (!stopping_ && (watched_.empty() || Clock::now() < next_look_)) {
        if (watched_.empty()) {
          next_look_ = Clock::time_point::max();
          changed_.Wait(mutex_);
        } else {
          changed_.WaitUntil(mutex_, next_look_);
        }
      }
      if (stopping_) {
        return;
      }
    }
    Look();
    const MutexLock lock(mutex_);
    const bool busy = std::any_of(watched_.begin(), watched_.end(),
                                  [](const auto& entry) { return entry.second.busy; });
    next_look_ = Clock::now() + (busy ? kInterval : kIdleInterval);
  }
}

void ProcessWatch::Look() {
  std::vector<int> programs;
  {
    const MutexLock lock(mutex_);
    for (const auto& [program, watched] : watched_) {
      programs.push_back(program);
    }
  }
  const std::unordered_map<int, Use> uses = UsesOf(programs);
  std::vector<std::pair<Exceeded, Use>> exceeded;
  {
    const MutexLock lock(mutex_);
    for (const auto& [program, use] : uses) {
      const auto found = watched_.find(program);
      if (found == watched_.end()) {
        continue;
      }
      Watched& watched = found->second;
      watched.most = std::max(watched.most, use.memory);
      if (use.memory > watched.limit.memory || use.threads > watched.limit.threads) {
        exceeded.emplace_back(watched.exceeded, use);
      }
    }
  }
  for (const auto& [call, use] : exceeded) {
    call(use);
  }
}

}  // namespace weir::runtimes
