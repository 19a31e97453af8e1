// SPDX-License-Identifier: Apache-2.0
#include "server/stall_watch.h"

#include <utility>

#include "core/memory_reserve.h"
#include "server/worker.h"

namespace weir::server {
namespace {

// How many looks, without a request, the watch takes before it sleeps.
constexpr int kIdleLooks = 64;

}  // namespace

void StallWatch::Start(std::vector<Worker*> workers) {
  workers_ = std::move(workers);
  thread_ = std::thread([this] { Run(); });
}

void StallWatch::Stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyOne();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void StallWatch::Wake() {
  const MutexLock lock(mutex_);
  asleep_ = false;
  changed_.NotifyOne();
}

void StallWatch::Run() {
  const MemoryReserve::MustNotFail loop;
  int idle = 0;
  while (idle < kIdleLooks ? Pause() : AwaitRequests()) {
    idle = Look() ? 0 : idle + 1;
  }
}

bool StallWatch::AwaitRequests() {
  asleep_ = true;
  // Requests that began before that have not seen it, and wake nobody.
  if (Look()) {
    asleep_ = false;
    return true;
  }
  const MutexLock lock(mutex_);
  while (asleep_ && !stopping_) {
    changed_.Wait(mutex_);
  }
  return !stopping_;
}

bool StallWatch::Pause() {
  const MutexLock lock(mutex_);
  if (!stopping_) {
    changed_.WaitFor(mutex_, kPatience);
  }
  return !stopping_;
}

bool StallWatch::Help(Worker& worker, std::size_t threads) {
  // The caller asks for as many helpers as the worker has threads, since the next requests may be
  // as long as those that hold it up.
  bool helped = false;
  for (std::size_t i = 0; i < threads && helpers_ < kMostHelpers; ++i) {
    if (!worker.AddThread()) {
      break;
    }
    helped = true;
    ++helpers_;
  }
  return helped;
}

bool StallWatch::Look() {
  bool active = false;
  for (Worker* worker : workers_) {
    const Worker::Look look = worker->LookAtThreads();
    helpers_ -= look.ended;
    active = active || look.active;
    worker->SetTroubled(look.all_stalled || look.threads > 1);
    worker->SetBlocked(look.all_stalled && !Help(*worker, look.threads));
  }
  return active;
}

}  // namespace weir::server
