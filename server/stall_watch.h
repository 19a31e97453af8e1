// SPDX-License-Identifier: Apache-2.0
// StallWatch: sees to it that no connection waits behind the long request of another.
//
// A worker serves its connections one request after the other, which costs least. Few requests take
// longer than a fraction of a millisecond, but some legal ones take a second: a condition of three
// hundred operators on an item of 400 KB, say. When a worker is at one request for longer than
// kPatience, another thread goes on with its other connections until that is over.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>
#include <thread>
#include <vector>

#include "core/mutex.h"

namespace weir::server {

class Worker;

// Sleeps while nothing happens: requests wake it, which costs them one look at a flag. Start and
// Stop are for the owner; all else may be called from any thread.
class StallWatch {
 public:
  static constexpr std::chrono::milliseconds kPatience{8};
  // Threads that help out, all workers together. Beyond them connections do wait.
  static constexpr std::size_t kMostHelpers = 64;

  StallWatch() = default;
  ~StallWatch() { Stop(); }
  StallWatch(const StallWatch&) = delete;
  StallWatch& operator=(const StallWatch&) = delete;

  void Start(std::vector<Worker*> workers);
  void Stop();

  // A request begins; its thread's progress says so already.
  void OnRequest() {
    if (asleep_.load()) {
      Wake();
    }
  }

 private:
  void Run();
  void Wake();
  // Waits until a request begins; false when the watch ends.
  bool AwaitRequests();
  // Waits for a moment; false when the watch ends.
  bool Pause();
  // Has further threads go on with a worker's connections; false if there are none to be had.
  bool Help(Worker& worker, std::size_t threads);
  // Looks at all workers once. Whether there is anything to go on looking at.
  bool Look();

  std::vector<Worker*> workers_;
  std::size_t helpers_ = 0;  // the watch's own thread alone knows
  std::atomic<bool> asleep_{false};
  Mutex mutex_;
  ConditionVariable changed_;
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace weir::server
