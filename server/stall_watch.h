// SPDX-License-Identifier: Apache-2.0
// StallWatch: makes sure that connections do not wait for the long request of another connection.
//
// A worker serves its connections one request after the other, which costs least. Most requests
// take a fraction of a millisecond, but some legal ones take a second: a condition of three hundred
// operators on an item of 400 KB, say. When a worker is at one request for longer than kPatience, a
// helper, a further thread, serves its other connections until that request is over.
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

// Sleeps while there are no requests. Requests wake it, which costs each one look at a flag. Only
// the owner calls Start and Stop; OnRequest may be called from any thread.
class StallWatch {
 public:
  static constexpr std::chrono::milliseconds kPatience{8};
  // How many helpers all workers may have together. When all are in use, connections do wait.
  static constexpr std::size_t kMostHelpers = 64;

  StallWatch() = default;
  ~StallWatch() { Stop(); }
  StallWatch(const StallWatch&) = delete;
  StallWatch& operator=(const StallWatch&) = delete;

  void Start(std::vector<Worker*> workers);
  void Stop();

  // To be called when a request begins, after ThreadState::progress has been changed to show that.
  void OnRequest() {
    if (asleep_.load()) {
      Wake();
    }
  }

 private:
  void Run();
  void Wake();
  // Sleeps until a request begins; false when the watch ends.
  bool AwaitRequests();
  // Waits for kPatience; false when the watch ends.
  bool Pause();
  // Adds up to `threads` helpers to a worker; false if there is none to add.
  bool Help(Worker& worker, std::size_t threads);
  // Looks at all workers once; false if none of them was active since the last look.
  bool Look();

  std::vector<Worker*> workers_;
  std::size_t helpers_ = 0;  // used by the watch's own thread only
  std::atomic<bool> asleep_{false};
  Mutex mutex_;
  ConditionVariable changed_;
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace weir::server
